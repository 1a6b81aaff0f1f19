"""Leaving a follow-up for the people who look after the resident: in Korean, with what was said."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlmodel import select

from voicebot.clock import SEOUL, in_seoul
from voicebot.records.cases import open_follow_up
from voicebot.records.tables import FollowUp, FollowUpKind, Priority, Site, SiteKind
from voicebot.records.work import CallWork

_CLOSES = time(18)
_TOO_LATE_FOR_TODAY = time(15)
_SATURDAY = 5


def due(priority: Priority, now: datetime) -> datetime:
    """By when something is to be done: at once; the same working day (the next noon, if it is late); the end
    of the third working day. Weekends are not worked; public holidays are not known here."""
    local = in_seoul(now)
    if priority is Priority.AT_ONCE:
        return now
    if priority is Priority.ROUTINE:
        return datetime.combine(_working_day(local.date(), 3), _CLOSES, SEOUL)
    if local.time() < _TOO_LATE_FOR_TODAY and local.weekday() < _SATURDAY:
        return datetime.combine(local.date(), _CLOSES, SEOUL)
    return datetime.combine(_working_day(local.date(), 1), time(12), SEOUL)


def _working_day(day: date, ahead: int) -> date:
    """The ``ahead``-th working day after ``day``."""
    while ahead:
        day += timedelta(days=1)
        ahead -= day.weekday() < _SATURDAY
    return day


def leave(
    work: CallWork,
    kind: FollowUpKind,
    summary: str,
    *,
    subject: str = "",
    priority: Priority = Priority.ROUTINE,
    request_id: int | None = None,
    due_at: datetime | None = None,
) -> FollowUp:
    """A follow-up for the resident's own office (else the city), the resident's words below the summary."""
    words = f"\n하신 말씀: “{work.heard}”" if work.heard else ""
    return open_follow_up(
        work.db,
        site_id=site_of(work),
        kind=kind,
        summary=summary + words,
        at=work.now,
        call_id=work.call.id,
        resident_id=work.call.resident_id,
        request_id=request_id,
        subject=subject,
        priority=priority,
        due_at=due_at or due(priority, work.now),
    )


def site_of(work: CallWork) -> str:
    """The office that owns the resident; the city when nobody does."""
    resident = work.resident()
    if resident is not None:
        return resident.site_id
    return work.db.exec(select(Site.id).where(Site.kind == SiteKind.CITY)).one()
