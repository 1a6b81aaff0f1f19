"""A caller hears of their own tickets and of nobody else's; what could harm them is not told by telephone number."""

from __future__ import annotations

import re
from itertools import product

import pytest
from sqlmodel import Session

from tests.duty.reporters import DESK, KIM, SUNJA, WITHHELD, YEONGSU, report
from voicebot.clock import ManualClock
from voicebot.duty.callers import (
    MOST_TOLD,
    NOTHING_TO_TELL_KO,
    STATE_KO,
    caller_hashes,
    tell_caller,
    tell_state,
    tickets_of_caller,
)
from voicebot.duty.departments import departments
from voicebot.duty.merging import merge
from voicebot.duty.numbers_shown import is_of_one_line
from voicebot.duty.tickets import move
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.records import audit
from voicebot.records.lookup import phone_hash
from voicebot.records.tables import Ticket, TicketState, Urgency

NOBODYS = [
    WITHHELD,
    "Anonymous",
    "",
    "+266696687",  # ANONYMOUS on a keypad
    "+7378742883",  # RESTRICTED
    "+86282452253",  # UNAVAILABLE
    "107",
    "1234",
    "+8216880624",
    "+82801234567",
    "+8250412345678",
    "+15551234567",
    "Restricted",
]


def told(db: Session, clock: ManualClock, number: str) -> list[str]:
    return tell_caller(db, caller_hashes=caller_hashes(db, number), actor="call:1", at=clock.now())


def test_a_caller_hears_of_their_own_tickets_and_no_others(db: Session, clock: ManualClock) -> None:
    mine = report(db, clock)
    move(db, mine, to=TicketState.IN_PROGRESS, actor=KIM, at=clock.now())
    report(db, clock, "waste", number=YEONGSU)
    assert told(db, clock, SUNJA) == ["가로등 고장 신고는 도로관리과에서 처리하고 있습니다."]
    assert told(db, clock, "+821000000013") == []
    assert tickets_of_caller(db, caller_hashes=[], at=clock.now()) == []


@pytest.mark.parametrize("number", NOBODYS)
def test_those_whose_number_says_nothing_hear_nothing_of_each_other(
    db: Session, clock: ManualClock, number: str
) -> None:
    ticket = report(db, clock, number=number)
    assert ticket.caller_hash is None
    assert caller_hashes(db, number) == []
    assert tickets_of_caller(db, caller_hashes=[phone_hash(db, number)], at=clock.now()) == []


@pytest.mark.parametrize("number", [SUNJA, "+82326252869", "+8223456789", "+827012345678", "+82112345678"])
def test_an_ordinary_telephone_is_somebodys(number: str) -> None:
    assert is_of_one_line(number)


def test_a_call_diverted_with_the_citys_own_number_is_nobodys(db: Session, clock: ManualClock) -> None:
    assert report(db, clock, number=DESK).caller_hash is None


def test_what_is_older_than_thirty_days_is_not_told(db: Session, clock: ManualClock) -> None:
    report(db, clock)
    clock.advance(30 * 86400)
    assert len(told(db, clock, SUNJA)) == 1
    clock.advance(1)
    assert told(db, clock, SUNJA) == []


def test_the_newest_are_told_first_and_not_more_than_can_be_kept_in_mind(
    db: Session, clock: ManualClock
) -> None:
    for intent in ("waste", "streetlight", "tree_park", "road_damage"):
        report(db, clock, intent)
        clock.advance(60)
    sentences = told(db, clock, SUNJA)
    assert len(sentences) == MOST_TOLD
    assert sentences[0].startswith("도로 파손 신고는")


@pytest.mark.parametrize(
    "intent", ["abuse_report", "suicide", "crime", "medical", "missing_person", "welfare_crisis"]
)
def test_what_could_harm_the_caller_is_not_told_to_a_shared_telephone(
    db: Session, clock: ManualClock, intent: str
) -> None:
    report(db, clock, intent)
    assert told(db, clock, SUNJA) == []


def test_violence_heard_beside_a_noise_is_not_told_either(db: Session, clock: ManualClock) -> None:
    report(db, clock, "noise_living", emergency_kind="violence", urgency=Urgency.EMERGENCY)
    assert told(db, clock, SUNJA) == []


def test_telling_is_audited(db: Session, clock: ManualClock) -> None:
    ticket = report(db, clock)
    told(db, clock, SUNJA)
    event = audit.events_of(db, subject=f"ticket:{ticket.id}")[-1]
    assert (event.action, event.actor) == ("ticket.told", "call:1")


def test_a_merged_ticket_is_told_with_the_state_of_the_one_that_stands(
    db: Session, clock: ManualClock
) -> None:
    theirs, mine = report(db, clock, number=YEONGSU), report(db, clock)
    merge(db, mine, into=theirs, actor=KIM, at=clock.now())
    move(db, theirs, to=TicketState.DONE, actor=KIM, at=clock.now())
    assert told(db, clock, SUNJA) == ["가로등 고장 신고는 처리가 끝났습니다."]


def test_every_state_of_every_matter_is_one_short_speakable_sentence() -> None:
    for intent, state in product(catalogue(), TicketState):
        for office in (None, *departments()):
            ticket = Ticket(
                intent=intent,
                urgency=Urgency.ROUTINE,
                state=state,
                department=office,
                said="김순자입니다",
                place="행복빌라",
                accepted_by=KIM,
            )
            sentence = tell_state(ticket)
            assert re.fullmatch(r"[가-힣 ,]+니다\.", sentence), sentence
            assert len(sentence) <= 60, sentence
            assert "김" not in sentence.replace("느낌", "")
            assert "빌라" not in sentence
            assert "기다리시기 전은" not in sentence


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (TicketState.NEW, "쓰레기 문의나 신고는 접수되었고, 담당자 확인을 기다리고 있습니다."),
        (TicketState.ACCEPTED, "쓰레기 문의나 신고는 담당자가 확인하고 처리를 준비하고 있습니다."),
        (TicketState.IN_PROGRESS, "쓰레기 문의나 신고는 원미구 도시미관과에서 처리하고 있습니다."),
        (TicketState.HANDED_OVER, "쓰레기 문의나 신고는 원미구 도시미관과에 전달했습니다."),
        (TicketState.DONE, "쓰레기 문의나 신고는 처리가 끝났습니다."),
        (TicketState.REJECTED, "쓰레기 문의나 신고는 시에서 처리하기 어려운 일로 확인되었습니다."),
    ],
)
def test_the_sentences(state: TicketState, sentence: str) -> None:
    ticket = Ticket(intent="waste", urgency=Urgency.ROUTINE, state=state, department="원미구 도시미관과")
    assert tell_state(ticket) == sentence


def test_every_state_has_a_korean_name() -> None:
    assert set(STATE_KO) == set(TicketState)
    assert NOTHING_TO_TELL_KO.endswith("없습니다.")
