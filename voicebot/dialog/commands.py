"""What the dialog wants done, in order. Telephony turns speech into TwiML; the calls room does the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voicebot.dialog.model import Bargein
from voicebot.dialog.session import Pace


@dataclass(frozen=True)
class Spoken:
    """A sentence as it is to be said: slots filled, figures in words."""

    id: str
    text: str
    bargein: Bargein
    is_variable: bool = False
    """Slots were filled in, so that a fixed recording does not fit."""


@dataclass(frozen=True)
class Say:
    prompts: tuple[Spoken, ...]
    pace: Pace


@dataclass(frozen=True)
class Listen:
    """Wait for an answer. ``keys``: the single keys that mean something; ``most_digits`` None: until #."""

    form: str
    question: str
    by_speech: bool
    most_digits: int | None
    hints: tuple[str, ...]
    timeout_s: int | None
    speech_timeout_s: int | None
    pace: Pace


@dataclass(frozen=True)
class Perform:
    """Run a named action of the line. ``wants_result``: the dialog goes on with `Event.ACTION_DONE`."""

    action: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    wants_result: bool = False


@dataclass(frozen=True)
class Transfer:
    to: str


@dataclass(frozen=True)
class RecordCall:
    """Start or stop recording the call."""

    start: bool


@dataclass(frozen=True)
class RememberPace:
    pace: Pace


@dataclass(frozen=True)
class End:
    outcome: str


Command = Say | Listen | Perform | Transfer | RecordCall | RememberPace | End
