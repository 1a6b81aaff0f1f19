"""Tickets: opened once per call and request, moved along the written table, corrected; each step written down.

Verbs work in the caller's transaction and never commit. A verb on a ticket takes it as the person saw it: has somebody
moved it since, that is a RecordConflict, so of two people at once one moves it and the other is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from voicebot.clock import in_seoul
from voicebot.duty.examples import require_intent
from voicebot.duty.history import last_move, write_down
from voicebot.duty.incidents import close_if_finished, join_incident, leave_incident, open_again
from voicebot.duty.moves import FINISHED, MOVES, is_reopening, needs_reason
from voicebot.duty.opening import TicketDetails, amend, open_ticket
from voicebot.errors import RecordConflict, RecordNotFound, VoicebotError
from voicebot.nlu.emergency import HELPLINES
from voicebot.nlu.intents.catalogue import Intent, catalogue
from voicebot.records.proposals import propose_example
from voicebot.records.tables import Ticket, TicketEvent, TicketState, Urgency

__all__ = [
    "MOVES",
    "TicketDetails",
    "add_note",
    "amend",
    "correct",
    "get_ticket",
    "get_ticket_for_update",
    "hand_over",
    "move",
    "open_ticket",
    "tickets_of_call",
]

_TAKES_IT = {TicketState.ACCEPTED, TicketState.IN_PROGRESS}


def get_ticket(db: Session, ticket_id: int) -> Ticket:
    """Raises RecordNotFound."""
    return _present(db.get(Ticket, ticket_id), ticket_id)


def get_ticket_for_update(db: Session, ticket_id: int) -> Ticket:
    """The ticket as it is now, and nobody else's to change until this transaction ends. Raises RecordNotFound."""
    query = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
    found = db.exec(query.execution_options(populate_existing=True)).one_or_none()
    return _present(found, ticket_id)


def tickets_of_call(db: Session, call_id: str) -> Sequence[Ticket]:
    """What was asked for in one call, in the order asked."""
    return db.exec(select(Ticket).where(Ticket.call_id == call_id).order_by(col(Ticket.request_no))).all()


def move(
    db: Session, ticket: Ticket, *, to: TicketState, actor: str, at: datetime, note: str | None = None
) -> Ticket:
    """Move a ticket along the table. The same person's same move again changes nothing.

    Raises RecordConflict: the table forbids it, somebody else moved it since, or a reason (``note``) is missing.
    Merging names another ticket and is `voicebot.duty.merging.merge`.
    """
    if to is TicketState.MERGED:
        raise RecordConflict("a ticket is merged into another one; name it")
    current = as_seen(db, ticket)
    if current.state is to:
        _require_own_move(db, current, actor)
        return current
    require_move(current, to, note)
    return take_step(db, current, to=to, actor=actor, at=at, note=note)


def hand_over(
    db: Session, ticket: Ticket, *, department: str, actor: str, at: datetime, note: str | None = None
) -> Ticket:
    """Give a ticket to a department, or from one department to another. Raises RecordConflict as `move` does."""
    current = as_seen(db, ticket)
    to, before = TicketState.HANDED_OVER, current.department
    if current.state is to and before == department:
        _require_own_move(db, current, actor)
        return current
    require_move(current, to, note)
    current.department = department
    detail = {"department": department, "from_department": before}
    return take_step(db, current, to=to, actor=actor, at=at, note=note or department, detail=detail)


def correct(db: Session, ticket: Ticket, *, intent: str, actor: str, at: datetime) -> Ticket:
    """Name what the matter really is: another department and urgency, another incident, and the caller's sentence is
    proposed for learning. Raises VoicebotError for a name that is no intent, RecordConflict for a merged ticket."""
    require_intent(intent)
    current = as_seen(db, ticket)
    if current.state is TicketState.MERGED:
        raise RecordConflict(f"ticket {current.id} was merged into another one; correct that one")
    if current.intent == intent:
        return current
    before, wanted = current.intent, catalogue()[intent]
    _set_urgency(current, wanted, was_alarm=catalogue()[before].is_emergency)
    current.intent, current.is_corrected, current.confidence = intent, True, None
    department = wanted.department_in(current.gu)
    if department != current.department:
        current.digest_on = None  # the other department has not read of it yet
    current.department = department
    note = f"{catalogue()[before].name_ko} → {wanted.name_ko}"
    detail = {"from": before, "to": intent, "department": current.department}
    write_down(db, current, action="corrected", actor=actor, at=at, note=note, detail=detail)
    leave_incident(db, current, actor=actor, at=at)
    if current.state not in FINISHED:
        join_incident(db, current, at=at)
    if current.said:
        source = f"ticket:{current.id}"
        propose_example(
            db, source=source, text=current.said, heard_as=before, meant=intent, actor=actor, at=at
        )
    return current


def add_note(db: Session, ticket: Ticket, *, note: str, actor: str, at: datetime) -> TicketEvent:
    """Write something down with a ticket, whatever state it has. Raises VoicebotError for an empty note."""
    if not note.strip():
        raise VoicebotError("the note is empty")
    return write_down(db, ticket, action="added", actor=actor, at=at, note=note.strip())


def as_seen(db: Session, ticket: Ticket) -> Ticket:
    """The ticket, locked, if it has still the state and the intent that the person saw. Raises RecordConflict."""
    assert ticket.id is not None
    seen_state, seen_intent = ticket.state, ticket.intent
    current = get_ticket_for_update(db, ticket.id)
    if (current.state, current.intent) != (seen_state, seen_intent):
        raise RecordConflict(
            f"ticket {current.id} was changed in the meantime: {_how_it_stands(db, current)}"
        )
    return current


def require_move(ticket: Ticket, to: TicketState, note: str | None) -> None:
    """Raises RecordConflict when the table forbids the move or it is not explained."""
    if to not in MOVES[ticket.state]:
        raise RecordConflict(f"ticket {ticket.id} is '{ticket.state}' and cannot become '{to}'")
    if needs_reason(ticket.state, to) and not (note or "").strip():
        raise RecordConflict(f"ticket {ticket.id} cannot become '{to}' without a reason; give a note")


def take_step(
    db: Session,
    ticket: Ticket,
    *,
    to: TicketState,
    actor: str,
    at: datetime,
    note: str | None,
    action: str = "state",
    detail: Mapping[str, object] | None = None,
) -> Ticket:
    """Make a move that was found right, of a ticket that is held."""
    before, ticket.state = ticket.state, to
    if to in _TAKES_IT:
        # Who starts what another accepted has it in hand from now on.
        ticket.accepted_by = actor
    codes = {"from": before.value, "to": to.value, **(detail or {})}
    write_down(db, ticket, action=action, actor=actor, at=at, note=note, moved=(before, to), detail=codes)
    if to in FINISHED:
        close_if_finished(db, ticket.incident_id, actor=actor, at=at)
    elif is_reopening(before, to):
        open_again(db, ticket, actor=actor, at=at)
    return ticket


def _set_urgency(ticket: Ticket, meant: Intent, *, was_alarm: bool) -> None:
    """A person said that the alarm was none: it goes with the matter it was heard in. An emergency that was heard beside
    a routine matter stays one whatever that matter really is."""
    if ticket.urgency is Urgency.EMERGENCY and not was_alarm:
        return
    ticket.urgency = Urgency(meant.urgency)
    ticket.emergency_kind = meant.id if meant.is_emergency and meant.id in HELPLINES else None


def _require_own_move(db: Session, ticket: Ticket, actor: str) -> None:
    made = last_move(db, ticket)
    if made is None or made.actor != actor:
        raise RecordConflict(f"ticket {ticket.id} is there already: {_how_it_stands(db, ticket)}")


def _how_it_stands(db: Session, ticket: Ticket) -> str:
    made = last_move(db, ticket)
    if made is None:
        return f"it is '{ticket.state}'"
    when = in_seoul(made.at).strftime("%m-%d %H:%M")
    return f"it is '{ticket.state}' since {when} by {made.actor}"


def _present(ticket: Ticket | None, ticket_id: int) -> Ticket:
    if ticket is None:
        raise RecordNotFound(f"no ticket {ticket_id}")
    return ticket
