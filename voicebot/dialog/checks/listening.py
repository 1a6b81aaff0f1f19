"""Whether every question can be answered: by voice and by keypad, after silence and after a mishearing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicebot.dialog.checks.case import Case
from voicebot.dialog.graph import LADDERS
from voicebot.dialog.model import FieldKind, FieldSpec, Form, Prompt
from voicebot.errors import Problem

MOST_OPTIONS = 3
"""More choices than this are not kept in mind on the telephone (elders; design of this project)."""
_YES_NO_ANSWERS = ("yes", "no")


def _questions(case: Case) -> Iterator[tuple[str, Form, FieldSpec]]:
    for name, form in case.dialog.forms.items():
        if form.field is not None:
            yield name, form, form.field


def ladders(case: Case) -> Iterator[Problem]:
    """Every question needs both ladders; both must come to an end."""
    for name, form, _ in _questions(case):
        for ladder in LADDERS:
            rungs = case.dialog.ladder(form, ladder)
            if not rungs:
                yield case.problem(
                    ("forms", name),
                    f"no-{ladder}",
                    f"form '{name}' does not say what happens after {_WHAT[ladder]}",
                    f"add '{ladder}': reworded questions, the last rung with 'goto'",
                )
            elif rungs[-1].goto is None:
                is_own = getattr(form, ladder) is not None
                yield case.problem(
                    ("forms", name, ladder, len(rungs) - 1) if is_own else (ladder, len(rungs) - 1),
                    "ladder-without-exit",
                    f"the {ladder} ladder of form '{name}' asks for ever",
                    "add a last rung with 'goto'",
                )


_WHAT = {"noinput": "silence", "nomatch": "an answer that was not understood"}


def keypad(case: Case) -> Iterator[Problem]:
    """Every question can be answered on the keypad: for who is not understood, or cannot speak freely."""
    for name, _, spec in _questions(case):
        missing = _not_on_keypad(spec)
        if missing:
            yield case.problem(
                ("forms", name, "field"),
                "no-keypad-path",
                f"form '{name}' cannot be answered by keypad: {missing}",
                "add 'keys' (or a 'key' for each option) and name the keys in the prompt",
            )


def _not_on_keypad(spec: FieldSpec) -> str:
    table = spec.key_table()
    if spec.takes_figures:
        return ""
    if spec.kind is FieldKind.SPEECH:
        return "" if table else "no key leads on"
    wanted = _YES_NO_ANSWERS if spec.kind is FieldKind.YES_NO else [option.value for option in spec.options]
    without = [answer for answer in wanted if answer not in table.values()]
    return f"no key for {', '.join(without)}" if without else ""


def routes_of_answers(case: Case) -> Iterator[Problem]:
    """Every answer leads somewhere, and no route waits for an answer that cannot come."""
    for name, form, spec in _questions(case):
        routes = form.filled.routes()
        wanted = _YES_NO_ANSWERS if spec.kind is FieldKind.YES_NO else ("value",)
        possible = (*wanted, "unsure") if spec.kind is FieldKind.YES_NO else wanted
        for answer in wanted:
            if answer not in routes:
                yield case.problem(
                    ("forms", name),
                    "missing-route",
                    f"form '{name}' does not say where the answer leads ({answer})",
                    "add it under 'filled'",
                )
        for answer in routes:
            if answer not in possible:
                yield case.problem(
                    ("forms", name, "filled", answer),
                    "route-never-taken",
                    f"a {spec.kind} field never gives '{answer}'",
                    f"'filled' knows {', '.join(possible)} here",
                )
    for name, form in case.dialog.forms.items():
        if form.field is None and (form.filled.routes() or form.noinput or form.nomatch):
            yield case.problem(
                ("forms", name),
                "route-never-taken",
                f"form '{name}' asks nothing, so that 'filled', 'noinput' and 'nomatch' mean nothing",
                "add a 'field', or remove them",
            )


def options(case: Case) -> Iterator[Problem]:
    for name, _, spec in _questions(case):
        count = max(len(spec.options), len(spec.key_table()))
        if count > MOST_OPTIONS:
            yield case.problem(
                ("forms", name, "field"),
                "too-many-options",
                f"form '{name}' offers {count} options, more than {MOST_OPTIONS}",
                "split the question in two",
            )


def rewording(case: Case) -> Iterator[Problem]:
    """A rung that says the same again helps nobody who did not understand it the first time."""
    for name, form, _ in _questions(case):
        for ladder in LADDERS:
            said = {_bare(prompt) for prompt in form.prompt}
            is_own = getattr(form, ladder) is not None
            for number, rung in enumerate(case.dialog.ladder(form, ladder)):
                words = {_bare(prompt) for prompt in rung.prompt}
                if words and words <= said:
                    yield case.problem(
                        ("forms", name, ladder, number) if is_own else (ladder, number),
                        "same-reprompt",
                        f"this rung repeats what form '{name}' has said already, word for word",
                        "put it in other words, shorter, and name the keys",
                    )
                said |= words


def _bare(prompt: Prompt) -> str:
    return re.sub(r"[\s.,?!]", "", prompt.text)


def questions_that_ask(case: Case) -> Iterator[Problem]:
    """Whoever comes (back) to a question must hear it."""
    for name, form, _ in _questions(case):
        if not any(prompt.if_ is None and not prompt.once for prompt in form.prompt):
            yield case.problem(
                ("forms", name),
                "no-question",
                f"form '{name}' may listen without having asked anything",
                "give it a prompt without 'if' and without 'once'",
            )


ALL = (ladders, keypad, routes_of_answers, options, rewording, questions_that_ask)
