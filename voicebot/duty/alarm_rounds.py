"""How far an alarm has come, read from its audit trail, and what is to be done next. Changes nothing.

An alarm is raised once, and once more when a quiet one turns out to be an emergency: a *round* is what happened since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from voicebot.records.tables import (
    Alarm,
    AlarmState,
    AuditEvent,
    TextMessage,
    TextState,
    TicketState,
    Urgency,
)

RAISED = "alarm.raised"
TOLD = "alarm.told"

ENDED = frozenset({TicketState.DONE, TicketState.REJECTED, TicketState.MERGED, TicketState.HANDED_OVER})
"""Nobody is wanted for these any more."""
_CALM = frozenset({Urgency.ROUTINE, Urgency.INFO})
_IN_HAND = frozenset({TicketState.ACCEPTED, TicketState.IN_PROGRESS})
_CLOCKS_DIFFER = timedelta(minutes=5)
"""By so much at most the clocks of two machines that write the trail."""
_NOT_ARRIVED = frozenset({TextState.FAILED, TextState.UNDELIVERED})


@dataclass(frozen=True)
class Round:
    """``told``: officers' ids in the order of telling. ``last_text``: how the last one's text fares."""

    ticket_was: TicketState
    urgency_was: Urgency
    """The ticket's state and urgency when the round began."""
    told: tuple[str, ...] = ()
    last_text: TextState | None = None


class Move(StrEnum):
    WAIT = "wait"
    TELL = "tell"
    """The next of the chain is told, or there is nobody left."""
    TAKEN = "taken"
    """Somebody took the ticket without answering the alarm, at the board for instance."""
    STOP = "stop"
    """The ticket is over, or a person said that the matter is none for the night."""


def next_move(
    alarm: Alarm, ticket_state: TicketState, urgency: Urgency, now_in: Round, *, at: datetime
) -> Move:
    """What an alarm needs at a moment. Pure."""
    if alarm.state is AlarmState.ACCEPTED:
        return Move.WAIT
    was_calmed = urgency in _CALM and urgency is not now_in.urgency_was
    if ticket_state in ENDED or was_calmed:
        return Move.WAIT if alarm.next_at is None else Move.STOP
    if ticket_state in _IN_HAND and ticket_state is not now_in.ticket_was:
        return Move.TAKEN
    if alarm.state is AlarmState.EXHAUSTED:
        return Move.WAIT
    is_time = alarm.next_at is not None and alarm.next_at <= at
    return Move.TELL if is_time or now_in.last_text in _NOT_ARRIVED else Move.WAIT


def rounds_of(db: Session, alarms: Collection[Alarm]) -> Mapping[int, Round]:
    """The present round of each stored alarm, by its id, in two queries however many there are."""
    wanted = {f"alarm:{alarm.id}": alarm.id for alarm in alarms if alarm.id is not None}
    if not wanted:
        return {}
    since = min(alarm.raised_at for alarm in alarms) - _CLOCKS_DIFFER  # the trail is indexed by time
    query = select(AuditEvent).where(
        col(AuditEvent.at) >= since,
        col(AuditEvent.subject).in_(wanted),
        col(AuditEvent.action).in_((RAISED, TOLD)),
    )
    began: dict[int, AuditEvent] = {}
    told: dict[int, list[AuditEvent]] = {alarm_id: [] for alarm_id in wanted.values()}
    for event in db.exec(query.order_by(col(AuditEvent.id))).all():
        alarm_id = wanted[event.subject]
        if event.action == RAISED:
            began[alarm_id], told[alarm_id] = event, []
        else:
            told[alarm_id].append(event)
    states = _states_of_texts(db, [events[-1].detail["text"] for events in told.values() if events])
    return {each: _round(began.get(each), told[each], states) for each in told}


def _round(began: AuditEvent | None, told: list[AuditEvent], states: Mapping[int, TextState]) -> Round:
    detail = began.detail if began else {}
    return Round(
        ticket_was=TicketState(detail.get("ticket_was", TicketState.NEW)),
        urgency_was=Urgency(detail.get("urgency_was", Urgency.EMERGENCY)),
        told=tuple(event.detail["officer"] for event in told),
        last_text=states.get(told[-1].detail["text"]) if told else None,
    )


def _states_of_texts(db: Session, text_ids: Collection[int]) -> Mapping[int, TextState]:
    rows = db.exec(select(TextMessage.id, TextMessage.state).where(col(TextMessage.id).in_(text_ids))).all()
    return {text_id: TextState(state) for text_id, state in rows if text_id is not None}
