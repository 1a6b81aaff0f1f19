"""``voicebot duty roster``: who is on duty, told to an officer at a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Run
from voicebot.config import PROJECT_ROOT
from voicebot.duty.roster import ROSTER


def _settings_with(roster: Path, tmp_path: Path) -> str:
    settings = yaml.safe_load((PROJECT_ROOT / "config.yaml").read_text(encoding="utf-8"))
    settings["duty"]["roster"] = str(roster)
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return str(path)


def test_it_tells_who_is_on_duty_at_a_moment_in_the_order_of_calling(run: Run) -> None:
    ran = run("duty", "roster", "--at", "2026-12-25 03:00", "--days", "1")
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert lines[0] == "On duty at 2026-12-25 03:00 (금, 기독탄신일): 평일 밤, until 09:00"
    assert [line.split()[2] for line in lines[1:5]] == ["고은솔", "도담별", "온새미", "통합상황실"]
    assert lines[1] == "  1. 010-0000-9903  고은솔 (당직원)"
    assert lines[6] == "The coming 1 day(s):"
    assert lines[7].startswith("  2026-12-25 09:00-18:00  휴일 낮 (금, 기독탄신일): 진솔비 → ")
    assert lines[8].startswith("  2026-12-25 18:00-09:00  휴일 밤 (금, 기독탄신일): 도담별 → ")
    assert len(lines) == 9


def test_without_a_moment_it_is_now(run: Run) -> None:
    ran = run("duty", "roster")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("On duty at 20")
    assert len(ran.out.split("The coming 7 day(s):")[1].strip().splitlines()) == 14


@pytest.mark.parametrize("moment", ["tomorrow", "2026-12-25", "2026-02-30 03:00"])
def test_a_moment_that_is_none_is_refused_with_an_example(run: Run, moment: str) -> None:
    ran = run("duty", "roster", "--at", moment)
    assert ran.code == 2
    assert "2026-12-25 03:00" in ran.err


def test_a_wrong_file_is_told_with_file_and_line(run: Run, tmp_path: Path) -> None:
    text = ROSTER.read_text(encoding="utf-8").replace("officers: [han_nuri, na_raewon]", "officers: [nobody]")
    broken = tmp_path / "roster.yaml"
    broken.write_text(text, encoding="utf-8")
    ran = run("duty", "roster", VOICEBOT_CONFIG=_settings_with(broken, tmp_path))
    assert ran.code == 1
    number = next(n for n, line in enumerate(text.splitlines(), start=1) if "[nobody]" in line)
    assert f"{broken}:{number}: unknown-officer" in ran.err


def test_an_officer_must_not_be_called_at_a_number_that_the_bot_answers(run: Run, tmp_path: Path) -> None:
    text = ROSTER.read_text(encoding="utf-8").replace("+821000009999", "+82323203000")
    broken = tmp_path / "roster.yaml"
    broken.write_text(text, encoding="utf-8")
    ran = run("duty", "roster", VOICEBOT_CONFIG=_settings_with(broken, tmp_path))
    assert ran.code == 1
    assert "own-number" in ran.err


def test_a_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    ran = run("duty", "roster", VOICEBOT_CONFIG=_settings_with(tmp_path / "none.yaml", tmp_path))
    assert ran.code == 1
    assert "none.yaml: file-unreadable" in ran.err
