"""Whom an alarm may wake, and in which order. Names the roster's officers by Protocol; asks nobody."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from voicebot.errors import VoicebotError
from voicebot.records.tables import Urgency

_log = logging.getLogger(__name__)


class Officer(Protocol):
    """Whoever can be texted: an officer of the roster, or the situation room."""

    @property
    def id(self) -> str: ...
    @property
    def phone(self) -> str: ...


ChainAt = Callable[[datetime], Sequence[Officer]]
"""The chain at a moment, in the order of telling, the situation room last."""


@dataclass(frozen=True)
class SituationRoom:
    """The last of every chain. ``phone``: E.164."""

    phone: str
    id: str = "situation_room"


def chain_with_room(on_duty: ChainAt, room_number: str) -> ChainAt:
    """The roster's officers, then the situation room; the room alone while the roster cannot be read."""

    def chain(at: datetime) -> Sequence[Officer]:
        try:
            officers = on_duty(at)
        except VoicebotError as error:
            _log.error(
                "the roster cannot be read (%s): alarms go to the situation room alone", type(error).__name__
            )
            officers = ()
        return (*officers, SituationRoom(room_number))

    return chain


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
