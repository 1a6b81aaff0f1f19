"""What is personal is ciphertext in the file, and nobody can move or change it unnoticed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from voicebot.clock import ManualClock
from voicebot.errors import EncryptionError
from voicebot.records import calls, cases, people
from voicebot.records.database import open_database, transaction
from voicebot.records.encryption import Keyring, derive_key
from voicebot.records.tables import Direction, FollowUpKind, Household, Resident, Site, SiteKind

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
KEYRING = Keyring([OLD])


@given(st.text())
def test_every_text_comes_back(text: str):
    assert KEYRING.decrypt("resident.name", KEYRING.encrypt("resident.name", text)) == text


@given(st.text(min_size=1), st.data())
def test_any_changed_byte_is_noticed(text: str, data: st.DataObject):
    sealed = bytearray(KEYRING.encrypt("turn.heard", text))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(EncryptionError):
        KEYRING.decrypt("turn.heard", bytes(sealed))


@given(st.binary(max_size=64))
def test_arbitrary_bytes_are_refused_and_nothing_else_happens(stored: bytes):
    with pytest.raises(EncryptionError):
        KEYRING.decrypt("turn.heard", stored)


def test_a_value_moved_to_another_column_does_not_decrypt():
    with pytest.raises(EncryptionError, match=r"resident\.name: the stored value was changed or moved"):
        KEYRING.decrypt("resident.name", KEYRING.encrypt("household.address", "부천시"))


def test_the_same_text_never_looks_the_same_twice():
    assert KEYRING.encrypt("resident.name", "김말순") != KEYRING.encrypt("resident.name", "김말순")


def test_another_key_is_named_as_the_cause():
    with pytest.raises(EncryptionError, match="another VOICEBOT_SECRET_KEY"):
        Keyring([NEW]).decrypt("resident.name", KEYRING.encrypt("resident.name", "김말순"))


def test_a_keyring_without_keys_is_refused():
    with pytest.raises(EncryptionError):
        Keyring([])


def test_during_a_rotation_old_values_are_read_and_new_ones_written_with_the_new_key():
    both = Keyring([NEW, OLD])
    assert both.decrypt("resident.name", KEYRING.encrypt("resident.name", "김말순")) == "김말순"
    fresh = both.encrypt("resident.name", "김말순")
    assert Keyring([NEW]).decrypt("resident.name", fresh) == "김말순"


def test_look_up_hashes_depend_on_key_purpose_and_text():
    hashes = {
        KEYRING.index("phone", "+821000000001"),
        KEYRING.index("name", "+821000000001"),
        KEYRING.index("phone", "+821000000002"),
        Keyring([NEW]).index("phone", "+821000000001"),
    }
    assert len(hashes) == 4
    assert Keyring([NEW, OLD]).indexes("phone", "1")[1] == KEYRING.index("phone", "1")


def test_derived_keys_differ_by_purpose_and_are_not_the_secret():
    assert len({derive_key(OLD, "field"), derive_key(OLD, "index"), OLD}) == 3


@pytest.fixture
def lived_in(engine: Engine, clock: ManualClock) -> Engine:
    with transaction(engine) as db:
        db.add(Site(id="simgok2", kind=SiteKind.DONG, name_ko="심곡2동"))
        db.flush()
        household = Household(site_id="simgok2", address="부천시 원미구 가상로 12")
        db.add(household)
        db.flush()
        resident = people.add_resident(db, site_id="simgok2", name="김말순", household_id=household.id)
        people.add_phone(db, resident=resident, number="010-0000-0001")
        call = calls.add_call(
            db,
            direction=Direction.OUTBOUND,
            line="outreach",
            dialog="welfare_info",
            from_number="+82321234567",
            to_number="+821000000001",
            at=clock.now(),
            resident_id=resident.id,
        )
        call.session = {"slots": {"이름": "김말순"}}
        calls.add_turn(
            db,
            call=call,
            step=0,
            at=clock.now(),
            form="offer",
            event="speech",
            heard="무릎이 아파요",
            said=["김말순 님"],
            meaning={"words": "무릎"},
            twiml="<Say>김말순</Say>",
        )
        cases.open_follow_up(
            db, site_id="simgok2", kind=FollowUpKind.MESSAGE, summary="무릎 통증", at=clock.now()
        )
    return engine


PERSONAL = ("김말순", "0000001", "가상로", "무릎", "\\ub9d0")


def test_nothing_personal_stands_readable_in_any_table(lived_in: Engine):
    stored = b""
    with lived_in.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"'):
                stored += b" ".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)
    assert "심곡2동".encode() in stored  # the search would find text that is there
    assert [word for word in PERSONAL if word.encode() in stored] == []


def test_nothing_personal_stands_readable_in_the_sqlite_file(lived_in: Engine):
    lived_in.dispose()
    if lived_in.dialect.name == "sqlite":
        path = Path(lived_in.url.database or "")
        stored = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        assert "심곡2동".encode() in stored
        assert [word for word in PERSONAL if word.encode() in stored] == []


def test_a_database_is_read_and_searched_with_the_old_key_while_it_is_rotated(lived_in: Engine):
    rotated = open_database(lived_in.url.render_as_string(hide_password=False), [NEW, OLD])
    with transaction(rotated) as db:
        (found,) = people.find_resident_by_phone(db, "+821000000001")
        assert found.name == "김말순"
        assert people.find_residents_by_name(db, "김 말순") == [found]
        assert people.add_phone(db, resident=found, number="+821000000001").preference == 1
        assert len(people.phones_of(db, found)) == 1
    rotated.dispose()


def test_a_value_swapped_between_columns_in_the_database_is_refused(lived_in: Engine):
    with lived_in.begin() as connection:
        connection.exec_driver_sql("UPDATE resident SET name = (SELECT address FROM household)")
    with Session(lived_in) as db, pytest.raises(EncryptionError, match=r"resident\.name"):
        db.exec(select(Resident)).all()
