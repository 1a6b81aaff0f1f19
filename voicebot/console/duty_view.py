"""What the duty desk's pages show, in Korean, made from the records. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from voicebot.clock import in_seoul
from voicebot.duty.board import Board, board, intent_ko, where_ko
from voicebot.duty.incidents import callers_of, incidents_beside, open_incidents, tickets_of_incident
from voicebot.records.tables import Incident, Ticket, TicketState, Urgency


@dataclass(frozen=True)
class IncidentRow:
    """One event that several reported. ``beside``: matters of other incidents at the same place."""

    matter: str
    where: str
    is_emergency: bool
    callers: int
    since: datetime
    last: datetime
    numbers: Sequence[int]
    beside: Sequence[str]


@dataclass(frozen=True)
class DutyPage:
    """``in_hand``: the desk's own work; ``handed_over``: with the departments."""

    incidents: Sequence[IncidentRow]
    in_hand: Board
    handed_over: Board

    @property
    def numbers(self) -> list[int]:
        """Every ticket that the page names, for the audit trail."""
        shown = {row.ticket.id or 0 for part in (self.in_hand, self.handed_over) for row in part.rows}
        return sorted(shown.union(*(incident.numbers for incident in self.incidents)))


def duty_page(db: Session, *, at: datetime) -> DutyPage:
    """The board as it is now; an incident of a single report is a ticket and shown as one."""
    rows = [(incident, tickets_of_incident(db, incident.id or 0)) for incident in open_incidents(db)]
    incidents = [_row(db, incident, tickets) for incident, tickets in rows if len(tickets) > 1]
    return DutyPage(
        sorted(incidents, key=lambda row: not row.is_emergency),
        board(db, at=at),
        board(db, at=at, states=[TicketState.HANDED_OVER]),
    )


def _row(db: Session, incident: Incident, tickets: Sequence[Ticket]) -> IncidentRow:
    return IncidentRow(
        matter=intent_ko(incident.intent),
        where=next((where_ko(ticket) for ticket in tickets if ticket.place), where_ko(tickets[0])),
        is_emergency=any(ticket.urgency is Urgency.EMERGENCY for ticket in tickets),
        callers=callers_of(tickets),
        since=in_seoul(incident.opened_at),
        last=in_seoul(incident.last_reported_at),
        numbers=[ticket.id for ticket in tickets if ticket.id is not None],
        beside=[intent_ko(other.intent) for other in incidents_beside(db, incident)],
    )
