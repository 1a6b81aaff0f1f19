"""A dialog as one SVG picture: boxes by shape, answers as arrows, everything else as words in the boxes."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from voicebot.dialog.drawing.boxes import (
    DRAWN_AS_LINES,
    FONT_SIZE,
    LINE_HEIGHT,
    UNTRIED,
    Box,
    boxes_of,
    label_sizes,
    mark,
)
from voicebot.dialog.drawing.labels import SHAPES_KO, edge_label
from voicebot.dialog.drawing.layout import Arrangement, Point, arrange
from voicebot.dialog.drawing.outlines import outline, rect
from voicebot.dialog.graph import Graph, graph_of
from voicebot.dialog.model import Dialog
from voicebot.dialog.scripted.coverage import Coverage

_MARGIN = 40
_HEAD = 118
_LEAST_HEIGHT = 1200
_STYLE = """
text { font-family: 'Noto Sans KR', 'NanumGothic', 'Malgun Gothic', sans-serif; fill: #1b1b1b; }
.box { fill: #fff; stroke: #1b1b1b; stroke-width: 1.6; }
.box.end { fill: #efefef; } .box.transfer { fill: #e3eefb; } .box.return { fill: #f6f1e0; }
.inner { fill: none; stroke: #1b1b1b; stroke-width: 1; }
.untried { stroke-dasharray: 6 4; stroke: #b00020; }
.legal { fill: #1b1b1b; }
.name { font-weight: 700; } .say { fill: #1b1b1b; } .duty { font-weight: 600; fill: #173f6b; }
.aside, .entry { fill: #555; } .entry { font-style: italic; }
.way { fill: none; stroke: #444; stroke-width: 1.4; marker-end: url(#arrow); }
.bare { marker-end: none; }
.label { fill: #fff; } .labeltext { font-size: 12px; }
.title { font-size: 22px; font-weight: 700; } .legend { font-size: 13px; }
"""


def to_svg(dialog: Dialog, visited: Coverage | None = None) -> str:
    """The picture. With ``visited``, what no scripted call has tried is dashed and marked ✗."""
    graph = graph_of(dialog)
    boxes = boxes_of(dialog, graph, visited)
    labels = _labels(dialog, graph, visited)
    sizes = {name: box.size for name, box in boxes.items()} | label_sizes(labels)
    lines = _lines(graph, labels)
    placed = arrange(sizes, lines, first=dialog.first, least_height=_LEAST_HEIGHT)
    parts = [*_head(dialog, graph, visited)]
    parts += _ways(placed, boxes, labels)
    parts += [_drawn(box, placed.boxes[name]) for name, box in boxes.items()]
    return _document(parts, placed)


def _document(parts: list[str], placed: Arrangement) -> str:
    width = max(placed.width, 1180) + 2 * _MARGIN
    height = placed.height + _HEAD + 2 * _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="{-_MARGIN} {-_MARGIN - _HEAD} {width:.0f} {height:.0f}" lang="ko">\n'
        f"<style>{_STYLE}</style>\n"
        '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0 0 L10 5 L0 10 z" fill="#444"/></marker></defs>\n'
        f'<rect x="{-_MARGIN}" y="{-_MARGIN - _HEAD}" width="{width:.0f}" height="{height:.0f}" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _pairs(graph: Graph) -> dict[tuple[str, str], list[int]]:
    """Each pair of boxes with a line between them → the numbers of its edges."""
    pairs: dict[tuple[str, str], list[int]] = {}
    for number, edge in enumerate(graph.edges):
        is_loop = edge.source == edge.target
        if edge.way in DRAWN_AS_LINES and not is_loop and edge.target in graph.forms:
            pairs.setdefault((edge.source, edge.target), []).append(number)
    return pairs


def _labels(dialog: Dialog, graph: Graph, visited: Coverage | None) -> dict[str, str]:
    """``source>target`` → the words on the line; an empty word is a bend in the line."""
    return {
        _key(*ends): " / ".join(
            mark(graph.edges[number], visited) + edge_label(dialog, graph.edges[number]) for number in numbers
        )
        for ends, numbers in _pairs(graph).items()
    }


def _key(source: str, target: str) -> str:
    return f"{source}>{target}"


def _lines(graph: Graph, labels: dict[str, str]) -> list[tuple[str, str]]:
    """A label is a box of its own between two forms, so that no two labels ever lie on one another."""
    lines = []
    for key in labels:
        source, target = key.split(">")
        lines += [(source, key), (key, target)]
    return lines


def _ways(placed: Arrangement, boxes: dict[str, Box], labels: dict[str, str]) -> Iterator[str]:
    for key, label in labels.items():
        source, target = key.split(">")
        x, y = placed.boxes[key]
        untried = " untried" if UNTRIED in label else ""
        above = [_foot(placed, boxes, source, key), *placed.lines[(source, key)], (x, y)]
        below = [(x, y), *placed.lines[(key, target)], _head_of(placed, boxes, target, (x, y))]
        yield _path(above, f"way bare{untried}") + _path(below, f"way{untried}")
        if label.strip():
            width = label_sizes({key: label})[key].width
            yield (
                f'<rect class="label" x="{x - width / 2:.1f}" y="{y - 9:.1f}" width="{width:.1f}" height="18"/>'
                f'<text class="labeltext" x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle">{escape(label)}</text>'
            )


def _foot(placed: Arrangement, boxes: dict[str, Box], source: str, key: str) -> Point:
    """Where a line leaves its box: at the foot, spread in the order of where the lines go."""
    x, y = placed.boxes[source]
    mates = sorted(
        (each for each in placed.boxes if each.startswith(f"{source}>")),
        key=lambda each: placed.boxes[each][0],
    )
    share = (mates.index(key) + 1) / (len(mates) + 1) - 0.5
    size = boxes[source].size
    return x + share * size.width * 0.8, y + size.height / 2


def _head_of(placed: Arrangement, boxes: dict[str, Box], target: str, come_from: Point) -> Point:
    """Where a line enters: at the top, or at the side when it comes from below."""
    x, y = placed.boxes[target]
    size = boxes[target].size
    if come_from[1] > y:
        side = -1 if come_from[0] < x else 1
        return x + side * size.width / 2, y
    lean = max(-0.4, min(0.4, (come_from[0] - x) / size.width))
    return x + lean * size.width * 0.8, y - size.height / 2


def _path(points: list[Point], style: str) -> str:
    """Straight through the bends, the corners rounded."""
    commands = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into = _towards(corner, before, 12)
        out = _towards(corner, after, 12)
        commands.append(
            f"L{into[0]:.1f} {into[1]:.1f} Q{corner[0]:.1f} {corner[1]:.1f} {out[0]:.1f} {out[1]:.1f}"
        )
    commands.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return f'<path class="{style}" d="{" ".join(commands)}"/>'


def _towards(start: Point, goal: Point, most: float) -> Point:
    across, down = goal[0] - start[0], goal[1] - start[1]
    length = max((across**2 + down**2) ** 0.5, 0.001)
    share = min(most, length / 2) / length
    return start[0] + across * share, start[1] + down * share


def _drawn(box: Box, centre: Point) -> str:
    left, top = centre[0] - box.size.width / 2, centre[1] - box.size.height / 2
    parts = [
        f'<g id="{escape(box.name)}">',
        outline(box.shape, left, top, box.size.width, box.size.height, box.is_tried),
    ]
    if box.is_legal:
        parts.append(rect("legal", left, top + 12, 7, box.size.height - 24))
    for number, line in enumerate(box.lines):
        baseline = top + 11 + LINE_HEIGHT * (number + 0.75)
        parts.append(
            f'<text class="{line.style}" font-size="{FONT_SIZE}" x="{centre[0]:.1f}" y="{baseline:.1f}" '
            f'text-anchor="middle">{escape(line.text)}</text>'
        )
    return "".join([*parts, "</g>"])


def _head(dialog: Dialog, graph: Graph, visited: Coverage | None) -> Iterator[str]:
    top = -_HEAD - _MARGIN + 36
    yield f'<text class="title" x="0" y="{top}">{escape(dialog.title)} ({dialog.dialog} {dialog.version})</text>'
    x = 0
    for shape, words in SHAPES_KO.items():
        yield outline(shape, x, top + 16, 44, 26)
        yield f'<text class="legend" x="{x + 52}" y="{top + 34}">{words}</text>'
        x += 218
    yield rect("legal", x, top + 16, 7, 26)
    yield f'<text class="legend" x="{x + 16}" y="{top + 34}">법정 고지 (굵은 띠)</text>'
    note = "화살표: 대답과 다음 순서. 상자 안 회색 글: 무응답, 못 알아들음, 그 자리에서 따로 받는 말."
    if visited is not None:
        tried = len(graph.edges) - len(visited.unvisited_edges)
        forms = len(graph.forms) - len(visited.unvisited_forms)
        counted = f"자리 {forms}/{len(graph.forms)}, 길 {tried}/{len(graph.edges)}"
        note += f" 시험 통화가 지나간 곳: {counted} ({UNTRIED} 시험 통화 없음)."
    yield f'<text class="legend" x="0" y="{top + 66}">{escape(note)}</text>'
