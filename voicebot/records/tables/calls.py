"""Calls, their turns, status reports, recordings and outcomes. Everything said is encrypted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from voicebot.records.columns import EncryptedJSON, EncryptedText, UtcDateTime, closed_set
from voicebot.records.tables.base import Record


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Placement(StrEnum):
    """How far placing an outbound call has come. `placing` found after a crash means: nobody knows."""

    REQUESTED = "requested"
    PLACING = "placing"
    PLACED = "placed"
    UNKNOWN = "unknown"
    """The carrier's answer was lost. Reconciled against the carrier's list before anyone is dialled again."""
    REFUSED = "refused"


class Call(Record, table=True):
    """One telephone call, from the wish to make it to its end. The state after every turn is in it."""

    __tablename__ = "call"

    id: str = Field(primary_key=True)
    """32 hex digits, unguessable: it stands in webhook addresses."""
    direction: Direction = Field(sa_type=closed_set(Direction))
    line: str
    """duty, outreach, callback, situation_room."""
    dialog: str
    dialog_version: int = 1
    resident_id: int | None = Field(default=None, foreign_key="resident.id", index=True)
    from_number: str = Field(sa_type=EncryptedText("call.from_number"))
    to_number: str = Field(sa_type=EncryptedText("call.to_number"))
    other_hash: str = Field(index=True)
    """Keyed hash of the number that is not the city's."""
    requested_at: datetime = Field(sa_type=UtcDateTime, index=True)
    requested_by: str = "system"
    placement: Placement | None = Field(default=None, sa_type=closed_set(Placement))
    """None for inbound calls."""
    placing_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    carrier_sid: str | None = Field(default=None, unique=True)
    """The carrier's id, opaque."""
    status: str = "requested"
    """``requested``, then the carrier's own: queued, initiated, ringing, in-progress, completed, busy,
    no-answer, failed, canceled."""
    status_sequence: int = -1
    answered_by: str | None = None
    """human, machine_start … as the carrier's detection reported; advice, never proof."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    duration_s: int | None = None
    last_heard_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """The last webhook of any kind; a live call silent for too long is reconciled."""
    session: dict[str, Any] | None = Field(default=None, sa_type=EncryptedJSON("call.session"))
    """The dialog's session (voicebot.dialog.Session as JSON)."""
    answers: dict[str, Any] | None = Field(default=None, sa_type=EncryptedJSON("call.answers"))
    """What the resident answered to a survey: question → answer."""
    step: int = 0
    """The number of the turn that is awaited next."""
    recording_consent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the person agreed to be recorded; None: no recording may exist."""
    verification_code: str | None = Field(default=None, sa_type=EncryptedText("call.verification_code"))
    """The code from the text sent before the call, by which the resident can check that it is the city's."""


class Turn(Record, table=True):
    """One webhook that asked for TwiML: what was heard, what it was taken for, what was answered."""

    __tablename__ = "turn"
    __table_args__ = (UniqueConstraint("call_id", "step"),)

    id: int | None = Field(default=None, primary_key=True)
    call_id: str = Field(foreign_key="call.id", index=True)
    step: int
    """0 is the first request of the call."""
    at: datetime = Field(sa_type=UtcDateTime)
    idempotency_token: str | None = Field(default=None, index=True)
    form: str
    """The dialog's form that was listening."""
    event: str
    """begin, speech, keys, silence, machine, hangup, transfer_result …"""
    heard: str | None = Field(default=None, sa_type=EncryptedText("turn.heard"))
    """The recogniser's words, or the keys."""
    recogniser_confidence: float | None = None
    act: str | None = None
    confidence: float | None = None
    is_emergency: bool = False
    meaning: dict[str, Any] | None = Field(default=None, sa_type=EncryptedJSON("turn.meaning"))
    """Value, second acts, why: as voicebot.nlu gave them."""
    said: list[str] | None = Field(default=None, sa_type=EncryptedJSON("turn.said"))
    """The sentences spoken in answer, in order."""
    twiml: str | None = Field(default=None, sa_type=EncryptedText("turn.twiml"))
    """The answer as sent, for a repeated delivery."""


class CallStatusEvent(Record, table=True):
    """A status report of the carrier, kept once however often it is delivered."""

    __tablename__ = "call_status_event"
    __table_args__ = (UniqueConstraint("carrier_sid", "status", "sequence_number"),)

    id: int | None = Field(default=None, primary_key=True)
    carrier_sid: str = Field(index=True)
    call_id: str | None = Field(default=None, foreign_key="call.id", index=True)
    status: str
    sequence_number: int
    received_at: datetime = Field(sa_type=UtcDateTime)
    reported_at: str | None = None
    duration_s: int | None = None
    sip_response_code: str | None = None


class Outcome(Record, table=True):
    """How a call ended for the city: one closed code per call, set once, replaced only by a graver one."""

    __tablename__ = "outcome"

    call_id: str = Field(foreign_key="call.id", primary_key=True)
    code: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    detail: str | None = Field(default=None, sa_type=EncryptedText("outcome.detail"))


class Recording(Record, table=True):
    """A recording that the carrier holds for us."""

    __tablename__ = "recording"

    id: int | None = Field(default=None, primary_key=True)
    call_id: str = Field(foreign_key="call.id", index=True)
    carrier_sid: str = Field(unique=True)
    url: str
    state: str
    """in-progress, completed, absent, failed."""
    duration_s: int | None = None
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)
    delete_after: datetime | None = Field(default=None, sa_type=UtcDateTime)
