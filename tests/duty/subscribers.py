"""Subscribers and tickets for the tests of what leaves the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import SecretStr
from sqlmodel import Session

from voicebot.duty.events import EVENTS
from voicebot.jobs.webhook_delivery import Subscriber
from voicebot.records.tables import Ticket, Urgency

SECRET = "k" * 40


def subscriber(name: str = "saeol", url: str = "https://city.example/hook", *events: str) -> Subscriber:
    return Subscriber(name, url, frozenset(events or EVENTS), SecretStr(SECRET))


def a_ticket(db: Session, at: datetime, **columns: Any) -> Ticket:
    """A caller's ticket with words that must not leak: 김말순, 심곡로 12."""
    given = {
        "intent": "streetlight",
        "urgency": Urgency.ROUTINE,
        "department": "도로관리과",
        "said": "김말순인데요 골목이 깜깜해요",
        "place": "심곡로 12 앞",
        "gu": "원미구",
        "caller_hash": "hash of a number",
        "created_at": at,
        "updated_at": at,
    }
    ticket = Ticket(**{**given, **columns})
    db.add(ticket)
    db.flush()
    return ticket
