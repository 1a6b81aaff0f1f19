"""What every call needs around it: records, dialogs, the lines' work, the clock, the way to the jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Engine

from voicebot.clock import Clock
from voicebot.dialog import DialogShelf
from voicebot.records.tables import OutboxItem
from voicebot.records.work import Action, CallWork


class LineDialog(Protocol):
    """The city's side of one dialog. The lines' rooms provide these."""

    @property
    def actions(self) -> Mapping[str, Action]: ...

    @property
    def gravity(self) -> Sequence[str]:
        """Every outcome, the lightest first."""
        ...

    @property
    def given(self) -> Callable[[CallWork], Mapping[str, Any]]:
        """The slots a call begins with."""
        ...

    def unanswered(self, work: CallWork, status: str) -> str:
        """What it means that nobody took the call. Gives the outcome's code."""
        ...


@dataclass(frozen=True)
class CallCentre:
    """One per process; threads share it."""

    engine: Engine
    shelf: DialogShelf
    dialogs: Mapping[str, LineDialog]
    clock: Clock
    hand_over: Callable[[Iterable[OutboxItem]], object]
    """Told after the commit what the turn set going."""

    default: LineDialog
    """For dialogs that no line works for: those that an official wrote."""

    def line_dialog(self, name: str) -> LineDialog:
        """The city's side of a dialog."""
        return self.dialogs.get(name, self.default)
