"""The residents' file: every fault with its line, nothing lost, and the same file twice changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from voicebot.clock import ManualClock
from voicebot.errors import DataFileError
from voicebot.records import audit, people
from voicebot.records.database import transaction
from voicebot.records.residents_import import ImportReport, import_residents
from voicebot.records.sites import keep_programmes, seed_sites
from voicebot.records.tables import AuditEvent, Household, PhoneNumber, Programme, Resident, UseState

HEADER = (
    "external_id,name,birth_date,phones,site,address,household,classes,household_classes,household_size,"
    "uses_gas_heating,programmes_in_use"
)
MALSUN = (
    "R-1,김말순,1948-03-15,010-0000-0001;032-320-0001,심곡2동,가상로 12,H-1,basic_livelihood;basic_medical,"
    "single_parent,2,예,telecom"
)
DEOKCHUL = "R-2,박덕출,19500102,01000000001,simgok2,,H-1,,,,,"
Import = Callable[..., ImportReport]


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
        path = tmp_path / "residents.csv"
        path.write_bytes("\r\n".join((header, *rows, "")).encode(encoding))
        return path

    return write


@pytest.fixture
def load(engine: Engine, clock: ManualClock) -> Import:
    with transaction(engine) as db:
        seed_sites(db)
        keep_programmes(db, [Programme(id="telecom", name_ko="통신", category="telecom", status="active")])

    def run(path: Path, **more: bool) -> ImportReport:
        return import_residents(
            engine,
            path,
            clock=clock,
            known_classes={"basic_livelihood", "basic_medical"},
            known_household_classes={"single_parent"},
            **more,
        )

    return run


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.added, report.changed, report.unchanged


def faults(report: ImportReport) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.code) for problem in report.problems]


def the_resident(db: Session, external_id: str) -> Resident:
    resident = people.find_resident_by_external_id(db, external_id)
    assert resident is not None
    return resident


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_good_file_is_stored_whole(load: Import, file, engine: Engine, encoding: str):
    assert counts(load(file(MALSUN, DEOKCHUL, encoding=encoding))) == (2, 0, 0)
    with transaction(engine) as db:
        malsun = the_resident(db, "R-1")
        assert (malsun.name, malsun.birth_date, malsun.site_id) == ("김말순", "1948-03-15", "simgok2")
        assert malsun.classes == ["basic_livelihood", "basic_medical"]
        assert [phone.number for phone in people.phones_of(db, malsun)] == ["+821000000001", "+82323200001"]
        assert people.uses_of(db, malsun) == {"telecom": UseState.USING}
        household = db.get(Household, malsun.household_id)
        assert household is not None
        assert (household.address, household.size, household.classes) == ("가상로 12", 2, ["single_parent"])
        assert household.uses_gas_heating is True
        assert the_resident(db, "R-2").household_id == household.id
        assert people.find_residents_by_name(db, "김 말순") == [malsun]


def test_the_same_file_again_changes_nothing(load: Import, file, engine: Engine):
    load(file(MALSUN, DEOKCHUL))
    assert counts(load(file(MALSUN, DEOKCHUL))) == (0, 0, 2)
    with transaction(engine) as db:
        assert len(db.exec(select(Resident)).all()) == 2
        assert len(db.exec(select(Household)).all()) == 1


def test_what_the_register_changed_is_changed(load: Import, file, engine: Engine):
    load(file(MALSUN, DEOKCHUL))
    moved = "R-1,김말순,1948-03-15,032-320-0001;010-0000-0009,중4동,가상로 5,,basic_medical,,1,아니오,"
    stayed = "R-2,박덕출,19500102,01000000001,simgok2,가상로 12,H-1,,single_parent,2,예,"
    assert counts(load(file(moved, stayed))) == (0, 1, 1)
    with transaction(engine) as db:
        malsun = the_resident(db, "R-1")
        assert (malsun.site_id, malsun.classes) == ("jung4", ["basic_medical"])
        assert [phone.number for phone in people.phones_of(db, malsun)] == ["+82323200001", "+821000000009"]
        assert people.uses_of(db, malsun) == {}
        assert malsun.household_id != the_resident(db, "R-2").household_id


def test_what_calls_taught_outlives_the_import(load: Import, file, engine: Engine, clock: ManualClock):
    load(file(MALSUN))
    with transaction(engine) as db:
        malsun = the_resident(db, "R-1")
        people.opt_out(db, resident=malsun, at=clock.now(), source="call:1")
        people.remember_pace(db, resident=malsun, pace={"louder": True})
        wrong = people.phones_of(db, malsun)[0]
        people.mark_wrong_number(db, resident=malsun, phone=wrong, at=clock.now(), source="call:1")
    load(file(MALSUN.replace("김말순", "김말숙").replace("가상로 12", "가상로 13")))
    with transaction(engine) as db:
        malsun = the_resident(db, "R-1")
        assert malsun.name == "김말숙"
        assert malsun.opted_out_at == clock.now()
        assert malsun.pace == {"louder": True}
        assert people.phones_of(db, malsun)[0].is_wrong


def test_columns_that_the_file_lacks_stay_as_stored(load: Import, file, engine: Engine):
    load(file(MALSUN))
    assert counts(load(file("R-1,김말순,심곡2동", header="external_id,name,site"))) == (0, 0, 1)
    with transaction(engine) as db:
        malsun = the_resident(db, "R-1")
        assert len(people.phones_of(db, malsun)) == 2
        assert malsun.household_id is not None


def test_a_file_with_one_fault_leaves_everything_as_it_was(load: Import, file, engine: Engine):
    report = load(file(MALSUN, DEOKCHUL.replace("simgok2", "심곡9동")))
    assert faults(report) == [(3, "unknown-site")]
    assert counts(report) == (0, 0, 0)
    with transaction(engine) as db:
        assert db.exec(select(Resident)).all() == []


def test_good_rows_are_kept_when_asked_for(load: Import, file, engine: Engine):
    report = load(file(DEOKCHUL.replace("simgok2", "심곡9동"), MALSUN), keep_good=True)
    assert faults(report) == [(2, "unknown-site")]
    assert counts(report) == (1, 0, 0)


def test_every_fault_is_reported_with_its_line_and_a_remedy(load: Import, file):
    report = load(
        file(
            MALSUN,
            "R-3,,1948-13-01,010-123,심곡9동,,,rich,poor,0,아마,internet",
            "R-1,이끝순,,,심곡2동,,,,,,,",
            "R-4,이끝순,2030-01-01,,심곡2동,,H-1,,,3,,",
            "",
            'R-5,"이\n끝순",,,심곡2동,,,,,,,',
            "R-6,이끝순,,,심곡2동,,,,,,,,extra",
        )
    )
    assert faults(report) == [
        (3, "wrong-date"),
        (3, "wrong-size"),
        (3, "wrong-choice"),
        (3, "missing-value"),
        (3, "unknown-site"),
        (3, "wrong-phone"),
        (3, "unknown-class"),
        (3, "unknown-programme"),
        (3, "unknown-household-class"),
        (4, "duplicate-id"),
        (5, "wrong-date"),
        (7, "wrong-text"),
        (9, "wrong-cells"),
    ]
    assert all(problem.remedy for problem in report.problems)


def test_a_household_described_in_two_ways_is_a_fault(load: Import, file):
    other_size = "R-2,박덕출,,,심곡2동,,H-1,,,3,,"
    other_dong = "R-3,박덕출,,,중4동,,H-1,,,,,"
    report = load(file(MALSUN, other_size, other_dong))
    assert faults(report) == [(3, "household-differs"), (4, "household-differs")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-unreadable"),
        (b"\xff\xfe\x00\x01", "file-unreadable"),
        (b"PK\x03\x04 an xlsx file", "file-unreadable"),
        (b"external_id,name,site\nR-1,\x81\x20,x", "file-unreadable"),
        (b'external_id,name,site\nR-1,"open,x', "file-unreadable"),
        (b"external_id,name\n", "missing-column"),
        (b"external_id,name,site,colour\n", "unknown-column"),
        (b"external_id,name,site,name\n", "duplicate-column"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_why(load: Import, tmp_path: Path, content: bytes, code: str):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(DataFileError) as caught:
        load(path)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert caught.value.problems[0].remedy


def test_a_missing_file_says_so(load: Import, tmp_path: Path):
    with pytest.raises(DataFileError, match="check that the file exists"):
        load(tmp_path / "none.csv")


def test_shared_telephones_are_noted_not_refused(load: Import, file, engine: Engine):
    with transaction(engine) as db:
        outsider = people.add_resident(db, site_id="simgok2", name="이끝순")
        people.add_phone(db, resident=outsider, number="032-320-0001")
    report = load(file(MALSUN, DEOKCHUL))
    assert report.problems == ()
    assert [(note.line, note.code) for note in report.notes] == [(3, "shared-phone"), (2, "shared-phone")]
    assert counts(report) == (2, 0, 0)


def test_a_dry_run_counts_and_writes_nothing(load: Import, file, engine: Engine):
    load(file(MALSUN))
    report = load(file(MALSUN.replace("가상로 12", "가상로 13"), DEOKCHUL), dry_run=True)
    assert counts(report) == (1, 1, 0)
    with transaction(engine) as db:
        assert len(db.exec(select(Resident)).all()) == 1
        assert db.exec(select(Household)).one().address == "가상로 12"
        assert len(db.exec(select(AuditEvent)).all()) == 1


def test_an_import_is_audited_by_its_counts(load: Import, file, engine: Engine):
    load(file(MALSUN, DEOKCHUL))
    with transaction(engine) as db:
        (event,) = audit.events_of(db, subject="residents")
        assert event.detail == {"added": 2, "changed": 0, "unchanged": 0, "faults": 0}


def test_more_rows_than_one_batch_are_all_stored(load: Import, file, engine: Engine):
    rows = [f"R-{number},이끝순,,010{number:08d},심곡2동,,H-{number // 2},,,,," for number in range(520)]
    assert counts(load(file(*rows))) == (520, 0, 0)
    assert counts(load(file(*rows))) == (0, 0, 520)
    with transaction(engine) as db:
        assert len(db.exec(select(PhoneNumber)).all()) == 520
        assert len(db.exec(select(Household)).all()) == 260
