from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from voicebot.errors import (
    CallNotAllowed,
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
    RecordNotFound,
)
from voicebot.jobs.kinds import Ending, QueueLimits, RetryPolicy, ending_of


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (None, Ending.DONE),
        (CarrierRefused("no such number", code=21211), Ending.REFUSED),
        (CallNotAllowed("opted_out", "they opted out"), Ending.REFUSED),
        (CarrierUnknown("the answer was lost"), Ending.UNKNOWN),
        (RecordNotFound("no such call"), Ending.GONE),
        (CarrierUnavailable("not reached"), Ending.AGAIN),
        (ZeroDivisionError(), Ending.AGAIN),
    ],
)
def test_it_repeats_only_what_certainly_did_not_happen(error: Exception | None, ending: Ending) -> None:
    assert ending_of(error, 1, RetryPolicy(attempts=2)) is ending


def test_it_gives_up_after_the_last_attempt_but_never_repeats_the_unknown() -> None:
    retry = RetryPolicy(attempts=3)
    assert ending_of(CarrierUnavailable(""), 2, retry) is Ending.AGAIN
    assert ending_of(CarrierUnavailable(""), 3, retry) is Ending.GIVEN_UP
    assert ending_of(CarrierUnknown(""), 3, retry) is Ending.UNKNOWN


def test_it_never_gives_up_because_the_houses_own_database_is_away() -> None:
    away = OperationalError("SELECT 1", {}, Exception("the server closed the connection"))
    assert ending_of(away, 5000, RetryPolicy(attempts=3)) is Ending.AGAIN


def test_it_waits_longer_each_time_up_to_a_limit() -> None:
    retry = RetryPolicy(first_delay_s=5, longest_delay_s=60)
    assert [retry.delay_s(attempt) for attempt in (1, 2, 3, 4, 5, 6, 5000)] == [5, 10, 20, 40, 60, 60, 60]


@pytest.mark.parametrize(
    ("per_second", "window"), [(None, None), (1, (1, 1)), (1.5, (3, 2)), (0.3, (3, 10)), (0.001, (1, 60))]
)
def test_it_counts_starts_in_whole_seconds(per_second: float | None, window: object) -> None:
    assert QueueLimits(per_second=per_second).window() == window


@given(st.floats(min_value=1 / 60, max_value=100))
def test_its_window_keeps_the_rate(per_second: float) -> None:
    window = QueueLimits(per_second=per_second).window()
    assert window is not None
    starts, period_s = window
    assert starts >= 1
    assert 1 <= period_s <= 60
    assert abs(starts / period_s - per_second) <= 0.02
