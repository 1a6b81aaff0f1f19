"""Routine tickets go to their department once, in the digest of the next working morning.

Two steps, each safe to repeat: `mark` says which morning's digest a ticket stands in (``digest_on``), `send` delivers
what stands in one and notes in the audit trail which tickets it held. What a crash, a full disk or a night without a
worker left undone is found by the next run, and nothing is delivered twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from voicebot.clock import SEOUL, in_seoul
from voicebot.duty.digest_texts import digest_text
from voicebot.duty.postbox import Postbox
from voicebot.records import audit
from voicebot.records.tables import AuditEvent, Ticket, TicketState, Urgency

IsWorkingDay = Callable[[date], bool]

NO_DEPARTMENT = "담당 부서 미정"
"""Under this name goes what no department owns: it is somebody's to sort out, not nobody's."""

_OPENS = time(9)
_LONGEST_HOLIDAY_DAYS = 31
_LOOKS_BACK = timedelta(days=31)
_SENT = "digest.sent"
_OPEN_STATES = (TicketState.NEW, TicketState.ACCEPTED, TicketState.IN_PROGRESS)
_FOR_THE_MORNING = (Urgency.ROUTINE, Urgency.INFO)
"""``info`` has a ticket only when the caller wanted more than the answer."""


@dataclass(frozen=True)
class Digest:
    """One department's digest of one morning. ``morning``: 09:00 in Seoul of a working day."""

    department: str
    morning: datetime

    @property
    def day(self) -> date:
        return in_seoul(self.morning).date()

    @property
    def subject(self) -> str:
        """How the audit trail names it."""
        return f"digest:{self.day.isoformat()}:{self.department}"


def last_morning(at: datetime, is_working_day: IsWorkingDay) -> datetime | None:
    """The latest 09:00 of a working day in Seoul that is not after ``at``. Pure."""
    today = in_seoul(at).date()
    for back in range(_LONGEST_HOLIDAY_DAYS):
        day = today - timedelta(days=back)
        morning = datetime.combine(day, _OPENS, SEOUL)
        if morning <= at and is_working_day(day):
            return morning
    return None


def waiting(db: Session, *, before: datetime) -> dict[str, list[Ticket]]:
    """Tickets that stand in no digest yet, by department, the oldest first."""
    query = select(Ticket).where(
        col(Ticket.digest_on).is_(None),
        col(Ticket.created_at) < before,
        col(Ticket.urgency).in_(_FOR_THE_MORNING),
        col(Ticket.state).in_(_OPEN_STATES),
    )
    return _by_department(db.exec(query.order_by(col(Ticket.id))).all())


def digest_of(db: Session, department: str, at: datetime) -> str | None:
    """What a department's next digest would say now (Korean); None when nothing waits. Marks nothing."""
    tickets = waiting(db, before=at).get(department)
    return digest_text(department, at, tickets) if tickets else None


def mark(db: Session, *, morning: datetime, at: datetime, actor: str) -> int:
    """Put what waits into the digest of a morning, each ticket once. Gives how many.

    A department that has this morning's digest already gets what came late (corrected to routine at ten, say) the
    next time.
    """
    had = _tickets_sent(db, since=morning)
    found = waiting(db, before=morning)
    ids = [
        ticket.id
        for name, tickets in found.items()
        if Digest(name, morning).subject not in had
        for ticket in tickets
    ]
    still_free = col(Ticket.id).in_(ids), col(Ticket.digest_on).is_(None)
    marked = db.execute(
        update(Ticket).where(*still_free).values(digest_on=morning).returning(col(Ticket.id))
    ).scalars()
    done = sorted(marked)
    if done:
        day = in_seoul(morning).date().isoformat()
        _note(db, at, actor, "digest.marked", f"digest:{day}", done)
    return len(done)


def unsent(db: Session, *, at: datetime) -> list[Digest]:
    """Digests that hold a ticket nobody was sent yet, the oldest first."""
    since = at - _LOOKS_BACK
    query = select(Ticket.id, Ticket.department, Ticket.digest_on).where(col(Ticket.digest_on) > since)
    held: dict[Digest, set[int]] = {}
    for ticket_id, department, morning in db.exec(query).all():
        assert ticket_id is not None
        assert morning is not None
        held.setdefault(Digest(department or NO_DEPARTMENT, morning), set()).add(ticket_id)
    had = _tickets_sent(db, since=since)
    missing = [digest for digest, ids in held.items() if ids - had.get(digest.subject, set())]
    return sorted(missing, key=lambda digest: (digest.morning, digest.department))


def send(db: Session, *, digest: Digest, postbox: Postbox, at: datetime, actor: str) -> str | None:
    """Deliver one digest and say where it went; None when another worker has just done it.

    Raises VoicebotError when it cannot be delivered now.
    """
    tickets = _held_by(db, digest)
    ids = [ticket.id for ticket in tickets if ticket.id is not None]
    if not set(ids) - _tickets_sent(db, since=digest.morning).get(digest.subject, set()):
        return None
    text = digest_text(digest.department, digest.morning, tickets)
    where = postbox.put(department=digest.department, day=digest.day, text=text)
    _note(db, at, actor, _SENT, digest.subject, ids)
    return where


def _held_by(db: Session, digest: Digest) -> Sequence[Ticket]:
    """Its tickets, locked: a second worker waits here, then finds that the digest was sent."""
    name = None if digest.department == NO_DEPARTMENT else digest.department
    query = select(Ticket).where(Ticket.digest_on == digest.morning, Ticket.department == name)
    return db.exec(query.order_by(col(Ticket.id)).with_for_update()).all()


def _by_department(tickets: Sequence[Ticket]) -> dict[str, list[Ticket]]:
    found: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        found.setdefault(ticket.department or NO_DEPARTMENT, []).append(ticket)
    return found


def _tickets_sent(db: Session, *, since: datetime) -> dict[str, set[int]]:
    """Which tickets were delivered since a moment, by the digest's `subject`."""
    query = select(AuditEvent).where(col(AuditEvent.at) >= since, AuditEvent.action == _SENT)
    sent: dict[str, set[int]] = {}
    for event in db.exec(query).all():
        sent.setdefault(event.subject, set()).update(event.detail["tickets"])
    return sent


def _note(db: Session, at: datetime, actor: str, action: str, subject: str, tickets: Sequence[int]) -> None:
    audit.record(db, at=at, actor=actor, action=action, subject=subject, detail={"tickets": list(tickets)})
    db.flush()
