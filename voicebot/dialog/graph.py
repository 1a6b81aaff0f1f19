"""A dialog as a graph: its forms, and every way from one to another with its place in the file.

The engine reports the same places (`engine.traced_step`), so that coverage compares like with like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

from voicebot.datafiles import Place
from voicebot.dialog.model import Dialog, FieldKind, Form, Route, Rung

ANYWHERE = "*"
"""The source of edges that may be taken from every form."""
BACK = "↩"
"""The target of a return: the form that was interrupted."""
LADDERS: tuple[Literal["noinput"], Literal["nomatch"]] = ("noinput", "nomatch")
PHRASES = ("repeat", "slower", "louder", "hold")
EVENT_CATCHES = frozenset({"machine", "hangup", "exhausted", "time_over"})
"""What happens without the person saying or pressing anything."""


class Way(StrEnum):
    """What makes an edge be taken."""

    FILLED = "filled"
    KEY = "key"
    GOTO = "goto"
    NOINPUT = "noinput"
    NOMATCH = "nomatch"
    CATCH = "catch"
    LINK = "link"
    TRANSFER = "transfer"
    RETURN = "return"
    PHRASE = "phrase"
    """The engine's own small answers: again, slower, louder, just a moment."""


class Shape(StrEnum):
    """What a form ends with."""

    QUESTION = "question"
    TRANSFER = "transfer"
    END = "end"
    RETURN = "return"
    PASS = "pass"  # noqa: S105 - a form that is passed through


@dataclass(frozen=True)
class Edge:
    """One way. A ladder's rung that asks again, and the engine's own answers, lead back to their source."""

    source: str
    target: str
    way: Way
    name: str
    """What takes it: an answer, a key, an act, a condition, the number of silences."""
    place: Place

    def __str__(self) -> str:
        condition = f" ({self.name})" if self.name else ""
        return f"{self.source} → {self.target}: {self.way}{condition}"


@dataclass(frozen=True)
class Graph:
    """``forms`` maps each form to what it ends with; targets that do not exist stay in the edges."""

    first: str
    forms: dict[str, Shape]
    edges: tuple[Edge, ...]

    @cached_property
    def _by_source(self) -> dict[str, list[Edge]]:
        table: dict[str, list[Edge]] = {}
        for edge in self.edges:
            table.setdefault(edge.source, []).append(edge)
        return table

    def out_of(self, form: str) -> list[Edge]:
        """The form's own edges; those from anywhere are under `ANYWHERE`."""
        return self._by_source.get(form, [])

    def reached(
        self, starts: Iterable[str], along: Callable[[Edge], bool] = lambda edge: True
    ) -> frozenset[str]:
        """The forms that can be reached over a form's own edges that fit ``along``, the starts included."""
        found: set[str] = set()
        waiting = [start for start in starts if start in self.forms]
        while waiting:
            form = waiting.pop()
            if form in found:
                continue
            found.add(form)
            waiting += [
                edge.target for edge in self.out_of(form) if edge.target in self.forms and along(edge)
            ]
        return frozenset(found)


def graph_of(dialog: Dialog) -> Graph:
    """The graph of a dialog, edges in the order of the file."""
    edges = [edge for name, form in dialog.forms.items() for edge in _edges_of(dialog, name, form)]
    return Graph(
        first=dialog.first,
        forms={name: shape_of(form) for name, form in dialog.forms.items()},
        edges=(*edges, *_edges_from_anywhere(dialog)),
    )


def shape_of(form: Form) -> Shape:
    if form.field is not None:
        return Shape.QUESTION
    if form.transfer is not None:
        return Shape.TRANSFER
    if form.end is not None:
        return Shape.END
    return Shape.RETURN if form.return_ else Shape.PASS


def _edges_of(dialog: Dialog, name: str, form: Form) -> Iterator[Edge]:
    here = ("forms", name)
    for answer, route in form.filled.routes().items():
        yield from _routed(
            name, route, Way.FILLED, "" if answer == "value" else answer, (*here, "filled", answer)
        )
    if form.field is not None:
        yield from _key_edges(dialog, name, form)
        for ladder in LADDERS:
            own = getattr(form, ladder)
            place: Place = (ladder,) if own is None else (*here, ladder)
            yield from _ladder_edges(name, dialog.ladder(form, ladder), Way(ladder), place)
    for act, route in form.catch.items():
        yield from _routed(name, route, Way.CATCH, act, (*here, "catch", act))
    if form.goto is not None:
        yield from _routed(name, form.goto, Way.GOTO, "", (*here, "goto"))
    if form.transfer is not None:
        for way_out, route in (
            ("answered", form.transfer.answered),
            ("unanswered", form.transfer.unanswered),
        ):
            yield from _routed(name, route, Way.TRANSFER, way_out, (*here, "transfer", way_out))
    if form.return_:
        yield Edge(name, BACK, Way.RETURN, "", (*here, "return"))


def _key_edges(dialog: Dialog, name: str, form: Form) -> Iterator[Edge]:
    """Keys that lead to forms of their own; keys that stand for an answer take the answer's edge."""
    spec = form.field
    if spec is None:
        return
    answers = {"yes", "no", "unsure"} if spec.kind is FieldKind.YES_NO else set()
    options = {option.value for option in spec.options}
    for key, meaning in spec.keys.items():
        if meaning not in answers and (meaning in dialog.forms or meaning not in options):
            yield Edge(name, meaning, Way.KEY, key, ("forms", name, "field", "keys", key))


def _ladder_edges(name: str, rungs: tuple[Rung, ...], way: Way, place: Place) -> Iterator[Edge]:
    for number, rung in enumerate(rungs):
        if rung.goto is None:
            yield Edge(name, name, way, str(number + 1), (*place, number))
        else:
            yield from _routed(name, rung.goto, way, str(number + 1), (*place, number, "goto"))


def _edges_from_anywhere(dialog: Dialog) -> Iterator[Edge]:
    for act, route in dialog.catch.items():
        yield from _routed(ANYWHERE, route, Way.CATCH, act, ("catch", act))
    for number, link in enumerate(dialog.links):
        yield from _routed(ANYWHERE, link.goto, Way.LINK, "/".join(link.words), ("links", number, "goto"))
    asks = any(form.field is not None for form in dialog.forms.values())
    for phrase in PHRASES if asks else ():
        yield Edge(ANYWHERE, ANYWHERE, Way.PHRASE, phrase, ("phrases", phrase))


def _routed(source: str, route: Route, way: Way, name: str, place: Place) -> Iterator[Edge]:
    for number, branch in enumerate(route):
        condition = branch.if_.source if branch.if_ else ("else" if len(route) > 1 else "")
        label = ": ".join(part for part in (name, condition) if part)
        yield Edge(source, branch.goto, way, label, (*place, number))
