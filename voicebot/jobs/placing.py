"""The placing of one call: never twice for one request, whatever dies in between. Knows no job engine.

Steps, each committed before the next begins:
1. claim: ``requested`` becomes ``placing`` with the moment as the claim's mark; the gate is asked once more;
2. dial, outside any transaction;
3. record what the carrier answered, if the claim is still this one.
Found ``placing``, a try died between 1 and 3: whether it dialled nobody knows, so it becomes ``unknown``
and is reconciled (`reconciling`), never dialled.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from voicebot.clock import Clock
from voicebot.errors import (
    CarrierError,
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
    RecordConflict,
    RecordNotFound,
)
from voicebot.jobs import outbox
from voicebot.jobs.carriers import PlacesCalls
from voicebot.jobs.kinds import JobContext, JobHandler
from voicebot.records import audit
from voicebot.records.database import transaction
from voicebot.records.tables import Call, OutboxItem, Placement

PLACE_CALL = "place_call"
CLAIM_GOOD_FOR = timedelta(seconds=30)
"""A process that was stopped for longer after its claim must not dial: the claim may be reconciled by now."""

_log = logging.getLogger(__name__)

Gate = Callable[[Session, Call], str | None]
"""The last look before dialling: a reason code when this call must not be made (``opted_out``), or None."""
OnRefused = Callable[[Session, Call, str], None]
"""What the city does about a call that will not be made; runs in the transaction that refuses it."""
Reached = Callable[[str], None]
"""Told of the points ``claimed``, ``dialled``, ``recorded``; a test dies there."""


def may_always(_db: Session, _call: Call) -> str | None:
    return None


def do_nothing(_db: Session, _call: Call, _reason: str) -> None:
    return None


def go_on(_point: str) -> None:
    return None


@dataclass(frozen=True)
class PlacingResult:
    """How far the call has come. ``reason``: the code behind anything but ``placed``."""

    placement: Placement
    carrier_sid: str | None = None
    reason: str | None = None


class Claim(StrEnum):
    """What finding a call in its present state allows."""

    DIAL = "dial"
    CONTENT = "content"
    """It is placed: by an earlier try, or a webhook named the carrier's call before the answer came."""
    INTERRUPTED = "interrupted"
    SETTLED = "settled"
    """Refused, or unknown and being reconciled: not for this job."""


def claim_of(placement: Placement, carrier_sid: str | None) -> Claim:
    """The rule of step 1. Pure."""
    if carrier_sid is not None or placement is Placement.PLACED:
        return Claim.CONTENT
    if placement is Placement.REQUESTED:
        return Claim.DIAL
    return Claim.INTERRUPTED if placement is Placement.PLACING else Claim.SETTLED


def request_placing(db: Session, call_id: str, now: datetime, *, attempt: int = 1) -> OutboxItem:
    """Ask, in the caller's transaction, for a call to be placed: once per call and attempt."""
    return outbox.put(
        db, kind=PLACE_CALL, payload={"call_id": call_id}, key=f"{PLACE_CALL}:{call_id}:{attempt}", now=now
    )


def place_call(
    engine: Engine,
    carrier: PlacesCalls,
    call_id: str,
    clock: Clock,
    *,
    gate: Gate = may_always,
    on_refused: OnRefused = do_nothing,
    reached: Reached = go_on,
) -> PlacingResult:
    """Place a call that is ``requested``; anything else is only reported.

    Result: placed; refused (by the gate or the carrier); unknown (reconcile); requested (the carrier was
    not reached, nothing happened, it may be tried again). Raises RecordNotFound, and RecordConflict for an
    inbound call.
    """
    claimed = _claim(engine, call_id, clock, gate, on_refused)
    if isinstance(claimed, PlacingResult):
        return claimed
    _make_durable(engine)
    reached("claimed")
    if clock.now() - claimed.at > CLAIM_GOOD_FOR:
        return _record_failure(engine, claimed, CarrierUnknown("the claim is too old"), clock, on_refused)
    try:
        sid = carrier.place(call_id, claimed.to, claimed.from_)
    except CarrierError as error:
        return _record_failure(engine, claimed, error, clock, on_refused)
    reached("dialled")
    result = _record_placed(engine, claimed, sid, clock)
    reached("recorded")
    return result


def placing_handler(
    engine: Engine,
    carrier: PlacesCalls,
    clock: Clock,
    *,
    gate: Gate = may_always,
    on_refused: OnRefused = do_nothing,
    reached: Reached = go_on,
) -> JobHandler:
    """`place_call` as a job. An unreachable carrier is tried again, at last given up as refused."""

    def handle(payload: Mapping[str, Any], attempt: JobContext) -> None:
        call_id = str(payload["call_id"])
        result = place_call(
            engine, carrier, call_id, clock, gate=gate, on_refused=on_refused, reached=reached
        )
        if result.placement is not Placement.REQUESTED:
            return
        if attempt.is_last:
            give_up(engine, call_id, clock, "carrier_unavailable", on_refused)
        raise CarrierUnavailable("the carrier was not reached")

    return handle


def give_up(
    engine: Engine, call_id: str, clock: Clock, reason: str, on_refused: OnRefused = do_nothing
) -> None:
    """Refuse a call that is still only requested."""
    with transaction(engine) as db:
        call = locked_call(db, call_id)
        if call.placement is Placement.REQUESTED:
            refuse(db, call, reason, clock.now(), on_refused, status="failed")


def adopt_sid(db: Session, call: Call, carrier_sid: str, now: datetime) -> None:
    """The carrier has named its call (in its answer, a webhook or its list): the placement is settled.

    In the caller's transaction. Raises RecordConflict when the call has another carrier id already: two
    calls were made then, and a person must know.
    """
    if call.carrier_sid not in (None, carrier_sid):
        raise RecordConflict(f"call {call.id} has two carrier calls, {call.carrier_sid} and {carrier_sid}")
    call.carrier_sid = carrier_sid
    call.placement = Placement.PLACED
    if call.status == "requested":
        call.status = "queued"
    call.last_heard_at = call.last_heard_at or now
    db.add(call)


def refuse(
    db: Session, call: Call, reason: str, now: datetime, on_refused: OnRefused, *, status: str
) -> None:
    """In the caller's transaction: this call will not be made."""
    call.placement = Placement.REFUSED
    call.status = status
    note(db, call, "refused", reason, now)
    on_refused(db, call, reason)


def note(db: Session, call: Call, what: str, reason: str, now: datetime) -> None:
    """Keep in the audit trail why a placement took a turn that nobody asked for."""
    audit.record(
        db,
        at=now,
        actor="system",
        action=f"call.placement.{what}",
        subject=f"call:{call.id}",
        detail={"reason": reason},
    )


def locked_call(db: Session, call_id: str) -> Call:
    """The call, held against other writers until the transaction ends. Raises RecordNotFound."""
    call = db.exec(select(Call).where(Call.id == call_id).with_for_update()).one_or_none()
    if call is None:
        raise RecordNotFound(f"there is no call {call_id}")
    if call.placement is None:
        raise RecordConflict(f"call {call_id} came in; only an outbound call can be placed")
    return call


@dataclass(frozen=True)
class _Claimed:
    call_id: str
    to: str
    from_: str
    at: datetime
    """Also the claim's mark: a later claim has a later one."""


def _claim(
    engine: Engine, call_id: str, clock: Clock, gate: Gate, on_refused: OnRefused
) -> _Claimed | PlacingResult:
    now = clock.now()
    with transaction(engine) as db:
        call = locked_call(db, call_id)
        assert call.placement is not None
        claim = claim_of(call.placement, call.carrier_sid)
        if claim is Claim.DIAL:
            return _dial_unless_refused(db, call, now, gate, on_refused)
        if claim is Claim.CONTENT:
            call.placement = Placement.PLACED
            return PlacingResult(Placement.PLACED, call.carrier_sid)
        if claim is Claim.INTERRUPTED:
            call.placement = Placement.UNKNOWN
            note(db, call, "unknown", "interrupted", now)
            return PlacingResult(Placement.UNKNOWN, reason="interrupted")
        return PlacingResult(call.placement, reason="settled")


def _dial_unless_refused(
    db: Session, call: Call, now: datetime, gate: Gate, on_refused: OnRefused
) -> _Claimed | PlacingResult:
    reason = gate(db, call)
    if reason is not None:
        refuse(db, call, reason, now, on_refused, status="canceled")
        return PlacingResult(Placement.REFUSED, reason=reason)
    call.placement = Placement.PLACING
    call.placing_at = now
    return _Claimed(call.id, call.to_number, call.from_number, now)


def _record_placed(engine: Engine, claimed: _Claimed, sid: str, clock: Clock) -> PlacingResult:
    """A carrier's call is a fact: it is written down whoever holds the claim by now."""
    with transaction(engine) as db:
        call = locked_call(db, claimed.call_id)
        now = clock.now()
        if call.carrier_sid not in (None, sid):
            _log.error("call %s was placed twice: %s and %s", call.id, call.carrier_sid, sid)
            note(db, call, "twice", sid, now)
            return PlacingResult(Placement.PLACED, call.carrier_sid, "twice")
        adopt_sid(db, call, sid, now)
        return PlacingResult(Placement.PLACED, sid)


def _record_failure(
    engine: Engine, claimed: _Claimed, error: CarrierError, clock: Clock, on_refused: OnRefused
) -> PlacingResult:
    """Unless a webhook knew better, or the claim was reconciled away, in the meantime."""
    with transaction(engine) as db:
        call = locked_call(db, claimed.call_id)
        assert call.placement is not None
        if call.carrier_sid is not None or call.placing_at != claimed.at:
            return PlacingResult(call.placement, call.carrier_sid, "superseded")
        if isinstance(error, CarrierUnavailable):
            call.placement = Placement.REQUESTED
            return PlacingResult(Placement.REQUESTED, reason="carrier_unavailable")
        if isinstance(error, CarrierRefused):
            reason = "carrier_refused" if error.code is None else f"carrier_refused_{error.code}"
            refuse(db, call, reason, clock.now(), on_refused, status="failed")
            return PlacingResult(Placement.REFUSED, reason=reason)
        call.placement = Placement.UNKNOWN
        note(db, call, "unknown", "carrier_unknown", clock.now())
        return PlacingResult(Placement.UNKNOWN, reason="carrier_unknown")


def _make_durable(engine: Engine) -> None:
    """The claim must outlive a power cut too. PostgreSQL syncs every commit; SQLite at ``synchronous=NORMAL``
    leaves that to its next checkpoint, so its log is synced here. (No SQLite lock lies on the log file, so
    opening and closing it harms none.)"""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return
    with contextlib.suppress(FileNotFoundError):  # no log: a checkpoint has just written and synced it all
        log = os.open(f"{engine.url.database}-wal", os.O_RDONLY)
        try:
            os.fsync(log)
        finally:
            os.close(log)
