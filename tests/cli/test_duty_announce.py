"""``voicebot duty announce`` as an officer types it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from voicebot.clock import SystemClock, in_seoul

FLOOD = "심곡동 일대 정전을 복구하고 있습니다."


@pytest.fixture(autouse=True)
def database(tmp_path: Path, migrated_sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "voicebot.db"
    shutil.copyfile(migrated_sqlite_file, path)
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", f"sqlite:///{path}")


def in_hours(hours: float) -> str:
    return in_seoul(SystemClock().now() + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M")


def test_it_is_put_up_listed_and_withdrawn(run: Run) -> None:
    assert "There is none" in run("duty", "announce", "--list").out
    until = in_hours(5)
    done = run("duty", "announce", FLOOD, "--until", until, "--place", "심곡동", "--by", "7")
    assert done.code == 0, done.err
    assert "Callers hear it first" in done.out
    listed = run("duty", "announce", "--list")
    assert f"until {until}  staff:7 [심곡동] | {FLOOD}" in listed.out
    number = listed.out.split()[0]
    assert "no more" in run("duty", "announce", "--withdraw", number, "--by", "9").out
    assert "over already" in run("duty", "announce", "--withdraw", number, "--by", "9").out
    assert "There is none" in run("duty", "announce", "--list").out


def test_of_three_the_oldest_is_shown_as_not_heard(run: Run) -> None:
    for text in ("하나입니다.", "둘입니다.", "셋입니다."):
        run("duty", "announce", text, "--until", in_hours(2), "--by", "7")
    lines = run("duty", "announce", "--list").out.splitlines()
    assert ["not heard" in line for line in lines] == [False, False, True]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give a TEXT"),
        ((FLOOD, "--list"), "give a TEXT"),
        ((FLOOD, "--until", "2026-12-01 06:00"), "--by WHO"),
        ((FLOOD, "--by", "7"), "--until"),
        ((FLOOD, "--until", "tomorrow", "--by", "7"), "2026-12-01 06:00"),
    ],
)
def test_what_is_missing_is_asked_for(run: Run, arguments: tuple[str, ...], says: str) -> None:
    ran = run("duty", "announce", *arguments)
    assert ran.code == 2
    assert says in ran.err


def test_an_end_in_the_past_or_a_week_off_is_refused(run: Run) -> None:
    past = run("duty", "announce", FLOOD, "--until", in_hours(-1), "--by", "7")
    assert (past.code, "in the future" in past.err) == (1, True)
    far = run("duty", "announce", FLOOD, "--until", in_hours(100), "--by", "7")
    assert (far.code, "--long" in far.err) == (1, True)
    assert run("duty", "announce", FLOOD, "--until", in_hours(100), "--by", "7", "--long").code == 0


def test_withdrawing_an_unknown_one_names_the_list(run: Run) -> None:
    ran = run("duty", "announce", "--withdraw", "4711", "--by", "7")
    assert (ran.code, "--list" in ran.err) == (1, True)
