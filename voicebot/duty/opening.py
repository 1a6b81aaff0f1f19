"""Opening tickets: once for each request of a call, as often as its turns are delivered and whoever is first.

What is opened again is filled in. Nothing that stands is lost or replaced; the caller who says it otherwise ("아니 중동
말고 상동") is `amend`, which keeps the old words in the history.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlmodel import Session, select

from voicebot.duty.history import write_down
from voicebot.duty.incidents import leave_incident
from voicebot.duty.numbers_shown import owner_of
from voicebot.errors import RecordConflict
from voicebot.nlu.intents.understand import UNCLEAR
from voicebot.records.calls import get_call
from voicebot.records.inserting import insert_unless_there
from voicebot.records.tables import Ticket, TicketState, Urgency

_GRAVITY = (Urgency.INFO, Urgency.ROUTINE, Urgency.URGENT, Urgency.EMERGENCY)
_MATTER = ("intent", "confidence", "department", "due_at")
_FILLED = (
    "confidence",
    "emergency_kind",
    "department",
    "said",
    "since",
    "place",
    "gu",
    "dong",
    "caller_hash",
    "may_call_back",
    "due_at",
)
_FIELDS_KO = {
    "intent": "내용",
    "confidence": "확신도",
    "urgency": "긴급도",
    "emergency_kind": "긴급 종류",
    "department": "담당 부서",
    "said": "하신 말씀",
    "since": "언제부터",
    "place": "장소",
    "gu": "구",
    "dong": "동",
    "caller_hash": "신고자",
    "may_call_back": "다시 전화",
    "due_at": "기한",
    "is_partial": "접수 완료 여부",
}
_WHERE = {"place", "gu", "dong"}


class TicketDetails(TypedDict, total=False):
    """What may be known of a request beside its matter; see `voicebot.records.tables.Ticket`."""

    confidence: float | None
    emergency_kind: str | None
    said: str | None
    since: str | None
    place: str | None
    gu: str | None
    dong: str | None
    caller_hash: str | None
    """Only for what came without a call: of a call the number shown decides."""
    may_call_back: bool | None
    due_at: datetime | None
    is_partial: bool


class Amendments(TypedDict, total=False):
    """What a caller may say otherwise."""

    said: str
    since: str
    place: str
    gu: str | None
    dong: str | None
    may_call_back: bool
    department: str | None


def open_ticket(
    db: Session,
    *,
    call_id: str | None,
    request_no: int,
    intent: str,
    urgency: Urgency,
    department: str | None,
    at: datetime,
    actor: str,
    source: str | None = None,
    **details: Unpack[TicketDetails],
) -> Ticket:
    """The ticket of a call's request (``request_no`` from 1), opened unless it is there. Safe to do again.

    Opened again: missing details are filled in, ``is_partial=False`` says that all was asked after all, the graver urgency
    stands with its matter and department, and a matter that was unclear gives way. What a person corrected stands. Without
    a call every opening is another ticket. ``source``: the address it came from, for the audit trail.
    """
    wanted = Ticket(
        call_id=call_id,
        request_no=request_no,
        intent=intent,
        urgency=urgency,
        department=department,
        created_at=at,
        updated_at=at,
        **details,
    )
    if call_id is not None:
        # Never by what was given: all withheld numbers have one hash, and their callers must not hear of each other.
        wanted.caller_hash = owner_of(get_call(db, call_id))
    standing = _standing(db, wanted)
    if standing is None:
        if insert_unless_there(db, wanted):
            return _opened(db, wanted, actor, at, source)
        standing = _standing(db, wanted)
        assert standing is not None
    _fill_in(db, standing, wanted, actor, at, is_whole=details.get("is_partial") is False)
    return standing


def amend(db: Session, ticket: Ticket, *, actor: str, at: datetime, **changes: Unpack[Amendments]) -> Ticket:
    """Replace what the caller says otherwise; what stood before is kept in the history. Another place leaves the
    incident: join it anew. Raises RecordConflict for a merged ticket."""
    if ticket.state is TicketState.MERGED:
        raise RecordConflict(f"ticket {ticket.id} was merged into another one; change that one")
    new = {name: value for name, value in changes.items() if getattr(ticket, name) != value}
    if not new:
        return ticket
    lost = [
        f"{_FIELDS_KO[name]}: {_in_words(old)} → {_in_words(value)}"
        for name, value in new.items()
        if (old := getattr(ticket, name)) is not None
    ]
    for name, value in new.items():
        setattr(ticket, name, value)
    _note_added(db, ticket, list(new), actor, at, "; ".join(lost) or None)
    if _WHERE & set(new):
        leave_incident(db, ticket, actor=actor, at=at)
    return ticket


def raise_urgency(ticket: Ticket, other: Ticket) -> bool:
    """Take over a graver urgency, and what kind of emergency it is. Gives whether it was graver."""
    if _GRAVITY.index(other.urgency) <= _GRAVITY.index(ticket.urgency):
        return False
    ticket.urgency = other.urgency
    ticket.emergency_kind = other.emergency_kind or ticket.emergency_kind
    return True


def _standing(db: Session, wanted: Ticket) -> Ticket | None:
    if wanted.call_id is None:
        return None
    query = select(Ticket).where(Ticket.call_id == wanted.call_id, Ticket.request_no == wanted.request_no)
    held = query.with_for_update().execution_options(populate_existing=True)
    return db.exec(held).one_or_none()


def _opened(db: Session, ticket: Ticket, actor: str, at: datetime, source: str | None) -> Ticket:
    detail = {"intent": ticket.intent, "urgency": ticket.urgency.value, "department": ticket.department}
    moved = (None, ticket.state)
    write_down(db, ticket, action="opened", actor=actor, at=at, moved=moved, detail=detail, source=source)
    return ticket


def _fill_in(
    db: Session, ticket: Ticket, wanted: Ticket, actor: str, at: datetime, *, is_whole: bool
) -> None:
    filled = _take_matter(db, ticket, wanted, actor, at) if _takes_matter(ticket, wanted) else []
    if raise_urgency(ticket, wanted):
        filled.append("urgency")
    for name in _FILLED:
        if getattr(ticket, name) is None and (value := getattr(wanted, name)) is not None:
            setattr(ticket, name, value)
            filled.append(name)
    if ticket.is_partial and is_whole:
        ticket.is_partial = False
        filled.append("is_partial")
    if filled:
        _note_added(db, ticket, filled, actor, at)


def _take_matter(db: Session, ticket: Ticket, wanted: Ticket, actor: str, at: datetime) -> list[str]:
    leave_incident(db, ticket, actor=actor, at=at)
    taken = [name for name in _MATTER if getattr(wanted, name) not in (None, getattr(ticket, name))]
    for name in taken:
        setattr(ticket, name, getattr(wanted, name))
    return taken


def _takes_matter(ticket: Ticket, wanted: Ticket) -> bool:
    """Whether the new matter replaces the one that stands: never what a person named."""
    if ticket.is_corrected or wanted.intent in (ticket.intent, UNCLEAR):
        return False
    is_graver = _GRAVITY.index(wanted.urgency) > _GRAVITY.index(ticket.urgency)
    return ticket.intent == UNCLEAR or is_graver


def _note_added(
    db: Session, ticket: Ticket, fields: list[str], actor: str, at: datetime, note: str | None = None
) -> None:
    words = note or ", ".join(_FIELDS_KO[name] for name in fields)
    write_down(db, ticket, action="added", actor=actor, at=at, note=words, detail={"fields": fields})


def _in_words(value: Any) -> str:
    return {True: "예", False: "아니요", None: "없음"}.get(value, str(value))
