"""The dialogs that ship: without a problem, and tried from every side by the calls beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.dialog.conversation import DIALOGS
from voicebot.cli.lines import act_scripted, understand_scripted
from voicebot.dialog import Dialog, load_dialog
from voicebot.dialog.checks import check_folder
from voicebot.dialog.graph import Shape, graph_of
from voicebot.dialog.loading import dialog_files
from voicebot.dialog.scripted import ScriptResult, coverage_of, run_script, scripts_of
from voicebot.dialog.scripted.script import Kind, LoadedScript

WITH_CALLS = sorted(path.name for path in DIALOGS.iterdir() if path.is_dir())


def play(dialog: Dialog, script: LoadedScript) -> ScriptResult:
    """A scripted call with the project's own understanding of answers and of reports."""
    return run_script(dialog, script, understand_scripted, act_scripted)


def test_no_dialog_has_a_problem() -> None:
    assert [str(problem) for problem in check_folder(DIALOGS, None)] == []


def test_every_dialog_has_scripted_calls() -> None:
    assert [path.stem for path in dialog_files(DIALOGS)] == WITH_CALLS


@pytest.mark.parametrize("name", WITH_CALLS)
def test_every_scripted_call_goes_as_written_and_together_they_go_everywhere(name: str) -> None:
    path = DIALOGS / f"{name}.yaml"
    dialog = load_dialog(path).dialog
    results = [play(dialog, script) for script in scripts_of(path)]
    assert [str(failure) for result in results for failure in result.failures] == []
    coverage = coverage_of(graph_of(dialog), results)
    assert (coverage.unvisited_forms, [str(edge) for edge in coverage.unvisited_edges]) == ((), [])


@pytest.mark.parametrize("name", ["welfare_info", "duty_desk"])
def test_somebody_is_silent_and_somebody_hangs_up_at_every_question(name: str) -> None:
    path = DIALOGS / f"{name}.yaml"
    dialog = load_dialog(path).dialog
    questions = _questions(dialog)
    scripts = scripts_of(path)
    assert questions <= {form for each in scripts for form in _forms_before(dialog, each, Kind.SILENCE)}
    assert questions <= {form for each in scripts for form in _forms_before(dialog, each, Kind.HANGS_UP)}


def test_an_emergency_is_heard_at_every_question_of_the_duty_desk() -> None:
    path = DIALOGS / "duty_desk.yaml"
    dialog = load_dialog(path).dialog
    heard_at = set()
    for loaded in scripts_of(path):
        steps = loaded.script.steps
        raised = next((number for number, step in enumerate(steps) if step.performs == "raise_emergency"), 0)
        if raised and steps[raised - 1].act is None and steps[raised - 1].kind is Kind.SAYS:
            heard_at.add(_form_after(dialog, loaded, raised - 1))
    assert _questions(dialog) <= heard_at


def _questions(dialog: Dialog) -> set[str]:
    return {form for form, shape in graph_of(dialog).forms.items() if shape is Shape.QUESTION}


def _forms_before(dialog: Dialog, loaded: LoadedScript, kind: Kind) -> list[str | None]:
    """Where a scripted call stands before each of its steps of this kind."""
    steps = loaded.script.steps
    return [_form_after(dialog, loaded, number) for number, step in enumerate(steps) if step.kind is kind]


def _form_after(dialog: Dialog, loaded: LoadedScript, steps: int) -> str | None:
    script = loaded.script.model_copy(update={"steps": loaded.script.steps[:steps]})
    return play(dialog, replace(loaded, script=script)).form
