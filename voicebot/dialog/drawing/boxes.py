"""The boxes of a picture: what is written in each, and how large it must be."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from voicebot.dialog.drawing.labels import duties_of, edge_label, question_of
from voicebot.dialog.drawing.layout import Size
from voicebot.dialog.graph import ANYWHERE, BACK, Edge, Graph, Shape, Way
from voicebot.dialog.model import Dialog
from voicebot.dialog.scripted.coverage import Coverage

LINE_HEIGHT = 17
FONT_SIZE = 13
BOX_WIDTH = 268
_PADDING = 22
_MOST_QUESTION_LINES = 3
UNTRIED = "✗"
"""Marks what no scripted call has visited; a sign, since colour alone does not tell everybody."""
DRAWN_AS_LINES = frozenset({Way.FILLED, Way.KEY, Way.GOTO, Way.TRANSFER})
"""The other ways stand as words inside the box: drawn, they would hide the way of the conversation."""


@dataclass(frozen=True)
class Line:
    """A line of text in a box."""

    text: str
    style: str


@dataclass(frozen=True)
class Box:
    """A form in the picture."""

    name: str
    shape: Shape
    lines: tuple[Line, ...]
    is_tried: bool
    is_legal: bool

    @property
    def size(self) -> Size:
        return Size(BOX_WIDTH, LINE_HEIGHT * len(self.lines) + _PADDING)


def boxes_of(dialog: Dialog, graph: Graph, visited: Coverage | None) -> dict[str, Box]:
    from_anywhere: dict[str, list[Edge]] = {}
    for edge in graph.out_of(ANYWHERE):
        from_anywhere.setdefault(edge.target, []).append(edge)
    return {name: _box(dialog, graph, name, from_anywhere.get(name, []), visited) for name in dialog.forms}


def _box(dialog: Dialog, graph: Graph, name: str, entries: list[Edge], visited: Coverage | None) -> Box:
    form = dialog.forms[name]
    is_tried = visited is None or name in visited.visited_forms
    lines = [Line(name if is_tried else f"{UNTRIED} {name} (시험 통화 없음)", "name")]
    if entries:
        said = ", ".join(mark(edge, visited) + edge_label(dialog, edge) for edge in entries)
        lines += [Line(text, "entry") for text in wrapped(f"어디서든 ▸ {said}")]
    lines += [Line(text, "say") for text in _cut(wrapped(question_of(form)))]
    lines += [Line(text, "duty") for duty in duties_of(dialog, form) for text in wrapped(duty)]
    lines += [
        Line(text, "aside") for aside in _asides(dialog, graph, name, visited) for text in wrapped(aside)
    ]
    is_legal = any(prompt.legal for prompt in form.prompt)
    return Box(name, graph.forms[name], tuple(lines), is_tried, is_legal)


def _asides(dialog: Dialog, graph: Graph, name: str, visited: Coverage | None) -> list[str]:
    """Ladders and the form's own catches: where they lead; rungs that ask again only when none tried them."""
    asides = []
    for edge in graph.out_of(name):
        if edge.way in DRAWN_AS_LINES or edge.target == BACK:
            continue
        asks_again = edge.target == edge.source
        if not asks_again:
            asides.append(f"{mark(edge, visited)}{edge_label(dialog, edge)} → {edge.target}")
        elif mark(edge, visited):
            asides.append(f"{mark(edge, visited)}{edge_label(dialog, edge)}: 다시 물음")
    return asides


def mark(edge: Edge, visited: Coverage | None) -> str:
    return "" if visited is None or edge.place in visited.visited_places else f"{UNTRIED} "


def text_width(text: str, font_size: float = FONT_SIZE) -> float:
    """An estimate: Korean letters are as wide as they are high, Latin ones a little over half."""
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in text)
    return font_size * (wide + 0.56 * (len(text) - wide))


def wrapped(text: str, width: float = BOX_WIDTH - 28) -> list[str]:
    """Lines that fit, broken at spaces where possible."""
    lines: list[str] = []
    current = ""
    for word in text.split():
        candidate = f"{current} {word}".strip()
        if text_width(candidate) <= width or not current:
            current = candidate
        else:
            lines.append(current)
            current = word
    return [*lines, current] if current else lines


def _cut(lines: list[str]) -> list[str]:
    if len(lines) <= _MOST_QUESTION_LINES:
        return lines
    return [*lines[: _MOST_QUESTION_LINES - 1], lines[_MOST_QUESTION_LINES - 1] + " …"]


def label_sizes(labels: Mapping[str, str]) -> dict[str, Size]:
    return {key: Size(text_width(text, 12) + 10, 18) for key, text in labels.items()}
