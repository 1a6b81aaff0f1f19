"""Calls, turns and outcomes on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from voicebot.clock import ManualClock
from voicebot.errors import RecordConflict, RecordNotFound
from voicebot.records import calls
from voicebot.records.database import transaction
from voicebot.records.lookup import phone_hash
from voicebot.records.tables import Call, Direction, Placement

GRAVITY = ["done", "refused", "distress"]


def place(db: Session, clock: ManualClock, **more: object) -> Call:
    fields = {
        "direction": Direction.OUTBOUND,
        "line": "outreach",
        "dialog": "welfare_info",
        "from_number": "+82321234567",
        "to_number": "+821000000001",
        "at": clock.now(),
        **more,
    }
    return calls.add_call(db, **fields)  # type: ignore[arg-type]


def test_a_call_comes_back_as_it_was_written(engine: Engine, clock: ManualClock):
    with transaction(engine) as db:
        written = place(db, clock, placement=Placement.REQUESTED, verification_code="4821")
        written.session = {"form": "인사", "slots": {"이름": "김말순"}}
    with transaction(engine) as db:
        call = calls.get_call(db, written.id)
        assert call.requested_at == clock.now()
        assert (call.placement, call.direction) == (Placement.REQUESTED, Direction.OUTBOUND)
        assert (call.to_number, call.verification_code) == ("+821000000001", "4821")
        assert call.session == {"form": "인사", "slots": {"이름": "김말순"}}
        assert len(call.id) == 32


def test_the_other_number_is_the_one_that_is_not_the_citys(db: Session, clock: ManualClock):
    outbound = place(db, clock)
    inbound = place(
        db, clock, direction=Direction.INBOUND, from_number="+821000000001", to_number="+82321234567"
    )
    assert outbound.other_hash == inbound.other_hash == phone_hash(db, "+821000000001")


def test_an_unknown_call_is_not_found(db: Session):
    with pytest.raises(RecordNotFound, match="'nope'"):
        calls.get_call(db, "nope")
    with pytest.raises(RecordNotFound, match="'nope'"):
        calls.get_call_for_update(db, "nope")


def test_taking_a_call_for_update_shows_what_another_transaction_wrote(engine: Engine, clock: ManualClock):
    with transaction(engine) as db:
        call_id = place(db, clock).id
    with Session(engine) as first:
        stale = calls.get_call(first, call_id)
        first.commit()
        with transaction(engine) as second:
            calls.get_call_for_update(second, call_id).step = 7
        assert calls.get_call_for_update(first, call_id).step == 7
        assert stale.step == 7


def test_a_step_is_answered_once(engine: Engine, db: Session, clock: ManualClock):
    call = place(db, clock)
    first = calls.add_turn(
        db, call=call, step=0, at=clock.now(), form="greeting", event="begin", idempotency_token="t-1"
    )
    db.commit()
    with pytest.raises(RecordConflict), transaction(engine) as other:
        calls.add_turn(other, call=call, step=0, at=clock.now(), form="greeting", event="begin")
    assert calls.turn_at(db, call_id=call.id, step=0) is first
    assert calls.turn_at(db, call_id=call.id, step=1) is None
    assert calls.turn_by_token(db, call_id=call.id, token="t-1") is first


def test_a_token_belongs_to_its_call(db: Session, clock: ManualClock):
    mine, other = place(db, clock), place(db, clock)
    calls.add_turn(db, call=mine, step=0, at=clock.now(), form="f", event="begin", idempotency_token="t-1")
    assert calls.turn_by_token(db, call_id=other.id, token="t-1") is None


def test_turns_come_in_order_with_what_was_heard_and_said(engine: Engine, clock: ManualClock):
    with transaction(engine) as db:
        call = place(db, clock)
        for step, heard in ((1, "네, 맞아요"), (0, None)):
            calls.add_turn(
                db,
                call=call,
                step=step,
                at=clock.now(),
                form="identity",
                event="speech" if heard else "begin",
                heard=heard,
                meaning={"act": "yes"} if heard else None,
                said=["감사합니다.", "안내해 드릴게요."],
            )
    with transaction(engine) as db:
        turns = calls.turns_of(db, call.id)
        assert [turn.heard for turn in turns] == [None, "네, 맞아요"]
        assert turns[1].meaning == {"act": "yes"}
        assert turns[0].said == ["감사합니다.", "안내해 드릴게요."]


def test_recent_calls_are_newest_first(db: Session, clock: ManualClock):
    older = place(db, clock)
    newer = place(db, clock, at=clock.now() + timedelta(minutes=1))
    assert [call.id for call in calls.recent_calls(db)] == [newer.id, older.id]
    assert [call.id for call in calls.recent_calls(db, limit=1)] == [newer.id]


def test_a_call_is_found_by_the_carriers_id(db: Session, clock: ManualClock):
    call = place(db, clock, carrier_sid="CA1")
    assert calls.find_call_by_sid(db, "CA1") is call
    assert calls.find_call_by_sid(db, "CA2") is None


def test_two_calls_cannot_have_one_carrier_id(engine: Engine, clock: ManualClock):
    with transaction(engine) as db:
        place(db, clock, carrier_sid="CA1")
    with pytest.raises(RecordConflict), transaction(engine) as db:
        place(db, clock, carrier_sid="CA1")


@pytest.mark.parametrize(
    ("codes", "stands"),
    [(["done", "distress"], "distress"), (["distress", "done"], "distress"), (["refused"], "refused")],
)
def test_an_outcome_is_replaced_only_by_a_graver_one(
    db: Session, clock: ManualClock, codes: list[str], stands: str
):
    call = place(db, clock)
    for code in codes:
        calls.record_outcome(db, call_id=call.id, code=code, at=clock.now(), gravity=GRAVITY, detail=code)
    outcome = calls.outcome_of(db, call.id)
    assert outcome is not None
    assert (outcome.code, outcome.detail) == (stands, stands)


def test_an_outcome_outside_the_lines_set_is_refused(db: Session, clock: ManualClock):
    call = place(db, clock)
    with pytest.raises(ValueError, match="'fine' is not an outcome"):
        calls.record_outcome(db, call_id=call.id, code="fine", at=clock.now(), gravity=GRAVITY)
