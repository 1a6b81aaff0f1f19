"""Whole calls to the duty number through the simulated carrier: what callers hear, and what the city then has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from sqlmodel import select

from tests.city import STRANGER, City
from tests.telephones import Telephones
from voicebot.records.calls import outcome_of
from voicebot.records.database import reading
from voicebot.records.tables import (
    Alarm,
    Call,
    Incident,
    Recording,
    TextMessage,
    Ticket,
    TicketState,
    Urgency,
)
from voicebot.telephony.simulated import Caller, Mailbox, NoAnswer, Staff

Ring = Callable[..., Caller]


@pytest.fixture
def ring(telephones: Telephones) -> Ring:
    """Somebody rings the duty number."""

    def dial(number: str = "+821000000777") -> Caller:
        caller = Caller(telephones.exchange, number)
        caller.dials(telephones.city.settings.numbers.duty)
        return caller

    return dial


@pytest.fixture
def officers(telephones: Telephones, city: City) -> list[str]:
    """Tonight's officers, who pick up."""
    chain = city.house.duty.chain_at(city.house.clock.now())
    for officer in chain:
        telephones.exchange.persons[officer.phone] = Staff()
    return [officer.phone for officer in chain]


def tickets(city: City) -> Sequence[Ticket]:
    with reading(city.engine) as db:
        return db.exec(select(Ticket).order_by(Ticket.id)).all()  # type: ignore[arg-type]


def outcome(city: City) -> str | None:
    with reading(city.engine) as db:
        call = db.exec(select(Call)).one()
        found = outcome_of(db, call.id)
        return found.code if found else None


def test_a_report_becomes_a_whole_ticket_before_its_number_is_heard(ring: Ring, city: City) -> None:
    caller = ring()
    caller.hears("인공지능이 전화를 받습니다")
    caller.hears("지금부터 통화는 녹음됩니다")
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("역곡1동 골목에 가로등이 나갔어요")
    caller.hears("가로등 고장 신고로 들었습니다")
    caller.says("네 맞아요")
    caller.hears("언제부터 그랬나요")
    caller.says("사흘 됐어요")
    caller.hears("전화를 드려도 될까요")
    caller.says("네 그러세요")
    (ticket,) = tickets(city)
    caller.hears("접수 번호는")
    assert (ticket.intent, ticket.gu, ticket.dong) == ("streetlight", "원미구", "역곡1동")
    assert (ticket.urgency, ticket.is_partial) == (Urgency.ROUTINE, False)
    assert (ticket.since, ticket.may_call_back) == ("사흘 됐어요", True)
    assert ticket.said == "역곡1동 골목에 가로등이 나갔어요"
    caller.hears("더 말씀하실 일이 있으세요")
    caller.says("아니요 없어요")
    caller.hears("안녕히 계세요")
    assert outcome(city) == "ticket"


def test_who_hangs_up_in_the_middle_leaves_a_partial_ticket(ring: Ring, city: City) -> None:
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("상동역 앞에 맨홀 뚜껑이 빠져 있어요")
    caller.hears("맞으세요")
    caller.hangs_up()
    (ticket,) = tickets(city)
    assert (ticket.intent, ticket.is_partial, ticket.place) == ("road_damage", True, "상동역 앞")
    assert outcome(city) == "line_dropped"


def test_an_emergency_is_written_down_before_anybody_is_rung_and_reaches_a_person(
    ring: Ring, city: City, officers: list[str]
) -> None:
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("옆집에서 시커먼 연기가 나고 불이 났어요 심곡1동이에요")
    caller.hears("지금 바로 사람을 연결합니다")
    (ticket,) = tickets(city)
    assert (ticket.intent, ticket.urgency, ticket.dong) == ("fire", Urgency.EMERGENCY, "심곡1동")
    with reading(city.engine) as db:
        alarm = db.exec(select(Alarm)).one()
        text = db.exec(select(TextMessage)).one()
    assert not alarm.is_quiet
    assert text.to_number == officers[0]
    assert "시커먼" not in text.body
    caller.hangs_up()
    assert outcome(city) == "emergency"


def test_a_caller_who_wants_to_die_is_kept_and_tried_again_until_somebody_picks_up(
    ring: Ring, telephones: Telephones, city: City, officers: list[str]
) -> None:
    room = city.settings.desk("situation_room")
    for number in (room, *officers):
        telephones.exchange.persons[number] = NoAnswer()
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("이제 그만 살고 싶어요 약을 모아 놨어요")
    caller.hears("혼자 두지 않겠습니다")
    caller.hears("다른 당직자를 부르고 있습니다")
    caller.hears("계속 연결하고 있습니다")
    caller.hears("상황실에 다시 연결합니다")
    telephones.exchange.persons[room] = Staff()
    telephones.exchange.persons[officers[0]] = Staff()
    caller.hears("다른 당직자를 부르고 있습니다")
    (ticket,) = tickets(city)
    assert (ticket.intent, ticket.emergency_kind) == ("suicide", "suicide")


def test_a_correction_changes_place_and_ticket(ring: Ring, city: City) -> None:
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("심곡1동 공사장이 너무 시끄러워요")
    caller.hears("맞으세요")
    caller.says("아니 심곡1동 말고 역곡1동이요")
    caller.hears("역곡일동, 공사장 소음이나 먼지 신고로 고쳐 적었습니다")
    caller.hears("언제부터")
    (ticket,) = tickets(city)
    assert ticket.dong == "역곡1동"


def test_information_is_answered_and_leaves_no_ticket(ring: Ring, city: City) -> None:
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("지금 문 연 약국이 어디예요")
    caller.hears("일일구")
    caller.hears("풀리셨나요")
    caller.says("네 고마워요")
    assert tickets(city) == []
    caller.hangs_up()


def test_zero_reaches_the_officer_and_says_what_was_told_so_far(
    ring: Ring, city: City, officers: list[str]
) -> None:
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.presses("0")
    caller.hears("당직자를 연결해 드리겠습니다")
    (ticket,) = tickets(city)
    assert ticket.intent == "human_request"


def test_a_caller_hears_of_their_own_report_and_nobody_elses(ring: Ring, city: City) -> None:
    first = ring("+821000000777")
    first.hears("무슨 일로 전화하셨어요")
    first.says("역곡1동 골목에 가로등이 나갔어요")
    first.hears("맞으세요")
    first.hangs_up()
    again = ring("+821000000777")
    again.hears("무슨 일로 전화하셨어요")
    again.says("어제 신고한 거 어떻게 됐어요")
    again.hears("가로등")
    again.hangs_up()
    other = ring(STRANGER)
    other.hears("무슨 일로 전화하셨어요")
    other.says("어제 신고한 거 어떻게 됐어요")
    other.hears("접수 내용이 없습니다")


def test_two_callers_of_one_event_are_one_incident(ring: Ring, city: City) -> None:
    for number in ("+821000000777", "+821000000778"):
        caller = ring(number)
        caller.hears("무슨 일로 전화하셨어요")
        caller.says("역곡1동 골목에 가로등이 나갔어요")
        caller.hears("맞으세요")
        caller.hangs_up()
    with reading(city.engine) as db:
        incident = db.exec(select(Incident)).one()
    assert {ticket.incident_id for ticket in tickets(city)} == {incident.id}


def test_abuse_is_warned_once_and_then_ended(ring: Ring, city: City) -> None:
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("야 이 개새끼들아")
    caller.hears("욕설을 계속하시면 통화를 마칩니다")
    caller.says("씨발 놈들아 꺼져")
    caller.hears("통화를 마칩니다")
    assert outcome(city) == "abusive"


def test_the_call_is_recorded_after_the_notice(ring: Ring, city: City) -> None:
    caller = ring()
    caller.hears("녹음됩니다")
    caller.hears("무슨 일로")
    caller.hangs_up()
    with reading(city.engine) as db:
        assert db.exec(select(Recording)).all()


def test_a_mailbox_takes_no_call_and_the_next_is_tried(
    ring: Ring, telephones: Telephones, city: City, officers: list[str]
) -> None:
    telephones.exchange.persons[city.settings.desk("situation_room")] = Mailbox(picks_up_after_s=5.0)
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("옆집에 불이 났어요 심곡1동이에요")
    caller.hears("지금 바로 사람을 연결합니다")
    caller.hears("다른 당직자를 부르고 있습니다")


def test_an_emergency_inside_abuse_goes_through(ring: Ring, city: City, officers: list[str]) -> None:
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("야 이 개새끼들아")
    caller.hears("욕설을 계속하시면")
    caller.says("개새끼야 사람이 죽어간다고")
    caller.hears("지금 바로 사람을 연결합니다")
    assert [ticket.urgency for ticket in tickets(city)] == [Urgency.EMERGENCY]


@pytest.mark.parametrize(
    "words",
    [
        "아니 아래층에서 여자 비명이 들리고 뭐 깨지는 소리가 나요",
        "네 차에서 연기가 막 올라와요",
        "아니 잠깐만 우리 영감이 안 일어나",
        "아니 불이야",
    ],
)
def test_an_emergency_is_heard_at_the_last_question_too_and_keeps_the_place(
    ring: Ring, city: City, officers: list[str], words: str
) -> None:
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("역곡1동 골목에 가로등이 나갔어요")
    caller.hears("맞으세요")
    caller.says("네 맞아요")
    caller.hears("언제부터")
    caller.says("어제부터요")
    caller.hears("전화를 드려도 될까요")
    caller.says(words)
    caller.hears("지금 바로 사람을 연결합니다")
    emergency = next(ticket for ticket in tickets(city) if ticket.urgency is Urgency.EMERGENCY)
    assert emergency.place == "역곡1동 골목 (앞서 말한 곳)"


def test_calm_words_at_a_later_question_wake_nobody(ring: Ring, city: City) -> None:
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("가로등이 나갔어요")
    caller.hears("맞으세요")
    caller.says("네")
    caller.hears("어디에서 그런가요")
    caller.says("송내2동이요")
    caller.hears("언제부터")
    caller.says("오늘 아침부터요")
    caller.hears("전화를 드려도 될까요")
    (ticket,) = tickets(city)
    assert (ticket.urgency, ticket.dong) == (Urgency.ROUTINE, "송내2동")


def test_when_no_officer_picks_up_one_is_told_that_somebody_waits(
    ring: Ring, telephones: Telephones, city: City, officers: list[str]
) -> None:
    for number in officers:
        telephones.exchange.persons[number] = NoAnswer()
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("당직자 좀 바꿔 주세요")
    caller.hears("당직자를 연결해 드리겠습니다")
    caller.hears("곧 전화를 드리겠습니다")
    with reading(city.engine) as db:
        text = db.exec(select(TextMessage)).one()
    assert text.to_number == officers[0]
    assert outcome(city) == "person_wanted"


def test_a_report_is_taken_back(ring: Ring, city: City) -> None:
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("역곡1동 골목에 가로등이 나갔어요")
    caller.hears("맞으세요")
    caller.says("아니 됐어요 그냥 취소할게요")
    caller.hears("취소할까요")
    caller.presses("1")
    caller.hears("접수하지 않았습니다")
    (ticket,) = tickets(city)
    assert ticket.state is TicketState.REJECTED


def test_a_withheld_number_is_not_asked_whether_it_may_be_rung(ring: Ring, city: City) -> None:
    caller = ring("anonymous")
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("역곡1동 골목에 가로등이 나갔어요")
    caller.hears("맞으세요")
    caller.says("네 맞아요")
    caller.hears("언제부터")
    caller.says("어제부터요")
    caller.hears("접수 번호는")


def test_words_of_somebody_in_danger_do_not_go_along_with_another_matter(
    ring: Ring, city: City, officers: list[str]
) -> None:
    caller = ring()
    caller.hears("무슨 일로 전화하셨어요")
    caller.says("옆집 아이가 매일 맞아서 우는 소리가 나요 그리고 우리 골목 가로등도 나갔어요 역곡1동이에요")
    caller.hears("지금 바로 사람을 연결합니다")
    told = {ticket.intent: ticket.said for ticket in tickets(city)}
    assert told["abuse_report"]
    assert not any(said for intent, said in told.items() if intent != "abuse_report")
