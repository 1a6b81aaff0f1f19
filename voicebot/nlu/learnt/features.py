"""The features of an utterance: pieces of words, morphemes, cues; each knows where in the text it stands.

What the speaker says it is *not* ("주차 말고요 소음이요") counts apart, under names that begin with ``~``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from voicebot.nlu.heard import Heard, fold, listen
from voicebot.nlu.learnt.denied import denied_spans
from voicebot.nlu.morphemes import Morpheme, morphemes

_LONGEST_PIECE = 4  # syllables, the spaces around a word included
# Of a longer monologue the end is heard: what a speaker comes to in the end counts.
LONGEST_UTTERANCE = 600


class Feature(NamedTuple):
    """``group``: ``c`` characters, ``m`` morphemes, ``x`` what a caller adds by other means (cues, the question).
    ``start``, ``end`` in ``heard.plain``; equal where the feature stands nowhere."""

    group: str
    name: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Reading:
    """An utterance with its features. ``spoken``: content morphemes that were not denied, for their meaning."""

    heard: Heard
    features: tuple[Feature, ...]
    spoken: tuple[Morpheme, ...]


def read(text: str) -> Reading:
    """Read any text."""
    heard = listen(text[-LONGEST_UTTERANCE:])
    denied = denied_spans(heard.plain)
    found = morphemes(heard.plain)
    features = _pieces(heard.plain) + _morphemes(found)
    spoken = [morpheme for morpheme in found if morpheme.is_content]
    if denied:
        features = [_mark(feature, denied) for feature in features]
        spoken = [morpheme for morpheme in spoken if not _inside(morpheme.start, denied)]
    return Reading(heard, tuple(features), tuple(spoken))


def _pieces(plain: str) -> list[Feature]:
    """Pieces of one to four syllables inside each word, its edges counted as syllables."""
    pieces = []
    start = 0
    for word in plain.split(" "):
        framed = f" {fold(word)} "
        end = start + len(word)
        for size in range(1, _LONGEST_PIECE + 1):
            for place in range(max(1, len(framed) - size + 1)):
                first = start + place - 1
                pieces.append(
                    Feature("c", framed[place : place + size], max(first, start), min(first + size, end))
                )
        start = end + 1
    return pieces


def _morphemes(found: tuple[Morpheme, ...]) -> list[Feature]:
    words = [morpheme for morpheme in found if morpheme.is_word]
    single = [Feature("m", morpheme.name, morpheme.start, morpheme.end) for morpheme in words]
    pairs = [
        Feature("m", f"{first.name}+{second.name}", first.start, second.end)
        for first, second in pairwise(words)
    ]
    return single + pairs


def _mark(feature: Feature, denied: list[tuple[int, int]]) -> Feature:
    return feature._replace(name=f"~{feature.name}") if _inside(feature.start, denied) else feature


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)
