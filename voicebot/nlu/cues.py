"""Cues: hand-written patterns that tell an act, read from YAML. The data file explains how to write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from voicebot.datafiles import read_yaml, validate
from voicebot.errors import DataFileError
from voicebot.nlu.heard import Heard, fold

DATA = Path(__file__).parent / "data"


class CueGroup(BaseModel):
    """One list of patterns of one strength. ``kinds``: only with these questions; ``unless``: not if this too."""

    model_config = ConfigDict(extra="forbid")

    weight: float
    say: list[str]
    unless: list[str] = []
    kinds: list[str] = []
    longest: int | None = None  # in syllables: bare words count only in short answers


@dataclass(frozen=True)
class Cue:
    """A compiled group: any of ``say`` is worth ``weight``."""

    meaning: str
    weight: float
    say: re.Pattern[str]
    unless: re.Pattern[str] | None
    kinds: frozenset[str]
    longest: int | None

    def match(self, heard: Heard, kind: str) -> re.Match[str] | None:
        """The last place where the cue is said, so that of two contrary ones the later can be told."""
        if self.kinds and kind not in self.kinds:
            return None
        if self.longest is not None and len(heard.solid) > self.longest:
            return None
        places = list(self.say.finditer(heard.solid))
        if not places or (self.unless is not None and self.unless.search(heard.solid)):
            return None
        return places[-1]


def compile_patterns(patterns: list[str]) -> re.Pattern[str]:
    """Join patterns into one. Spaces (and `` ?``) are for the reader only; sounds are folded as in `Heard.solid`."""
    solid = (fold(pattern.replace(" ?", "").replace(" ", "")) for pattern in patterns)
    return re.compile("|".join(f"(?:{pattern})" for pattern in solid))


@cache
def load_cues(name: str) -> tuple[Cue, ...]:
    """The cues of ``voicebot/nlu/data/<name>.yaml``, in the file's order. Raises DataFileError."""
    document = read_yaml(DATA / f"{name}.yaml")
    cues: list[Cue] = []
    for meaning, groups in document.data.items():
        for number, group in enumerate(groups):
            read = validate(document, CueGroup, group, (meaning, number))
            try:
                cues.append(_compile(meaning, read))
            except re.error as error:
                place = (meaning, number, "say")
                raise DataFileError([document.problem(place, "pattern-syntax", str(error))]) from error
    return tuple(cues)


def _compile(meaning: str, group: CueGroup) -> Cue:
    return Cue(
        meaning,
        group.weight,
        compile_patterns(group.say),
        compile_patterns(group.unless) if group.unless else None,
        frozenset(group.kinds),
        group.longest,
    )


@dataclass(frozen=True)
class Sign:
    """A cue found in an utterance: what it means, how strongly, the words."""

    meaning: str
    weight: float
    words: str
    start: int


def find_signs(heard: Heard, kind: str, cues: tuple[Cue, ...]) -> list[Sign]:
    """Every cue that the utterance holds, one sign for each group."""
    return [
        Sign(cue.meaning, cue.weight, heard.quote(*found.span()), found.start())
        for cue in cues
        if (found := cue.match(heard, kind)) is not None
    ]
