"""What the carrier tells beside the conversation: recordings, detected machines, and our own failures."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from sqlmodel import select

from tests.calls.talk import FIRST_REQUEST, press
from tests.city import City
from voicebot.calls.failures import note_failure
from voicebot.calls.machines import note_answered_by
from voicebot.calls.recordings import RecordingReport, note_recording
from voicebot.clock import ManualClock
from voicebot.errors import RecordNotFound
from voicebot.records import audit
from voicebot.records.calls import get_call, outcome_of
from voicebot.records.cases import follow_ups_of_call
from voicebot.records.database import reading, transaction
from voicebot.records.tables import FollowUpKind, Priority, Recording


def _agreed(city: City) -> str:
    call_id = city.order()
    with transaction(city.engine) as db:
        call = get_call(db, call_id)
        call.recording_consent_at = city.house.clock.now()
        db.add(call)
    return call_id


def _report(city: City, call_id: str, state: str, sid: str = "RE1", duration_s: int | None = None) -> None:
    report = RecordingReport(sid, f"https://carrier.example/{sid}", state, duration_s)
    note_recording(city.house.centre, call_id, report, keep_days=60)


def test_a_recordings_reports_end_alike_in_every_order(city: City) -> None:
    call_id = _agreed(city)
    for number, order in enumerate(
        permutations([("in-progress", None), ("completed", 61), ("completed", None)])
    ):
        for state, duration in order:
            _report(city, call_id, state, f"RE{number}", duration)
    with reading(city.engine) as db:
        kept = db.exec(select(Recording)).all()
        assert {(each.state, each.duration_s) for each in kept} == {("completed", 61)}
        assert {each.delete_after for each in kept} == {city.house.clock.now() + timedelta(days=60)}
        assert len(kept) == 6


def test_a_recording_that_nobody_agreed_to_is_not_kept_and_staff_are_told_once(city: City) -> None:
    """It lies with the carrier all the same: a person has it deleted there."""
    call_id = city.order()
    for state in ("in-progress", "completed"):
        _report(city, call_id, state)
    with reading(city.engine) as db:
        assert not db.exec(select(Recording)).all()
        (follow_up,) = follow_ups_of_call(db, call_id)
        assert (follow_up.kind, follow_up.priority) == (FollowUpKind.TECHNICAL, Priority.TODAY)
        assert "RE1" in follow_up.summary
        actions = [each.action for each in audit.events_of(db, subject=f"call:{call_id}")]
        assert "recording.without_consent" in actions


def test_where_nothing_was_recorded_nobody_is_sent_to_delete_it(city: City) -> None:
    call_id = city.order()
    for state in ("absent", "failed"):
        _report(city, call_id, state)
    with reading(city.engine) as db:
        assert not follow_ups_of_call(db, call_id)


def test_the_first_word_on_who_answered_stands(city: City, clock: ManualClock) -> None:
    call_id = city.order()
    note_answered_by(city.house.centre, call_id, "human")
    clock.advance(3)
    note_answered_by(city.house.centre, call_id, "machine_start")
    with reading(city.engine) as db:
        call = get_call(db, call_id)
        assert (call.answered_by, call.last_heard_at) == ("human", clock.now())


def test_a_mailbox_that_was_detected_and_says_nothing_is_left_no_personal_word(city: City) -> None:
    call_id = city.order()
    city.turn(call_id, 0)
    city.post(f"/voice/calls/{call_id}/answered-by", {"AnsweredBy": "machine_start"})
    answer = city.turn(call_id, 1).data.decode()
    assert "말순" not in answer
    assert "<Hangup" in answer
    with reading(city.engine) as db:
        outcome = outcome_of(db, call_id)
        assert outcome is not None
        assert outcome.code == "voicemail"


def test_our_failure_is_told_to_staff_once_and_outweighs_what_was_reached(city: City) -> None:
    call_id = city.order()
    press(city, call_id, FIRST_REQUEST)
    for _ in range(2):
        note_failure(city.house.centre, call_id, error_code="11200")
    city.report(call_id, "completed", 3)
    with reading(city.engine) as db:
        application, technical = follow_ups_of_call(db, call_id)
        assert (application.kind, technical.kind) == (FollowUpKind.APPLICATION, FollowUpKind.TECHNICAL)
        assert "11200" in technical.summary
        outcome = outcome_of(db, call_id)
        assert outcome is not None
        assert outcome.code == "technical_failure"


def test_what_is_no_error_number_is_not_passed_on_to_staff(city: City) -> None:
    for code in (None, "", "<b>", "김말순"):
        call_id = city.order()
        note_failure(city.house.centre, call_id, error_code=code)
        with reading(city.engine) as db:
            (follow_up,) = follow_ups_of_call(db, call_id)
            assert "오류 번호: 없음" in follow_up.summary


def test_a_failure_does_not_hide_that_somebody_is_in_danger(city: City) -> None:
    call_id = city.order()
    press(city, call_id, [])
    city.turn(call_id, 1, SpeechResult="나 지금 죽고 싶어요")
    city.turn(call_id, 2, DialCallStatus="completed")
    note_failure(city.house.centre, call_id, error_code="11200")
    with reading(city.engine) as db:
        outcome = outcome_of(db, call_id)
        assert outcome is not None
        assert outcome.code == "distress"


def test_reports_about_a_call_that_is_not_ours_find_nothing(city: City) -> None:
    unknown = "f" * 32
    with pytest.raises(RecordNotFound):
        _report(city, unknown, "completed")
    with pytest.raises(RecordNotFound):
        note_answered_by(city.house.centre, unknown, "human")
    with pytest.raises(RecordNotFound):
        note_failure(city.house.centre, unknown, error_code=None)
