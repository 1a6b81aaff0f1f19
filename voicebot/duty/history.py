"""What happened to a ticket: each step is kept with who, when and why, and audited without its words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from voicebot.records import audit
from voicebot.records.tables import Ticket, TicketEvent, TicketState

_INTO = re.compile(r"#(\d+)")


def write_down(
    db: Session,
    ticket: Ticket,
    *,
    action: str,
    actor: str,
    at: datetime,
    note: str | None = None,
    moved: tuple[TicketState | None, TicketState | None] = (None, None),
    detail: Mapping[str, Any] | None = None,
    source: str | None = None,
) -> TicketEvent:
    """Keep a step and audit it, in the caller's transaction. ``note`` may be personal: it is encrypted and never
    audited. ``detail`` (ids and codes) and ``source`` (address or terminal) are for the audit trail."""
    assert ticket.id is not None
    ticket.updated_at = at
    event = TicketEvent(
        ticket_id=ticket.id,
        at=at,
        actor=actor,
        action=action,
        from_state=moved[0],
        to_state=moved[1],
        note=note,
    )
    db.add_all([ticket, event])
    db.flush()
    subject = f"ticket:{ticket.id}"
    audit.record(
        db, at=at, actor=actor, action=f"ticket.{action}", subject=subject, source=source, detail=detail
    )
    return event


def history_of(db: Session, ticket: Ticket) -> Sequence[TicketEvent]:
    """Every step, oldest first."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)
    return db.exec(query.order_by(col(TicketEvent.id))).all()


def last_move(db: Session, ticket: Ticket) -> TicketEvent | None:
    """The step that brought the ticket into the state it has."""
    query = select(TicketEvent).where(
        TicketEvent.ticket_id == ticket.id, col(TicketEvent.to_state).is_not(None)
    )
    return db.exec(query.order_by(col(TicketEvent.id).desc())).first()


def merging_note(into: Ticket, note: str | None) -> str:
    """How a merging is written down: ``#17`` and why."""
    return f"#{into.id} {note or ''}".strip()


def survivor_of(db: Session, ticket: Ticket) -> Ticket:
    """The ticket that stands for a merged one, however often merged; any other stands for itself."""
    while ticket.state is TicketState.MERGED:
        move = last_move(db, ticket)
        number = _INTO.match(move.note or "") if move else None
        survivor = db.get(Ticket, int(number[1])) if number else None
        if survivor is None:
            return ticket
        ticket = survivor
    return ticket
