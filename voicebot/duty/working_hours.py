"""When the city's offices are open: Monday to Friday 09:00 to 18:00 in Seoul, public holidays excepted. Pure.

Hours: 지방공무원 복무규정 제2조. Holidays, substitute holidays and election days: 공휴일에 관한 법률 and 관공서의 공휴일에
관한 규정, as the library ``holidays`` keeps them (its category "public"; the one of banks is another). Labour Day, 1 May,
closes offices since 2026 and did not before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache

from holidays import country_holidays

from voicebot.clock import SEOUL, in_seoul

OPENS = time(9)
CLOSES = time(18)
_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether offices open at all on ``day`` (a day in Seoul)."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def is_holiday(day: date) -> bool:
    """Whether ``day`` is a public holiday, whatever its weekday."""
    return day in _holidays(day.year)


def holiday_ko(day: date) -> str | None:
    """The holiday's name, e.g. "기독탄신일"; None on other days, Sundays among them."""
    return _holidays(day.year).get(day)


def is_office_open(moment: datetime) -> bool:
    """Whether the departments can be reached at ``moment`` (aware): from 09:00, until just before 18:00."""
    local = local_time(moment)
    return is_working_day(local.date()) and OPENS <= local.time() < CLOSES


def next_working_morning(moment: datetime) -> datetime:
    """The first 09:00 in Seoul of a working day that lies after ``moment`` (aware); it is aware too.

    At 03:00 of a working day it is that day's, at 09:00 sharp it is the next one's.
    """
    local = local_time(moment)
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, OPENS, tzinfo=SEOUL)


def local_time(moment: datetime) -> datetime:
    """The city's wall clock at ``moment``. Raises ValueError for a naive one: it might mean any hour."""
    if moment.tzinfo is None:
        raise ValueError("office hours need an aware datetime")
    return in_seoul(moment)


@cache
def _holidays(year: int) -> Mapping[date, str]:
    """One year at a time, finished before anyone reads it: the library's own object fills up while it is asked."""
    return dict(country_holidays("KR", years=year, language="ko", expand=False))
