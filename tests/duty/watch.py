"""A duty desk without its other rooms: tickets put down by hand, officers as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from voicebot.duty.alarm_steps import OFFICER_ALARM
from voicebot.records.tables import Alarm, TextMessage, TextState, Ticket, TicketState, Urgency


@dataclass(frozen=True)
class Watch:
    """Somebody who can be texted."""

    id: str
    phone: str


KIM = Watch("kim", "+821000000101")
LEE = Watch("lee", "+821000000102")
ROOM = Watch("situation_room", "+821000000119")
CHAIN = (KIM, LEE, ROOM)


def put_ticket(db: Session, at: datetime, **details: Any) -> Ticket:
    """A ticket of a caller in 원미구 중동: a fire, unless ``details`` say otherwise."""
    facts: dict[str, Any] = {
        "intent": "fire",
        "urgency": Urgency.EMERGENCY,
        "department": "재난안전과",
        "gu": "원미구",
        "dong": "중동",
        "created_at": at,
        "updated_at": at,
    }
    ticket = Ticket(**(facts | details))
    db.add(ticket)
    db.flush()
    return ticket


def move(
    db: Session, ticket: Ticket, *, to: TicketState, actor: str, at: datetime, note: str | None = None
) -> None:
    """What `voicebot.duty.tickets.move` does, as far as an alarm can tell."""
    ticket.state, ticket.updated_at = to, at
    ticket.accepted_by = actor if to is TicketState.ACCEPTED else ticket.accepted_by
    db.add(ticket)
    db.flush()


def texted(db: Session) -> list[str]:
    """Who was texted, in order."""
    names = {each.phone: each.id for each in CHAIN}
    return [names.get(text.to_number, text.to_number) for text in texts(db)]


def texts(db: Session) -> list[TextMessage]:
    query = select(TextMessage).where(TextMessage.kind == OFFICER_ALARM)
    return list(db.exec(query.order_by(col(TextMessage.id)).execution_options(populate_existing=True)).all())


def report_text(db: Session, state: TextState) -> None:
    """The carrier reports on the last text."""
    last = texts(db)[-1]
    last.state = state
    db.add(last)
    db.flush()


def alarm_of(db: Session, ticket: Ticket) -> Alarm:
    return db.exec(select(Alarm).where(Alarm.ticket_id == ticket.id)).one()
