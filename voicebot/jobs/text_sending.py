"""The sending of one text, by the same three steps as placing a call: claim, send, record.

A text found ``sending`` was cut short by a crash: it may have gone out, so it becomes ``unknown`` and is
not sent again by itself. A delivery report may still settle it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from voicebot.clock import Clock
from voicebot.errors import CarrierError, CarrierRefused, CarrierUnavailable, RecordNotFound
from voicebot.jobs import outbox
from voicebot.jobs.carriers import SendsTexts
from voicebot.jobs.kinds import JobContext, JobHandler
from voicebot.records.database import transaction
from voicebot.records.tables import OutboxItem, TextMessage, TextState

SEND_TEXT = "send_text"

TextGate = Callable[[Session, TextMessage], str | None]
"""The last look before sending: a reason code when this text must not go out (``opted_out``), or None."""


def may_always(_db: Session, _text: TextMessage) -> str | None:
    return None


class TextClaim(StrEnum):
    SEND = "send"
    INTERRUPTED = "interrupted"
    SETTLED = "settled"


def claim_of(state: TextState) -> TextClaim:
    """What finding a text in this state allows. Pure."""
    if state is TextState.WAITING:
        return TextClaim.SEND
    return TextClaim.INTERRUPTED if state is TextState.SENDING else TextClaim.SETTLED


def request_sending(db: Session, text_id: int, now: datetime) -> OutboxItem:
    """Ask, in the caller's transaction, for a text to be sent."""
    return outbox.put(db, kind=SEND_TEXT, payload={"text_id": text_id}, key=f"{SEND_TEXT}:{text_id}", now=now)


def send_text(
    engine: Engine, carrier: SendsTexts, text_id: int, clock: Clock, *, gate: TextGate = may_always
) -> TextState:
    """Send a text that is ``waiting``; anything else is only reported. Raises RecordNotFound.

    Result: sent; failed (gate or carrier, see ``error``); unknown; waiting (the carrier was not reached).
    """
    claimed = _claim(engine, text_id, clock, gate)
    if isinstance(claimed, TextState):
        return claimed
    try:
        sid = carrier.send(claimed.to, claimed.body, text_id)
    except CarrierError as error:
        return _record(engine, claimed, clock, *_state_after(error))
    return _record(engine, claimed, clock, TextState.SENT, None, sid)


def sending_handler(
    engine: Engine, carrier: SendsTexts, clock: Clock, *, gate: TextGate = may_always
) -> JobHandler:
    """`send_text` as a job. An unreachable carrier is tried again, at last given up as failed."""

    def handle(payload: Mapping[str, Any], attempt: JobContext) -> None:
        text_id = int(payload["text_id"])
        if send_text(engine, carrier, text_id, clock, gate=gate) is not TextState.WAITING:
            return
        if attempt.is_last:
            _give_up(engine, text_id, clock)
        raise CarrierUnavailable("the text gateway was not reached")

    return handle


@dataclass(frozen=True)
class _Claimed:
    text_id: int
    to: str
    body: str
    at: datetime


def _claim(engine: Engine, text_id: int, clock: Clock, gate: TextGate) -> _Claimed | TextState:
    now = clock.now()
    with transaction(engine) as db:
        text = _locked(db, text_id)
        claim = claim_of(text.state)
        if claim is TextClaim.SETTLED:
            return text.state
        text.updated_at = now
        if claim is TextClaim.INTERRUPTED:
            text.state, text.error = TextState.UNKNOWN, "interrupted"
            return text.state
        reason = gate(db, text)
        if reason is not None:
            text.state, text.error = TextState.FAILED, reason
            return text.state
        text.state = TextState.SENDING
        return _Claimed(text_id, text.to_number, text.body, now)


def _state_after(error: CarrierError) -> tuple[TextState, str]:
    code = "" if error.code is None else f"_{error.code}"
    if isinstance(error, CarrierUnavailable):
        return TextState.WAITING, f"carrier_unavailable{code}"
    if isinstance(error, CarrierRefused):
        return TextState.FAILED, f"carrier_refused{code}"
    return TextState.UNKNOWN, f"carrier_unknown{code}"


def _record(
    engine: Engine,
    claimed: _Claimed,
    clock: Clock,
    state: TextState,
    error: str | None,
    sid: str | None = None,
) -> TextState:
    """A carrier's id is always kept; a state only while the claim stands and no report came first."""
    with transaction(engine) as db:
        text = _locked(db, claimed.text_id)
        text.carrier_sid = text.carrier_sid or sid
        is_ours = text.state is TextState.SENDING and text.updated_at == claimed.at
        if is_ours or (sid and text.state is TextState.UNKNOWN):
            text.state, text.error, text.updated_at = state, error, clock.now()
        return text.state


def _give_up(engine: Engine, text_id: int, clock: Clock) -> None:
    with transaction(engine) as db:
        text = _locked(db, text_id)
        if text.state is TextState.WAITING:
            text.state, text.updated_at = TextState.FAILED, clock.now()


def _locked(db: Session, text_id: int) -> TextMessage:
    text = db.exec(select(TextMessage).where(TextMessage.id == text_id).with_for_update()).one_or_none()
    if text is None:
        raise RecordNotFound(f"there is no text {text_id}")
    return text
