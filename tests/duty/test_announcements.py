"""Announcements: heard first while they last, and by themselves no longer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from voicebot.clock import ManualClock
from voicebot.duty.announcements import LONGEST_TEXT, announce, current, standing_at, withdraw, words_of
from voicebot.errors import RecordNotFound, VoicebotError
from voicebot.records import audit
from voicebot.records.database import reading, transaction
from voicebot.records.tables import Announcement

FLOOD = "지금 심곡동 일대가 침수되어 복구하고 있습니다."


def put_up(db: Session, clock: ManualClock, text: str = FLOOD, hours: float = 6, **more: Any) -> Announcement:
    until = clock.now() + timedelta(hours=hours)
    return announce(db, text=text, until=until, at=clock.now(), actor="staff:7", **more)


def test_it_is_heard_from_now_until_its_end_and_then_silent_by_itself(
    db: Session, clock: ManualClock
) -> None:
    assert current(db, clock.now()) == ()
    put_up(db, clock)
    assert current(db, clock.now()) == (FLOOD,)
    clock.advance(6 * 3600 - 1)
    assert current(db, clock.now()) == (FLOOD,)
    clock.advance(1)
    assert current(db, clock.now()) == ()


def test_the_newest_two_are_heard_newest_first(db: Session, clock: ManualClock) -> None:
    for name in ("하나", "둘", "셋"):
        put_up(db, clock, f"{name}입니다.")
        clock.advance(60)
    assert current(db, clock.now()) == ("셋입니다.", "둘입니다.")


def test_figures_are_put_into_words(db: Session, clock: ManualClock) -> None:
    put_up(db, clock, "밤 11:30까지 3개 동이\n정전입니다  한국전력 123번으로 문의하세요")
    (heard,) = current(db, clock.now())
    assert heard == "밤 열한 시 삼십 분까지 세 개 동이 정전입니다 한국전력 일이삼 번으로 문의하세요."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no Korean"),
        ("   \n", "no Korean"),
        ("POWER CUT", "no Korean"),
        ("자세한 것은 https://bucheon.go.kr 에서 보세요", "address"),
        ("침수 🌊 주의하세요", "cannot be spoken"),
        ("침수\x00입니다", "cannot be spoken"),
        ("물" * LONGEST_TEXT, "shorten it"),
    ],
)
def test_what_cannot_be_spoken_is_refused_with_the_reason(
    db: Session, clock: ManualClock, text: str, why: str
) -> None:
    with pytest.raises(VoicebotError, match=why):
        put_up(db, clock, text)
    assert db.exec(select(Announcement)).all() == []


@pytest.mark.parametrize(
    ("hours", "is_long", "why"),
    [
        (0, False, "in the future"),
        (-1, True, "in the future"),
        (24.1, False, "--long"),
        (15 * 24, True, "at most"),
    ],
)
def test_an_end_that_was_probably_mistyped_is_refused(
    db: Session, clock: ManualClock, hours: float, is_long: bool, why: str
) -> None:
    with pytest.raises(VoicebotError, match=why):
        put_up(db, clock, hours=hours, is_long=is_long)


def test_more_than_a_day_must_be_meant(db: Session, clock: ManualClock) -> None:
    put_up(db, clock, hours=24)
    put_up(db, clock, "이틀 동안 단수됩니다.", hours=48, is_long=True)
    clock.advance(30 * 3600)
    assert current(db, clock.now()) == ("이틀 동안 단수됩니다.",)


def test_the_same_words_again_move_the_end(db: Session, clock: ManualClock) -> None:
    first = put_up(db, clock, hours=1, place="심곡동 일대")
    clock.advance(60)
    second = put_up(db, clock, hours=2)
    assert second.id == first.id
    assert (second.place, second.ends_at) == ("심곡동 일대", clock.now() + timedelta(hours=2))
    assert current(db, clock.now()) == (FLOOD,)


def test_it_can_be_withdrawn_once(db: Session, clock: ManualClock) -> None:
    standing = put_up(db, clock)
    assert standing.id is not None
    assert withdraw(db, announcement_id=standing.id, at=clock.now(), actor="staff:9")
    assert current(db, clock.now()) == ()
    assert not withdraw(db, announcement_id=standing.id, at=clock.now(), actor="staff:8")
    events = audit.events_of(db, subject=f"announcement:{standing.id}")
    assert [(event.action, event.actor) for event in events] == [
        ("announcement.put_up", "staff:7"),
        ("announcement.withdrawn", "staff:9"),
    ]
    assert FLOOD not in str([event.detail for event in events])


def test_withdrawing_what_is_over_or_unknown_says_so(db: Session, clock: ManualClock) -> None:
    standing = put_up(db, clock, hours=1)
    assert standing.id is not None
    clock.advance(3600)
    assert not withdraw(db, announcement_id=standing.id, at=clock.now(), actor="staff:9")
    with pytest.raises(RecordNotFound, match="--list"):
        withdraw(db, announcement_id=4711, at=clock.now(), actor="staff:9")


def test_two_officers_who_put_up_the_same_at_once_are_heard_once(engine: Engine, clock: ManualClock) -> None:
    gate = Barrier(4)

    def run() -> None:
        gate.wait()
        with transaction(engine) as db:
            put_up(db, clock)

    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(run) for _ in range(4)]:
            each.result()
    with reading(engine) as db:
        assert standing_at(db, clock.now())
        assert current(db, clock.now()) == (FLOOD,)


_SIGNS = st.sampled_from(
    [*"0123456789３½ .,:-~/%원시분번동년월일도가나물밤까지abc", "\n", "123-4567", "2026-12-01"]
)


@given(st.lists(_SIGNS, max_size=60).map("".join) | st.text(max_size=60))
def test_whatever_is_put_up_is_spoken_without_figures_or_refused(text: str) -> None:
    try:
        words = words_of(text)
    except VoicebotError:
        return
    assert not any(sign in "0123456789\n\t" for sign in words)
    assert len(words) <= LONGEST_TEXT
    assert words_of(words) == words
