"""What calls leave behind for people to do: requests, follow-ups, and texts sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from voicebot.records.columns import EncryptedText, UtcDateTime, closed_set
from voicebot.records.tables.base import Record


class RequestState(StrEnum):
    NEW = "new"
    IN_PROGRESS = "in_progress"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Request(Record, table=True):
    """A resident's wish to apply for a programme, made in a call. The machine notes it, the city decides."""

    __tablename__ = "request"
    __table_args__ = (UniqueConstraint("call_id", "programme_id"),)

    id: int | None = Field(default=None, primary_key=True)
    call_id: str = Field(foreign_key="call.id", index=True)
    resident_id: int | None = Field(default=None, foreign_key="resident.id", index=True)
    programme_id: str = Field(foreign_key="programme.id")
    state: RequestState = Field(default=RequestState.NEW, sa_type=closed_set(RequestState))
    said: str | None = Field(default=None, sa_type=EncryptedText("request.said"))
    """The resident's own words."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class FollowUpKind(StrEnum):
    APPLICATION = "application"
    CALL_BACK = "call_back"
    PERSON_WANTED = "person_wanted"
    DISTRESS = "distress"
    WRONG_PERSON = "wrong_person"
    PROXY = "proxy"
    DECEASED = "deceased"
    MOVED = "moved"
    HARD_OF_HEARING = "hard_of_hearing"
    SUSPICIOUS = "suspicious"
    UNREACHED = "unreached"
    """Voicemail, silence, dropped line: an unanswered welfare call is itself a finding."""
    MESSAGE = "message"
    TECHNICAL = "technical"


class FollowUpState(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class Priority(StrEnum):
    AT_ONCE = "at_once"
    TODAY = "today"
    ROUTINE = "routine"


class FollowUp(Record, table=True):
    """Something a person at a site must do after a call. One of a kind per call and subject."""

    __tablename__ = "follow_up"
    __table_args__ = (UniqueConstraint("call_id", "kind", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    site_id: str = Field(foreign_key="site.id", index=True)
    call_id: str | None = Field(default=None, foreign_key="call.id", index=True)
    resident_id: int | None = Field(default=None, foreign_key="resident.id", index=True)
    request_id: int | None = Field(default=None, foreign_key="request.id")
    kind: FollowUpKind = Field(sa_type=closed_set(FollowUpKind))
    subject: str = ""
    """What makes two of a kind different, e.g. the programme's id."""
    priority: Priority = Field(default=Priority.ROUTINE, sa_type=closed_set(Priority))
    state: FollowUpState = Field(default=FollowUpState.OPEN, sa_type=closed_set(FollowUpState))
    summary: str = Field(sa_type=EncryptedText("follow_up.summary"))
    """Korean, for the social worker: what to do and what was said."""
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)


class TextState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class TextMessage(Record, table=True):
    """A text to a resident or an officer, and how far it has come."""

    __tablename__ = "text_message"

    id: int | None = Field(default=None, primary_key=True)
    call_id: str | None = Field(default=None, foreign_key="call.id", index=True)
    resident_id: int | None = Field(default=None, foreign_key="resident.id", index=True)
    kind: str
    """programme_details, notice_before_call, officer_alarm."""
    to_number: str = Field(sa_type=EncryptedText("text_message.to_number"))
    body: str = Field(sa_type=EncryptedText("text_message.body"))
    state: TextState = Field(default=TextState.WAITING, sa_type=closed_set(TextState))
    carrier_sid: str | None = Field(default=None, unique=True)
    error: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
