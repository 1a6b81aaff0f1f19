"""Where boxes and lines go: grandalf's Sugiyama layout, once for each connected part, the parts side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grandalf.graphs import Edge as LayoutEdge
from grandalf.graphs import Graph as LayoutGraph
from grandalf.graphs import Vertex
from grandalf.layouts import SugiyamaLayout, VertexViewer
from grandalf.routing import EdgeViewer

Point = tuple[float, float]
_BETWEEN_PARTS = 60.0


@dataclass(frozen=True)
class Size:
    width: float
    height: float


@dataclass
class Arrangement:
    """``boxes``: the centre of each box; ``lines``: the bends of each line between two boxes, ends excluded."""

    boxes: dict[str, Point] = field(default_factory=dict)
    lines: dict[tuple[str, str], list[Point]] = field(default_factory=dict)
    width: float = 0
    height: float = 0


def arrange(
    sizes: Mapping[str, Size], lines: Sequence[tuple[str, str]], *, first: str, least_height: float
) -> Arrangement:
    """Place boxes of the given sizes so that lines run downwards.

    ``lines`` must be free of doubles and of loops on one box. The part with ``first`` stands at the left,
    the others in columns beside it, as tall as the first part or ``least_height``.
    """
    vertices = {name: Vertex(name) for name in sizes}
    for name, vertex in vertices.items():
        vertex.view = VertexViewer(sizes[name].width, sizes[name].height)
    edges = [LayoutEdge(vertices[source], vertices[target]) for source, target in lines]
    for edge in edges:
        edge.view = EdgeViewer()
    graph = LayoutGraph(list(vertices.values()), edges)
    order = {name: number for number, name in enumerate(sizes)}
    parts = sorted(graph.C, key=lambda part: min(order[vertex.data] for vertex in part.sV))
    parts.sort(key=lambda part: all(vertex.data != first for vertex in part.sV))
    return _in_columns([_lay_out(part, order, sizes) for part in parts], least_height)


def _lay_out(part: LayoutGraph, order: Mapping[str, int], sizes: Mapping[str, Size]) -> Arrangement:
    layout = SugiyamaLayout(part)
    layout.xspace, layout.yspace = 24, 26
    roots = [vertex for vertex in part.sV if not vertex.e_in()] or [
        min(part.sV, key=lambda vertex: order[vertex.data])
    ]
    layout.init_all(roots=roots)
    layout.draw()
    placed = Arrangement({vertex.data: tuple(vertex.view.xy) for vertex in part.sV})
    for edge in part.sE:
        placed.lines[(edge.v[0].data, edge.v[1].data)] = [(x, y) for x, y in edge.view._pts[1:-1]]
    return _from_origin(placed, sizes)


def _from_origin(placed: Arrangement, sizes: Mapping[str, Size]) -> Arrangement:
    lefts = [x - sizes[name].width / 2 for name, (x, _) in placed.boxes.items()]
    tops = [y - sizes[name].height / 2 for name, (_, y) in placed.boxes.items()]
    rights = [x + sizes[name].width / 2 for name, (x, _) in placed.boxes.items()]
    bottoms = [y + sizes[name].height / 2 for name, (_, y) in placed.boxes.items()]
    bends = [point for points in placed.lines.values() for point in points]
    left, right = min([*lefts, *(x for x, _ in bends)]), max([*rights, *(x for x, _ in bends)])
    moved = _moved(placed, -left, -min(tops))
    moved.width, moved.height = right - left, max(bottoms) - min(tops)
    return moved


def _moved(placed: Arrangement, by_x: float, by_y: float) -> Arrangement:
    return Arrangement(
        {name: (x + by_x, y + by_y) for name, (x, y) in placed.boxes.items()},
        {ends: [(x + by_x, y + by_y) for x, y in points] for ends, points in placed.lines.items()},
        placed.width,
        placed.height,
    )


def _in_columns(parts: Sequence[Arrangement], least_height: float) -> Arrangement:
    """The first part at the left, the others below one another in columns beside it, none taller than it."""
    tallest = max([least_height, *(part.height for part in parts)])
    whole = Arrangement()
    x = y = column_width = 0.0
    for part in parts:
        if y > 0 and y + part.height > tallest:
            x, y, column_width = x + column_width + _BETWEEN_PARTS, 0.0, 0.0
        moved = _moved(part, x, y)
        whole.boxes.update(moved.boxes)
        whole.lines.update(moved.lines)
        column_width = max(column_width, part.width)
        whole.width, whole.height = max(whole.width, x + part.width), max(whole.height, y + part.height)
        y += part.height + _BETWEEN_PARTS
    return whole
