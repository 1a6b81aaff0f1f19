"""The audit trail: who did or saw what of whom. Events are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from voicebot.records.tables import AuditEvent


def record(
    db: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    source: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Add one event in the caller's transaction: what is rolled back was not done, and leaves no event.

    ``actor``: ``staff:<id>``, ``system``, ``cli``, ``demo``, ``call:<id>``. ``subject``: ``resident:12`` …
    ``detail``: ids, counts and reason codes, never personal data.
    """
    event = AuditEvent(
        at=at, actor=actor, action=action, subject=subject, source=source, detail=dict(detail or {})
    )
    db.add(event)
    return event


def events_of(db: Session, *, subject: str) -> Sequence[AuditEvent]:
    """What happened to one subject, oldest first."""
    query = select(AuditEvent).where(AuditEvent.subject == subject)
    return db.exec(query.order_by(col(AuditEvent.at), col(AuditEvent.id))).all()
