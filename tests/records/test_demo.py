"""The demo city: made up, the same every time, and with every kind of resident that calls must cope with."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from voicebot.clock import ManualClock
from voicebot.records import people
from voicebot.records.database import open_database, transaction
from voicebot.records.demo import (
    FIRST_RESIDENT_NUMBER,
    DemoCity,
    begin_again_with_first_resident,
    fill_demo_city,
)
from voicebot.records.people import Hindrance
from voicebot.records.sites import keep_programmes
from voicebot.records.tables import Household, PhoneNumber, Programme, ProgrammeUse, Resident, Staff, UseState

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PROGRAMMES = ["telecom_mobile", "electricity_welfare", "tv_licence", "culture_nuri"]


@pytest.fixture(scope="module")
def city(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory, secret_key: bytes
) -> Iterator[Engine]:
    """One city for all tests that only look at it."""
    path = tmp_path_factory.mktemp("demo") / "city.db"
    shutil.copyfile(migrated_sqlite_file, path)
    engine = open_database(f"sqlite:///{path}", secret_key)
    _fill(engine)
    yield engine
    engine.dispose()


def _fill(engine: Engine) -> DemoCity:
    with transaction(engine) as db:
        keep_programmes(db, [Programme(id=name, name_ko=name, category="", status="") for name in PROGRAMMES])
        return fill_demo_city(db, clock=ManualClock(NOW), programme_ids=PROGRAMMES)


def _people(db: Session) -> list[tuple[object, ...]]:
    residents = db.exec(select(Resident)).all()
    return sorted((r.external_id, r.name, r.birth_date, r.site_id, tuple(r.classes)) for r in residents)


def test_it_has_two_hundred_residents_in_every_dong_and_staff_to_look_after_them(city: Engine):
    with transaction(city) as db:
        residents = db.exec(select(Resident)).all()
        assert len(residents) >= 200
        assert len({resident.site_id for resident in residents}) == 37
        assert {resident.site_id for resident in residents} <= {
            person.site_id for person in db.exec(select(Staff))
        }


def test_its_first_resident_is_kim_malsun_who_uses_nothing(city: Engine):
    with transaction(city) as db:
        (malsun,) = people.find_resident_by_phone(db, FIRST_RESIDENT_NUMBER)
        assert (malsun.name, malsun.site_id) == ("김말순", "simgok2")
        assert people.uses_of(db, malsun) == {}
        assert 2026 - int((malsun.birth_date or "")[:4]) == 78
        assert (malsun.birth_date or "")[5:] <= "11-24"
        assert {"basic_livelihood", "basic_medical", "disabled_severe"} <= set(malsun.classes)
        assert people.contactable(malsun, people.best_phone(db, malsun)).may_ring


def test_no_number_in_it_can_belong_to_anybody(city: Engine):
    with transaction(city) as db:
        numbers = [phone.number for phone in db.exec(select(PhoneNumber))]
        numbers += [person.phone or "" for person in db.exec(select(Staff))]
        assert all(number.startswith("+82100") and len(number) == 13 for number in numbers)


def test_it_holds_every_hindrance_and_the_telephones_of_real_life(city: Engine):
    with transaction(city) as db:
        residents = db.exec(select(Resident)).all()
        first_phones = {r.id: next(iter(people.phones_of(db, r)), None) for r in residents}
        reasons = {people.contactable(r, first_phones[r.id]).reason for r in residents}
        assert reasons == {None, *Hindrance}
        phones = db.exec(select(PhoneNumber)).all()
        assert {"딸", "아들"} <= {phone.holder for phone in phones}
        assert len({phone.number_hash for phone in phones}) < len(phones)
        paces = [r.pace for r in residents]
        assert any(pace.get("louder") for pace in paces)
        assert any(pace.get("keypad_only") for pace in paces)


def test_couples_who_share_a_household_do_not_count_as_living_alone(city: Engine):
    with transaction(city) as db:
        for household in db.exec(select(Household)):
            people_there = db.exec(select(Resident).where(Resident.household_id == household.id)).all()
            if len(people_there) > 1:
                assert "single_person_household" not in household.classes
                assert (household.size or 0) >= len(people_there)


def test_some_residents_use_each_programme_already(city: Engine):
    with transaction(city) as db:
        assert {use.programme_id for use in db.exec(select(ProgrammeUse))} == set(PROGRAMMES)


def test_filling_it_again_changes_nothing_and_every_database_gets_the_same_city(city: Engine, engine: Engine):
    made = _fill(engine)
    assert made.residents >= 200
    assert made.staff > 37
    with transaction(city) as db:
        expected = _people(db)
    assert _fill(engine) == DemoCity()
    with transaction(engine) as db:
        assert _people(db) == expected


def test_the_first_resident_begins_again_whatever_earlier_demonstrations_taught(engine: Engine):
    _fill(engine)
    clock = ManualClock(NOW)
    with transaction(engine) as db:
        (resident,) = people.find_resident_by_phone(db, FIRST_RESIDENT_NUMBER)
        people.opt_out(db, resident=resident, at=NOW, source="call:x")
        people.remember_pace(db, resident=resident, pace={"louder": True})
        people.use_programme(
            db,
            resident=resident,
            programme_id="telecom_mobile",
            state=UseState.REQUESTED,
            at=NOW,
            source="call:x",
        )
    with transaction(engine) as db:
        begin_again_with_first_resident(db, clock=clock)
    with transaction(engine) as db:
        (resident,) = people.find_resident_by_phone(db, FIRST_RESIDENT_NUMBER)
        assert people.contactable(resident, people.best_phone(db, resident)).may_ring
        assert resident.pace == {}
        assert people.uses_of(db, resident) == {}
