"""Calls that go out: whom an order means, what is written down, and who is never rung."""

from __future__ import annotations

import pytest
from sqlmodel import func, select

from tests.city import MALSUN, STRANGER, City
from voicebot.calls.outgoing import CallOrder, order_call
from voicebot.errors import CallNotAllowed, ConfigurationError, RecordNotFound
from voicebot.records import audit, people
from voicebot.records.calls import get_call
from voicebot.records.database import reading, transaction
from voicebot.records.tables import Call, Direction, Placement, Resident

CITY = "+8216880624"


def _order(
    city: City, to: str = MALSUN, *, resident_id: int | None = None, dialog: str = "welfare_info"
) -> str:
    with transaction(city.engine) as db:
        order = CallOrder(dialog, to, CITY, requested_by="staff:7", resident_id=resident_id)
        return order_call(city.house.centre, db, order).id


def _refused(city: City, to: str = MALSUN, resident_id: int | None = None) -> str:
    with pytest.raises(CallNotAllowed) as refusal:
        _order(city, to, resident_id=resident_id)
    assert refusal.value.reason in str(refusal.value)
    return refusal.value.reason


def _calls(city: City) -> int:
    with reading(city.engine) as db:
        return db.exec(select(func.count()).select_from(Call)).one()


def _husband(city: City) -> int:
    """박영호, who shares 김말순's telephone."""
    with transaction(city.engine) as db:
        husband = people.add_resident(db, site_id="simgok2", name="박영호")
        people.add_phone(db, resident=husband, number=MALSUN)
        assert husband.id is not None
        return husband.id


def test_an_order_is_written_down_with_its_code_and_who_asked(city: City) -> None:
    call_id = _order(city)
    with reading(city.engine) as db:
        call = get_call(db, call_id)
        assert (call.direction, call.placement) == (Direction.OUTBOUND, Placement.REQUESTED)
        assert (call.status, call.carrier_sid, call.line) == ("requested", None, "outreach")
        assert (call.from_number, call.to_number, call.resident_id) == (CITY, MALSUN, city.resident_id)
        assert call.verification_code is not None
        assert len(call.verification_code) == 4
        assert call.verification_code.isdecimal()
        (event,) = audit.events_of(db, subject=f"call:{call_id}")
        assert (event.actor, event.action) == ("staff:7", "call.requested")


def test_somebody_whom_the_records_do_not_know_may_be_rung(city: City) -> None:
    with reading(city.engine) as db:
        assert get_call(db, _order(city, STRANGER)).resident_id is None


def test_a_dialog_that_is_not_there_is_named(city: City) -> None:
    with pytest.raises(ConfigurationError, match="nonsense"):
        _order(city, dialog="nonsense")
    with pytest.raises(RecordNotFound):
        _order(city, resident_id=987_654)


def test_a_refused_order_leaves_no_call_even_where_the_refusal_is_caught(city: City) -> None:
    """Many orders in one transaction: a refused one must not wait there to be placed."""
    with transaction(city.engine) as db:
        people.opt_out(
            db, resident=db.get_one(Resident, city.resident_id), at=city.house.clock.now(), source="x"
        )
    with transaction(city.engine) as db:
        for number in (MALSUN, STRANGER):
            try:
                order_call(city.house.centre, db, CallOrder("welfare_info", number, CITY, "test"))
            except CallNotAllowed as refusal:
                refused = refusal.reason
    assert refused == "opted_out"
    assert _calls(city) == 1


def test_on_a_shared_telephone_whoever_may_be_rung_is_meant(city: City) -> None:
    husband = _husband(city)
    with transaction(city.engine) as db:
        people.opt_out(
            db, resident=db.get_one(Resident, city.resident_id), at=city.house.clock.now(), source="x"
        )
    with reading(city.engine) as db:
        assert get_call(db, _order(city)).resident_id == husband
    assert _refused(city, resident_id=city.resident_id) == "opted_out"
    with transaction(city.engine) as db:
        people.mark_deceased(
            db, resident=db.get_one(Resident, husband), at=city.house.clock.now(), source="x"
        )
    assert _refused(city) in {"opted_out", "deceased"}


def test_a_number_that_is_wrong_for_one_may_be_right_for_another(city: City) -> None:
    husband = _husband(city)
    with transaction(city.engine) as db:
        resident = db.get_one(Resident, city.resident_id)
        phone = people.phone_of(db, resident=resident, number=MALSUN)
        assert phone is not None
        people.mark_wrong_number(db, resident=resident, phone=phone, at=city.house.clock.now(), source="x")
    with reading(city.engine) as db:
        assert get_call(db, _order(city)).resident_id == husband
    assert _refused(city, resident_id=city.resident_id) == "wrong_number"


def test_a_wrong_number_that_belongs_to_nobody_else_is_not_rung_again(city: City) -> None:
    with transaction(city.engine) as db:
        resident = db.get_one(Resident, city.resident_id)
        phone = people.phone_of(db, resident=resident, number=MALSUN)
        assert phone is not None
        people.mark_wrong_number(db, resident=resident, phone=phone, at=city.house.clock.now(), source="x")
    assert _refused(city) == "wrong_number"
    assert _calls(city) == 0
