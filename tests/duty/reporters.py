"""People who ring the duty desk, and what they report, for tests below the telephone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from voicebot.clock import ManualClock
from voicebot.duty.tickets import open_ticket
from voicebot.errors import RecordConflict
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.records import calls
from voicebot.records.database import transaction
from voicebot.records.tables import Direction, Ticket, Urgency

SUNJA = "+821000000011"
YEONGSU = "+821000000012"
DESK = "+82326252869"
WITHHELD = "anonymous"
KIM, LEE = "staff:kim", "staff:lee"
Act = Callable[[Session], Any]


def ring(db: Session, clock: ManualClock, number: str = SUNJA) -> str:
    """A call that comes in. Gives its id."""
    return calls.add_call(
        db,
        direction=Direction.INBOUND,
        line="duty",
        dialog="duty_desk",
        from_number=number,
        to_number=DESK,
        at=clock.now(),
    ).id


def report(
    db: Session,
    clock: ManualClock,
    intent: str = "streetlight",
    *,
    number: str = SUNJA,
    call_id: str | None = None,
    request_no: int = 1,
    **details: Any,
) -> Ticket:
    """A request as the desk opens it; in a call of its own unless one is named."""
    meant = catalogue()[intent]
    fields = {
        "urgency": Urgency(meant.urgency),
        "department": meant.department_in(details.get("gu")),
        "call_id": call_id or ring(db, clock, number),
        "request_no": request_no,
        "intent": intent,
        "at": clock.now(),
        **details,
    }
    fields.setdefault("actor", f"call:{fields['call_id']}")
    return open_ticket(db, **fields)


@dataclass
class AtOnce:
    """What became of several who did something at the same moment, each in a transaction of its own."""

    results: list[Any] = field(default_factory=list)
    refused: list[RecordConflict] = field(default_factory=list)

    def take(self, running: Future[Any]) -> None:
        try:
            self.results.append(running.result(timeout=60))
        except RecordConflict as conflict:
            self.refused.append(conflict)


def at_once(engine: Engine, acts: Sequence[Act]) -> AtOnce:
    """Let every act begin together; the conflicts are kept, any other fault fails the test."""
    outcome, start = AtOnce(), threading.Barrier(len(acts))

    def run(act: Act) -> Any:
        start.wait(10)
        return _in_transaction(engine, act)

    with ThreadPoolExecutor(len(acts)) as pool:
        for running in [pool.submit(run, act) for act in acts]:
            outcome.take(running)
    return outcome


def overlapping(engine: Engine, first: Act, second: Act) -> AtOnce:
    """The second begins after the first has acted and before it commits: it must wait for the first and then see it."""
    outcome = AtOnce()
    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as db:
            outcome.results.append(first(db))
            running = pool.submit(_in_transaction, engine, second)
            wait([running], timeout=0.3)
            assert not running.done(), "the second did not wait for the first"
        outcome.take(running)
    return outcome


def _in_transaction(engine: Engine, act: Act) -> Any:
    with transaction(engine) as db:
        return act(db)
