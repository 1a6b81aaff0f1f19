"""The duty desk: tickets and their history, incidents, alarms that wake officers, announcements, and what leaves the house."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from voicebot.records.columns import EncryptedJSON, EncryptedText, UtcDateTime, closed_set
from voicebot.records.tables.base import Record


class Urgency(StrEnum):
    EMERGENCY = "emergency"
    """A life or a developing danger: a person takes over in the same turn."""
    URGENT = "urgent"
    """Tonight's officer acts."""
    ROUTINE = "routine"
    """The department's next working morning."""
    INFO = "info"
    """Answered on the call; a ticket only when the caller wants more."""


class TicketState(StrEnum):
    NEW = "new"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    HANDED_OVER = "handed_over"
    DONE = "done"
    REJECTED = "rejected"
    MERGED = "merged"


class Incident(Record, table=True):
    """One event that one or many callers report (intent, place, time)."""

    __tablename__ = "incident"

    id: int | None = Field(default=None, primary_key=True)
    intent: str = Field(index=True)
    gu: str | None = None
    dong: str | None = None
    place_key: str | None = Field(default=None, index=True)
    """Keyed hash of the place's name, so that the same place is found again without being readable."""
    opened_at: datetime = Field(sa_type=UtcDateTime, index=True)
    last_reported_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Ticket(Record, table=True):
    """One request of one call. ``request_no`` counts the requests of a call from 1: opened again it is the same ticket."""

    __tablename__ = "ticket"
    __table_args__ = (UniqueConstraint("call_id", "request_no"),)

    id: int | None = Field(default=None, primary_key=True)
    """Also the number that the caller hears."""
    call_id: str | None = Field(default=None, foreign_key="call.id", index=True)
    """None for what came by another way (Open311)."""
    request_no: int = 1
    incident_id: int | None = Field(default=None, foreign_key="incident.id", index=True)
    intent: str = Field(index=True)
    confidence: float | None = None
    """How sure the understanding was, 0-1."""
    is_corrected: bool = False
    """Whether a person named another intent than the one that was understood."""
    urgency: Urgency = Field(sa_type=closed_set(Urgency))
    emergency_kind: str | None = None
    """See `voicebot.nlu.emergency.HELPLINES`."""
    department: str | None = Field(default=None, index=True)
    state: TicketState = Field(default=TicketState.NEW, sa_type=closed_set(TicketState), index=True)
    is_partial: bool = False
    """The caller was gone before everything was asked."""
    said: str | None = Field(default=None, sa_type=EncryptedText("ticket.said"))
    """The caller's own words."""
    since: str | None = Field(default=None, sa_type=EncryptedText("ticket.since"))
    """Since when, as the caller said it."""
    place: str | None = Field(default=None, sa_type=EncryptedText("ticket.place"))
    """The place as the caller named it."""
    gu: str | None = None
    dong: str | None = None
    caller_hash: str | None = Field(default=None, index=True)
    """Keyed hash of the caller's number (``call.other_hash``): whose ticket it is."""
    may_call_back: bool | None = None
    """None: was not asked."""
    accepted_by: str | None = None
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    digest_on: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the department's digest with it went out."""
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class TicketEvent(Record, table=True):
    """What happened to a ticket: who, when, why. Never changed."""

    __tablename__ = "ticket_event"

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    """``call:<id>``, ``staff:<id>``, ``system``, ``cli``, ``api:<name>``."""
    action: str
    """opened, state, corrected, added, merged."""
    from_state: TicketState | None = Field(default=None, sa_type=closed_set(TicketState))
    to_state: TicketState | None = Field(default=None, sa_type=closed_set(TicketState))
    note: str | None = Field(default=None, sa_type=EncryptedText("ticket_event.note"))


class AlarmState(StrEnum):
    RAISED = "raised"
    ACCEPTED = "accepted"
    EXHAUSTED = "exhausted"
    """Everybody on the list was tried and nobody accepted."""


class Alarm(Record, table=True):
    """An officer is wanted for a ticket: who was told, how far along the chain, who accepted."""

    __tablename__ = "alarm"

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", unique=True)
    is_quiet: bool = False
    """One text and no chain: ``urgent`` without escalation."""
    state: AlarmState = Field(default=AlarmState.RAISED, sa_type=closed_set(AlarmState), index=True)
    step: int = 0
    """How many of the chain were told."""
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """When the next is told unless somebody accepts."""
    raised_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_by: str | None = None


class Announcement(Record, table=True):
    """What callers of the duty desk hear first, while it lasts."""

    __tablename__ = "announcement"

    id: int | None = Field(default=None, primary_key=True)
    text: str
    place: str | None = None
    """For staff, e.g. 심곡동 일대; None: the whole city."""
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)
    created_by: str
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class WebhookDelivery(Record, table=True):
    """One event on its way to one subscriber (`config.yaml`, ``duty.webhooks``), until it is taken."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (UniqueConstraint("event_key", "subscriber"),)

    id: int | None = Field(default=None, primary_key=True)
    event_key: str
    """What makes the event one, e.g. ``ticket.created:17``."""
    event: str
    """ticket.created, ticket.updated, alarm.raised, alarm.accepted."""
    subscriber: str
    body: dict[str, Any] = Field(sa_type=EncryptedJSON("webhook_delivery.body"))
    state: DeliveryState = Field(default=DeliveryState.WAITING, sa_type=closed_set(DeliveryState), index=True)
    attempts: int = 0
    last_status: int | None = None
    """The subscriber's last HTTP answer; None: it was not reached."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApiKey(Record, table=True):
    """Who may use the city's interfaces. Only the key's hash is kept."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    key_hash: str = Field(unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
