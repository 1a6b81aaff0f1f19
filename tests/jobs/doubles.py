"""Doubles for the job tests. Nobody in here is real: the numbers lie in a range that is given to no one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from voicebot.clock import Clock
from voicebot.errors import CarrierError
from voicebot.jobs.carriers import CarrierCall
from voicebot.records.tables import Call, Direction, Placement

CITY = "+82320000001"
RESIDENT = "+821000000001"


class Killed(BaseException):
    """The process dies here."""


def outbound_call(now: datetime, **columns: Any) -> Call:
    to_number = columns.pop("to_number", RESIDENT)
    given = {
        "id": secrets.token_hex(16),
        "direction": Direction.OUTBOUND,
        "line": "outreach",
        "dialog": "welfare_info",
        "from_number": CITY,
        "to_number": to_number,
        "other_hash": f"hash of {to_number}",
        "requested_at": now,
        "placement": Placement.REQUESTED,
    }
    return Call(**{**given, **columns})


class CarrierDouble:
    """A carrier with a list of calls and texts, and a script of what goes wrong next.

    ``script``: one entry per request. None: it works. A CarrierError: raised, nothing happened.
    ``(error,)``: it happened, and the answer was lost.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.calls: list[CarrierCall] = []
        self.texts: list[tuple[str, str]] = []
        self.script: list[CarrierError | tuple[CarrierError] | None] = []
        self.list_error: CarrierError | None = None

    def place(self, call_id: str, to: str, from_: str) -> str:
        trouble = self._trouble()
        sid = self.ring(to, from_)
        if trouble:
            raise trouble
        return sid

    def ring(self, to: str = RESIDENT, from_: str = CITY, status: str = "queued") -> str:
        """A call as it stands in the carrier's list, whoever made it."""
        sid = f"CA{len(self.calls):032x}"
        self.calls.append(CarrierCall(sid, to, from_, status, self.clock.now()))
        return sid

    def send(self, to: str, body: str, text_id: int) -> str:
        trouble = self._trouble()
        self.texts.append((to, body))
        if trouble:
            raise trouble
        return f"SM{len(self.texts):032x}"

    def list_calls(self, *, to: str, since: datetime) -> Sequence[CarrierCall]:
        if self.list_error:
            raise self.list_error
        return [call for call in self.calls if call.to == to and (call.started_at or since) >= since]

    def fetch_call(self, sid: str) -> CarrierCall | None:
        if self.list_error:
            raise self.list_error
        return next((call for call in self.calls if call.sid == sid), None)

    def _trouble(self) -> CarrierError | None:
        """Raise what prevents the request; give what only loses its answer."""
        step = self.script.pop(0) if self.script else None
        if isinstance(step, CarrierError):
            raise step
        return step[0] if step else None
