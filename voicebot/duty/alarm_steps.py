"""The steps of an alarm, each for a caller that holds the locks: begin a round, tell the next, give up, follow the ticket."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from voicebot.duty.alarm_chain import Officer
from voicebot.duty.alarm_rounds import RAISED, TOLD, Move, Round, next_move, rounds_of
from voicebot.duty.alarm_texts import alarm_text, area_of, matter_of
from voicebot.jobs.text_sending import request_sending
from voicebot.records import audit
from voicebot.records.cases import open_follow_up
from voicebot.records.inserting import insert_unless_there
from voicebot.records.tables import (
    Alarm,
    AlarmState,
    FollowUpKind,
    OutboxItem,
    Priority,
    Site,
    SiteKind,
    TextMessage,
    Ticket,
)

OFFICER_ALARM = "officer_alarm"
SYSTEM = "system"

_log = logging.getLogger(__name__)


def begin_round(db: Session, ticket: Ticket, at: datetime, actor: str, *, is_quiet: bool) -> bool:
    """The alarm's row, new or made louder. False: it stands already, as loud as is wanted."""
    alarm = alarm_for_update(db, ticket)
    if alarm is None:
        alarm = Alarm(ticket_id=id_of(ticket), is_quiet=is_quiet, raised_at=at)
        if not insert_unless_there(db, alarm):
            return begin_round(db, ticket, at, actor, is_quiet=is_quiet)
    elif not _was_stopped(alarm) and (is_quiet or not alarm.is_quiet):
        return False
    alarm.is_quiet, alarm.state, alarm.raised_at = is_quiet, AlarmState.RAISED, at
    alarm.step, alarm.accepted_at, alarm.accepted_by = 0, None, None
    was = {"ticket_was": ticket.state.value, "urgency_was": ticket.urgency.value}
    _note(db, alarm, RAISED, at, actor, quiet=is_quiet, **was)
    return True


def _was_stopped(alarm: Alarm) -> bool:
    return alarm.state is AlarmState.RAISED and not alarm.is_quiet and alarm.next_at is None


def tell_next(
    db: Session, alarm: Alarm, ticket: Ticket, chain: Sequence[Officer], at: datetime, accept_within_s: int
) -> list[OutboxItem]:
    told = round_of(db, alarm).told
    officer = next((each for each in chain if each.id not in told), None)
    if officer is None:
        _give_up(db, alarm, ticket, at)
        return []
    alarm.step = len(told) + 1
    alarm.next_at = None if alarm.is_quiet else at + timedelta(seconds=accept_within_s)
    text = TextMessage(
        call_id=ticket.call_id,
        kind=OFFICER_ALARM,
        to_number=officer.phone,
        body=alarm_text(ticket, step=alarm.step, is_quiet=alarm.is_quiet),
        created_at=at,
        updated_at=at,
    )
    db.add(text)
    db.flush()
    _note(db, alarm, TOLD, at, SYSTEM, step=alarm.step, officer=officer.id, text=id_of(text))
    return [request_sending(db, id_of(text), at)]


def _give_up(db: Session, alarm: Alarm, ticket: Ticket, at: datetime) -> None:
    """Everybody was told and nobody came: the gravest thing a person can find on their list."""
    alarm.state, alarm.next_at = AlarmState.EXHAUSTED, None
    _note(db, alarm, "alarm.exhausted", at, SYSTEM, told=alarm.step)
    _log.error("alarm of ticket %s: nobody accepted", ticket.id)
    city = db.exec(select(Site.id).where(Site.kind == SiteKind.CITY)).first()
    if city is None:
        _log.error(
            "alarm of ticket %s: no office to leave a follow-up at; run: voicebot db upgrade", ticket.id
        )
        return
    told = (
        f"{alarm.step}명에게 알렸지만 아무도 수락하지 않았습니다" if alarm.step else "알릴 당직자가 없습니다"
    )
    open_follow_up(
        db,
        site_id=city,
        kind=FollowUpKind.PERSON_WANTED,
        summary=f"당직 {ticket.id}번 {matter_of(ticket)}, {area_of(ticket)}: {told}. 지금 바로 맡아 주세요.",
        at=at,
        call_id=ticket.call_id,
        subject=f"ticket:{ticket.id}:{'quiet' if alarm.is_quiet else 'chain'}",
        priority=Priority.AT_ONCE,
        due_at=at,
    )


def settle(db: Session, alarm: Alarm, ticket: Ticket, move: Move, at: datetime) -> None:
    """Let the alarm follow its ticket: somebody took it elsewhere, or it is over."""
    if move is Move.TAKEN:
        note_accepted(db, alarm, by=ticket.accepted_by, at=at, actor=SYSTEM)
    elif move is Move.STOP:
        alarm.next_at = None
        _note(db, alarm, "alarm.stopped", at, SYSTEM, ticket=ticket.state.value)


def note_accepted(db: Session, alarm: Alarm, *, by: str | None, at: datetime, actor: str) -> None:
    alarm.state, alarm.accepted_by, alarm.accepted_at, alarm.next_at = AlarmState.ACCEPTED, by, at, None
    _note(db, alarm, "alarm.accepted", at, actor, step=alarm.step)


def _note(db: Session, alarm: Alarm, action: str, at: datetime, actor: str, **detail: Any) -> None:
    db.add(alarm)
    audit.record(db, at=at, actor=actor, action=action, subject=f"alarm:{alarm.id}", detail=detail)
    db.flush()


def round_of(db: Session, alarm: Alarm) -> Round:
    return rounds_of(db, [alarm])[id_of(alarm)]


def move_for(db: Session, alarm: Alarm, ticket: Ticket, at: datetime) -> Move:
    return next_move(alarm, ticket.state, ticket.urgency, round_of(db, alarm), at=at)


def lock_ticket(db: Session, ticket: Ticket) -> None:
    """Locks, and reads again what another transaction may have changed."""
    db.flush()
    db.refresh(ticket, with_for_update=True)


def alarm_for_update(db: Session, ticket: Ticket) -> Alarm | None:
    query = select(Alarm).where(Alarm.ticket_id == ticket.id).with_for_update()
    return db.exec(query.execution_options(populate_existing=True)).one_or_none()


def id_of(row: Alarm | Ticket | TextMessage) -> int:
    assert row.id is not None, "the row is not stored yet"
    return row.id
