"""Scripted calls: read with their places, played, and told line by line where they go otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialog.small_dialog import GOOD, load_text
from voicebot.dialog import Dialog, Event, FieldKind, Heard
from voicebot.dialog.graph import graph_of
from voicebot.dialog.model import FieldSpec
from voicebot.dialog.scripted import ScriptResult, coverage_of, load_scripts, run_script, scripts_of
from voicebot.errors import DataFileError

WHOLE = """\
title: 밥을 주문한다
results: {order: {number: "17"}}
steps:
  - hears: [인공지능 전화, 박순자가 맞으신가요]
  - {says: 네 맞아요, act: affirm}
  - hears: 무엇을 드릴까요?
  - presses: "1"
  - performs: order
    with: {meal: rice}
  - hears: 일칠번으로 주문했습니다
  - ends: ordered
"""


@pytest.fixture
def small(tmp_path: Path) -> Dialog:
    return load_text(tmp_path, GOOD).dialog


def played(folder: Path, dialog: Dialog, text: str) -> ScriptResult:
    path = folder / "call.yaml"
    path.write_text(text, encoding="utf-8")
    (script,) = load_scripts(path)
    return run_script(dialog, script)


def test_a_call_that_goes_as_written_passes(tmp_path: Path, small: Dialog) -> None:
    result = played(tmp_path, small, WHOLE)
    assert result.failures == ()
    assert result.passed
    assert result.visited_forms == {"hello", "choose", "order"}
    assert ("forms", "hello", "filled", "yes", 0) in result.visited_places


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("박순자가 맞으신가요", "이순자가 맞으신가요", "script-not-said", 4),
        ("  - hears: 무엇을 드릴까요?", "  - hears_not: 무엇을", "script-said", 6),
        ("performs: order", "performs: cancel", "script-not-performed", 8),
        ("with: {meal: rice}", "with: {meal: soup}", "script-not-performed", 8),
        ("ends: ordered", "ends: refused", "script-other-end", 11),
        ('presses: "1"', "hears: 무엇을", "script-not-over", 11),
        ("  - ends: ordered", "  - silence", "script-nobody-listens", 11),
        ("  - ends: ordered", "  - hangs up", "script-call-is-over", 11),
        ("  - ends: ordered", "  - transfer: answered", "script-call-is-over", 11),
        ('presses: "1"', "transfer: answered", "script-dialog-error", 7),
        (", act: affirm", "", "script-without-act", 5),
        ('number: "17"', "number: 17", "script-dialog-error", 7),
        ("steps:", "given: {name: 3}\nsteps:", "script-dialog-error", 1),
    ],
)
def test_a_call_that_goes_otherwise_says_where(
    tmp_path: Path, small: Dialog, old: str, new: str, code: str, line: int
) -> None:
    assert WHOLE.count(old) == 1
    result = played(tmp_path, small, WHOLE.replace(old, new))
    assert not result.passed
    assert (code, line) in {(failure.code, failure.line) for failure in result.failures}


def test_an_expectation_that_fails_does_not_hide_the_next(tmp_path: Path, small: Dialog) -> None:
    text = WHOLE.replace("무엇을 드릴까요?", "누구세요").replace("ends: ordered", "ends: refused")
    codes = [failure.code for failure in played(tmp_path, small, text).failures]
    assert codes == ["script-not-said", "script-other-end"]


def test_only_what_was_said_last_counts_as_heard(tmp_path: Path, small: Dialog) -> None:
    text = WHOLE.replace("hears: 무엇을 드릴까요?", "hears: 인공지능 전화")
    assert not played(tmp_path, small, text).passed


def test_words_without_an_act_are_given_to_the_understanding(tmp_path: Path, small: Dialog) -> None:
    asked = []

    def understand(question: str, question_kind: str, field: FieldSpec, text: str) -> Heard:
        asked.append((question, question_kind, field.kind, text))
        return Heard(Event.SPEECH, text=text, act="affirm")

    path = tmp_path / "call.yaml"
    path.write_text(WHOLE.replace(", act: affirm", ""), encoding="utf-8")
    assert run_script(small, load_scripts(path)[0], understand).passed
    question = "박순자가 맞으신가요? 한 끼에 오천 원입니다."
    assert asked == [(question, "identity", FieldKind.YES_NO, "네 맞아요")]


def test_a_step_may_happen_several_times(tmp_path: Path, small: Dialog) -> None:
    text = "title: 다시\nsteps: [{presses: '*', times: 60}, {presses: '*'}, {hears: 사람을 연결합니다}]"
    assert played(tmp_path, small, text).passed


def test_slots_and_pace_of_one_call_differ_from_the_examples(tmp_path: Path, small: Dialog) -> None:
    text = (
        "title: 이름\ngiven: {name: 이복동}\npace: {rate_percent: 85}\nsteps: [{hears: 이복동이 맞으신가요}]"
    )
    assert played(tmp_path, small, text).passed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: 무엇\nsteps:\n  - {hears: 말, says: 네, act: affirm}\n", 3),
        ("title: 무엇\nsteps:\n  - whispers: 네\n", 3),
        ("title: 무엇\nsteps:\n  - hangs-up\n", 3),
        ("title: 무엇\nsteps:\n  - {presses: '12a'}\n", 3),
        ("title: 무엇\nsteps:\n  - {says: 네, hold: true}\n", 3),
        ("title: 무엇\nsteps: []\n", 2),
        ("steps:\n  - silence\n", 1),
        ("calls:\n  - title: 무엇\n    stepps: []\n", 3),
    ],
)
def test_a_faulty_script_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "call.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_scripts(path)
    assert line in {problem.line for problem in caught.value.problems}


def test_the_scripts_of_a_dialog_lie_in_the_folder_of_its_name(tmp_path: Path, small: Dialog) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "b.yaml").write_text(
        "calls:\n" + "".join(f"  - {{title: 통화 {n}, steps: [hangs up]}}\n" for n in "12")
    )
    (folder / "a.yaml").write_text(WHOLE, encoding="utf-8")
    found = scripts_of(tmp_path / "small.yaml")
    assert [script.name for script in found] == ["a", "b#1", "b#2"]
    assert scripts_of(tmp_path / "other.yaml") == []
    (folder / "c.yaml").write_text("title: [")
    (folder / "d.yaml").write_text("title: x\n")
    with pytest.raises(DataFileError) as caught:
        scripts_of(tmp_path / "small.yaml")
    assert {Path(problem.path).name for problem in caught.value.problems} == {"c.yaml", "d.yaml"}


def test_coverage_names_what_no_call_has_visited(tmp_path: Path, small: Dialog) -> None:
    graph = graph_of(small)
    coverage = coverage_of(graph, [played(tmp_path, small, WHOLE)])
    assert not coverage.is_whole
    assert "refuse" in coverage.unvisited_forms
    assert "hello" not in coverage.unvisited_forms
    unvisited = {(edge.source, edge.target) for edge in coverage.unvisited_edges}
    assert ("hello", "refuse") in unvisited
    assert ("hello", "choose") not in unvisited
