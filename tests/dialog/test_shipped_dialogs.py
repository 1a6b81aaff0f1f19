"""The dialogs that ship: without a problem, and tried from every side by the calls beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.dialog.conversation import DIALOGS
from voicebot.dialog import Dialog, Event, Heard, load_dialog
from voicebot.dialog.checks import check_folder
from voicebot.dialog.graph import Shape, graph_of
from voicebot.dialog.loading import dialog_files
from voicebot.dialog.model import FieldSpec
from voicebot.dialog.scripted import coverage_of, run_script, scripts_of
from voicebot.dialog.scripted.script import Kind, LoadedScript
from voicebot.nlu import understand_answer

WITH_CALLS = sorted(path.name for path in DIALOGS.iterdir() if path.is_dir())


def understand(question: str, question_kind: str, field: FieldSpec, text: str) -> Heard:
    """The project's own understanding, for the few plain sentences that leave it to it."""
    answer = understand_answer(text, question=question, question_kind=question_kind)
    also = tuple(act.value for act in answer.also)
    return Heard(
        Event.SPEECH,
        text=text,
        act=answer.act.value,
        also=also,
        confidence=answer.confidence,
        hold=answer.hold,
    )


def test_no_dialog_has_a_problem() -> None:
    assert [str(problem) for problem in check_folder(DIALOGS, None)] == []


def test_every_dialog_has_scripted_calls() -> None:
    assert [path.stem for path in dialog_files(DIALOGS)] == WITH_CALLS


@pytest.mark.parametrize("name", WITH_CALLS)
def test_every_scripted_call_goes_as_written_and_together_they_go_everywhere(name: str) -> None:
    path = DIALOGS / f"{name}.yaml"
    dialog = load_dialog(path).dialog
    results = [run_script(dialog, script, understand) for script in scripts_of(path)]
    assert [str(failure) for result in results for failure in result.failures] == []
    coverage = coverage_of(graph_of(dialog), results)
    assert (coverage.unvisited_forms, [str(edge) for edge in coverage.unvisited_edges]) == ((), [])


def test_somebody_is_silent_and_somebody_hangs_up_at_every_question_of_the_welfare_call() -> None:
    path = DIALOGS / "welfare_info.yaml"
    dialog = load_dialog(path).dialog
    questions = {form for form, shape in graph_of(dialog).forms.items() if shape is Shape.QUESTION}
    silent_at, left_at = set(), set()
    for script in scripts_of(path):
        places = run_script(dialog, script, understand).visited_places
        silent_at |= {place[1] for place in places if place[2:3] == ("noinput",)}
        left_at.add(_form_at_hang_up(dialog, script))
    assert silent_at == questions
    assert questions <= left_at


def _form_at_hang_up(dialog: Dialog, loaded: LoadedScript) -> str | None:
    """The form at which the person of a scripted call hangs up, if there is one."""
    kinds = [step.kind for step in loaded.script.steps]
    if Kind.HANGS_UP not in kinds:
        return None
    steps = loaded.script.steps[: kinds.index(Kind.HANGS_UP)]
    until = replace(loaded, script=loaded.script.model_copy(update={"steps": steps}))
    return run_script(dialog, until, understand).form
