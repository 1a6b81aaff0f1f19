"""The city's places, read from ``intents/city/places.yaml``: what each name may mean. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict

from voicebot.config import PROJECT_ROOT
from voicebot.datafiles import read_model

PLACES = PROJECT_ROOT / "intents" / "city" / "places.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dong(_Part):
    """An administrative dong; ``legal``: the legal dongs it covers, wholly or in part."""

    name: str
    gu: str
    legal: tuple[str, ...] = ()
    old: tuple[str, ...] = ()
    source: str


class LegalDong(_Part):
    name: str
    gu: str


class Landmark(_Part):
    """``gu`` and ``dong`` are null where they are not certain."""

    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    gu: str | None = None
    dong: str | None = None
    source: str


class Places(_Part):
    gus: tuple[str, ...]
    elsewhere: tuple[str, ...]
    legal_dongs: tuple[LegalDong, ...]
    dongs: tuple[Dong, ...]
    landmarks: tuple[Landmark, ...]


@dataclass(frozen=True)
class Meaning:
    """What a name means. ``choices``: the administrative dongs (or sides of a station) it may mean when several."""

    name: str
    kind: str
    gu: str | None
    dong: str | None
    choices: tuple[str, ...] = ()


@cache
def places() -> Places:
    """The project's places. Raises DataFileError naming file and line."""
    return read_model(PLACES, Places)


@cache
def meanings() -> dict[str, Meaning]:
    """Every name without spaces, and what it means; names of elsewhere mean nothing of ours (kind ``elsewhere``)."""
    held = places()
    found: dict[str, Meaning] = {}
    found |= {gu: Meaning(gu, "gu", gu, None) for gu in held.gus}
    for landmark in held.landmarks:
        for name in (landmark.name, *landmark.aliases):
            found[_solid(name)] = Meaning(landmark.name, landmark.kind, landmark.gu, landmark.dong)
    found["부천역"] = Meaning("부천역", "station", None, None, ("부천역 북부", "부천역 남부"))
    found |= _dongs(held)
    found |= {_solid(name): Meaning(name, "elsewhere", None, None) for name in held.elsewhere}
    return found


def _dongs(held: Places) -> dict[str, Meaning]:
    """Legal names that one administrative dong covers mean it; those of several mean only the district."""
    by_legal: dict[str, list[Dong]] = defaultdict(list)
    for dong in held.dongs:
        for covered in dong.legal:
            by_legal[covered].append(dong)
    found = {dong.name: Meaning(dong.name, "dong", dong.gu, dong.name) for dong in held.dongs}
    for legal in held.legal_dongs:
        covering = by_legal.get(legal.name, [])
        if len(covering) == 1:
            found[legal.name] = Meaning(legal.name, "dong", legal.gu, covering[0].name)
        elif covering:
            choices = tuple(dong.name for dong in covering)
            found[legal.name] = Meaning(legal.name, "dong", legal.gu, None, choices)
        elif legal.name not in found:
            found[legal.name] = Meaning(legal.name, "dong", legal.gu, None)
    for dong in held.dongs:
        for village in dong.old:
            sharing = [other for other in held.dongs if village in other.old]
            certain = dong.name if len(sharing) == 1 else None
            found.setdefault(village, Meaning(village, "old_village", dong.gu, certain))
    return found


def _solid(name: str) -> str:
    return name.replace(" ", "")
