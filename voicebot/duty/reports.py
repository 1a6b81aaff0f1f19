"""What other programs report to the duty desk becomes a ticket: once, however often the same report is sent."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from voicebot.duty.routing import route
from voicebot.duty.tickets import open_ticket
from voicebot.errors import RecordConflict
from voicebot.jobs import outbox
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.intents.understand import understand_utterance
from voicebot.nlu.places import find_place
from voicebot.records.lookup import keyring, phone_hash
from voicebot.records.tables import OutboxItem, Ticket

_RECEIPT = "report_received"


@dataclass(frozen=True)
class Report:
    """A complaint as another program sends it. ``service_code`` is one of `duty.services.services`."""

    service_code: str
    place: str
    said: str | None = None
    phone: str | None = None
    """E.164. Kept as a hash only: by it the person is told the state when ringing later."""


@dataclass(frozen=True)
class Received:
    ticket: Ticket
    is_new: bool


def receive_report(
    db: Session,
    report: Report,
    *,
    sender: str,
    at: datetime,
    idempotency_key: str | None = None,
    source: str | None = None,
) -> Received:
    """Open a ticket for ``report``. ``sender``: the name of the API key; ``source``: the address it came from.

    With an ``idempotency_key`` the same report of the same sender gives the ticket that is there already, also
    under a race; raises RecordConflict when another report came under that key.
    """
    receipt = _receipt(db, sender, idempotency_key, at) if idempotency_key else None
    if receipt is not None and receipt.payload:
        return Received(_ticket_of(db, receipt, report), is_new=False)
    ticket = _open(db, report, actor=f"api:{sender}", at=at, source=source)
    if receipt is not None:
        receipt.payload = {"ticket_id": ticket.id, "report": _fingerprints(db, report)[0]}
    return Received(ticket, is_new=True)


def _receipt(db: Session, sender: str, idempotency_key: str, at: datetime) -> OutboxItem:
    """The note that this key was used: an outbox item that is done from the start.

    Its unique key is what makes a second sender wait for the first. Without a payload it is this transaction's own.
    """
    digest = hashlib.sha256(f"{sender}\0{idempotency_key}".encode()).hexdigest()
    receipt = outbox.put(db, kind=_RECEIPT, payload={}, key=f"{_RECEIPT}:{digest}", now=at)
    receipt.handed_over_at = receipt.handed_over_at or at
    return receipt


def _ticket_of(db: Session, receipt: OutboxItem, report: Report) -> Ticket:
    known = str(receipt.payload["report"])
    if not any(hmac.compare_digest(known, fingerprint) for fingerprint in _fingerprints(db, report)):
        raise RecordConflict("another report was sent under this Idempotency-Key")
    ticket = db.get(Ticket, receipt.payload["ticket_id"])
    if ticket is None:
        raise RecordConflict("the ticket of this Idempotency-Key is no longer kept")
    return ticket


def _fingerprints(db: Session, report: Report) -> list[str]:
    """Keyed, because a bare hash of somebody's words could be guessed; several while keys are rotated."""
    return keyring(db).indexes("report", json.dumps(asdict(report), sort_keys=True))


def _open(db: Session, report: Report, *, actor: str, at: datetime, source: str | None) -> Ticket:
    """A ticket of no call."""
    intent = catalogue()[report.service_code]
    found = find_place(report.place)
    gu = found.gu if found else None
    is_emergency = bool(report.said) and understand_utterance(report.said or "").emergency
    way = route(intent, gu=gu, is_emergency=is_emergency, at=at)
    return open_ticket(
        db,
        call_id=None,
        request_no=1,
        intent=intent.id,
        urgency=way.urgency,
        department=way.department,
        at=at,
        actor=actor,
        source=source,
        said=report.said,
        place=report.place,
        gu=gu,
        dong=found.dong if found else None,
        due_at=way.due_at,
        caller_hash=phone_hash(db, report.phone) if report.phone else None,
    )
