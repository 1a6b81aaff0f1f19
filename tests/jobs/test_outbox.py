from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from voicebot.clock import ManualClock
from voicebot.jobs import outbox
from voicebot.records.database import transaction
from voicebot.records.tables import OutboxItem


def put(db: Session, clock: ManualClock, key: str = "place_call:c1:1") -> OutboxItem:
    return outbox.put(db, kind="place_call", payload={"call_id": "c1"}, key=key, now=clock.now())


def count(db: Session) -> int:
    return db.exec(select(func.count()).select_from(OutboxItem)).one()


def test_it_lives_and_dies_with_the_transaction_that_asked(engine: Engine, clock: ManualClock) -> None:
    with pytest.raises(ZeroDivisionError), transaction(engine) as db:
        put(db, clock).created_at.second / 0
    with transaction(engine) as db:
        assert count(db) == 0
        put(db, clock)
    with transaction(engine) as db:
        assert count(db) == 1


def test_it_gives_the_same_item_for_the_same_key(db: Session, clock: ManualClock) -> None:
    first = put(db, clock)
    clock.advance(60)
    assert put(db, clock).id == first.id
    assert put(db, clock, key="place_call:c1:2").id != first.id
    assert count(db) == 2


def test_it_writes_one_item_when_many_ask_at_once(engine: Engine, clock: ManualClock) -> None:
    def ask(_: int) -> int | None:
        with transaction(engine) as db:
            return put(db, clock).id

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ask, range(24)))) == 1


def test_it_finds_what_nobody_took_but_leaves_the_young_alone(db: Session, clock: ManualClock) -> None:
    taken, left = put(db, clock, "a"), put(db, clock, "b")
    clock.advance(30)
    young = put(db, clock, "c")
    assert taken.id
    outbox.mark_handed_over(db, [taken.id], clock.now())
    before = clock.now() - timedelta(seconds=10)
    assert [item.id for item in outbox.pending(db, created_before=before)] == [left.id]
    clock.advance(30)
    before = clock.now() - timedelta(seconds=10)
    assert [item.id for item in outbox.pending(db, created_before=before)] == [left.id, young.id]


def test_it_keeps_the_moment_of_the_first_hand_over(db: Session, clock: ManualClock) -> None:
    item, first = put(db, clock), clock.now()
    assert item.id
    outbox.mark_handed_over(db, [item.id], first)
    clock.advance(5)
    outbox.mark_handed_over(db, [item.id], clock.now())
    db.refresh(item)
    assert item.handed_over_at == first


@pytest.mark.parametrize("value", ["김복순", "+821000000001", "two words", None, 1.5, ["c1"], "x" * 65, ""])
def test_it_refuses_payloads_that_may_be_personal(db: Session, clock: ManualClock, value: object) -> None:
    with pytest.raises(ValueError, match="not an id"):
        outbox.put(db, kind="place_call", payload={"who": value}, key="k", now=clock.now())
