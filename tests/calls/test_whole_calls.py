"""Whole calls through the simulated carrier: what the resident hears, and what the city then has."""

from __future__ import annotations

import pytest
from sqlmodel import select

from tests.city import MALSUN, City
from tests.telephones import Telephones
from voicebot.records import people
from voicebot.records.calls import get_call, outcome_of, turns_of
from voicebot.records.cases import follow_ups_of_call, requests_of_call
from voicebot.records.database import reading
from voicebot.records.tables import (
    FollowUp,
    FollowUpKind,
    Priority,
    Recording,
    Resident,
    TextMessage,
    UseState,
)
from voicebot.telephony.simulated import Busy, Caller, Mailbox, NoAnswer, Staff


def _outcome(telephones: Telephones) -> str | None:
    with reading(telephones.city.engine) as db:
        outcome = outcome_of(db, telephones.call_id)
        return outcome.code if outcome else None


def _follow_ups(telephones: Telephones) -> list[FollowUp]:
    with reading(telephones.city.engine) as db:
        return list(follow_ups_of_call(db, telephones.call_id))


def _kinds(telephones: Telephones) -> list[FollowUpKind]:
    return [each.kind for each in _follow_ups(telephones)]


def _resident(city: City) -> Resident:
    with reading(city.engine) as db:
        return people.get_resident(db, city.resident_id)


def test_a_resident_applies_and_her_dong_office_finds_the_request(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.hears("인공지능 안내 전화입니다")
    malsun.hears("비밀번호는 절대 묻지 않습니다")
    malsun.hears("김말순 님 되시나요")
    malsun.says("예 맞아요")
    malsun.hears("녹음해도 괜찮으세요")
    malsun.says("네 괜찮아요")
    malsun.hears("지금부터 녹음합니다")
    offered = _answer_offer(malsun, "아니요 안 받고 있어요")
    malsun.hears("신청을 도와 드릴까요")
    malsun.says("네 해 주세요")
    malsun.hears("접수했습니다")
    _answer_offer(malsun, "네 받고 있어요")
    _answer_offer(malsun, "아니요")
    malsun.says("아니요 괜찮아요")
    malsun.hears("문자로 보내 드릴까요")
    malsun.says("네 보내 주세요")
    malsun.hears("따로 전화를 드릴까요")
    malsun.says("아니요")
    malsun.hears("건강하세요")
    assert malsun.call.status == "completed"

    with reading(telephones.city.engine) as db:
        (request,) = requests_of_call(db, telephones.call_id)
        assert request.said == "네 해 주세요"
        (follow_up,) = follow_ups_of_call(db, telephones.call_id)
        assert (follow_up.kind, follow_up.site_id) == (FollowUpKind.APPLICATION, "simgok2")
        assert "네 해 주세요" in follow_up.summary
        uses = people.uses_of(db, people.get_resident(db, telephones.city.resident_id))
        assert sorted(uses.values()) == [UseState.DECLINED, UseState.REQUESTED, UseState.USING]
        text = db.exec(select(TextMessage)).one()
        assert text.to_number == MALSUN
        call = get_call(db, telephones.call_id)
        assert (call.status, call.step) == ("completed", len(turns_of(db, call.id)))
        assert call.duration_s is not None
        recording = db.exec(select(Recording)).one()
        assert recording.state == "completed"
    assert _outcome(telephones) == "applied"
    assert offered


def _answer_offer(caller: Caller, words: str) -> str:
    """Listens to an offer to its end (only a key would stop it) and answers the question behind it."""
    if caller.listening_for == {"dtmf"}:
        caller.waits()
    asked = caller.hears("이미 받고 계신가요")
    caller.says(words)
    return asked


def test_the_whole_call_can_be_made_with_keys_alone(telephones: Telephones) -> None:
    malsun = telephones.rung()
    for _ in range(12):
        if malsun.call.is_over:
            break
        malsun.presses("1")
    assert malsun.call.is_over
    assert _outcome(telephones) in {"applied", "informed"}


def test_a_key_stops_an_offer_and_is_the_answer(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.presses("1")
    malsun.presses("2")
    assert malsun.listening_for == {"dtmf"}
    malsun.presses("2")
    malsun.hears("신청을 도와 드릴까요")


def test_silence_is_not_fine(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.waits()
    malsun.hears("여보세요")
    malsun.waits()
    malsun.hears("일 번을 눌러 주세요")
    malsun.waits()
    malsun.hears("말씀이 없으셔서")
    assert _outcome(telephones) == "silence"
    assert _kinds(telephones) == [FollowUpKind.UNREACHED]


def test_a_mailbox_hears_no_personal_word(telephones: Telephones) -> None:
    mailbox = Mailbox()
    telephones.exchange.persons[MALSUN] = mailbox
    telephones.ring()
    telephones.exchange.run()
    assert _outcome(telephones) == "voicemail"
    recorded = " ".join(mailbox.messages)
    after_greeting = recorded.split("부천시청에서 안내 말씀이", 1)[1]
    assert "김말순" not in after_greeting
    assert _kinds(telephones) == [FollowUpKind.UNREACHED]


@pytest.mark.parametrize(("person", "outcome"), [(Busy(), "busy_line"), (NoAnswer(), "no_answer")])
def test_a_call_that_nobody_takes_is_a_finding(
    telephones: Telephones, person: Busy | NoAnswer, outcome: str
) -> None:
    telephones.exchange.persons[MALSUN] = person
    telephones.ring()
    telephones.exchange.run()
    assert _outcome(telephones) == outcome
    assert _kinds(telephones) == [FollowUpKind.UNREACHED]


def test_a_wrong_number_is_not_rung_again(telephones: Telephones) -> None:
    stranger = telephones.rung()
    stranger.says("아닌데요 그런 사람 없어요 잘못 거셨어요")
    stranger.hears("전화를 잘못 드렸습니다")
    assert _outcome(telephones) == "wrong_person"
    with pytest.raises(Exception, match="wrong_number"):
        telephones.ring()


def test_deceased_is_condoled_told_to_staff_and_never_dialled_again(telephones: Telephones) -> None:
    widower = telephones.rung()
    widower.says("우리 집사람은 작년에 돌아가셨어요")
    widower.hears("삼가 고인의 명복을 빕니다")
    assert widower.call.is_over
    assert _kinds(telephones) == [FollowUpKind.DECEASED]
    assert _resident(telephones.city).deceased_reported_at is not None
    with pytest.raises(Exception, match="deceased"):
        telephones.ring()


def test_a_refusal_is_kept_and_obeyed(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.says("전화하지 마세요")
    malsun.hears("앞으로 이런 전화를 드리지 않겠습니다")
    assert _outcome(telephones) == "refused"
    with pytest.raises(Exception, match="opted_out"):
        telephones.ring()


def test_a_proxy_hears_nothing_of_what_the_call_is_about(telephones: Telephones) -> None:
    daughter = telephones.rung()
    daughter.says("저 딸인데요 어머니가 지금 안 계세요")
    daughter.hears("직접 말씀드려야 하는 안내입니다")
    daughter.says("아니요 지금 없어요")
    assert daughter.call.is_over
    assert _outcome(telephones) == "proxy"
    told = daughter.call.told()
    assert "감면" not in told
    assert "수급" not in told


def test_a_busy_resident_is_rung_when_she_says(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.says("지금 바빠요 나중에 하세요")
    malsun.hears("언제 다시 전화를 드릴까요")
    malsun.says("내일 오후 세 시요")
    assert _outcome(telephones) == "busy"
    (follow_up,) = _follow_ups(telephones)
    assert follow_up.kind is FollowUpKind.CALL_BACK
    assert follow_up.due_at is not None
    assert follow_up.due_at.isoformat() == "2026-11-25T06:00:00+00:00"


def test_a_suspicious_resident_is_told_how_to_check_and_then_left_alone(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.says("이거 보이스피싱 아니에요")
    malsun.hears("확인하셔도 됩니다")
    malsun.says("아니요 못 믿겠어요")
    assert malsun.call.is_over
    assert _outcome(telephones) == "suspicious"
    assert _kinds(telephones) == [FollowUpKind.SUSPICIOUS]


def test_a_reassured_resident_comes_back_to_the_question(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.says("이거 보이스피싱 아니에요")
    malsun.says("네 말해 보세요")
    malsun.hears("김말순 님 되시나요")
    malsun.does_not_hear("인공지능 안내 전화입니다")


def test_who_cannot_hear_is_reached_another_way(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.says("안 들려요 크게 말해요")
    malsun.hears("네, 크게 말씀드리겠습니다")
    malsun.says("안 들려요 크게 말해요")
    malsun.hears("담당 직원이 다른 방법으로 연락드리겠습니다")
    assert _outcome(telephones) == "hard_of_hearing"
    assert _resident(telephones.city).pace["louder"] is True


def test_danger_reaches_a_person_in_the_same_turn(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.says("살고 싶지 않아요 오늘 죽으려고 해요")
    malsun.hears("바로 사람을 연결해 드리겠습니다")
    malsun.hears("일공구")
    telephones.exchange.run()
    assert malsun.call.is_over
    assert _outcome(telephones) == "distress"
    (follow_up,) = _follow_ups(telephones)
    assert (follow_up.kind, follow_up.priority) == (FollowUpKind.DISTRESS, Priority.AT_ONCE)
    dialled = [line.to_number for line in telephones.exchange.lines.values() if line.parent_sid]
    assert dialled == [telephones.city.settings.desk("situation_room")]


def test_when_no_officer_picks_up_the_next_is_tried_and_nobody_is_left_in_silence(
    telephones: Telephones,
) -> None:
    telephones.exchange.persons[telephones.city.settings.desk("situation_room")] = Staff(answers=False)
    malsun = telephones.rung()
    malsun.says("숨을 못 쉬겠어요 살려 주세요")
    telephones.exchange.run()
    told = malsun.call.told()
    assert "연결을 다시 시도하고 있습니다" in told
    assert "일일구로 전화해 주세요" in told
    assert _outcome(telephones) == "distress"


def test_zero_reaches_a_person_from_any_question(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.presses("1")
    malsun.presses("0")
    malsun.hears("담당 직원을 연결해 드리겠습니다")
    telephones.exchange.run()
    assert _outcome(telephones) == "handed_over"


def test_a_dropped_line_leaves_what_was_asked_for_and_a_follow_up(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.presses("1")
    malsun.presses("2")
    malsun.presses("2")
    malsun.presses("1")
    malsun.hears("접수했습니다")
    malsun.hangs_up()
    assert _outcome(telephones) == "line_dropped"
    assert _kinds(telephones) == [FollowUpKind.APPLICATION, FollowUpKind.UNREACHED]


def test_a_caller_back_learns_what_the_calls_are_and_leaves_word(telephones: Telephones) -> None:
    somebody = Caller(telephones.exchange, "+821000007777")
    somebody.dials(telephones.city.settings.numbers.callback)
    somebody.hears("복지 제도를 알려 드리는 전화가 맞습니다")
    somebody.waits()
    somebody.presses("1")
    somebody.says("우리 집 보일러가 안 돼요 좀 와 주세요")
    somebody.hears("담당자에게 전하겠습니다")
    with reading(telephones.city.engine) as db:
        follow_up = db.exec(select(FollowUp)).one()
        assert follow_up.kind is FollowUpKind.MESSAGE
        assert follow_up.site_id == "bucheon"
        assert "보일러가 안 돼요" in follow_up.summary
    assert "김말순" not in somebody.call.told()


def test_the_carrier_has_nothing_to_complain_of(telephones: Telephones) -> None:
    malsun = telephones.rung()
    malsun.says("예 맞아요")
    malsun.says("네 괜찮아요")
    malsun.says(
        "천천히 말해 주세요", interrupting=False
    ) if "speech" in malsun.listening_for else malsun.waits()
    malsun.presses("0")
    telephones.exchange.run()
    assert telephones.exchange.debugger == []
