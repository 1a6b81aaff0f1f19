"""Reports about texts: the furthest state wins in any order, and nothing is delivered twice or undone."""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import Engine

from voicebot.clock import ManualClock
from voicebot.errors import RecordNotFound
from voicebot.records.database import reading, transaction
from voicebot.records.tables import TextMessage, TextState
from voicebot.telephony.texts import apply_text_status


def _text(engine: Engine, clock: ManualClock, state: TextState = TextState.SENDING) -> int:
    with transaction(engine) as db:
        text = TextMessage(
            kind="x",
            to_number="+821000000001",
            body="x",
            state=state,
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        db.add(text)
        db.flush()
        assert text.id is not None
        return text.id


def _report(engine: Engine, clock: ManualClock, text_id: int, status: str, error: str | None = None) -> None:
    apply_text_status(
        engine, clock, text_id=text_id, carrier_sid=f"SM{text_id}", status=status, error_code=error
    )


def _kept(engine: Engine, text_id: int) -> TextMessage:
    with reading(engine) as db:
        text = db.get(TextMessage, text_id)
        assert text is not None
        return text


def test_the_furthest_state_wins_in_every_order(engine: Engine, clock: ManualClock) -> None:
    for order in permutations(["queued", "sent", "delivered", "sent"]):
        text_id = _text(engine, clock)
        for status in order:
            _report(engine, clock, text_id, status)
        assert _kept(engine, text_id).state is TextState.DELIVERED


@pytest.mark.parametrize("final", ["undelivered", "failed"])
def test_a_text_that_did_not_arrive_says_why(engine: Engine, clock: ManualClock, final: str) -> None:
    text_id = _text(engine, clock)
    _report(engine, clock, text_id, final, "30006")
    _report(engine, clock, text_id, "sent")
    text = _kept(engine, text_id)
    assert (text.state.value, text.error) == (final, "30006")


def test_a_text_whose_fate_nobody_knew_is_settled_by_its_report(engine: Engine, clock: ManualClock) -> None:
    text_id = _text(engine, clock, TextState.UNKNOWN)
    _report(engine, clock, text_id, "queued")
    assert _kept(engine, text_id).state is TextState.UNKNOWN
    clock.advance(9)
    _report(engine, clock, text_id, "delivered")
    assert _kept(engine, text_id).state is TextState.DELIVERED
    assert _kept(engine, text_id).updated_at == clock.now()


def test_a_report_of_another_text_changes_nothing(engine: Engine, clock: ManualClock) -> None:
    text_id = _text(engine, clock)
    _report(engine, clock, text_id, "sent")
    with pytest.raises(RecordNotFound):
        apply_text_status(
            engine, clock, text_id=text_id, carrier_sid="SM-other", status="delivered", error_code=None
        )
    with pytest.raises(RecordNotFound):
        _report(engine, clock, text_id + 1, "delivered")
    assert _kept(engine, text_id).state is TextState.SENT
