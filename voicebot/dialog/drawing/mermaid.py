"""A dialog as a Mermaid flowchart, for documents and reviews."""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.dialog.drawing.labels import duties_of, edge_label, question_of
from voicebot.dialog.graph import ANYWHERE, BACK, Edge, Graph, Shape, Way, graph_of, shape_of
from voicebot.dialog.model import Dialog

_BRACKETS = {
    Shape.QUESTION: ("(", ")"),
    Shape.PASS: ("[", "]"),
    Shape.TRANSFER: ("{{", "}}"),
    Shape.END: ("([", "])"),
    Shape.RETURN: ("[/", "/]"),
}
_LEGAL_BRACKETS = ("[[", "]]")
_SOLID = {Way.FILLED, Way.KEY, Way.GOTO, Way.TRANSFER}
_LONGEST_QUESTION = 40


def to_mermaid(dialog: Dialog) -> str:
    """The whole dialog. Answers are solid arrows; silence, mishearing, catches and links dotted ones.

    Legal notices stand in boxes with double sides, ends in rounded ones, transfers in hexagons.
    """
    graph = graph_of(dialog)
    return "\n".join(["flowchart TD", *_nodes(dialog, graph), *_edges(dialog, graph)]) + "\n"


def _nodes(dialog: Dialog, graph: Graph) -> Iterator[str]:
    for number, (name, form) in enumerate(dialog.forms.items()):
        question = question_of(form)
        if len(question) > _LONGEST_QUESTION:
            question = question[: _LONGEST_QUESTION - 1] + "…"
        lines = [f"<b>{name}</b>", question, *duties_of(dialog, form)]
        opening, closing = _BRACKETS[shape_of(form)]
        if any(prompt.legal for prompt in form.prompt):
            opening, closing = _LEGAL_BRACKETS
        text = "<br/>".join(_quoted(line) for line in lines if line)
        yield f'  f{number}{opening}"{text}"{closing}'
    yield '  anywhere(("어디서든"))'


def _edges(dialog: Dialog, graph: Graph) -> Iterator[str]:
    ids = {name: f"f{number}" for number, name in enumerate(dialog.forms)} | {ANYWHERE: "anywhere"}
    for edge in graph.edges:
        if edge.target == edge.source or edge.target == BACK or edge.target not in ids:
            continue
        arrow = _arrow(edge, _quoted(edge_label(dialog, edge)))
        yield f"  {ids[edge.source]} {arrow} {ids[edge.target]}"


def _arrow(edge: Edge, label: str) -> str:
    arrow = "-->" if edge.way in _SOLID else "-.->"
    return f'{arrow}|"{label}"|' if label else arrow


def _quoted(text: str) -> str:
    """Mermaid reads entities; quotes and signs of its own must not stand bare (the tags are ours)."""
    for sign, entity in (("&", "#amp;"), ('"', "#quot;"), ("<b>", "\0"), ("</b>", "\1"), ("<", "#lt;")):
        text = text.replace(sign, entity)
    return text.replace(">", "#gt;").replace("\0", "<b>").replace("\1", "</b>")
