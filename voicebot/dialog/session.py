"""The state of one conversation, whole and serialisable: any process can take the next turn with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

SLOWEST_PERCENT = 70
"""Slower than this, speech falls apart into syllables. Elders like the normal rate best, then the slower
(e-csd.org/journal, number 1292: ×0.8, ×1.0, ×1.2 were tried)."""


@dataclass(frozen=True)
class Pace:
    """How this person likes to be spoken to; remembered for the next call."""

    rate_percent: int = 100
    extra_pause_s: int = 0
    """Added to the pause that ends an answer."""
    louder: bool = False
    keypad_only: bool = False
    """Speech failed twice in one call: the keypad is named first."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Pace:
        known = {name: value for name, value in (data or {}).items() if name in cls.__dataclass_fields__}
        return cls(**known)

    def slower(self) -> Pace:
        return replace(
            self,
            rate_percent=max(SLOWEST_PERCENT, self.rate_percent - 15),
            extra_pause_s=min(3, self.extra_pause_s + 1),
        )


@dataclass(frozen=True)
class Session:
    """Where the conversation stands. ``form`` None: not begun. ``outcome`` set: over."""

    dialog: str
    version: int
    form: str | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    pace: Pace = Pace()
    noinputs: int = 0
    """Silences in a row at this question."""
    nomatches: int = 0
    """Answers in a row that were not understood."""
    louder_asked: int = 0
    turns: int = 0
    is_warned: bool = False
    """Of the time that the call has taken (see `model.TimeLimits`)."""
    visited: tuple[str, ...] = ()
    """Forms entered so far, each once."""
    return_to: tuple[str, ...] = ()
    """The forms that digressions go back to, the latest last."""
    question: str = ""
    """The sentence that awaits an answer, as spoken."""
    last_said: tuple[Mapping[str, Any], ...] = ()
    """The last prompts, for "again"."""
    awaiting_action: int | None = None
    """The form's action whose result is awaited (its index)."""
    is_gone: bool = False
    """The line is dead: nothing is said or asked any more."""
    outcome: str | None = None

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        data["pace"] = asdict(self.pace)
        data["slots"] = dict(self.slots)
        data["visited"], data["return_to"] = list(self.visited), list(self.return_to)
        data["last_said"] = [dict(said) for said in self.last_said]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Session:
        fields = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        return cls(
            **{
                **fields,
                "pace": Pace.from_json(fields.get("pace")),
                "visited": tuple(fields.get("visited", ())),
                "return_to": tuple(fields.get("return_to", ())),
                "last_said": tuple(fields.get("last_said", ())),
            }
        )
