"""Plays a scripted call against the engine and tells where it went otherwise than written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from voicebot.datafiles import Place
from voicebot.dialog.commands import Command, Perform, Say
from voicebot.dialog.engine import Expectation, begin, expecting, traced_step
from voicebot.dialog.heard import Event, Heard
from voicebot.dialog.model import Dialog, FieldSpec
from voicebot.dialog.scripted.script import Kind, LoadedScript, Step
from voicebot.dialog.session import Pace, Session
from voicebot.errors import DialogError, Problem


class Understand(Protocol):
    """The understanding of answers, given from above: this room knows none of its own."""

    def __call__(self, question: str, question_kind: str, field: FieldSpec, text: str) -> Heard:
        """What ``text`` means as an answer to ``question``."""
        ...


ActPurely = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""What a line's action of this name gives for these arguments, where it needs no records; else nothing."""


@dataclass(frozen=True)
class ScriptResult:
    """How a scripted call went. ``visited_places`` are the edges' places (see `graph`)."""

    name: str
    title: str
    failures: tuple[Problem, ...]
    visited_forms: frozenset[str]
    visited_places: frozenset[Place]
    form: str | None = None
    """Where the call stood at last."""

    @property
    def passed(self) -> bool:
        return not self.failures


class _Amiss(Exception):
    """A step of the script does not fit what the dialog does. Carries the failure's code."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass
class _Run:
    dialog: Dialog
    results: Mapping[str, Mapping[str, Any]]
    understand: Understand | None
    session: Session
    act: ActPurely | None = None
    said: list[str] = field(default_factory=list)
    performed: list[Perform] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    places: set[Place] = field(default_factory=set)

    def happen(self, heard: Heard) -> None:
        """One event and whatever follows of itself: the actions' results."""
        if self.session.outcome is not None:
            raise _Amiss("script-call-is-over", f"the call is over already ({self.session.outcome})")
        self.said, self.performed = [], []
        while True:
            self.session, commands, path = traced_step(self.dialog, self.session, heard)
            self._note(commands, path)
            if self.session.awaiting_action is None:
                return
            heard = Heard(Event.ACTION_DONE, result=self._result_of(self.performed[-1]))

    def _result_of(self, performed: Perform) -> Mapping[str, Any]:
        written = self.results.get(performed.action)
        if written is None and self.act is not None:
            return self.act(performed.action, performed.arguments)
        return written or {}

    def _note(self, commands: tuple[Command, ...], path: tuple[Place, ...]) -> None:
        self.places.update(path)
        self.forms.update(self.session.visited)
        for command in commands:
            if isinstance(command, Say):
                self.said += [prompt.text for prompt in command.prompts]
            elif isinstance(command, Perform):
                self.performed.append(command)

    def awaited(self) -> Expectation:
        expected = expecting(self.dialog, self.session)
        if expected is None:
            raise _Amiss("script-nobody-listens", f"{self._where()} nobody is listening")
        return expected

    def _where(self) -> str:
        if self.session.outcome is not None:
            return f"the call is over ({self.session.outcome}):"
        return f"in form '{self.session.form}'"


def run_script(
    dialog: Dialog,
    loaded: LoadedScript,
    understand: Understand | None = None,
    act: ActPurely | None = None,
) -> ScriptResult:
    """Play one call. Without ``understand``, words without an ``act`` are a failure. What the script's ``results`` do not
    say an action gives is asked of ``act``.

    The run stops at the first event that cannot happen; expectations that do not hold are all collected.
    """
    script, failures = loaded.script, []
    examples = {name: spec.example for name, spec in dialog.slots.items() if spec.given}
    try:
        session = begin(dialog, {**examples, **script.given}, Pace.from_json(script.pace))
        run = _Run(dialog, script.results, understand, session, act)
        run.happen(Heard(Event.BEGIN))
    except DialogError as error:
        failure = loaded.problem(None, "script-dialog-error", str(error))
        return ScriptResult(loaded.name, script.title, (failure,), frozenset(), frozenset())
    for number, step in enumerate(script.steps):
        try:
            for _ in range(step.times):
                _PLAY[step.kind](run, step)
        except _Amiss as amiss:
            failures.append(loaded.problem(number, amiss.code, str(amiss)))
            if step.kind in _HAPPENINGS:
                break
        except DialogError as error:
            failures.append(loaded.problem(number, "script-dialog-error", str(error)))
            break
    return ScriptResult(
        loaded.name,
        script.title,
        tuple(failures),
        frozenset(run.forms),
        frozenset(run.places),
        run.session.form,
    )


def _hears(run: _Run, step: Step) -> None:
    heard = " ".join(run.said)
    for words in step.hears or ():
        if _bare(words) not in _bare(heard):
            raise _Amiss("script-not-said", f"'{words}' was not said {run._where()}; said: {heard or '-'}")


def _hears_not(run: _Run, step: Step) -> None:
    heard = " ".join(run.said)
    for words in step.hears_not or ():
        if _bare(words) in _bare(heard):
            raise _Amiss("script-said", f"'{words}' was said {run._where()}: {heard}")


def _bare(text: str) -> str:
    """Spaces and punctuation are the ear's own affair."""
    return re.sub(r"[\s.,?!·]", "", text)


def _performs(run: _Run, step: Step) -> None:
    fitting = [
        each
        for each in run.performed
        if each.action == step.performs
        and all(each.arguments.get(name) == value for name, value in step.with_.items())
    ]
    if not fitting:
        done = ", ".join(f"{each.action} {dict(each.arguments)}" for each in run.performed) or "nothing"
        wanted = f"{step.performs} {step.with_ or ''}".strip()
        raise _Amiss(
            "script-not-performed", f"'{wanted}' was not asked for {run._where()}; asked for: {done}"
        )


def _ends(run: _Run, step: Step) -> None:
    outcome = run.session.outcome
    if outcome is None:
        raise _Amiss("script-not-over", f"the call goes on {run._where()}, but should end as {step.ends}")
    if outcome != step.ends:
        raise _Amiss("script-other-end", f"the call ended as {outcome}, but should end as {step.ends}")


def _says(run: _Run, step: Step) -> None:
    expected = run.awaited()
    text = step.says or ""
    if step.act is None and run.understand is not None:
        kind = expected.question_kind
        run.happen(run.understand(expected.question, kind, expected.field, text))
        return
    if step.act is None:
        raise _Amiss("script-without-act", "there is no understanding at hand; add 'act' to the step")
    run.happen(
        Heard(
            Event.SPEECH,
            text=text,
            act=step.act,
            also=step.also,
            confidence=step.confidence,
            value=step.value,
            emergency=step.emergency,
            hold=step.hold,
            elapsed_s=step.after_s,
        )
    )


def _presses(run: _Run, step: Step) -> None:
    run.awaited()
    run.happen(Heard(Event.KEYS, keys=step.presses or "", value=step.value, elapsed_s=step.after_s))


def _silence(run: _Run, step: Step) -> None:
    run.awaited()
    run.happen(Heard(Event.SILENCE, elapsed_s=step.after_s))


def _machine(run: _Run, step: Step) -> None:
    run.awaited()
    run.happen(Heard(Event.MACHINE))


def _hangs_up(run: _Run, step: Step) -> None:
    run.happen(Heard(Event.HANGUP))


def _transfer(run: _Run, step: Step) -> None:
    is_answered = step.transfer == "answered"
    run.happen(Heard(Event.TRANSFER_ANSWERED if is_answered else Event.TRANSFER_UNANSWERED))


_PLAY: dict[Kind, Callable[[_Run, Step], None]] = {
    Kind.HEARS: _hears,
    Kind.HEARS_NOT: _hears_not,
    Kind.PERFORMS: _performs,
    Kind.ENDS: _ends,
    Kind.SAYS: _says,
    Kind.PRESSES: _presses,
    Kind.SILENCE: _silence,
    Kind.MACHINE: _machine,
    Kind.HANGS_UP: _hangs_up,
    Kind.TRANSFER: _transfer,
}
_HAPPENINGS = frozenset({Kind.SAYS, Kind.PRESSES, Kind.SILENCE, Kind.MACHINE, Kind.HANGS_UP, Kind.TRANSFER})
