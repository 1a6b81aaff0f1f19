"""Whom an alarm may wake, and in which order. Names the roster's officers by Protocol; asks nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from voicebot.records.tables import Urgency


class Officer(Protocol):
    """Whoever can be texted: an officer of the roster, or the situation room."""

    @property
    def id(self) -> str: ...
    @property
    def phone(self) -> str: ...


ChainAt = Callable[[datetime], Sequence[Officer]]
"""The chain at a moment, in the order of telling, the situation room last: `voicebot.duty.roster.Roster.on_duty`."""


class Loudness(StrEnum):
    NONE = "none"
    QUIET = "quiet"
    """One text to tonight's first officer."""
    CHAIN = "chain"
    """One after the other until somebody accepts."""


def loudness(urgency: Urgency, *, escalates: bool) -> Loudness:
    """Whom a ticket wakes. Pure."""
    if urgency is Urgency.EMERGENCY or escalates:
        return Loudness.CHAIN
    return Loudness.QUIET if urgency is Urgency.URGENT else Loudness.NONE
