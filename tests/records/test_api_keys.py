"""Keys of other programs: shown once, known by their hash, revoked for good."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from voicebot.clock import ManualClock
from voicebot.errors import RecordConflict, RecordNotFound, VoicebotError
from voicebot.records import audit
from voicebot.records.api_keys import add_key, find_key, list_keys, revoke_key
from voicebot.records.database import transaction


def test_a_key_is_known_by_its_hash_alone(db: Session, clock: ManualClock) -> None:
    key = add_key(db, name="saeol", at=clock.now(), actor="cli")
    found = find_key(db, key=key)
    assert found is not None
    assert found.name == "saeol"
    assert find_key(db, key=key + "x") is None
    assert find_key(db, key="") is None
    rows = db.execute(text("SELECT * FROM api_key")).all()
    assert key not in repr(rows)
    assert [event.action for event in audit.events_of(db, subject="api_key:saeol")] == ["api_key.added"]


def test_a_revoked_key_opens_nothing_and_its_name_is_not_given_again(db: Session, clock: ManualClock) -> None:
    key = add_key(db, name="saeol", at=clock.now(), actor="cli")
    revoked_at = clock.now()
    for _ in range(2):
        assert revoke_key(db, name="saeol", at=clock.now(), actor="cli").revoked_at == revoked_at
        clock.advance(60)
    assert find_key(db, key=key) is None
    assert len(audit.events_of(db, subject="api_key:saeol")) == 2
    with pytest.raises(RecordConflict, match="saeol-2"):
        add_key(db, name="saeol", at=clock.now(), actor="cli")


@pytest.mark.parametrize("name", ["", "A", "새올", "a b", "-a", "a-", "a" * 41, "a\n", "a'; --"])
def test_a_name_that_is_none_is_refused_with_the_remedy(db: Session, clock: ManualClock, name: str) -> None:
    with pytest.raises(VoicebotError, match="small letters"):
        add_key(db, name=name, at=clock.now(), actor="cli")


def test_an_unknown_name_cannot_be_revoked(db: Session, clock: ManualClock) -> None:
    with pytest.raises(RecordNotFound, match="keys list"):
        revoke_key(db, name="nobody", at=clock.now(), actor="cli")


def test_two_who_take_one_name_at_once_get_one_key(engine: Engine, clock: ManualClock) -> None:
    got: list[str] = []

    def add() -> None:
        try:
            with transaction(engine) as db:
                key = add_key(db, name="saeol", at=clock.now(), actor="cli")
            got.append(key)
        except RecordConflict:
            pass

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    with transaction(engine) as db:
        assert len(list_keys(db)) == 1
        assert find_key(db, key=got[0]) is not None
