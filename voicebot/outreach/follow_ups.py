"""Leaving a follow-up for the people who look after the resident: in Korean, with what was said."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import select

from voicebot.records.cases import open_follow_up
from voicebot.records.tables import FollowUp, FollowUpKind, Priority, Site, SiteKind
from voicebot.records.work import CallWork

_DUE_AFTER = {
    Priority.AT_ONCE: timedelta(0),
    Priority.TODAY: timedelta(hours=8),
    Priority.ROUTINE: timedelta(days=3),
}


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
        due_at=due_at or work.now + _DUE_AFTER[priority],
    )


def site_of(work: CallWork) -> str:
    """The office that owns the resident; the city when nobody does."""
    resident = work.resident()
    if resident is not None:
        return resident.site_id
    return work.db.exec(select(Site.id).where(Site.kind == SiteKind.CITY)).one()
