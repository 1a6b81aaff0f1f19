"""What happened at the duty desk, told to the city's other programs: written in the turn's own transaction.

An event names the ticket and tells its codes and times, never what a caller said, where, or who called: the
receiver fetches the words with a key (Open311), and that reading is audited.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, func, select

from voicebot.clock import in_seoul
from voicebot.jobs import outbox
from voicebot.jobs.webhook_delivery import DELIVER_WEBHOOK, Subscriber
from voicebot.records.inserting import insert_unless_there
from voicebot.records.tables import OutboxItem, Ticket, TicketEvent, WebhookDelivery

TICKET_CREATED = "ticket.created"
TICKET_UPDATED = "ticket.updated"
ALARM_RAISED = "alarm.raised"
ALARM_ACCEPTED = "alarm.accepted"
EVENTS = frozenset({TICKET_CREATED, TICKET_UPDATED, ALARM_RAISED, ALARM_ACCEPTED})


def publish(
    db: Session, *, event: str, ticket: Ticket, at: datetime, subscribers: Iterable[Subscriber]
) -> list[OutboxItem]:
    """One delivery for each subscriber that wants ``event``, and the outbox items to hand over after the commit.

    Published again it is the same event: a ticket is created once, its alarm raised and accepted once; an
    update is one per entry of the ticket's history and moment. Raises ValueError for what is no event.
    """
    if event not in EVENTS:
        raise ValueError(f"'{event}' is no event of the duty desk")
    wanting = [subscriber for subscriber in subscribers if event in subscriber.events]
    if not wanting:
        return []
    db.flush()
    key = _key_of(db, event, ticket, at)
    body = _body(key, event, ticket, at)
    return [_send(db, key, event, subscriber, body, at) for subscriber in wanting]


def _send(
    db: Session, key: str, event: str, subscriber: Subscriber, body: dict[str, Any], at: datetime
) -> OutboxItem:
    delivery = WebhookDelivery(
        event_key=key, event=event, subscriber=subscriber.name, body=body, created_at=at
    )
    delivery_id = delivery.id if insert_unless_there(db, delivery) else _id_of(db, key, subscriber)
    return outbox.put(
        db,
        kind=DELIVER_WEBHOOK,
        payload={"delivery_id": delivery_id},
        key=f"{DELIVER_WEBHOOK}:{delivery_id}",
        now=at,
    )


def _id_of(db: Session, key: str, subscriber: Subscriber) -> int | None:
    query = select(WebhookDelivery.id).where(
        WebhookDelivery.event_key == key, WebhookDelivery.subscriber == subscriber.name
    )
    return db.exec(query).one()


def _key_of(db: Session, event: str, ticket: Ticket, at: datetime) -> str:
    if event != TICKET_UPDATED:
        return f"{event}:{ticket.id}"
    last = db.exec(select(func.max(TicketEvent.id)).where(TicketEvent.ticket_id == ticket.id)).one()
    return f"{event}:{ticket.id}:{last or 0}:{at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"


def _body(key: str, event: str, ticket: Ticket, at: datetime) -> dict[str, Any]:
    """The JSON that is posted; its form is part of the interface (docs/interfaces.md): add to it, change nothing."""
    return {
        "id": key,
        "event": event,
        "occurred_at": _moment(at),
        "ticket": {
            "id": ticket.id,
            "service_code": ticket.intent,
            "urgency": ticket.urgency.value,
            "emergency_kind": ticket.emergency_kind,
            "department": ticket.department,
            "state": ticket.state.value,
            "gu": ticket.gu,
            "dong": ticket.dong,
            "incident_id": ticket.incident_id,
            "is_partial": ticket.is_partial,
            "due_at": ticket.due_at and _moment(ticket.due_at),
            "created_at": _moment(ticket.created_at),
            "updated_at": _moment(ticket.updated_at),
        },
    }


def _moment(at: datetime) -> str:
    return in_seoul(at).isoformat(timespec="seconds")
