"""Who is on duty: always somebody, in the order of calling; every fault of the file is told with its line."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voicebot.clock import SEOUL
from voicebot.config import PROJECT_ROOT, load_settings
from voicebot.duty.roster import ROSTER, Roster, kind_of_day, load_roster
from voicebot.duty.working_hours import is_working_day
from voicebot.errors import DataFileError, Problem
from voicebot.records.phones import normalise_phone

_START = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 80 * 366 * 24 * 60).map(lambda minutes: _START + timedelta(minutes=minutes))
ALL_DAYS = ["월", "화", "수", "목", "금", "토", "일", "공휴일"]
LEAST: dict[str, Any] = {
    "officers": [
        {"id": "kim", "name": "김말순", "phone": "010-0000-0001", "role_ko": "당직원"},
        {"id": "lee", "name": "이점례", "phone": "+821000000002", "role_ko": "당직원"},
        {"id": "park", "name": "박갑술", "phone": "+821000000003", "role_ko": "당직사령"},
        {"id": "jung", "name": "정판득", "phone": "+821000000004", "role_ko": "당직원"},
    ],
    "situation_room": {"id": "room", "name": "상황실", "phone": "+821000000009", "role_ko": "상황실"},
    "shifts": [
        {"name_ko": "낮", "days": ALL_DAYS, "starts": "09:00", "ends": "18:00", "officers": ["kim"]},
        {"name_ko": "밤", "days": ALL_DAYS, "starts": "18:00", "ends": "09:00", "officers": ["lee", "park"]},
    ],
}


def _file(tmp_path: Path, **changes: Any) -> Path:
    path = tmp_path / "roster.yaml"
    text = yaml.safe_dump({**copy.deepcopy(LEAST), **changes}, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


def _seoul(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SEOUL)


def _called(roster: Roster, moment: str) -> list[str]:
    return [officer.id for officer in roster.on_duty(_seoul(moment))]


SHIPPED = load_roster()


@given(MOMENTS)
def test_somebody_of_the_shipped_roster_is_on_duty_at_every_moment(moment: datetime) -> None:
    officers = SHIPPED.on_duty(moment)
    assert len(officers) >= 2, "the situation room alone is no shift"
    assert officers[-1] == SHIPPED.situation_room
    assert len({officer.phone for officer in officers}) == len(officers)
    shift = SHIPPED.shift_at(moment)
    assert shift.starts <= moment < shift.ends
    assert shift.officers == officers


@given(st.integers(0, 40 * 366), st.integers(1, 30))
def test_shifts_follow_each_other_without_a_gap(offset: int, days: int) -> None:
    first = _START.date() + timedelta(days=offset)
    shifts = list(SHIPPED.shifts(first, days=days))
    assert shifts[0].starts == datetime.combine(first, datetime.min.time(), SEOUL) + timedelta(hours=9)
    assert shifts[-1].ends - shifts[0].starts == timedelta(days=days)
    for before, after in pairwise(shifts):
        assert before.ends == after.starts


def test_the_shipped_file_is_the_one_that_the_settings_name_and_rings_nobody() -> None:
    environment = {"VOICEBOT_SECRET_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
    settings = load_settings(PROJECT_ROOT / "config.yaml", environment)
    assert settings.roster_path == ROSTER
    entries = yaml.safe_load(ROSTER.read_text(encoding="utf-8"))
    phones = [entry["phone"] for entry in (*entries["officers"], entries["situation_room"])]
    assert all(phone.startswith("+8210000") for phone in phones), "010-000x numbers belong to nobody"
    assert phones == [normalise_phone(phone) for phone in phones]


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    eve, holiday = SHIPPED.shift_at(_seoul("2026-12-25 03:00")), SHIPPED.shift_at(_seoul("2026-12-25 09:00"))
    assert (eve.name_ko, eve.starts.date()) == ("평일 밤", date(2026, 12, 24))
    assert holiday.name_ko == "휴일 낮"
    assert SHIPPED.shift_at(_seoul("2026-12-25 18:00")).name_ko == "휴일 밤"


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 11, 23), "월"),
        (date(2026, 11, 28), "토"),
        (date(2026, 11, 29), "일"),
        (date(2026, 12, 25), "공휴일"),
        (date(2026, 3, 1), "공휴일"),  # a Sunday, too
        (date(2026, 3, 2), "공휴일"),  # its substitute
    ],
)
def test_a_public_holiday_is_a_holiday_whatever_its_weekday(day: date, kind: str) -> None:
    assert kind_of_day(day) == kind


@given(st.integers(0, 40 * 366))
def test_the_shipped_roster_takes_days_off_for_days_off(offset: int) -> None:
    day = _START.date() + timedelta(days=offset)
    names = {shift.name_ko for shift in SHIPPED.shifts(day, days=1)}
    assert names == ({"평일 낮", "평일 밤"} if is_working_day(day) else {"휴일 낮", "휴일 밤"})


def test_the_order_of_calling_is_the_files_and_ends_in_the_situation_room(tmp_path: Path) -> None:
    roster = load_roster(_file(tmp_path))
    assert _called(roster, "2026-11-24 17:59") == ["kim", "room"]
    assert _called(roster, "2026-11-24 18:00") == ["lee", "park", "room"]
    assert roster.on_duty(_seoul("2026-11-24 12:00"))[0].phone == "+821000000001"
    assert (roster.officer("park") or roster.situation_room).name == "박갑술"
    assert roster.officer("room") == roster.situation_room
    assert roster.officer("choi") is None


def test_a_stand_in_takes_the_place_of_the_absent_on_the_days_named(tmp_path: Path) -> None:
    away = {"absent": "lee", "stand_in": "kim", "first_day": "2026-12-24", "last_day": "2026-12-25"}
    roster = load_roster(_file(tmp_path, stand_ins=[away]))
    assert _called(roster, "2026-12-24 08:59") == ["lee", "park", "room"], "still the night of the 23rd"
    assert _called(roster, "2026-12-24 18:00") == ["kim", "park", "room"]
    assert _called(roster, "2026-12-26 08:59") == ["kim", "park", "room"], "still the night of the 25th"
    assert _called(roster, "2026-12-26 18:00") == ["lee", "park", "room"]


def test_a_stand_in_who_is_on_the_shift_anyway_is_called_once(tmp_path: Path) -> None:
    away = {"absent": "lee", "stand_in": "park", "first_day": "2026-12-24", "last_day": "2026-12-24"}
    roster = load_roster(_file(tmp_path, stand_ins=[away]))
    assert _called(roster, "2026-12-24 22:00") == ["park", "room"]


def test_names_and_numbers_of_officers_stay_out_of_logs() -> None:
    shown = repr(SHIPPED.on_duty(_START))
    assert "0000" not in shown
    assert SHIPPED.on_duty(_START)[0].name not in shown


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        SHIPPED.on_duty(datetime(2026, 11, 24, 10, 0))  # noqa: DTZ001


Change = Callable[[dict[str, Any]], None]


def _set(*path: str | int, value: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        inner: Any = data
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value

    return change


def _stand_in(**changes: str) -> dict[str, str]:
    away = {"absent": "lee", "stand_in": "kim", "first_day": "2026-12-24", "last_day": "2026-12-25"}
    return {**away, **changes}


FAULTS: list[tuple[Change, str, str]] = [
    (_set("colour", value="red"), "unknown-key", "colour"),
    (_set("officers", 0, "mail", value="x"), "unknown-key", "mail"),
    (_set("officers", 1, "phone", value="02-123"), "wrong-value", "02-123"),
    (_set("officers", 1, "phone", value="119"), "wrong-value", "119"),
    (_set("officers", 1, "phone", value=821000000002), "wrong-value", "821000000002"),
    (_set("officers", 1, "id", value="이점례"), "wrong-value", "이점례"),
    (_set("officers", 3, "id", value="kim"), "duplicate-officer", "id: kim"),
    (_set("officers", 1, "phone", value="+821000000001"), "duplicate-phone", "+821000000001"),
    (_set("situation_room", "phone", value="+821000000001"), "duplicate-phone", "+821000000001"),
    (_set("officers", 1, "phone", value="+82323203000"), "own-number", "+82323203000"),
    (_set("shifts", 1, "officers", value=["lee", "choi"]), "unknown-officer", "choi"),
    (_set("shifts", 1, "officers", value=["lee", "lee"]), "duplicate-officer", "lee"),
    (_set("shifts", 1, "officers", value=["lee", "room"]), "situation-room", "room"),
    (_set("shifts", 1, "officers", value=[]), "wrong-value", "officers: []"),
    (_set("shifts", 1, "days", value=["월", "휴일"]), "wrong-value", "휴일"),
    (_set("shifts", 1, "days", value=ALL_DAYS[:-1]), "not-covered", "shifts:"),
    (_set("shifts", 0, "starts", value="09:30"), "not-covered", "shifts:"),
    (_set("shifts", 1, "starts", value="17:00"), "overlap", "17:00"),
    (_set("shifts", 1, "starts", value="09:00"), "overlap", "09:00"),
    (_set("shifts", 0, "starts", value="08:00"), "wrong-hours", "18:00"),
    (_set("shifts", 1, "ends", value="18:00"), "wrong-hours", "18:00"),
    (_set("shifts", 1, "starts", value="6시"), "wrong-value", "6시"),
    (_set("stand_ins", value=[_stand_in(absent="choi")]), "unknown-officer", "choi"),
    (_set("stand_ins", value=[_stand_in(stand_in="room")]), "unknown-officer", "room"),
    (_set("stand_ins", value=[_stand_in(stand_in="lee")]), "wrong-stand-in", "lee"),
    (_set("stand_ins", value=[_stand_in(last_day="2026-12-23")]), "wrong-period", "2026-12-23"),
    (_set("stand_ins", value=[_stand_in(first_day="12월 24일")]), "wrong-value", "12월 24일"),
    (_set("stand_ins", value=[_stand_in(first_day="2026-02-30")]), "wrong-value", "2026-02-30"),
    (_set("stand_ins", value=[_stand_in(), _stand_in(stand_in="park")]), "duplicate-absence", "absent: lee"),
    (
        _set("stand_ins", value=[_stand_in(), _stand_in(absent="kim", stand_in="park")]),
        "wrong-stand-in",
        "kim",
    ),
]


@pytest.mark.parametrize(("change", "code", "on_line"), FAULTS)
def test_each_fault_is_told_with_file_line_and_remedy(
    tmp_path: Path, change: Change, code: str, on_line: str
) -> None:
    data = copy.deepcopy(LEAST)
    change(data)
    path = _file(tmp_path, **data)
    with pytest.raises(DataFileError) as caught:
        load_roster(path, bot_numbers={"+82323203000"})
    assert {problem.code for problem in caught.value.problems} == {code}
    lines = path.read_text(encoding="utf-8").splitlines()
    assert any(on_line in lines[_line(problem) - 1] for problem in caught.value.problems), str(caught.value)
    for problem in caught.value.problems:
        assert problem.path == str(path)
        assert problem.remedy


def _line(problem: Problem) -> int:
    assert problem.line is not None
    return problem.line


def test_a_long_shift_that_holds_a_short_one_is_an_overlap_and_no_gap(tmp_path: Path) -> None:
    whole = {"name_ko": "온종일", "days": ALL_DAYS, "starts": "09:00", "ends": "09:00", "officers": ["kim"]}
    load_roster(_file(tmp_path, shifts=[whole]))
    noon = {"name_ko": "점심", "days": ["토"], "starts": "12:00", "ends": "13:00", "officers": ["lee"]}
    with pytest.raises(DataFileError) as caught:
        load_roster(_file(tmp_path, shifts=[whole, noon]))
    assert [problem.code for problem in caught.value.problems] == ["overlap"]


def test_a_gap_names_the_kind_of_day_and_the_hours(tmp_path: Path) -> None:
    shifts = copy.deepcopy(LEAST["shifts"])
    shifts[0]["days"] = ALL_DAYS[:5]
    with pytest.raises(DataFileError) as caught:
        load_roster(_file(tmp_path, shifts=shifts))
    told = [problem.message for problem in caught.value.problems]
    assert told == ["토, 일, 공휴일: nobody is on duty from 09:00 to 18:00"]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    data = copy.deepcopy(LEAST)
    data["shifts"][0]["officers"] = ["choi"]
    data["shifts"][1]["days"] = ["월"]
    data["stand_ins"] = [_stand_in(stand_in="lee")]
    with pytest.raises(DataFileError) as caught:
        load_roster(_file(tmp_path, **data))
    assert {each.code for each in caught.value.problems} == {
        "unknown-officer",
        "not-covered",
        "wrong-stand-in",
    }
