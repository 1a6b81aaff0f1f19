"""What jobs ask of a carrier. Its adapters live in `telephony`, above this room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class CarrierCall:
    """A call as the carrier's own list shows it."""

    sid: str
    to: str
    from_: str
    status: str
    started_at: datetime | None = None
    """None while the carrier still has it queued."""
    duration_s: int | None = None


class PlacesCalls(Protocol):
    def place(self, call_id: str, to: str, from_: str) -> str:
        """Start a call and give the carrier's id of it. Numbers are E.164.

        Raises CarrierRefused and CarrierUnavailable only when certainly nothing happened; whatever is
        unclear (a timeout, a broken connection after sending, a 5xx) is CarrierUnknown.
        """
        ...


class ListsCalls(Protocol):
    def list_calls(self, *, to: str, since: datetime) -> Sequence[CarrierCall]:
        """Every call to that number created at or after ``since``, those still queued included."""
        ...

    def fetch_call(self, sid: str) -> CarrierCall | None:
        """One call; None when the carrier does not know it."""
        ...


class SendsTexts(Protocol):
    def send(self, to: str, body: str, text_id: int) -> str:
        """Send a text and give the carrier's id of it. Errors as for `PlacesCalls.place`."""
        ...
