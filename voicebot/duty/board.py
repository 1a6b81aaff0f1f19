"""The board: what is undone, as an officer wants to see it at three in the morning. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, true
from sqlmodel import Session, col, func, select

from voicebot.duty.callers import STATE_KO
from voicebot.duty.incidents import callers_of, tickets_of_incident
from voicebot.duty.moves import DESK
from voicebot.nlu.emergency import KOREAN
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.records.tables import Ticket, TicketState, Urgency

URGENCY_KO = {
    Urgency.EMERGENCY: "긴급",
    Urgency.URGENT: "오늘 밤",
    Urgency.ROUTINE: "일반",
    Urgency.INFO: "안내",
}
_GRAVEST_FIRST = {
    urgency: rank
    for rank, urgency in enumerate((Urgency.EMERGENCY, Urgency.URGENT, Urgency.ROUTINE, Urgency.INFO))
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True)
class BoardRow:
    """One ticket on the board. ``callers``: how many people reported its incident, 1 without one."""

    ticket: Ticket
    age_s: int
    callers: int

    @property
    def is_emergency(self) -> bool:
        return self.ticket.urgency is Urgency.EMERGENCY

    @property
    def urgency_ko(self) -> str:
        return URGENCY_KO[self.ticket.urgency]

    @property
    def state_ko(self) -> str:
        return STATE_KO[self.ticket.state]

    @property
    def matter_ko(self) -> str:
        return matter_ko(self.ticket)

    @property
    def where_ko(self) -> str:
        return where_ko(self.ticket)

    @property
    def age_ko(self) -> str:
        return age_ko(self.age_s)

    def as_json(self) -> dict[str, Any]:
        """Codes for programs. The caller's words are not on the board."""
        ticket = self.ticket
        return {
            "number": ticket.id,
            "state": ticket.state.value,
            "urgency": ticket.urgency.value,
            "intent": ticket.intent,
            "emergency_kind": ticket.emergency_kind,
            "department": ticket.department,
            "place": ticket.place,
            "gu": ticket.gu,
            "dong": ticket.dong,
            "is_partial": ticket.is_partial,
            "accepted_by": ticket.accepted_by,
            "incident": ticket.incident_id,
            "callers": self.callers,
            "created_at": ticket.created_at.isoformat(),
            "due_at": ticket.due_at.isoformat() if ticket.due_at else None,
            "age_s": self.age_s,
        }


@dataclass(frozen=True)
class Board:
    """``rows`` in the order to look at them; ``more`` that did not fit."""

    rows: Sequence[BoardRow]
    more: int = 0


def board(
    db: Session,
    *,
    at: datetime,
    states: Collection[TicketState] = DESK,
    department: str | None = None,
    limit: int = 200,
) -> Board:
    """Emergencies first, within an urgency what nobody has accepted, then the longest waiting."""
    wanted = and_(
        col(Ticket.state).in_(list(states)),
        true() if department is None else col(Ticket.department) == department,
    )
    gravity = case(_GRAVEST_FIRST, value=col(Ticket.urgency))
    is_taken = case((col(Ticket.state) == TicketState.NEW, 0), else_=1)
    order = (gravity, is_taken, col(Ticket.created_at), col(Ticket.id))
    found = db.exec(select(Ticket).where(wanted).order_by(*order).limit(limit)).all()
    total = db.exec(select(func.count()).select_from(Ticket).where(wanted)).one()
    callers = _callers(db, found)
    rows = [
        BoardRow(ticket, int((at - ticket.created_at).total_seconds()), callers.get(ticket.incident_id, 1))
        for ticket in found
    ]
    return Board(rows, total - len(rows))


def intent_ko(intent: str) -> str:
    """An intent's name for officers: 도로 파손."""
    known = catalogue().get(intent)
    return known.name_ko if known else intent


def matter_ko(ticket: Ticket) -> str:
    """The intent's name, with the emergency that was heard beside it: 생활 소음 (폭력·범죄)."""
    intent, name = catalogue().get(ticket.intent), intent_ko(ticket.intent)
    if ticket.emergency_kind and not (intent and intent.is_emergency):
        return f"{name} ({KOREAN.get(ticket.emergency_kind, ticket.emergency_kind)})"
    return name


def where_ko(ticket: Ticket) -> str:
    """As the caller named it, with district and dong if they are known and not in it."""
    said = ticket.place or ""
    known = [part for part in (ticket.gu, ticket.dong) if part and part not in said]
    return " ".join([*known, said]).strip() or "장소 모름"


def age_ko(seconds: int) -> str:
    """방금, 7분, 2시간 5분, 3일."""
    if seconds < _MINUTE:
        return "방금"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}분"
    if seconds < _DAY:
        minutes = seconds % _HOUR // _MINUTE
        return f"{seconds // _HOUR}시간" + (f" {minutes}분" if minutes else "")
    return f"{seconds // _DAY}일"


def _callers(db: Session, tickets: Sequence[Ticket]) -> Mapping[int | None, int]:
    incidents = {ticket.incident_id for ticket in tickets if ticket.incident_id is not None}
    return {one: callers_of(tickets_of_incident(db, one)) for one in incidents}
