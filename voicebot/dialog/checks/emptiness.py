"""Whether every slot that is spoken has been filled by then, on every way that leads there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voicebot.datafiles import Place
from voicebot.dialog.checks.case import Case
from voicebot.dialog.checks.slot_use import slots_spoken
from voicebot.dialog.graph import ANYWHERE, Edge, Shape, Way
from voicebot.dialog.model import Prompt
from voicebot.errors import Problem

Filled = frozenset[str]


def empty_slots(case: Case) -> Iterator[Problem]:
    """A prompt with a hole in it would end the call in the middle; a sum with one as well."""
    filled = _filled_at(case)
    everywhere = _at_any_question(case, filled)
    for place, where, _, prompt in case.prompts():
        name = where.split(".")[0]
        known = filled[name] if place[0] == "forms" else everywhere
        yield from _holes(case, place, prompt, known)
    yield from _sums(case, filled)


def _sums(case: Case, filled: Mapping[str, Filled]) -> Iterator[Problem]:
    """Assignments that count: ``times + 1`` needs ``times``. They are made in the order of the file."""
    for name, form in case.dialog.forms.items():
        known = set(_before(case, name, filled))
        for slot, expression in form.set.items():
            needed = expression.slots() & set(case.slot_types) if expression.adds else frozenset()
            for each in sorted(needed - known):
                yield _problem(case, ("forms", name, "set", slot), each, "is counted with")
            known.add(slot)


def _holes(case: Case, place: Place, prompt: Prompt, known: Filled) -> Iterator[Problem]:
    asked_about = prompt.if_.slots() if prompt.if_ else frozenset()
    for slot in sorted((slots_spoken(prompt.text) & set(case.slot_types)) - known - asked_about):
        yield _problem(case, place, slot, "is spoken")


def _problem(case: Case, place: Place, slot: str, what: str) -> Problem:
    return case.problem(
        place,
        "empty-slot",
        f"slot '{slot}' {what}, but may still be empty here",
        "give it an 'initial', fill it on every way that leads here, or ask for it with 'if'",
    )


def _filled_at(case: Case) -> Mapping[str, Filled]:
    """For each form, the slots that are filled for certain once its ``set`` and ``do`` are done.

    A form that no way leads to counts as having everything: that it cannot be reached is told elsewhere.
    """
    everything = frozenset(case.dialog.slots)
    state = dict.fromkeys(case.dialog.forms, everything)
    entered = dict.fromkeys(case.dialog.forms, everything)
    if case.dialog.first in entered:
        entered[case.dialog.first] = _from_the_start(case)
    while True:
        state = {name: entered[name] | _filled_by(case, name) for name in entered}
        narrowed = dict(entered)
        anywhere = _at_any_question(case, state)
        for edge in case.graph.edges:
            if edge.target in narrowed and not _is_hangup(edge):
                coming = anywhere if edge.source == ANYWHERE else state[edge.source] | _answered(case, edge)
                narrowed[edge.target] &= coming
        if narrowed == entered:
            return state
        entered = narrowed


def _before(case: Case, name: str, filled: Mapping[str, Filled]) -> Filled:
    """What is filled for certain when a form is entered."""
    coming = [
        filled[edge.source] | _answered(case, edge)
        for edge in case.graph.edges
        if edge.target == name and edge.source != ANYWHERE
    ]
    if any(edge.target == name and not _is_hangup(edge) for edge in case.graph.out_of(ANYWHERE)):
        coming.append(_at_any_question(case, filled))
    if name == case.dialog.first:
        coming.append(_from_the_start(case))
    return frozenset(case.dialog.slots).intersection(*coming)


def _from_the_start(case: Case) -> Filled:
    slots = case.dialog.slots.items()
    return frozenset(name for name, spec in slots if spec.given or spec.initial is not None)


def _filled_by(case: Case, name: str) -> Filled:
    form = case.dialog.forms[name]
    by_actions = {slot for call in form.do for slot in call.into}
    return frozenset(slot for slot in (*form.set, *by_actions) if slot in case.dialog.slots)


def _answered(case: Case, edge: Edge) -> Filled:
    """The slot that an answer fills; "I do not know" fills none."""
    field = case.dialog.forms[edge.source].field
    is_answer = edge.way is Way.FILLED and "unsure" not in edge.place
    return frozenset({field.slot} if field is not None and field.slot and is_answer else ())


def _is_hangup(edge: Edge) -> bool:
    """Nothing is said any more to a line that is gone."""
    return edge.way is Way.CATCH and "hangup" in edge.place


def _at_any_question(case: Case, filled: Mapping[str, Filled]) -> Filled:
    questions = [name for name, shape in case.graph.forms.items() if shape is Shape.QUESTION]
    return frozenset(case.dialog.slots).intersection(*(filled[name] for name in questions))


ALL = (empty_slots,)
