"""Finds tickets for other programs: by number, kind, state and time. Nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from voicebot.records.tables import Ticket, TicketState

CLOSED = frozenset({TicketState.DONE, TicketState.REJECTED, TicketState.MERGED})
MOST_TICKETS = 1000


@dataclass(frozen=True)
class Search:
    """``ticket_ids`` alone decide when they are given. ``is_closed``: None means both."""

    opened_from: datetime
    opened_until: datetime
    ticket_ids: tuple[int, ...] = ()
    intents: tuple[str, ...] = ()
    is_closed: bool | None = None


def search_tickets(db: Session, search: Search) -> Sequence[Ticket]:
    """At most `MOST_TICKETS`, the newest first. Both ends of the time are included."""
    query = select(Ticket).order_by(col(Ticket.created_at).desc(), col(Ticket.id).desc()).limit(MOST_TICKETS)
    if search.ticket_ids:
        return db.exec(query.where(col(Ticket.id).in_(search.ticket_ids))).all()
    query = query.where(col(Ticket.created_at).between(search.opened_from, search.opened_until))
    if search.intents:
        query = query.where(col(Ticket.intent).in_(search.intents))
    if search.is_closed is not None:
        closed = col(Ticket.state).in_(CLOSED)
        query = query.where(closed if search.is_closed else ~closed)
    return db.exec(query).all()
