"""One ticket with everything that is known of it, for whoever works on it. Each look is audited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from voicebot.clock import in_seoul
from voicebot.duty.board import URGENCY_KO, matter_ko
from voicebot.duty.callers import STATE_KO
from voicebot.duty.history import history_of
from voicebot.duty.incidents import callers_of, get_incident, incidents_beside, tickets_of_incident
from voicebot.duty.tickets import get_ticket
from voicebot.records import audit
from voicebot.records.tables import Ticket, TicketEvent

_ACTION_KO = {"opened": "접수", "corrected": "내용 바로잡음", "added": "추가", "merged": "합침"}
_CALL_BACK_KO = {True: "해도 됨", False: "원하지 않음", None: "묻지 못함"}


@dataclass(frozen=True)
class Step:
    """One line of the history."""

    at: datetime
    actor: str
    what_ko: str


@dataclass(frozen=True)
class TicketSheet:
    """``together``: the other tickets of its incident; ``callers``: how many people those are, itself included;
    ``beside``: tickets of other matters at the same place."""

    ticket: Ticket
    history: Sequence[Step]
    together: Sequence[int] = ()
    beside: Sequence[int] = ()
    callers: int = 1

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
    def facts_ko(self) -> Sequence[tuple[str, str]]:
        """What is known, by its Korean name; the place is `voicebot.duty.board.where_ko`."""
        ticket = self.ticket
        facts = (
            ("하신 말씀", ticket.said or "없음"),
            ("언제부터", ticket.since or "묻지 못함"),
            ("담당 부서", ticket.department or "없음"),
            ("맡은 사람", ticket.accepted_by or "아직 없음"),
            ("다시 전화", _CALL_BACK_KO[ticket.may_call_back]),
            ("접수한 때", _moment(ticket.created_at)),
            ("기한", _moment(ticket.due_at) if ticket.due_at else "없음"),
        )
        return (*facts, ("비고", "통화가 끊겨 접수가 덜 됨")) if ticket.is_partial else facts


def look_at(
    db: Session, ticket_id: int, *, actor: str, at: datetime, source: str | None = None
) -> TicketSheet:
    """The ticket with its words, audited as a look (``source``: address or terminal). Raises RecordNotFound."""
    ticket = get_ticket(db, ticket_id)
    subject = f"ticket:{ticket_id}"
    audit.record(db, at=at, actor=actor, action="ticket.viewed", subject=subject, source=source)
    history = [_step(event) for event in history_of(db, ticket)]
    if ticket.incident_id is None:
        return TicketSheet(ticket, history)
    together = tickets_of_incident(db, ticket.incident_id)
    return TicketSheet(
        ticket,
        history,
        _numbers(other for other in together if other.id != ticket_id),
        _beside(db, ticket.incident_id),
        callers_of(together),
    )


def _beside(db: Session, incident_id: int) -> Sequence[int]:
    others = incidents_beside(db, get_incident(db, incident_id))
    return _numbers(
        ticket for other in others if other.id is not None for ticket in tickets_of_incident(db, other.id)
    )


def _numbers(tickets: Iterable[Ticket]) -> Sequence[int]:
    return tuple(ticket.id for ticket in tickets if ticket.id is not None)


def _step(event: TicketEvent) -> Step:
    what = (
        f"{STATE_KO[event.from_state]} → {STATE_KO[event.to_state]}"
        if event.from_state and event.to_state
        else _ACTION_KO.get(event.action, event.action)
    )
    return Step(event.at, event.actor, f"{what}: {event.note}" if event.note else what)


def _moment(moment: datetime) -> str:
    return in_seoul(moment).strftime("%Y-%m-%d %H:%M")
