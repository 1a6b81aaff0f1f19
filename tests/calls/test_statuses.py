"""Status reports in any order and any number: one final status, one ending, one follow-up."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import func, select

from tests.calls.talk import FIRST_REQUEST, TO_FIRST_OFFER, WHO, press
from tests.city import CARRIER_SID, MALSUN, City
from voicebot.calls.statuses import TERMINAL, StatusReport, apply_status, status_after
from voicebot.clock import ManualClock
from voicebot.records.calls import get_call, outcome_of, turns_of
from voicebot.records.cases import follow_ups_of_call
from voicebot.records.database import reading
from voicebot.records.tables import CallStatusEvent, FollowUpKind

LIVE = ["queued", "initiated", "ringing", "in-progress"]
ALL = st.sampled_from([*LIVE, *sorted(TERMINAL)])


def _final(reports: list[str]) -> str:
    return reduce(status_after, reports, "requested")


@given(st.lists(st.sampled_from(LIVE)), st.sampled_from([*sorted(TERMINAL), None]), st.randoms())
def test_any_order_and_any_duplication_give_the_same_final_status(
    live: list[str], terminal: str | None, chance: object
) -> None:
    """The carrier ends a call once: with one terminal status at most, order and repetition do not matter."""
    reports = [*live, *([terminal] if terminal else [])]
    shuffled = [*reports, *reports]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _final(shuffled) == _final(reports)
    assert _final(reports) == (terminal or max(["requested", *live], key=["requested", *LIVE].index))


@given(st.sampled_from(sorted(TERMINAL)), st.lists(ALL))
def test_nothing_follows_a_terminal_status(terminal: str, later: list[str]) -> None:
    assert reduce(status_after, later, terminal) == terminal


@given(st.lists(ALL))
def test_a_call_never_goes_backwards(reports: list[str]) -> None:
    order = ["requested", *LIVE]
    statuses = [_final(reports[:count]) for count in range(len(reports) + 1)]
    ranks = [order.index(each) if each in order else len(order) for each in statuses]
    assert ranks == sorted(ranks)


def _events(city: City) -> int:
    with reading(city.engine) as db:
        return db.exec(select(func.count()).select_from(CallStatusEvent)).one()


def _kinds(city: City, call_id: str) -> list[tuple[FollowUpKind, str]]:
    with reading(city.engine) as db:
        return [(each.kind, each.subject) for each in follow_ups_of_call(db, call_id)]


def _outcome(city: City, call_id: str) -> str | None:
    with reading(city.engine) as db:
        outcome = outcome_of(db, call_id)
        return outcome.code if outcome else None


def test_a_report_is_kept_once_by_call_status_and_number(city: City) -> None:
    call_id = city.order()
    for _ in range(3):
        assert city.report(call_id, "ringing", 1).status_code == 204
    city.report(call_id, "ringing", 2)
    city.report(call_id, "in-progress", 1)
    assert _events(city) == 3
    assert not apply_status(city.house.centre, StatusReport(CARRIER_SID, "ringing", 1, call_id))


def test_reports_for_nobody_or_for_another_call_change_nothing(city: City) -> None:
    call_id = city.order()
    city.report(call_id, "ringing", 0)
    for call, sid in ((call_id, "CA" + "7" * 32), ("0" * 32, "CA" + "8" * 32)):
        report = {"CallSid": sid, "CallStatus": "completed", "SequenceNumber": "3"}
        assert city.post(f"/voice/status?call={call}", report).status_code == 204
    assert _events(city) == 1
    with reading(city.engine) as db:
        assert get_call(db, call_id).status == "ringing"


def test_two_of_our_calls_cannot_be_one_call_of_the_carrier(city: City) -> None:
    """Refused as what it is, not as a failure of ours: another call holds that id."""
    first, second = city.order(), city.order()
    city.report(first, "ringing", 0)
    assert city.report(second, "ringing", 1).status_code == 409
    assert city.turn(second, 0).status_code == 409
    with reading(city.engine) as db:
        assert get_call(db, second).carrier_sid is None


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("busy", "busy_line"), ("no-answer", "no_answer"), ("failed", "failed"), ("canceled", "canceled")],
)
def test_a_call_that_nobody_takes_leaves_its_outcome_and_a_follow_up_once(
    city: City, status: str, outcome: str
) -> None:
    call_id = city.order()
    for _ in range(2):
        city.report(call_id, status, 2)
        city.report(call_id, "ringing", 1)
        city.report(call_id, "completed", 3)
    assert _outcome(city, call_id) == outcome
    expected = [] if status == "canceled" else [(FollowUpKind.UNREACHED, outcome)]
    assert _kinds(city, call_id) == expected
    with reading(city.engine) as db:
        call = get_call(db, call_id)
        assert (call.status, call.to_number, call.answered_at) == (status, MALSUN, None)


def test_a_call_taken_and_dropped_before_our_first_word_is_a_dropped_line(city: City) -> None:
    """Nothing says that the number is wrong: somebody picked up."""
    call_id = city.order()
    city.report(call_id, "in-progress", 2)
    city.report(call_id, "completed", 3)
    assert _outcome(city, call_id) == "line_dropped"
    assert _kinds(city, call_id) == [(FollowUpKind.UNREACHED, "line_dropped")]


def test_the_conversation_hears_the_hang_up_once(city: City) -> None:
    call_id = city.order()
    press(city, call_id, TO_FIRST_OFFER)
    for number in (3, 3, 4):
        city.report(call_id, "completed", number, CallDuration="41")
    assert _outcome(city, call_id) == "line_dropped"
    assert _kinds(city, call_id) == [(FollowUpKind.UNREACHED, "line_dropped")]
    with reading(city.engine) as db:
        call = get_call(db, call_id)
        assert call.duration_s == 41
        assert call.ended_at is not None
        assert call.session is not None
        assert call.session["outcome"] == "line_dropped"


def test_the_end_that_comes_after_the_last_turn_changes_no_outcome(city: City) -> None:
    call_id = city.order()
    keys = (*TO_FIRST_OFFER, "1", "1", "1", "2", "2")
    press(city, call_id, keys)
    before = _outcome(city, call_id)
    city.report(call_id, "completed", 3)
    assert before == _outcome(city, call_id) == "informed"
    assert _kinds(city, call_id) == []


def test_what_was_asked_for_before_the_line_dropped_stays_asked_for(city: City) -> None:
    call_id = city.order()
    press(city, call_id, FIRST_REQUEST)
    city.report(call_id, "completed", 3)
    kinds = [kind for kind, _ in _kinds(city, call_id)]
    assert kinds == [FollowUpKind.APPLICATION, FollowUpKind.UNREACHED]


def test_the_end_that_overtakes_the_last_turn_keeps_what_was_said(city: City) -> None:
    call_id = city.order()
    press(city, call_id, TO_FIRST_OFFER)
    city.report(call_id, "completed", 3)
    answer = city.turn(call_id, 3, SpeechResult="제가 지금 문 앞에 사람이 와서요")
    assert answer.status_code == 200
    assert b"<Hangup" in answer.data
    with reading(city.engine) as db:
        assert turns_of(db, call_id)[-1].heard == "제가 지금 문 앞에 사람이 와서요"
    assert _outcome(city, call_id) == "line_dropped"


def test_the_end_may_come_before_the_first_turn(city: City) -> None:
    call_id = city.order()
    city.report(call_id, "completed", 3)
    assert city.turn(call_id, 0).status_code == 200
    assert city.turn(call_id, 1, SpeechResult="여보세요").status_code == 200
    city.report(call_id, "in-progress", 2)
    with reading(city.engine) as db:
        assert get_call(db, call_id).status == "completed"
    assert _outcome(city, call_id) == "line_dropped"


@pytest.mark.parametrize("transferred_by", ["0", "나 지금 죽고 싶어요"])
def test_a_hang_up_while_a_person_is_being_reached_leaves_the_wish_standing(
    city: City, transferred_by: str
) -> None:
    call_id = city.order()
    press(city, call_id, [WHO])
    field = "Digits" if transferred_by.isdecimal() else "SpeechResult"
    assert b"<Dial" in city.turn(call_id, 2, **{field: transferred_by}).data
    city.report(call_id, "completed", 3)
    city.turn(call_id, 3, DialCallStatus="no-answer")
    kinds = [kind for kind, _ in _kinds(city, call_id)]
    expected = FollowUpKind.PERSON_WANTED if transferred_by == "0" else FollowUpKind.DISTRESS
    assert expected in kinds


def test_the_detection_of_a_machine_rides_along_and_the_first_report_stands(
    city: City, clock: ManualClock
) -> None:
    call_id = city.order()
    city.report(call_id, "in-progress", 2, AnsweredBy="machine_start")
    clock.advance(5)
    city.report(call_id, "completed", 3, AnsweredBy="human")
    with reading(city.engine) as db:
        call = get_call(db, call_id)
        assert call.answered_by == "machine_start"
        assert call.answered_at is not None
        assert call.ended_at == clock.now()
        assert call.last_heard_at == clock.now()
