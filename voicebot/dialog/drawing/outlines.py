"""The outlines of boxes in a picture, as SVG."""

from __future__ import annotations

from voicebot.dialog.drawing.layout import Point
from voicebot.dialog.graph import Shape


def outline(shape: Shape, left: float, top: float, width: float, height: float, is_tried: bool = True) -> str:
    """The shape of a box. Kinds differ in outline, so that the picture can be read in black and white."""
    style = f"box {shape}" + ("" if is_tried else " untried")
    right, bottom, middle = left + width, top + height, top + height / 2
    if shape is Shape.TRANSFER:
        upper, lower = [(left + 14, top), (right - 14, top)], [(right - 14, bottom), (left + 14, bottom)]
        return polygon(style, [(left, middle), *upper, (right, middle), *lower])
    if shape is Shape.RETURN:
        return polygon(style, [(left + 14, top), (right, top), (right - 14, bottom), (left, bottom)])
    radius = {Shape.QUESTION: 16, Shape.END: 22}.get(shape, 0)
    box = rect(style, left, top, width, height, radius)
    return box + (rect("inner", left + 4, top + 4, width - 8, height - 8, 18) if shape is Shape.END else "")


def polygon(style: str, corners: list[Point]) -> str:
    return f'<polygon class="{style}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}"/>'


def rect(style: str, left: float, top: float, width: float, height: float, radius: float = 0) -> str:
    place = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{style}" {place} rx="{radius}"/>'
