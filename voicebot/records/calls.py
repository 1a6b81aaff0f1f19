"""Calls, their turns and outcomes: kept and found again. What a call does is decided elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from voicebot.errors import RecordNotFound
from voicebot.records.lookup import phone_hash
from voicebot.records.tables import Call, Direction, Outcome, Placement, Turn

_CALL_FOR_UPDATE = (
    select(Call)
    .where(Call.id == bindparam("call_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
"""Built once: every turn asks it."""


def new_call_id() -> str:
    """32 hex digits that nobody can guess: the id stands in webhook addresses."""
    return secrets.token_hex(16)


def add_call(
    db: Session,
    *,
    direction: Direction,
    line: str,
    dialog: str,
    from_number: str,
    to_number: str,
    at: datetime,
    call_id: str | None = None,
    dialog_version: int = 1,
    resident_id: int | None = None,
    requested_by: str = "system",
    placement: Placement | None = None,
    carrier_sid: str | None = None,
    verification_code: str | None = None,
) -> Call:
    """Write a call down before anything happens with it. Numbers are E.164.

    The number that is not the city's is ``to_number`` of an outbound and ``from_number`` of an inbound call.
    """
    other = to_number if direction is Direction.OUTBOUND else from_number
    call = Call(
        id=call_id or new_call_id(),
        direction=direction,
        line=line,
        dialog=dialog,
        dialog_version=dialog_version,
        resident_id=resident_id,
        from_number=from_number,
        to_number=to_number,
        other_hash=phone_hash(db, other),
        requested_at=at,
        requested_by=requested_by,
        placement=placement,
        carrier_sid=carrier_sid,
        verification_code=verification_code,
    )
    db.add(call)
    db.flush()
    return call


def get_call(db: Session, call_id: str) -> Call:
    """Raises RecordNotFound."""
    call = db.get(Call, call_id)
    if call is None:
        raise RecordNotFound(f"no call '{call_id}'")
    return call


def get_call_for_update(db: Session, call_id: str) -> Call:
    """The call as it is now, and nobody else's to change until this transaction ends.

    PostgreSQL locks the row; a SQLite transaction holds the only write lock anyway. Raises RecordNotFound.
    """
    call = db.exec(_CALL_FOR_UPDATE, params={"call_id": call_id}).one_or_none()
    if call is None:
        raise RecordNotFound(f"no call '{call_id}'")
    return call


def find_call_by_sid(db: Session, carrier_sid: str) -> Call | None:
    """The call that the carrier knows by this id."""
    return db.exec(select(Call).where(Call.carrier_sid == carrier_sid)).one_or_none()


def recent_calls(db: Session, *, limit: int = 50, resident_id: int | None = None) -> Sequence[Call]:
    """The newest calls first, of one resident or of all."""
    query = select(Call)
    if resident_id is not None:
        query = query.where(Call.resident_id == resident_id)
    return db.exec(query.order_by(col(Call.requested_at).desc(), col(Call.id)).limit(limit)).all()


def add_turn(
    db: Session,
    *,
    call: Call,
    step: int,
    at: datetime,
    form: str,
    event: str,
    idempotency_token: str | None = None,
    heard: str | None = None,
    recogniser_confidence: float | None = None,
    act: str | None = None,
    confidence: float | None = None,
    is_emergency: bool = False,
    meaning: Mapping[str, Any] | None = None,
    said: Sequence[str] | None = None,
    twiml: str | None = None,
) -> Turn:
    """Write down one answered webhook.

    Hold the call (`get_call_for_update`) so that two deliveries cannot both be first; should they be, the
    transaction ends in a RecordConflict.
    """
    turn = Turn(
        call_id=call.id,
        step=step,
        at=at,
        form=form,
        event=event,
        idempotency_token=idempotency_token,
        heard=heard,
        recogniser_confidence=recogniser_confidence,
        act=act,
        confidence=confidence,
        is_emergency=is_emergency,
        meaning=None if meaning is None else dict(meaning),
        said=None if said is None else list(said),
        twiml=twiml,
    )
    db.add(turn)
    return turn


def turn_at(db: Session, *, call_id: str, step: int) -> Turn | None:
    """The turn that answered a step, for a delivery that comes twice."""
    return db.exec(select(Turn).where(Turn.call_id == call_id, Turn.step == step)).one_or_none()


def turn_by_token(db: Session, *, call_id: str, token: str) -> Turn | None:
    """The turn that answered the webhook with this idempotency token."""
    query = select(Turn).where(Turn.call_id == call_id, Turn.idempotency_token == token)
    return db.exec(query.order_by(col(Turn.step))).first()


def turns_of(db: Session, call_id: str) -> Sequence[Turn]:
    """The conversation in order."""
    return db.exec(select(Turn).where(Turn.call_id == call_id).order_by(col(Turn.step))).all()


def record_outcome(
    db: Session, *, call_id: str, code: str, at: datetime, gravity: Sequence[str], detail: str | None = None
) -> Outcome:
    """Set how the call ended. What stands is replaced only by a graver outcome; returns what then stands.

    ``gravity``: every code, the lightest first. Raises ValueError for a code that is not in it.
    """
    if code not in gravity:
        raise ValueError(f"'{code}' is not an outcome of this line; known are {', '.join(gravity)}")
    outcome = db.get(Outcome, call_id)
    if outcome is None:
        outcome = Outcome(call_id=call_id, code=code, at=at, detail=detail)
    elif outcome.code not in gravity or gravity.index(code) > gravity.index(outcome.code):
        outcome.code, outcome.at, outcome.detail = code, at, detail
    db.add(outcome)
    db.flush()
    return outcome


def outcome_of(db: Session, call_id: str) -> Outcome | None:
    """How the call ended; None while it is under way."""
    return db.get(Outcome, call_id)
