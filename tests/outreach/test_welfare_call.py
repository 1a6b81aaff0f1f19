"""What the welfare call is given, and its texts: true, short enough, and readable on a Korean telephone."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session, select

from tests.city import MALSUN, STRANGER, City, demo_catalogue
from voicebot.outreach.gate import hindrance
from voicebot.outreach.notices import NOTICE
from voicebot.outreach.texts import DETAILS, give_notice, text_hindrance
from voicebot.outreach.unplaced import note_unplaced
from voicebot.outreach.welfare_call import MOST_OFFERS
from voicebot.records import people
from voicebot.records.calls import get_call, outcome_of
from voicebot.records.cases import follow_ups_of_call
from voicebot.records.database import reading, transaction
from voicebot.records.tables import Call, FollowUpKind, OutboxItem, Resident, TextMessage, TextState
from voicebot.records.work import CallWork
from voicebot.welfare.offers import offers_for
from voicebot.welfare.person import Person

LONGEST_TEXT = 1600
"""Twilio's limit for a Body."""


def _given(city: City, call_id: str) -> dict[str, Any]:
    with reading(city.engine) as db:
        work = CallWork(db, city.house.clock.now(), get_call(db, call_id))
        return dict(city.house.welfare.given(work))


def _notify(city: City, call_id: str, state: TextState = TextState.WAITING) -> OutboxItem | None:
    with transaction(city.engine) as db:
        item = give_notice(city.house.welfare, CallWork(db, city.house.clock.now(), get_call(db, call_id)))
        for text in db.exec(select(TextMessage)):
            text.state = state
            db.add(text)
        return item


def _text(db: Session) -> TextMessage:
    return db.exec(select(TextMessage)).one()


def test_the_resident_is_offered_her_three_best_and_no_more(city: City) -> None:
    given = _given(city, city.order())
    assert given["resident_name"] == "김말순"
    assert given["can_text"] is True
    assert len(given["offers"]) == MOST_OFFERS == 3
    assert len({offer["id"] for offer in given["offers"]}) == 3
    assert all(offer["name"] and offer["spoken"] for offer in given["offers"])


def test_a_number_without_a_resident_is_told_nothing_of_anybody(city: City) -> None:
    given = _given(city, city.order(to=STRANGER))
    assert given["resident_name"] == "고객"
    assert given["offers"] == []


def test_the_code_is_spoken_only_if_its_text_has_gone_out(city: City) -> None:
    for state in TextState:
        call_id = city.order()
        _notify(city, call_id, state)
        given = _given(city, call_id)
        with reading(city.engine) as db:
            code = get_call(db, call_id).verification_code
        is_out = state in {TextState.SENT, TextState.DELIVERED}
        assert (given["has_code"], given["code"]) == (is_out, code if is_out else ""), state


def test_the_notice_holds_code_and_number_and_goes_out_once_asked_for(city: City) -> None:
    call_id = city.order()
    item = _notify(city, call_id)
    with reading(city.engine) as db:
        text, call = _text(db), get_call(db, call_id)
        assert item is not None
        assert item.payload == {"text_id": text.id}
        assert (text.kind, text.to_number, text.resident_id) == (NOTICE, MALSUN, city.resident_id)
        assert call.verification_code is not None
        assert len(call.verification_code) == 4
        assert f"확인 번호 {call.verification_code}." in text.body
        assert "032-625-2869" in text.body
        assert "김말순" not in text.body  # a telephone is read by whoever holds it
        text.body.encode("euc-kr")


def test_a_landline_gets_no_notice_and_no_promise_of_a_text(city: City) -> None:
    call_id = city.order(to="+82326259999")
    assert _notify(city, call_id) is None
    assert _given(city, call_id)["can_text"] is False


def test_every_text_of_details_fits_and_can_be_read_on_a_korean_telephone() -> None:
    """EUC-KR, or the gateway drops letters: any three programmes together, in any season."""
    catalogue = demo_catalogue()
    classes = [each.id for each in catalogue.vocabulary.classes]
    told = {}
    for month in (1, 4, 7, 11):
        for one in (frozenset({name}) for name in classes):
            person = Person(classes=one, birth_date=date(1940, 1, 1), household_size=2, uses_gas_heating=True)
            for offer in offers_for(person, on=date(2026, month, 15), catalogue=catalogue, using=()):
                told[offer.text_message] = offer
    assert len(told) >= 10
    for body in told:
        body.encode("euc-kr")
    longest = sorted((len(body) for body in told), reverse=True)[:3]
    assert sum(longest) + 100 <= LONGEST_TEXT


def _hindrance_of_text(city: City, kind: str) -> str | None:
    with reading(city.engine) as db:
        text = _text(db)
        text.kind = kind
        return text_hindrance(db, text)


def test_a_notice_is_held_back_from_whom_must_not_be_rung_but_not_what_was_asked_for(city: City) -> None:
    _notify(city, city.order())
    assert _hindrance_of_text(city, NOTICE) is None
    with transaction(city.engine) as db:
        resident = db.get_one(Resident, city.resident_id)
        people.opt_out(db, resident=resident, at=city.house.clock.now(), source="test")
    assert _hindrance_of_text(city, NOTICE) == "opted_out"
    assert _hindrance_of_text(city, DETAILS) is None


def test_a_call_that_the_gate_refused_is_canceled_and_needs_nobody(city: City) -> None:
    call_id = city.order()
    with transaction(city.engine) as db:
        note_unplaced(db, get_call(db, call_id), "opted_out")
    with reading(city.engine) as db:
        outcome = outcome_of(db, call_id)
        assert outcome is not None
        assert (outcome.code, outcome.detail) == ("canceled", "opted_out")
        assert not follow_ups_of_call(db, call_id)


def test_a_call_that_the_carrier_refused_is_looked_at_by_a_person(city: City) -> None:
    call_id = city.order()
    with transaction(city.engine) as db:
        note_unplaced(db, get_call(db, call_id), "carrier_refused_21211")
    with reading(city.engine) as db:
        outcome = outcome_of(db, call_id)
        assert outcome is not None
        assert outcome.code == "failed"
        (follow_up,) = follow_ups_of_call(db, call_id)
        assert (follow_up.kind, follow_up.site_id) == (FollowUpKind.UNREACHED, "simgok2")


def test_a_resident_who_is_gone_from_the_records_is_not_rung(city: City) -> None:
    with reading(city.engine) as db:
        call = Call(
            id="x",
            direction="outbound",
            line="outreach",
            dialog="welfare_info",
            resident_id=987_654,
            from_number="+8216880624",
            to_number=MALSUN,
            other_hash="x",
            requested_at=city.house.clock.now(),
        )
        assert hindrance(db, call) == "resident_gone"


def test_nobody_writes_to_a_number_whose_caller_no_record_names_and_who_said_no(city: City) -> None:
    call_id = city.order(to=STRANGER)
    _notify(city, call_id)
    city.turn(call_id, 0)
    with reading(city.engine) as db:
        assert text_hindrance(db, db.exec(select(TextMessage)).one()) is None
    city.turn(call_id, 1, SpeechResult="전화하지 마세요. 수신 거부할게요.")
    with reading(city.engine) as db:
        assert text_hindrance(db, db.exec(select(TextMessage)).one()) == "opted_out"
