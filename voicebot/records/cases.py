"""Requests and follow-ups: what calls leave for people to do. Asking twice for one thing leaves one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import case
from sqlmodel import Session, col, select

from voicebot.errors import RecordConflict, RecordNotFound
from voicebot.records import audit
from voicebot.records.inserting import insert_unless_there
from voicebot.records.tables import FollowUp, FollowUpKind, FollowUpState, Priority, Request

Row = TypeVar("Row")

UNDONE = (FollowUpState.OPEN, FollowUpState.IN_PROGRESS)

_GRAVITY = (Priority.ROUTINE, Priority.TODAY, Priority.AT_ONCE)
_MOVES: dict[FollowUpState, frozenset[FollowUpState]] = {
    FollowUpState.OPEN: frozenset({FollowUpState.IN_PROGRESS, FollowUpState.DONE}),
    FollowUpState.IN_PROGRESS: frozenset({FollowUpState.OPEN, FollowUpState.DONE}),
    FollowUpState.DONE: frozenset({FollowUpState.OPEN}),
}


def open_request(
    db: Session,
    *,
    call_id: str,
    programme_id: str,
    at: datetime,
    resident_id: int | None = None,
    said: str | None = None,
) -> Request:
    """Note that the resident wants to apply; the same programme in the same call is one request."""
    request = Request(
        call_id=call_id, programme_id=programme_id, resident_id=resident_id, said=said, created_at=at
    )
    if existing := _request(db, call_id, programme_id):
        return existing
    if insert_unless_there(db, request):
        return request
    return _present(_request(db, call_id, programme_id), "request")


def open_follow_up(
    db: Session,
    *,
    site_id: str,
    kind: FollowUpKind,
    summary: str,
    at: datetime,
    call_id: str | None = None,
    resident_id: int | None = None,
    request_id: int | None = None,
    subject: str = "",
    priority: Priority = Priority.ROUTINE,
    due_at: datetime | None = None,
) -> FollowUp:
    """Give a site something to do. One call has one of a kind and subject: asked for again, it is returned.

    A graver wish raises the one that stands, adds its summary and earlier due time, and opens it again.
    """
    follow_up = FollowUp(
        site_id=site_id,
        kind=kind,
        subject=subject,
        summary=summary,
        priority=priority,
        call_id=call_id,
        resident_id=resident_id,
        request_id=request_id,
        due_at=due_at,
        created_at=at,
    )
    existing = _same_follow_up(db, follow_up)
    if existing is None and insert_unless_there(db, follow_up):
        return follow_up
    standing = existing or _present(_same_follow_up(db, follow_up), "follow-up")
    _raise_to(db, standing, follow_up)
    return standing


def get_follow_up(db: Session, follow_up_id: int) -> FollowUp:
    """Raises RecordNotFound."""
    return _present(db.get(FollowUp, follow_up_id), f"follow-up {follow_up_id}")


def follow_ups_of_site(
    db: Session, *, site_id: str | None, states: Collection[FollowUpState] = UNDONE, limit: int = 200
) -> Sequence[FollowUp]:
    """A site's work (None: every site's), the gravest first, then by due time, then the oldest."""
    query = select(FollowUp).where(col(FollowUp.state).in_(states))
    if site_id is not None:
        query = query.where(FollowUp.site_id == site_id)
    gravest_first = case(
        {priority: -rank for rank, priority in enumerate(_GRAVITY)}, value=col(FollowUp.priority)
    )
    order = (gravest_first, col(FollowUp.due_at).is_(None), col(FollowUp.due_at), col(FollowUp.created_at))
    return db.exec(query.order_by(*order, col(FollowUp.id)).limit(limit)).all()


def follow_ups_of_call(db: Session, call_id: str) -> Sequence[FollowUp]:
    """What one call left to do, in the order it arose."""
    return db.exec(select(FollowUp).where(FollowUp.call_id == call_id).order_by(col(FollowUp.id))).all()


def requests_of_call(db: Session, call_id: str) -> Sequence[Request]:
    """What the resident asked for in one call, in the order asked."""
    return db.exec(select(Request).where(Request.call_id == call_id).order_by(col(Request.id))).all()


def set_follow_up_state(
    db: Session, *, follow_up: FollowUp, state: FollowUpState, actor: str, at: datetime
) -> None:
    """Move a follow-up along the table, audited; the state it has is no move. Raises RecordConflict."""
    if state == follow_up.state:
        return
    if state not in _MOVES[follow_up.state]:
        raise RecordConflict(f"a follow-up that is '{follow_up.state}' cannot become '{state}'")
    detail = {"from": follow_up.state.value, "to": state.value}
    follow_up.state = state
    db.add(follow_up)
    audit.record(
        db, at=at, actor=actor, action="follow_up.state", subject=f"follow_up:{follow_up.id}", detail=detail
    )
    db.flush()


def _request(db: Session, call_id: str, programme_id: str) -> Request | None:
    query = select(Request).where(Request.call_id == call_id, Request.programme_id == programme_id)
    return db.exec(query).one_or_none()


def _same_follow_up(db: Session, wanted: FollowUp) -> FollowUp | None:
    if wanted.call_id is None:
        return None
    query = select(FollowUp).where(
        FollowUp.call_id == wanted.call_id, FollowUp.kind == wanted.kind, FollowUp.subject == wanted.subject
    )
    return db.exec(query).one_or_none()


def _raise_to(db: Session, standing: FollowUp, wanted: FollowUp) -> None:
    if _GRAVITY.index(wanted.priority) <= _GRAVITY.index(standing.priority):
        return
    standing.priority = wanted.priority
    standing.summary = f"{standing.summary}\n{wanted.summary}"
    standing.state = FollowUpState.OPEN if standing.state is FollowUpState.DONE else standing.state
    standing.due_at = min((due for due in (standing.due_at, wanted.due_at) if due), default=None)
    db.add(standing)
    db.flush()


def _present(row: Row | None, name: str) -> Row:
    if row is None:
        raise RecordNotFound(f"no {name}")
    return row
