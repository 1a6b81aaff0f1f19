"""Department, urgency, helpline and hour of every intent: by day, by night, in a district, with an emergency in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.clock import SEOUL
from voicebot.duty.routing import EMERGENCY_DEPARTMENT, Route, route
from voicebot.duty.working_hours import next_working_morning
from voicebot.nlu.emergency import HELPLINES
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.places.gazetteer import places
from voicebot.records.tables import Urgency

DAY = datetime(2026, 11, 24, 10, 0, tzinfo=SEOUL)
NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=SEOUL)
CHRISTMAS_NIGHT = datetime(2026, 12, 25, 3, 0, tzinfo=SEOUL)
_START = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 10 * 366 * 24 * 60).map(lambda minutes: _START + timedelta(minutes=minutes))
INTENTS = st.sampled_from(sorted(catalogue()))
GUS = st.sampled_from((None, *places().gus))
KINDS = st.sampled_from((None, *HELPLINES))


def _route(
    intent: str, *, gu: str | None = None, heard: bool = False, at: datetime = NIGHT, kind: str | None = None
) -> Route:
    return route(catalogue()[intent], gu=gu, is_emergency=heard, at=at, emergency_kind=kind)


@pytest.mark.parametrize(
    ("intent", "gu", "department", "urgency"),
    [
        ("road_damage", "소사구", "소사구 건설안전과", Urgency.URGENT),
        ("road_damage", "오정구", "오정구 건설안전과", Urgency.URGENT),
        ("road_damage", None, "건설안전과", Urgency.URGENT),
        ("waste", "원미구", "원미구 도시미관과", Urgency.ROUTINE),
        ("illegal_parking", "원미구", "주차지도과", Urgency.URGENT),
        ("streetlight", "원미구", "도로관리과", Urgency.ROUTINE),
        ("fire", "원미구", "재난안전과", Urgency.EMERGENCY),
        ("abuse_report", None, "복지정책과", Urgency.EMERGENCY),
        ("power_cut", "원미구", None, Urgency.INFO),
    ],
)
def test_a_district_department_is_that_of_the_place(
    intent: str, gu: str | None, department: str | None, urgency: Urgency
) -> None:
    found = _route(intent, gu=gu)
    assert (found.department, found.urgency) == (department, urgency)


@pytest.mark.parametrize(
    ("intent", "helpline"),
    [("fire", "119"), ("crime", "112"), ("suicide", "109"), ("power_cut", "123"), ("waste", None)],
)
def test_the_caller_is_told_the_intents_number(intent: str, helpline: str | None) -> None:
    assert _route(intent).helpline == helpline


def test_an_emergency_inside_a_complaint_makes_it_one() -> None:
    complaint, emergency = (
        _route("noise_living", gu="원미구"),
        _route("noise_living", gu="원미구", kind="violence"),
    )
    assert (complaint.urgency, complaint.helpline, complaint.escalates) == (Urgency.URGENT, None, False)
    assert (emergency.urgency, emergency.helpline, emergency.escalates) == (Urgency.EMERGENCY, "112", True)
    assert emergency.department == "원미구 환경건축과"


def test_an_emergency_inside_what_has_no_ticket_gets_one() -> None:
    assert _route("abusive").department is None
    assert _route("abusive", heard=True, kind="suicide").department == EMERGENCY_DEPARTMENT
    assert _route("out_of_scope", heard=True).department == EMERGENCY_DEPARTMENT


def test_an_emergency_of_unknown_kind_is_told_of_119_not_of_the_power_company() -> None:
    assert _route("power_cut", heard=True).helpline == "119"
    assert _route("crime", heard=True).helpline == "112"
    assert _route("waste", heard=True, kind="a new kind").helpline == "119"


def test_what_was_heard_is_nearer_than_the_intents_own_number() -> None:
    assert _route("traffic_accident", heard=True, kind="medical").helpline == "119"


@pytest.mark.parametrize("intent", ["road_damage", "traffic_signal", "water_supply", "welfare_crisis"])
def test_what_is_marked_climbs_the_chain_and_stays_urgent(intent: str) -> None:
    found = _route(intent)
    assert (found.escalates, found.urgency) == (True, Urgency.URGENT)


@pytest.mark.parametrize(
    ("at", "morning"),
    [
        (DAY, datetime(2026, 11, 25, 9, 0, tzinfo=SEOUL)),
        (NIGHT, datetime(2026, 11, 25, 9, 0, tzinfo=SEOUL)),
        (CHRISTMAS_NIGHT, datetime(2026, 12, 28, 9, 0, tzinfo=SEOUL)),
    ],
)
def test_routine_waits_for_the_next_working_morning_and_urgent_does_not(
    at: datetime, morning: datetime
) -> None:
    assert _route("streetlight", at=at).due_at == morning
    assert _route("illegal_parking", at=at).due_at == at
    assert _route("streetlight", at=at, kind="crash").due_at == at


def test_by_day_the_department_is_there_by_night_the_officer() -> None:
    assert _route("illegal_parking", at=DAY).is_office_open
    assert not _route("illegal_parking", at=NIGHT).is_office_open
    assert not _route("illegal_parking", at=CHRISTMAS_NIGHT + timedelta(hours=9)).is_office_open


@settings(deadline=None)  # a year's holidays are worked out when it is first asked for
@given(INTENTS, GUS, st.booleans(), KINDS, MOMENTS)
def test_rules_that_hold_for_every_request(
    intent: str, gu: str | None, heard: bool, kind: str | None, at: datetime
) -> None:
    found = _route(intent, gu=gu, heard=heard, kind=kind, at=at)
    is_emergency = heard or kind is not None or catalogue()[intent].is_emergency
    assert (found.urgency is Urgency.EMERGENCY) is is_emergency
    assert found.escalates is (is_emergency or catalogue()[intent].escalate)
    assert found.due_at in {at, next_working_morning(at)}
    assert "{" not in (found.department or "")
    if is_emergency:
        assert found.helpline in HELPLINES.values()
        assert found.department
        assert found.due_at == at
    if found.urgency in {Urgency.URGENT, Urgency.ROUTINE}:
        assert found.department, "somebody has to get it"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        _route("fire", at=datetime(2026, 11, 24, 10, 0))  # noqa: DTZ001
