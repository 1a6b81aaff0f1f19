"""What the commands print about dialogs, and the status with which they leave."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.dialog.small_dialog import ACTIONS, GOOD, spoiled
from voicebot.dialog.reporting import report_check, report_draw, report_test
from voicebot.errors import ConfigurationError

CALL = "title: 끊는다\nsteps: [hangs up, {ends: line_dropped}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    dialogs = tmp_path / "dialogs"
    dialogs.mkdir()
    (dialogs / "small.yaml").write_text(GOOD, encoding="utf-8")
    return dialogs


def write_call(folder: Path, text: str) -> None:
    (folder / "small").mkdir(exist_ok=True)
    (folder / "small" / "call.yaml").write_text(text, encoding="utf-8")


def test_good_dialogs_are_reported_in_one_line(folder: Path) -> None:
    report = report_check(folder, lambda name: ACTIONS)
    assert (report.text, report.status) == ("1 dialogs, no problems", 0)


def test_problems_are_told_with_place_code_and_remedy(folder: Path) -> None:
    (folder / "small.yaml").write_text(spoiled({"to: staff,": "to: kitchen,"}), encoding="utf-8")
    report = report_check(folder, lambda name: ACTIONS)
    assert report.status == 1
    assert "small.yaml:" in report.text
    assert "unknown-desk" in report.text
    assert "→ known: duty_officer, duty_second, situation_room, staff" in report.text


def test_problems_are_told_to_programs_as_json(folder: Path) -> None:
    (folder / "broken.yaml").write_text("dialog: [", encoding="utf-8")
    report = report_check(folder, lambda name: ACTIONS, as_json=True)
    (problem,) = json.loads(report.text)["problems"]
    assert report.status == 1
    assert problem["code"] == "yaml-syntax"
    assert set(problem) == {"path", "line", "code", "message", "remedy"}


def test_each_dialog_is_judged_by_the_actions_of_its_own_line(folder: Path) -> None:
    asked: list[str] = []

    def actions_of(name: str) -> None:
        asked.append(name)

    assert report_check(folder, actions_of).status == 0
    assert asked == ["small"]


def test_scripted_calls_are_told_one_by_one_and_then_what_none_visits(folder: Path) -> None:
    write_call(folder, CALL)
    report = report_test(folder, None)
    assert report.status == 1
    assert "✓ call: 끊는다" in report.text
    assert "1 of 1 scripted calls went as written" in report.text
    assert "no call visits form 'choose'" in report.text
    assert "no call takes the way hello → choose: filled (yes)" in report.text


def test_a_call_that_goes_otherwise_is_told_with_its_line(folder: Path) -> None:
    write_call(folder, CALL.replace("line_dropped", "ordered"))
    report = report_test(folder, None)
    assert "✗ call: 끊는다" in report.text
    assert "call.yaml:2: script-other-end" in report.text


def test_a_dialog_that_is_tried_everywhere_leaves_with_success(folder: Path) -> None:
    least = "dialog: least\nversion: 1\ntitle: 끝\nline: duty\noutcomes: {done: {label: 끝, reached: true}}\n"
    phrases = "phrases: {repeat: 네, slower: 네, louder: 네, hold: 네}\n"
    forms = "first: only\nforms: {only: {prompt: 안녕히 계세요., end: done}}\n"
    (folder / "small.yaml").unlink()
    (folder / "least.yaml").write_text(least + phrases + forms, encoding="utf-8")
    (folder / "least").mkdir()
    (folder / "least" / "call.yaml").write_text("title: 끝\nsteps: [{ends: done}]\n", encoding="utf-8")
    report = report_test(folder, None)
    assert "forms visited: 1 of 1" in report.text
    # The engine's own small answers cannot be asked for where nobody listens.
    assert report.status == 0


@pytest.mark.parametrize(
    ("kind", "ending", "begins"), [("svg", ".svg", "<svg"), ("mermaid", ".mmd", "flowchart")]
)
def test_pictures_are_written_one_for_each_dialog(
    folder: Path, tmp_path: Path, kind: str, ending: str, begins: str
) -> None:
    target = tmp_path / "pictures"
    report = report_draw(folder, target, kind=kind, names=["small"])  # type: ignore[arg-type]
    assert report.status == 0
    assert (target / f"small{ending}").read_text(encoding="utf-8").startswith(begins)


def test_pictures_may_show_what_the_scripted_calls_have_tried(folder: Path, tmp_path: Path) -> None:
    write_call(folder, CALL)
    report_draw(folder, tmp_path, with_coverage=True)
    assert "✗ choose (시험 통화 없음)" in (tmp_path / "small.svg").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_does_not_keep_the_others_back(folder: Path, tmp_path: Path) -> None:
    (folder / "broken.yaml").write_text("dialog: [", encoding="utf-8")
    write_call(folder, CALL)
    drawn, tested = report_draw(folder, tmp_path), report_test(folder, None)
    assert (drawn.status, tested.status) == (1, 1)
    assert "yaml-syntax" in drawn.text
    assert "small.svg" in drawn.text
    assert "✓ call" in tested.text


def test_an_unknown_name_is_told_with_the_known_ones(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"'large'.*known: small"):
        report_test(folder, None, names=["large"])


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no dialog"):
        report_check(tmp_path, lambda name: None)
