"""Merging tickets: a person says that two are one. Its caller hears from then on of the one that stands."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from voicebot.duty.history import last_move, merging_note, survivor_of, write_down
from voicebot.duty.incidents import leave_incident
from voicebot.duty.opening import raise_urgency
from voicebot.duty.tickets import as_seen, require_move, take_step
from voicebot.errors import RecordConflict
from voicebot.records import audit
from voicebot.records.tables import Incident, Ticket, TicketState


def merge(
    db: Session, ticket: Ticket, *, into: Ticket, actor: str, at: datetime, note: str | None = None
) -> Ticket:
    """Merge a ticket into another one, for good; both are shown in one incident. Gives the merged ticket.

    The other takes over a graver urgency. The same person's same merging again changes nothing. Raises RecordConflict:
    a ticket into itself, into one that is merged or refused, one that is finished, or one that somebody moved since.
    """
    if ticket.id == into.id:
        raise RecordConflict(f"ticket {ticket.id} cannot be merged into itself")
    ticket, into = _both_held(db, ticket, into)
    if ticket.state is TicketState.MERGED:
        _require_same_merging(db, ticket, into, actor)
        return ticket
    if into.state in (TicketState.MERGED, TicketState.REJECTED):
        raise RecordConflict(
            f"ticket {into.id} is '{into.state}' itself; merge into ticket {survivor_of(db, into).id}"
            if into.state is TicketState.MERGED
            else f"ticket {into.id} was rejected; reopen it first"
        )
    require_move(ticket, TicketState.MERGED, note)
    _bring_together(db, ticket, into, actor, at)
    was_raised = raise_urgency(into, ticket)
    take_step(
        db,
        ticket,
        to=TicketState.MERGED,
        actor=actor,
        at=at,
        note=merging_note(into, note),
        action="merged",
        detail={"into": into.id},
    )
    detail = {"merged": ticket.id, "raised": was_raised}
    write_down(db, into, action="added", actor=actor, at=at, note=f"#{ticket.id} 합침", detail=detail)
    return ticket


def _both_held(db: Session, ticket: Ticket, into: Ticket) -> tuple[Ticket, Ticket]:
    """In the order of their numbers, so that two who merge crosswise do not wait for each other."""
    held = {one.id: as_seen(db, one) for one in sorted((ticket, into), key=lambda one: one.id or 0)}
    return held[ticket.id], held[into.id]


def _require_same_merging(db: Session, ticket: Ticket, into: Ticket, actor: str) -> None:
    made = last_move(db, ticket)
    if made is None or made.actor != actor or survivor_of(db, ticket).id != survivor_of(db, into).id:
        who = made.actor if made else "somebody"
        raise RecordConflict(
            f"ticket {ticket.id} was merged into {survivor_of(db, ticket).id} by {who} already"
        )


def _bring_together(db: Session, ticket: Ticket, into: Ticket, actor: str, at: datetime) -> None:
    """One incident for both: that of the ticket that stands, else the other's, else one of their own without a place,
    which no other report can join."""
    if into.incident_id is None:
        into.incident_id = ticket.incident_id or _incident_of_its_own(db, into, actor, at).id
    if ticket.incident_id != into.incident_id:
        leave_incident(db, ticket, actor=actor, at=at)
        ticket.incident_id = into.incident_id
    db.add_all([ticket, into])
    db.flush()


def _incident_of_its_own(db: Session, ticket: Ticket, actor: str, at: datetime) -> Incident:
    incident = Incident(
        intent=ticket.intent, gu=ticket.gu, dong=ticket.dong, opened_at=ticket.created_at, last_reported_at=at
    )
    db.add(incident)
    db.flush()
    audit.record(db, at=at, actor=actor, action="incident.opened", subject=f"incident:{incident.id}")
    return incident
