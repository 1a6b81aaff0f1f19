"""An alarm wakes officers for a ticket: raised once, told down the chain one after another, accepted by one.

Every step is one transaction that locks the ticket, then the alarm, and reads again what was done: two workers at once,
or one after a crash, tell nobody twice and leave nobody out. Who was told stands in the audit trail (`alarm_rounds`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from sqlmodel import Session, col, or_, select

from voicebot.duty.alarm_chain import ChainAt, Officer
from voicebot.duty.alarm_rounds import ENDED, Move, next_move, rounds_of
from voicebot.duty.alarm_steps import (
    SYSTEM,
    alarm_for_update,
    begin_round,
    id_of,
    lock_ticket,
    move_for,
    note_accepted,
    settle,
    tell_next,
)
from voicebot.errors import RecordNotFound
from voicebot.records.tables import Alarm, AlarmState, OutboxItem, Ticket, TicketState, Urgency

WATCH_QUIET_TEXT = timedelta(minutes=15)
"""For so long the one text of a quiet alarm is watched: did it arrive?"""
_SOME = 500


class MovesTicket(Protocol):
    """`voicebot.duty.tickets.move`."""

    def __call__(
        self,
        db: Session,
        ticket: Ticket,
        *,
        to: TicketState,
        actor: str,
        at: datetime,
        note: str | None = None,
    ) -> object: ...


class Publishes(Protocol):
    """`voicebot.duty.events.publish` with its subscribers."""

    def __call__(self, db: Session, *, event: str, ticket: Ticket, at: datetime) -> Sequence[OutboxItem]: ...


def raise_alarm(
    db: Session,
    *,
    ticket: Ticket,
    at: datetime,
    chain: Sequence[Officer],
    is_quiet: bool,
    accept_within_s: int,
    actor: str = SYSTEM,
    publish: Publishes | None = None,
) -> list[OutboxItem]:
    """Raise a ticket's alarm and tell the first of the chain; raised again, nothing happens.

    Two exceptions start again from the first officer: what was raised quietly and is now an emergency, even if somebody
    had accepted the quiet one (they took on something else); and what was stopped with its ticket, if the ticket is
    reopened. Gives what to hand over after the commit.
    """
    lock_ticket(db, ticket)
    if ticket.state in ENDED or not begin_round(db, ticket, at, actor, is_quiet=is_quiet):
        return []
    alarm = alarm_for_update(db, ticket)
    assert alarm is not None
    items = tell_next(db, alarm, ticket, chain, at, accept_within_s)
    return items + _published(publish, db, "alarm.raised", ticket, at)


def escalate(db: Session, *, at: datetime, chain_at: ChainAt, accept_within_s: int) -> list[OutboxItem]:
    """Bring every alarm that is due one step further, in the caller's transaction (`escalate_one` for each)."""
    items: list[OutboxItem] = []
    for alarm_id in due_alarms(db, at=at):
        items += escalate_one(
            db, alarm_id=alarm_id, at=at, chain_at=chain_at, accept_within_s=accept_within_s
        )
    return items


def due_alarms(db: Session, *, at: datetime) -> list[int]:
    """The alarms that need something done, by id; reads only, so look again after locking."""
    watched = col(Alarm.is_quiet).is_(True) & (col(Alarm.raised_at) > at - WATCH_QUIET_TEXT)
    query = (
        select(Alarm, Ticket.state, Ticket.urgency)
        .join(Ticket, col(Ticket.id) == col(Alarm.ticket_id))
        .where(Alarm.state == AlarmState.RAISED, or_(col(Alarm.next_at).is_not(None), watched))
        .order_by(col(Alarm.ticket_id))
        .limit(_SOME)
    )
    rows = db.exec(query).all()
    rounds = rounds_of(db, [alarm for alarm, *_ in rows])
    return [
        id_of(alarm)
        for alarm, state, urgency in rows
        if next_move(alarm, TicketState(state), Urgency(urgency), rounds[id_of(alarm)], at=at)
        is not Move.WAIT
    ]


def escalate_one(
    db: Session, *, alarm_id: int, at: datetime, chain_at: ChainAt, accept_within_s: int
) -> list[OutboxItem]:
    """Tell the next of the chain if nobody accepted in time or the last text did not arrive; else nothing.

    Who comes next is who stands first in the chain of this moment and was not told yet: a change of shift in the
    middle leaves nobody out. Raises RecordNotFound.
    """
    alarm = db.get(Alarm, alarm_id)
    ticket = None if alarm is None else db.get(Ticket, alarm.ticket_id)
    if ticket is None:
        raise RecordNotFound(f"no alarm {alarm_id}")
    lock_ticket(db, ticket)
    alarm = alarm_for_update(db, ticket)
    assert alarm is not None
    move = move_for(db, alarm, ticket, at)
    if move is not Move.TELL:
        settle(db, alarm, ticket, move, at)
        return []
    return tell_next(db, alarm, ticket, chain_at(at), at, accept_within_s)


class Answer(StrEnum):
    YOURS = "yours"
    TAKEN = "taken"
    OVER = "over"
    """The ticket was done, rejected, merged or handed over before."""


@dataclass(frozen=True)
class Acceptance:
    """What an officer who accepts is told: who has the ticket, since when."""

    answer: Answer
    holder: str | None
    since: datetime | None
    items: list[OutboxItem] = field(default_factory=list)


def accept(
    db: Session,
    *,
    ticket: Ticket,
    actor: str,
    at: datetime,
    move: MovesTicket,
    publish: Publishes | None = None,
) -> Acceptance:
    """Take a ticket on: the first has it, whoever comes later is told who does; twice by one person is once.

    It may still be accepted after the chain was exhausted. Raises RecordNotFound where no alarm was raised.
    """
    lock_ticket(db, ticket)
    alarm = alarm_for_update(db, ticket)
    if alarm is None:
        raise RecordNotFound(f"no alarm was raised for ticket {ticket.id}")
    settle(db, alarm, ticket, move_for(db, alarm, ticket, at), at)
    if alarm.state is AlarmState.ACCEPTED:
        answer = Answer.YOURS if alarm.accepted_by == actor else Answer.TAKEN
        return Acceptance(answer, alarm.accepted_by, alarm.accepted_at)
    if ticket.state in ENDED:
        return Acceptance(Answer.OVER, ticket.accepted_by, None)
    note_accepted(db, alarm, by=actor, at=at, actor=actor)
    if ticket.state is TicketState.NEW:
        move(db, ticket, to=TicketState.ACCEPTED, actor=actor, at=at)
    return Acceptance(Answer.YOURS, actor, at, _published(publish, db, "alarm.accepted", ticket, at))


def _published(
    publish: Publishes | None, db: Session, event: str, ticket: Ticket, at: datetime
) -> list[OutboxItem]:
    return [] if publish is None else list(publish(db, event=event, ticket=ticket, at=at))
