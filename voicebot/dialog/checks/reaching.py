"""Whether every form can be reached and left, and no way leads nowhere or round in circles."""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.dialog.checks.case import Case
from voicebot.dialog.graph import ANYWHERE, BACK, EVENT_CATCHES, Edge, Shape, Way
from voicebot.errors import Problem

_INTERRUPTING = {Way.CATCH, Way.LINK}
_OF_ITSELF = {Way.GOTO}


def unknown_forms(case: Case) -> Iterator[Problem]:
    known = {*case.graph.forms, ANYWHERE, BACK}
    remedy = "correct the name, or write the form"
    if case.dialog.first not in known:
        yield case.problem(("first",), "unknown-form", f"there is no form '{case.dialog.first}'", remedy)
    for edge in case.graph.edges:
        if edge.target not in known:
            yield case.problem(edge.place, "unknown-form", f"there is no form '{edge.target}'", remedy)


def unreachable_forms(case: Case) -> Iterator[Problem]:
    anywhere = [edge.target for edge in case.graph.out_of(ANYWHERE)]
    reached = case.graph.reached([case.dialog.first, *anywhere])
    for name in case.graph.forms:
        if name not in reached:
            yield case.problem(
                ("forms", name),
                "unreachable-form",
                f"no way leads to form '{name}'",
                "lead a route, a catch or a link to it, or remove it",
            )


def no_way_out(case: Case) -> Iterator[Problem]:
    """Ways that the person must think of (catches, links) do not count as ways out."""
    ends = {name for name, shape in case.graph.forms.items() if shape is Shape.END}
    for name in case.graph.forms:
        onward = case.graph.reached([name], lambda edge: edge.way not in _INTERRUPTING)
        comes_back = any(case.graph.forms[form] is Shape.RETURN for form in onward)
        if not onward & ends and not comes_back:
            yield case.problem(
                ("forms", name),
                "no-way-out",
                f"no end of the call can be reached from form '{name}'",
                "lead it to a form with 'end'",
            )


def circles(case: Case) -> Iterator[Problem]:
    """Forms that pass the call on to one another without asking anything."""
    for name, shape in case.graph.forms.items():
        if shape is not Shape.PASS:
            continue
        first_steps = [edge.target for edge in case.graph.out_of(name) if edge.way is Way.GOTO]
        if name in case.graph.reached(first_steps, lambda edge: edge.way in _OF_ITSELF):
            yield case.problem(
                ("forms", name, "goto"),
                "goes-in-circles",
                f"form '{name}' leads back to itself without anybody being asked",
                "put a question, a transfer or an end on the way",
            )


def returns_without_interruption(case: Case) -> Iterator[Problem]:
    """A return needs a question that was interrupted: only a catch or a link from a question makes one."""

    def is_plain(edge: Edge) -> bool:
        return edge.way not in _INTERRUPTING or case.graph.forms[edge.source] is not Shape.QUESTION

    for name in sorted(case.graph.reached([case.dialog.first], is_plain)):
        if case.graph.forms[name] is Shape.RETURN:
            yield case.problem(
                ("forms", name, "return"),
                "return-without-interruption",
                f"form '{name}' returns, but can be reached without a question having been interrupted",
                "reach it through 'catch' or 'links' alone, or end it with 'goto'",
            )


def returns_into_loop(case: Case) -> Iterator[Problem]:
    """Silence, a machine or too many turns must not lead back to the question that they came from."""
    yield from _events_that_return(case)
    for name, shape in case.graph.forms.items():
        if shape is not Shape.QUESTION:
            continue
        for edge in case.graph.out_of(name):
            is_exit = edge.way in (Way.NOINPUT, Way.NOMATCH) and edge.place[-2:-1] == ("goto",)
            if is_exit and name in case.graph.reached([edge.target], lambda each: each.way in _OF_ITSELF):
                yield case.problem(
                    edge.place,
                    "return-into-loop",
                    f"the ladder of form '{name}' leads back to the form, where it begins anew",
                    "lead it on: to a person, to the next question, or to an end",
                )


def _events_that_return(case: Case) -> Iterator[Problem]:
    for edge in case.graph.edges:
        if edge.way is not Way.CATCH or str(edge.place[-2]) not in EVENT_CATCHES:
            continue
        reached = case.graph.reached([edge.target], lambda each: each.way in _OF_ITSELF)
        if any(case.graph.forms[form] is Shape.RETURN for form in reached):
            yield case.problem(
                edge.place,
                "return-into-loop",
                f"'{edge.place[-2]}' leads back to the question, and will come again",
                "lead it to an end or to a person",
            )


def branches(case: Case) -> Iterator[Problem]:
    for place, route in case.routes():
        conditions = [branch.if_ is not None for branch in route]
        if all(conditions):
            yield case.problem(
                place,
                "branch-without-else",
                "no branch is taken when none of the conditions holds",
                "add a last branch without 'if'",
            )
        elif False in conditions[:-1]:
            yield case.problem(
                (*place, conditions.index(False) + 1),
                "branch-never-taken",
                "a branch without 'if' stands before this one, so that this one is never taken",
                "move the branch without 'if' to the end",
            )


ALL = (
    unknown_forms,
    unreachable_forms,
    no_way_out,
    circles,
    returns_without_interruption,
    returns_into_loop,
    branches,
)
