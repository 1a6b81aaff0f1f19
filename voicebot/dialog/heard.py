"""What a turn brings to the dialog: already understood, nothing of the carrier's in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Event(StrEnum):
    """The kinds of things that can happen to a conversation."""

    BEGIN = "begin"
    SPEECH = "speech"
    KEYS = "keys"
    SILENCE = "silence"
    MACHINE = "machine"
    """A mailbox or a screening assistant answers."""
    HANGUP = "hangup"
    TRANSFER_ANSWERED = "transfer_answered"
    TRANSFER_UNANSWERED = "transfer_unanswered"
    ACTION_DONE = "action_done"


@dataclass(frozen=True)
class Heard:
    """One event. ``act`` and ``confidence`` are voicebot.nlu's judgement against the question asked."""

    event: Event
    text: str = ""
    keys: str = ""
    act: str | None = None
    also: tuple[str, ...] = ()
    confidence: float = 1.0
    recognised: float | None = None
    """The recogniser's own confidence; many calls have none, so it never decides alone."""
    value: Any = None
    """The spoken value, for fields that want one."""
    emergency: bool = False
    hold: bool = False
    """잠깐만요: wait, this is no answer."""
    elapsed_s: int = 0
    """Since the call was answered."""
    result: Mapping[str, Any] = field(default_factory=dict)
    """What an action gave back."""
