"""Residents: found again, rung only when they may be, and remembered."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from voicebot.clock import ManualClock
from voicebot.errors import RecordConflict, RecordNotFound
from voicebot.records import audit, people
from voicebot.records.people import Hindrance
from voicebot.records.tables import Programme, Resident, Site, SiteKind, UseState


@pytest.fixture
def malsun(db: Session) -> Resident:
    db.add(Site(id="simgok2", kind=SiteKind.DONG, name_ko="심곡2동"))
    db.add(Programme(id="telecom", name_ko="통신요금 감면", category="telecom", status="current"))
    db.flush()
    return people.add_resident(
        db, site_id="simgok2", name="김말순", birth_date=date(1948, 3, 15), classes=["basic_livelihood"]
    )


def test_a_couple_is_found_at_the_telephone_they_share(db: Session, malsun: Resident):
    husband = people.add_resident(db, site_id="simgok2", name="박덕출")
    people.add_phone(db, resident=malsun, number="010-0000-0001")
    people.add_phone(db, resident=husband, number="+82 10 0000 0001")
    found = people.find_resident_by_phone(db, "+821000000001")
    assert {person.name for person in found} == {"김말순", "박덕출"}
    assert people.find_resident_by_phone(db, "+821000000002") == []


def test_a_wrong_number_no_longer_leads_to_the_person(db: Session, malsun: Resident, clock: ManualClock):
    phone = people.add_phone(db, resident=malsun, number="010-0000-0001")
    people.mark_wrong_number(db, resident=malsun, phone=phone, at=clock.now(), source="call:1")
    assert people.find_resident_by_phone(db, "+821000000001") == []


@pytest.mark.parametrize(
    "written", ["김말순", " 김 말 순 ", "\u1100\u1175\u11b7\u1106\u1161\u11af\u1109\u116e\u11ab"]
)
def test_a_name_is_found_however_it_is_spaced_or_composed(db: Session, malsun: Resident, written: str):
    assert people.find_residents_by_name(db, written) == [malsun]
    assert people.find_residents_by_name(db, "김말자") == []


def test_numbers_keep_the_order_of_preference(db: Session, malsun: Resident):
    first = people.add_phone(db, resident=malsun, number="010-0000-0001")
    second = people.add_phone(db, resident=malsun, number="010-0000-0002", holder="딸")
    urgent = people.add_phone(db, resident=malsun, number="032-320-0003", preference=1)
    assert people.add_phone(db, resident=malsun, number="01000000001") is first
    assert people.phones_of(db, malsun) == [first, urgent, second]


def test_the_best_number_is_the_first_that_is_not_wrong(db: Session, malsun: Resident, clock: ManualClock):
    assert people.best_phone(db, malsun) is None
    first = people.add_phone(db, resident=malsun, number="010-0000-0001")
    second = people.add_phone(db, resident=malsun, number="010-0000-0002")
    assert people.best_phone(db, malsun) is first
    people.mark_wrong_number(db, resident=malsun, phone=first, at=clock.now(), source="call:1")
    assert people.best_phone(db, malsun) is second


def test_each_hindrance_forbids_the_call_with_its_own_reason(
    db: Session, malsun: Resident, clock: ManualClock
):
    phone = people.add_phone(db, resident=malsun, number="010-0000-0001")
    assert people.contactable(malsun, phone).may_ring
    assert people.contactable(malsun, None).reason is Hindrance.NO_NUMBER
    people.mark_wrong_number(db, resident=malsun, phone=phone, at=clock.now(), source="call:1")
    assert people.contactable(malsun, phone).reason is Hindrance.WRONG_NUMBER
    people.mark_moved(db, resident=malsun, at=clock.now(), source="call:1")
    assert people.contactable(malsun, phone).reason is Hindrance.MOVED
    people.opt_out(db, resident=malsun, at=clock.now(), source="call:1")
    assert people.contactable(malsun, None).reason is Hindrance.OPTED_OUT
    people.mark_deceased(db, resident=malsun, at=clock.now(), source="call:1")
    verdict = people.contactable(malsun, phone)
    assert verdict.reason is Hindrance.DECEASED
    assert not verdict.may_ring


def test_the_first_opt_out_stands_and_is_audited_once(db: Session, malsun: Resident, clock: ManualClock):
    first = clock.now()
    people.opt_out(db, resident=malsun, at=first, source="call:1")
    people.opt_out(db, resident=malsun, at=first + timedelta(days=1), source="call:2")
    db.commit()
    db.refresh(malsun)
    assert malsun.opted_out_at == first
    events = audit.events_of(db, subject=f"resident:{malsun.id}")
    assert [(event.action, event.actor) for event in events] == [("resident.opted_out", "call:1")]


def test_pace_is_learned_key_by_key(db: Session, malsun: Resident):
    people.remember_pace(db, resident=malsun, pace={"rate_percent": 85, "louder": True})
    people.remember_pace(db, resident=malsun, pace={"rate_percent": 75})
    db.commit()
    db.refresh(malsun)
    assert malsun.pace == {"rate_percent": 75, "louder": True}
    with pytest.raises(ValueError, match="volume"):
        people.remember_pace(db, resident=malsun, pace={"volume": 3})


def test_a_programme_moves_only_along_the_table(db: Session, malsun: Resident, clock: ManualClock):
    def move(state: UseState) -> UseState:
        return people.use_programme(
            db, resident=malsun, programme_id="telecom", state=state, at=clock.now(), source="call:1"
        ).state

    steps = [UseState.DECLINED, UseState.REQUESTED, UseState.REQUESTED, UseState.USING]
    assert [move(step) for step in steps] == steps
    with pytest.raises(RecordConflict, match="'using' and cannot become 'declined'"):
        move(UseState.DECLINED)
    assert people.uses_of(db, malsun) == {"telecom": UseState.USING}


def test_the_same_state_again_keeps_its_date_and_source(db: Session, malsun: Resident, clock: ManualClock):
    first = clock.now()
    for source in ("call:1", "call:2"):
        use = people.use_programme(
            db,
            resident=malsun,
            programme_id="telecom",
            state=UseState.DECLINED,
            at=clock.now(),
            source=source,
        )
        clock.advance(60)
    assert (use.since, use.source) == (first, "call:1")


def test_residents_belong_to_their_site(db: Session, malsun: Resident):
    assert people.residents_of_site(db, "simgok2") == [malsun]
    assert people.residents_of_site(db, "jung4") == []
    assert people.get_resident(db, malsun.id or 0) is malsun
    with pytest.raises(RecordNotFound):
        people.get_resident(db, -1)
