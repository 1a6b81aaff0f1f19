"""Morphemes of an utterance, and how near in meaning they lie: kiwipiepy's analyser and its language model.

The analyser is loaded once in a process (about 1.5 s, 230 MB), without its dictionaries of proper names, which cost
as much again and taught the intents nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import numpy as np
import numpy.typing as npt
from kiwipiepy import Kiwi

Floats = npt.NDArray[np.float32]
VERSION = f"kiwipiepy {version('kiwipiepy')}, model {version('kiwipiepy_model')}"
"""The analyser's numbers hold for one version of its model: whatever is learnt with them names it."""

_FREE = ("N", "V", "M", "I", "XR")
_EMPTY = ("VX", "VC", "NB", "NP", "NR", "MM")


@dataclass(frozen=True)
class Morpheme:
    """``form`` as in a dictionary, ``tag`` of the Sejong set, ``number`` in the analyser's model; it stands in the
    text from ``start`` to ``end``."""

    form: str
    tag: str
    number: int
    start: int
    end: int

    @property
    def is_content(self) -> bool:
        """Nouns, verbs and adverbs: what means something by itself."""
        return self.tag.startswith(_FREE) and not self.tag.startswith(_EMPTY)

    @property
    def is_word(self) -> bool:
        """No ending and no particle."""
        return self.tag[0] in "NVMXI"

    @property
    def name(self) -> str:
        return f"{self.form}/{self.tag[:2]}"


@cache
def analyser() -> Kiwi:
    kiwi = Kiwi(num_workers=1, load_default_dict=False, load_multi_dict=False)
    kiwi.tokenize("가")
    return kiwi


def morphemes(text: str) -> tuple[Morpheme, ...]:
    """The morphemes of any text, in order."""
    return tuple(
        Morpheme(token.form, token.tag, token.id, token.start, token.start + token.len)
        for token in analyser().tokenize(text)
    )


def nearness(number: int, anchors: Iterable[int]) -> Floats:
    """Cosine of a morpheme's meaning to each anchor's (-1 to 1), 0 where the language model knows none."""
    similarity = analyser().morpheme_similarity
    return np.nan_to_num(np.fromiter((similarity(number, anchor) for anchor in anchors), np.float32))
