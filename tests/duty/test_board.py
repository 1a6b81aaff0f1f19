"""The board at three in the morning: what needs somebody now stands first, and nothing is missing unsaid."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from tests.duty.reporters import KIM, YEONGSU, report
from voicebot.clock import ManualClock
from voicebot.duty.board import URGENCY_KO, age_ko, board, matter_ko, where_ko
from voicebot.duty.incidents import join_incident
from voicebot.duty.tickets import hand_over, move
from voicebot.records.tables import TicketState, Urgency


def test_emergencies_first_then_what_nobody_has_then_the_longest_waiting(
    db: Session, clock: ManualClock
) -> None:
    order = {}
    for name, intent in (
        ("info", "power_cut"),
        ("routine", "waste"),
        ("taken", "road_damage"),
        ("urgent", "road_damage"),
        ("urgent, later", "illegal_parking"),
        ("emergency", "fire"),
    ):
        order[name] = report(db, clock, intent)
        clock.advance(60)
    move(db, order["taken"], to=TicketState.ACCEPTED, actor=KIM, at=clock.now())
    rows = board(db, at=clock.now()).rows
    wanted = ["emergency", "urgent", "urgent, later", "taken", "routine", "info"]
    assert [row.ticket.id for row in rows] == [order[name].id for name in wanted]
    assert rows[0].age_ko == "1분"


def test_what_is_finished_or_with_a_department_is_shown_when_asked_for(
    db: Session, clock: ManualClock
) -> None:
    done, given_away = report(db, clock), report(db, clock)
    move(db, done, to=TicketState.DONE, actor=KIM, at=clock.now())
    hand_over(db, given_away, department="도로관리과", actor=KIM, at=clock.now())
    assert not board(db, at=clock.now()).rows
    shown = board(db, at=clock.now(), states=[TicketState.HANDED_OVER], department="도로관리과")
    assert [row.ticket.id for row in shown.rows] == [given_away.id]
    assert not board(db, at=clock.now(), states=[TicketState.HANDED_OVER], department="교통정책과").rows


def test_what_does_not_fit_is_counted(db: Session, clock: ManualClock) -> None:
    for _ in range(3):
        report(db, clock)
    shown = board(db, at=clock.now(), limit=2)
    assert (len(shown.rows), shown.more) == (2, 1)


def test_a_row_says_how_many_reported_it_and_never_what_they_said(db: Session, clock: ManualClock) -> None:
    for number in (YEONGSU, "+821000000013"):
        ticket = report(db, clock, "disaster", number=number, place="심곡2동", said="물이 차요")
        join_incident(db, ticket, at=clock.now())
    row = board(db, at=clock.now()).rows[0]
    assert row.callers == 2
    assert row.as_json()["callers"] == 2
    assert "물이" not in str(row.as_json())


def test_a_place_is_said_once(db: Session, clock: ManualClock) -> None:
    assert where_ko(report(db, clock)) == "장소 모름"
    named = report(db, clock, place="심곡2동 우체국 앞", gu="원미구", dong="심곡2동")
    assert where_ko(named) == "원미구 심곡2동 우체국 앞"


def test_an_emergency_heard_beside_a_routine_matter_is_named(db: Session, clock: ManualClock) -> None:
    beside = report(db, clock, "noise_living", emergency_kind="violence", urgency=Urgency.EMERGENCY)
    assert matter_ko(beside) == "생활 소음 (폭력·범죄)"
    assert matter_ko(report(db, clock, "fire", emergency_kind="fire")) == "화재"


def test_ages_are_short() -> None:
    seconds = (0, 59, 60, 3599, 3600, 3660, 86399, 86400, 200_000)
    shown = ["방금", "방금", "1분", "59분", "1시간", "1시간 1분", "23시간 59분", "1일", "2일"]
    assert [age_ko(each) for each in seconds] == shown


@given(st.integers(min_value=0, max_value=10**9))
def test_every_age_has_words(seconds: int) -> None:
    assert 0 < len(age_ko(seconds)) <= 10


def test_every_urgency_has_a_korean_name() -> None:
    assert set(URGENCY_KO) == set(Urgency)
