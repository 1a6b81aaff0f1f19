"""One name for a place that callers name in many ways, so that reports of the same place are found together. Pure.

"부천역 3번 출구 앞이요", "심곡2동 부천역 쪽" → 부천역        a landmark: exact
"길주로 77 앞", "길주로 77"                  → 길주로77      a road with its number: exact
"길주로", "심곡2동", "상동"                  → as they are   an area: a dong, a village, a long road
"우리 집 앞", "원미구"                        → no place      everybody has a home, a third of the city is none
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from voicebot.nlu.places import Meaning, find_place
from voicebot.nlu.places.spoken import find_mentions

_AREAS = {"dong", "old_village", "area", "road", "water", "mountain"}
_NUMBERED_ROAD = re.compile(
    r"([가-힣]{1,5}(?<!도)(?:대로|로|길)) ?(\d{1,4})(?!\d)"
    r"(?! ?(?:차선|차로|군데|개|미터|킬로|시|분|층|대|명|번 ?(?:출구|버스)))(?: ?(번길)(?: ?(\d{1,3}))?)?"
)
"""A road address as people give it: 길주로 77, 부일로 459번길 12. "아스팔트 도로 2군데" is none."""


@dataclass(frozen=True)
class PlaceName:
    """``name`` without spaces; ``is_exact``: a point, not an area; ``gu`` and ``dong`` where they are certain."""

    name: str
    is_exact: bool
    gu: str | None = None
    dong: str | None = None


def place_name(spoken: str | None, *, dong: str | None = None) -> PlaceName | None:
    """The place that a caller named (``spoken``), else the ``dong`` that is known otherwise; None: nowhere certain."""
    found = find_place(spoken) if spoken else None
    gu, certain = (found.gu, found.dong) if found else (None, None)
    if road := _NUMBERED_ROAD.search(spoken or ""):
        return PlaceName("".join(part for part in road.groups() if part), True, gu, certain)
    meanings = [mention.meaning for mention in find_mentions(found.spoken)] if found else []
    if exact := next((meaning for meaning in meanings if _is_point(meaning)), None):
        return PlaceName(_solid(exact.name), True, gu, certain)
    if dong or certain:
        return PlaceName(_solid(dong or certain or ""), False, gu, dong or certain)
    area = next((meaning for meaning in meanings if meaning.kind in _AREAS), None)
    return PlaceName(_solid(area.name), False, gu) if area else None


def _is_point(meaning: Meaning) -> bool:
    return meaning.kind not in _AREAS and meaning.kind != "gu"


def _solid(name: str) -> str:
    return "".join(name.split())
