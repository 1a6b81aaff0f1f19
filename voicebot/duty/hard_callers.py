"""What the clock and the caller's manner allow: go on, warn, or end the call politely. Pure.

Limits: the interior ministry's guide to the Civil Petitions Act (민원처리법 시행령) recommends twenty minutes a call with
a warning at fifteen, and an end to abuse after a warning. Nobody is ever ended without having been warned, and some are
never ended (`is_protected`): the caller's danger, or the city's own slowness, weighs more than any limit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

_NOTICE_S = 60
"""Between a warning about the time and the end lies at least so long, also when the warning came late."""


@dataclass(frozen=True)
class Limits:
    """Seconds from the answer; ``loops``: turns in a row that brought the call no further."""

    warn_after_s: int = 900
    end_after_s: int = 1200
    offer_person_after_loops: int = 2
    end_after_loops: int = 5


LIMITS = Limits()


@dataclass(frozen=True)
class CallSoFar:
    """A call as far as its manner goes. What was warned about is kept by `noted`."""

    elapsed_s: float = 0.0
    abusive: int = 0
    """Abusive utterances so far."""
    loops: int = 0
    """Turns in a row that brought the call no further: silence, babble, the same again."""
    heard_emergency: bool = False
    """At any time in the call, also inside abuse."""
    is_suicidal: bool = False
    is_relay: bool = False
    """Through the relay service for deaf callers (107): slow by nature, and often taken for a prank."""
    awaits_transfer: bool = False
    warned_of_time_at_s: float | None = None
    abusive_when_warned: int | None = None
    """How many abusive utterances there were when the caller was warned; None: not warned yet."""
    was_offered_person: bool = False


class Verdict(StrEnum):
    """Also the reason code that the call's outcome keeps."""

    GO_ON = "go_on"
    OFFER_PERSON = "offer_person"
    WARN_TIME = "warn_time"
    WARN_ABUSE = "warn_abuse"
    END_TIME = "end_time"
    END_ABUSE = "end_abuse"
    END_LOOP = "end_loop"

    @property
    def is_ending(self) -> bool:
        return self in (Verdict.END_TIME, Verdict.END_ABUSE, Verdict.END_LOOP)


def is_protected(call: CallSoFar) -> bool:
    """Whether this call may be ended neither by the clock nor by the caller's manner; it is not warned either."""
    return call.heard_emergency or call.is_suicidal or call.is_relay or call.awaits_transfer


def judge(call: CallSoFar, limits: Limits = LIMITS) -> Verdict:
    """What is to be done now, the gravest first. Keep what was said with `noted`."""
    if is_protected(call):
        return Verdict.GO_ON
    verdicts = (_judge_abuse(call), _judge_time(call, limits), _judge_loops(call, limits))
    return next((each for each in _GRAVEST_FIRST if each in verdicts), Verdict.GO_ON)


def noted(call: CallSoFar, verdict: Verdict) -> CallSoFar:
    """The call after the verdict was spoken: a warning is given once."""
    if verdict is Verdict.WARN_TIME:
        return replace(call, warned_of_time_at_s=call.elapsed_s)
    if verdict is Verdict.WARN_ABUSE:
        return replace(call, abusive_when_warned=call.abusive)
    if verdict is Verdict.OFFER_PERSON:
        return replace(call, was_offered_person=True)
    return call


_GRAVEST_FIRST = (
    Verdict.END_ABUSE,
    Verdict.END_TIME,
    Verdict.END_LOOP,
    Verdict.WARN_ABUSE,
    Verdict.WARN_TIME,
    Verdict.OFFER_PERSON,
)


def _judge_abuse(call: CallSoFar) -> Verdict:
    """Counted from the warning: what was said before it is forgiven by it."""
    if call.abusive_when_warned is None:
        return Verdict.WARN_ABUSE if call.abusive else Verdict.GO_ON
    return Verdict.END_ABUSE if call.abusive > call.abusive_when_warned else Verdict.GO_ON


def _judge_time(call: CallSoFar, limits: Limits) -> Verdict:
    if call.warned_of_time_at_s is None:
        return Verdict.WARN_TIME if call.elapsed_s >= limits.warn_after_s else Verdict.GO_ON
    ends_at = max(limits.end_after_s, call.warned_of_time_at_s + _NOTICE_S)
    return Verdict.END_TIME if call.elapsed_s >= ends_at else Verdict.GO_ON


def _judge_loops(call: CallSoFar, limits: Limits) -> Verdict:
    """A caller who struggles is offered a person before anybody thinks of ending the call."""
    if not call.was_offered_person:
        return Verdict.OFFER_PERSON if call.loops >= limits.offer_person_after_loops else Verdict.GO_ON
    return Verdict.END_LOOP if call.loops >= limits.end_after_loops else Verdict.GO_ON
