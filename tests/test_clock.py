"""Time is aware UTC inside and Seoul's at the edges; in tests it moves only when told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from voicebot.clock import SEOUL, ManualClock, SystemClock, in_seoul


def test_the_machines_clock_is_aware_and_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_the_manual_clock_stands_until_it_is_told_to_move() -> None:
    clock = ManualClock(datetime(2026, 11, 24, 10, 0, tzinfo=SEOUL))
    assert clock.now() == clock.now() == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    clock.advance(0.5)
    assert clock.now() == datetime(2026, 11, 24, 1, 0, 0, 500_000, tzinfo=UTC)


def test_time_neither_runs_back_nor_stands_without_a_zone() -> None:
    with pytest.raises(ValueError, match="backwards"):
        ManualClock(datetime(2026, 11, 24, tzinfo=UTC)).advance(-1)
    with pytest.raises(ValueError, match="aware"):
        ManualClock(datetime(2026, 11, 24))  # noqa: DTZ001 - that is what is refused


def test_seoul_is_nine_hours_ahead_all_year() -> None:
    for month in (1, 7):
        moment = datetime(2026, month, 1, 15, 30, tzinfo=UTC)
        assert in_seoul(moment) == moment
        assert in_seoul(moment).strftime("%d %H:%M") == "02 00:30"
