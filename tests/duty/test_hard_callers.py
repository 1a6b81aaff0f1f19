"""Hard callers: warned, then ended politely; the ones in danger never."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.duty.hard_callers import LIMITS, CallSoFar, Limits, Verdict, is_protected, judge, noted

_COUNT = st.integers(0, 50)
_SECONDS = st.floats(0, 7200)
_CALLS = st.builds(
    CallSoFar,
    elapsed_s=_SECONDS,
    abusive=_COUNT,
    loops=_COUNT,
    heard_emergency=st.booleans(),
    is_suicidal=st.booleans(),
    is_relay=st.booleans(),
    awaits_transfer=st.booleans(),
    warned_of_time_at_s=st.none() | _SECONDS,
    abusive_when_warned=st.none() | _COUNT,
    was_offered_person=st.booleans(),
)
_ORDINARY = _CALLS.map(
    lambda call: replace(
        call, heard_emergency=False, is_suicidal=False, is_relay=False, awaits_transfer=False
    )
)
_PROTECTIONS = ("heard_emergency", "is_suicidal", "is_relay", "awaits_transfer")


@pytest.mark.parametrize(
    ("call", "verdict"),
    [
        (CallSoFar(), Verdict.GO_ON),
        (CallSoFar(elapsed_s=899.9), Verdict.GO_ON),
        (CallSoFar(elapsed_s=900), Verdict.WARN_TIME),
        (CallSoFar(elapsed_s=1199.9, warned_of_time_at_s=900), Verdict.GO_ON),
        (CallSoFar(elapsed_s=1200, warned_of_time_at_s=900), Verdict.END_TIME),
        (CallSoFar(abusive=1), Verdict.WARN_ABUSE),
        (CallSoFar(abusive=3), Verdict.WARN_ABUSE),
        (CallSoFar(abusive=3, abusive_when_warned=3), Verdict.GO_ON),
        (CallSoFar(abusive=4, abusive_when_warned=3), Verdict.END_ABUSE),
        (CallSoFar(loops=1), Verdict.GO_ON),
        (CallSoFar(loops=2), Verdict.OFFER_PERSON),
        (CallSoFar(loops=4, was_offered_person=True), Verdict.GO_ON),
        (CallSoFar(loops=5, was_offered_person=True), Verdict.END_LOOP),
        (CallSoFar(elapsed_s=1500, abusive=1), Verdict.WARN_ABUSE),
        (CallSoFar(elapsed_s=1500, warned_of_time_at_s=900, loops=2), Verdict.END_TIME),
    ],
)
def test_the_limits(call: CallSoFar, verdict: Verdict) -> None:
    assert judge(call) is verdict


def test_who_was_kept_waiting_past_the_end_is_warned_first_and_given_a_minute() -> None:
    waiting = CallSoFar(elapsed_s=1400, awaits_transfer=True)
    assert judge(waiting) is Verdict.GO_ON
    back = replace(waiting, awaits_transfer=False)
    assert judge(back) is Verdict.WARN_TIME
    warned = noted(back, Verdict.WARN_TIME)
    assert judge(replace(warned, elapsed_s=1459)) is Verdict.GO_ON
    assert judge(replace(warned, elapsed_s=1460)) is Verdict.END_TIME


def test_a_city_may_set_other_limits() -> None:
    limits = Limits(warn_after_s=600, end_after_s=700)
    assert judge(CallSoFar(elapsed_s=600), limits) is Verdict.WARN_TIME
    assert judge(CallSoFar(elapsed_s=700, warned_of_time_at_s=600), limits) is Verdict.END_TIME


@given(_CALLS, st.sampled_from(_PROTECTIONS))
def test_a_protected_call_is_never_ended_nor_warned(call: CallSoFar, protection: str) -> None:
    protected = replace(call, **{protection: True})
    assert is_protected(protected)
    assert judge(protected) is Verdict.GO_ON


@given(_ORDINARY)
def test_nobody_is_ended_unwarned(call: CallSoFar) -> None:
    verdict = judge(call)
    if verdict is Verdict.END_TIME:
        assert call.warned_of_time_at_s is not None
        assert call.elapsed_s >= max(LIMITS.end_after_s, call.warned_of_time_at_s)
    if verdict is Verdict.END_ABUSE:
        assert call.abusive_when_warned is not None
        assert call.abusive > call.abusive_when_warned
    if verdict is Verdict.END_LOOP:
        assert call.was_offered_person


@given(_ORDINARY)
def test_a_warning_is_not_given_again(call: CallSoFar) -> None:
    verdict = judge(call)
    if verdict in (Verdict.WARN_TIME, Verdict.WARN_ABUSE, Verdict.OFFER_PERSON):
        assert judge(noted(call, verdict)) is not verdict


@given(_ORDINARY, st.floats(0, 3600), st.integers(0, 5))
def test_what_ends_a_call_is_not_undone_by_more_of_it(call: CallSoFar, longer: float, worse: int) -> None:
    if judge(call).is_ending:
        later = replace(
            call,
            elapsed_s=call.elapsed_s + longer,
            abusive=call.abusive + worse,
            loops=call.loops + worse,
        )
        assert judge(later).is_ending


_TURNS = st.lists(
    st.tuples(st.floats(1, 120), st.booleans(), st.booleans(), st.sampled_from((None, *_PROTECTIONS))),
    min_size=1,
    max_size=80,
)


@given(_TURNS)
def test_any_call_is_warned_at_most_once_and_ended_in_time_unless_protected(
    turns: list[tuple[float, bool, bool, str | None]],
) -> None:
    call, spoken = CallSoFar(), []
    for seconds, is_abusive, is_loop, protection in turns:
        call = replace(
            call,
            elapsed_s=call.elapsed_s + seconds,
            abusive=call.abusive + is_abusive,
            loops=call.loops + 1 if is_loop else 0,
            awaits_transfer=protection == "awaits_transfer",
        )
        if protection in ("heard_emergency", "is_suicidal", "is_relay"):
            call = replace(call, **{protection: True})
        verdict = judge(call)
        spoken.append(verdict)
        call = noted(call, verdict)
        if verdict.is_ending:
            assert not is_protected(call)
            break
    for once in (Verdict.WARN_TIME, Verdict.WARN_ABUSE, Verdict.OFFER_PERSON):
        assert spoken.count(once) <= 1
    was_protected = any(protection for *_, protection in turns)
    if not was_protected and not spoken[-1].is_ending:
        assert call.elapsed_s < LIMITS.end_after_s + 120
