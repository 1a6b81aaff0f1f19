"""What a line of the city's work is given to act in: one turn's transaction, and the call it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlmodel import Session

from voicebot.records.tables import Call, OutboxItem, Resident


@dataclass
class CallWork:
    """One turn's work for the city, inside one transaction.

    ``heard`` is what the person said last, in their words. What is `set_going` is handed to the job engine
    after the commit.
    """

    db: Session
    now: datetime
    call: Call
    heard: str | None = None
    going: list[OutboxItem] = field(default_factory=list)

    def set_going(self, item: OutboxItem) -> None:
        """Remember an outbox item, so that it is handed over as soon as the transaction is committed."""
        self.going.append(item)

    def resident(self) -> Resident | None:
        """The resident the call is for, if it is for one."""
        return None if self.call.resident_id is None else self.db.get(Resident, self.call.resident_id)

    @property
    def source(self) -> str:
        """How the audit trail and the records name this call as the source of a change."""
        return f"call:{self.call.id}"


class ActionFunction(Protocol):
    """What a named action does. What it gives back may fill the dialog's slots."""

    def __call__(self, work: CallWork, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None: ...


@dataclass(frozen=True)
class Action:
    """A named action that dialogs of a line may use, and what it takes and gives."""

    run: ActionFunction
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    results: frozenset[str] = frozenset()
