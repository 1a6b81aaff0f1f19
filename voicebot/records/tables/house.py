"""The house's own bookkeeping: the outbox of work that a transaction set going, and the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from voicebot.records.columns import UtcDateTime
from voicebot.records.tables.base import Record


class OutboxItem(Record, table=True):
    """Work that a transaction set going, written in that same transaction. Payloads carry ids only."""

    __tablename__ = "outbox_item"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """place_call, send_text …"""
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    key: str = Field(unique=True)
    """What makes the work one: the same key is written once, however often it is asked for."""
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    handed_over_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """When the job engine took it; None is what the sweep looks for."""


class AuditEvent(Record, table=True):
    """Who did or saw what of whom, and when. Never changed, never deleted before its time."""

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor: str
    """``staff:<id>``, ``system``, ``cli``, ``demo``."""
    action: str
    subject: str
    """``resident:12``, ``call:ab12…``."""
    source: str | None = None
    """Address or terminal the action came from."""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """Never personal data: ids, counts, reason codes."""
