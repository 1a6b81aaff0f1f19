"""What may no longer be kept goes, and only that."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import select

from voicebot.clock import ManualClock
from voicebot.records import audit, calls
from voicebot.records.database import transaction
from voicebot.records.retention import Deleted, delete_expired
from voicebot.records.tables import Call, Direction, Recording


def _call(
    engine: Engine, clock: ManualClock, sid: str, ended_days_ago: int | None, deleted_in_days: int
) -> Call:
    now = clock.now()
    with transaction(engine) as db:
        call = calls.add_call(
            db,
            direction=Direction.OUTBOUND,
            line="outreach",
            dialog="welfare_info",
            from_number="+82321234567",
            to_number="+821000000001",
            at=now,
        )
        call.session = {"form": "offer"}
        call.ended_at = None if ended_days_ago is None else now - timedelta(days=ended_days_ago)
        calls.add_turn(
            db, call=call, step=0, at=now, form="offer", event="speech", act="yes", heard="네", said=["네."]
        )
        db.add(
            Recording(
                call_id=call.id,
                carrier_sid=sid,
                url="https://example.org/recording",
                state="completed",
                received_at=now,
                delete_after=now + timedelta(days=deleted_in_days),
            )
        )
    return call


def test_old_recordings_and_texts_go_and_codes_stay(engine: Engine, clock: ManualClock):
    old = _call(engine, clock, "RE-old", ended_days_ago=61, deleted_in_days=-1)
    young = _call(engine, clock, "RE-young", ended_days_ago=59, deleted_in_days=1)
    alive = _call(engine, clock, "RE-alive", ended_days_ago=None, deleted_in_days=60)
    with transaction(engine) as db:
        assert delete_expired(db, now=clock.now(), keep_texts_days=60) == Deleted(("RE-old",), 1)
    with transaction(engine) as db:
        (turn,) = calls.turns_of(db, old.id)
        assert (turn.heard, turn.said, turn.act) == (None, None, "yes")
        assert calls.get_call(db, old.id).session is None
        for call in (young, alive):
            assert calls.turns_of(db, call.id)[0].heard == "네"
            assert calls.get_call(db, call.id).session == {"form": "offer"}
        assert set(db.exec(select(Recording.carrier_sid))) == {"RE-young", "RE-alive"}


def test_it_is_audited_only_when_something_went(engine: Engine, clock: ManualClock):
    _call(engine, clock, "RE-1", ended_days_ago=61, deleted_in_days=-1)
    for expected in (Deleted(("RE-1",), 1), Deleted()):
        with transaction(engine) as db:
            assert delete_expired(db, now=clock.now(), keep_texts_days=60) == expected
    with transaction(engine) as db:
        (event,) = audit.events_of(db, subject="calls")
        assert event.detail == {"recordings": 1, "turn_texts": 1}
