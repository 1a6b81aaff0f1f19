"""The carrier's error log: what it could not do, under Twilio's codes, to be looked at by whoever built the app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DebuggerEntry:
    """One error. ``url`` is the document or address that it is about; empty for ``Twiml=``."""

    call_sid: str
    code: int
    message: str
    url: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.code} {self.message} ({self.url or 'inline TwiML'}, call {self.call_sid})"
