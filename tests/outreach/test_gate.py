"""Who may be rung when: the hours at their edges, and numbers as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.city import MALSUN, City
from voicebot.clock import SEOUL
from voicebot.errors import CallNotAllowed
from voicebot.outreach.gate import CallingHours, hindrance_by_the_clock
from voicebot.outreach.lifting import lift_opt_outs
from voicebot.outreach.spelling import spell
from voicebot.outreach.welfare_call import is_mobile
from voicebot.records import audit, people
from voicebot.records.database import transaction

HOURS = CallingHours.of("09:00", "18:00")


@pytest.mark.parametrize(
    ("local", "hinders"),
    [
        ((8, 59, 59, 999_999), True),
        ((9, 0, 0, 0), False),
        ((12, 0, 0, 0), False),
        ((17, 59, 59, 999_999), False),
        ((18, 0, 0, 0), True),
        ((0, 0, 0, 0), True),
    ],
)
def test_residents_are_rung_from_nine_to_before_six_in_seoul(
    local: tuple[int, int, int, int], hinders: bool
) -> None:
    moment = datetime(2026, 11, 24, *local, tzinfo=SEOUL)
    expected = "outside_calling_hours" if hinders else None
    assert hindrance_by_the_clock(HOURS, moment) == expected
    assert hindrance_by_the_clock(HOURS, moment.astimezone(UTC)) == expected


def test_the_day_in_the_hours_is_seouls_not_greenwichs() -> None:
    """Nine in Seoul is midnight in UTC: the window lies across no date line of the servers."""
    midnight = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert HOURS.hold(midnight)
    assert not HOURS.hold(midnight - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+821000000001", "010-0000-0001"),
        ("+82326252869", "032-625-2869"),
        ("+82232125678", "02-3212-5678"),
        ("+8223212567", "02-321-2567"),
        ("+8216880624", "1688-0624"),
        ("+827012345678", "070-1234-5678"),
        ("+8250212345678", "0502-1234-5678"),
        ("+15005550006", "+15005550006"),
        ("anonymous", "anonymous"),
        ("", ""),
    ],
)
def test_numbers_are_written_as_koreans_write_them(number: str, written: str) -> None:
    assert spell(number) == written


@pytest.mark.parametrize(
    ("number", "receives"),
    [
        ("+821000000001", True),
        ("+82111234567", True),
        ("+821912345678", True),
        ("+8216880624", False),
        ("+8215881234", False),
        ("+8218991234", False),
        ("+82326252869", False),
        ("+827012345678", False),
        ("+821000000001\n", False),
        ("+15005550006", False),
    ],
)
def test_texts_go_to_korean_mobiles_alone(number: str, receives: bool) -> None:
    assert is_mobile(number) is receives


def test_a_refusal_can_be_taken_back_by_staff(city: City) -> None:
    with transaction(city.engine) as db:
        resident = people.get_resident(db, city.resident_id)
        people.opt_out(db, resident=resident, at=city.house.clock.now(), source="call:x")
    with pytest.raises(CallNotAllowed):
        city.order()
    with transaction(city.engine) as db:
        assert lift_opt_outs(db, number=MALSUN, at=city.house.clock.now(), actor="staff:7") == 1
        assert lift_opt_outs(db, number=MALSUN, at=city.house.clock.now(), actor="staff:7") == 0
        (event,) = [
            each
            for each in audit.events_of(db, subject=f"resident:{city.resident_id}")
            if each.action == "opt_out.lifted"
        ]
        assert event.actor == "staff:7"
    assert city.order()
