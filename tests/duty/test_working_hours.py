"""When the city's offices are open: the public servants' calendar, substitute holidays included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.clock import SEOUL
from voicebot.duty.working_hours import (
    holiday_ko,
    is_holiday,
    is_office_open,
    is_working_day,
    next_working_morning,
)

_START = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 40 * 366 * 24 * 60).map(lambda minutes: _START + timedelta(minutes=minutes))


def _seoul(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 2, 16), "설날 전날"),
        (date(2026, 3, 2), "삼일절 대체 휴일"),  # 1 March is a Sunday
        (date(2026, 5, 25), "부처님오신날 대체 휴일"),
        (date(2026, 6, 3), "지방선거일"),
        (date(2026, 8, 17), "광복절 대체 휴일"),
        (date(2026, 9, 25), "추석"),
        (date(2026, 10, 5), "개천절 대체 휴일"),
        (date(2026, 12, 25), "기독탄신일"),
        (date(2027, 2, 9), "설날 대체 휴일"),
        (date(2027, 12, 27), "기독탄신일 대체 휴일"),
        (date(2025, 1, 27), "임시공휴일"),
    ],
)
def test_offices_are_closed_on_holidays_and_their_substitutes(day: date, name: str) -> None:
    assert day.weekday() < 5, "a weekend would prove nothing"
    assert is_holiday(day)
    assert not is_working_day(day)
    assert holiday_ko(day) == name


def test_labour_day_closes_offices_since_2026_and_did_not_before() -> None:
    assert is_working_day(date(2025, 5, 1))
    assert not is_working_day(date(2026, 5, 1))
    assert not is_working_day(date(2027, 5, 3)), "the substitute of a Saturday"


@pytest.mark.parametrize(
    "day", [date(2026, 11, 24), date(2026, 12, 24), date(2026, 12, 31), date(2025, 7, 17)]
)
def test_other_weekdays_are_working_days(day: date) -> None:
    assert is_working_day(day)
    assert holiday_ko(day) is None


def test_a_sunday_is_no_working_day_though_it_has_no_name() -> None:
    sunday = date(2026, 11, 22)
    assert not is_working_day(sunday)
    assert (holiday_ko(sunday), is_holiday(sunday)) == (None, False)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-24 08:59", False),
        ("2026-11-24 09:00", True),
        ("2026-11-24 12:30", True),
        ("2026-11-24 17:59", True),
        ("2026-11-24 18:00", False),
        ("2026-11-28 10:00", False),
        ("2026-12-25 10:00", False),
    ],
)
def test_the_office_opens_at_nine_and_closes_at_six(moment: str, is_open: bool) -> None:
    assert is_office_open(_seoul(moment)) is is_open
    assert is_office_open(_seoul(moment).astimezone(UTC)) is is_open, "the same moment, told in UTC"


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        ("2026-11-24 03:00", "2026-11-24 09:00"),
        ("2026-11-24 08:59", "2026-11-24 09:00"),
        ("2026-11-24 09:00", "2026-11-25 09:00"),
        ("2026-11-24 19:30", "2026-11-25 09:00"),
        ("2026-11-27 22:00", "2026-11-30 09:00"),  # over a weekend
        ("2026-12-24 23:59", "2026-12-28 09:00"),  # Christmas, then a weekend
        ("2027-02-05 20:00", "2027-02-10 09:00"),  # Seollal with its substitute
    ],
)
def test_the_next_working_morning_steps_over_weekends_and_holidays(moment: str, morning: str) -> None:
    assert next_working_morning(_seoul(moment)) == _seoul(morning)


@given(MOMENTS)
def test_the_next_working_morning_is_the_first_opening_after_the_moment(moment: datetime) -> None:
    morning = next_working_morning(moment)
    assert morning > moment
    assert (morning.tzinfo, morning.time()) == (SEOUL, time(9))
    assert is_office_open(morning)
    assert not is_office_open(morning - timedelta(seconds=1))
    day = moment.astimezone(SEOUL).date() + timedelta(days=1)
    while day < morning.date():
        assert not is_working_day(day)
        day += timedelta(days=1)
    assert morning - moment < timedelta(days=12)


@pytest.mark.parametrize("ask", [is_office_open, next_working_morning])
def test_a_naive_moment_is_refused(ask: object) -> None:
    with pytest.raises(ValueError, match="aware"):
        ask(datetime(2026, 11, 24, 10, 0))  # type: ignore[operator]  # noqa: DTZ001
