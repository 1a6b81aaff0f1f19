"""What kinds of work there are: the handler, its pace and its retries. Values and rules alone, no engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError

from voicebot.errors import CallNotAllowed, CarrierRefused, CarrierUnknown, RecordNotFound


@dataclass(frozen=True)
class JobContext:
    """What a handler may know of the engine: which item it works on and how often that was tried."""

    item_id: int
    attempt: int
    """Counts from 1."""
    is_last: bool
    """True: after this attempt nobody tries again; a handler that gives up for good does so now."""


class JobHandler(Protocol):
    """Does one piece of work.

    It may be called again for work that was half done when the process died, so it claims in the
    database before it acts. How it ends decides what follows: a return, CarrierRefused, CallNotAllowed
    and RecordNotFound end the job, CarrierUnknown ends it too (reconciliation looks into it), anything
    else is tried again later.
    """

    def __call__(self, payload: Mapping[str, Any], attempt: JobContext) -> None: ...


@dataclass(frozen=True)
class RetryPolicy:
    """Waits of ``first_delay_s``, twice that, four times … up to ``longest_delay_s``. Durable waits."""

    attempts: int = 10
    first_delay_s: float = 5
    longest_delay_s: float = 600

    def delay_s(self, attempt: int) -> float:
        """The wait after that attempt failed (1: the first)."""
        return min(self.first_delay_s * 2.0 ** min(attempt - 1, 60), self.longest_delay_s)


@dataclass(frozen=True)
class QueueLimits:
    """How much of one kind runs at once, and how many may start per second over all workers."""

    concurrency: int = 8
    """Per worker."""
    per_second: float | None = None

    def window(self) -> tuple[int, float] | None:
        """``per_second`` as starts per window of whole seconds: 1.5 a second is (3, 2.0)."""
        if self.per_second is None:
            return None
        rate = Fraction(self.per_second).limit_denominator(60)
        rate = max(rate, Fraction(1, 60))
        return rate.numerator, float(rate.denominator)


@dataclass(frozen=True)
class JobKind:
    """One kind of outbox item; ``name`` is also the queue's."""

    name: str
    handler: JobHandler
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    limits: QueueLimits = field(default_factory=QueueLimits)


@dataclass(frozen=True)
class ScheduledJob:
    """Work that recurs, e.g. reconciling. ``cron``: five fields, or six with seconds first. In UTC."""

    name: str
    cron: str
    run: Callable[[], object]


class Ending(StrEnum):
    """How an attempt ended; this word is all that the engine's database keeps of it."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    GONE = "gone"
    AGAIN = "again"
    GIVEN_UP = "given_up"


def ending_of(error: Exception | None, attempt: int, retry: RetryPolicy) -> Ending:
    """What an attempt's end means for the job. Pure.

    A failure of the house's own database is never given up: nothing could be written down about it, and
    the work would be lost without a trace.
    """
    if error is None:
        return Ending.DONE
    if isinstance(error, CarrierRefused | CallNotAllowed):
        return Ending.REFUSED
    if isinstance(error, CarrierUnknown):
        return Ending.UNKNOWN
    if isinstance(error, RecordNotFound):
        return Ending.GONE
    is_worth_it = attempt < retry.attempts or isinstance(error, SQLAlchemyError)
    return Ending.AGAIN if is_worth_it else Ending.GIVEN_UP
