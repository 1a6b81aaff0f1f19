"""What the recogniser wrote, made comparable: NFC, no punctuation, no spaces, vowels that sound alike made one.

Matching is done on text without spaces, because neither recognisers nor people space Korean alike.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_FIRST, _LAST = ord("가"), ord("힣")
_VOWELS, _TAILS = 21, 28
# ㅐ=ㅔ, ㅒㅖ=ㅔ, ㅙㅞ=ㅚ: one sound today, so recognisers mix them up. Numbers are places in the Unicode order.
_VOWEL_AS = {1: 5, 3: 5, 7: 5, 10: 11, 15: 11}
# Final ㅆ and ㄲ are often written ㅅ and ㄱ.
_TAIL_AS = {20: 19, 2: 1}
# Open syllables that are words or endings of their own: 내 (I) and 네 (yes), 애 (child) and 에 (at), 새 and 세…
_KEEP = frozenset("내네냬녜애에대데새세개게때떼매메배베재제패페")
_NOT_SPOKEN = re.compile(r"[^0-9a-z가-힣ㄱ-ㅎㅏ-ㅣ?]+")
_SURPRISE = re.compile(r"\s*(네|예|응|어|에|뭐)\s*\?")


@lru_cache(maxsize=12_000)
def _fold_syllable(syllable: str) -> str:
    code = ord(syllable)
    if not _FIRST <= code <= _LAST or syllable in _KEEP:
        return syllable
    head, rest = divmod(code - _FIRST, _VOWELS * _TAILS)
    vowel, tail = divmod(rest, _TAILS)
    vowel, tail = _VOWEL_AS.get(vowel, vowel), _TAIL_AS.get(tail, tail)
    return chr(_FIRST + (head * _VOWELS + vowel) * _TAILS + tail)


def fold(text: str) -> str:
    """Each syllable written the one way of its sound; the length stays. Also applied to patterns."""
    return "".join(map(_fold_syllable, text))


@dataclass(frozen=True)
class Heard:
    """One utterance. ``plain`` has single spaces; ``solid`` none and is folded; ``places[i]`` is where its i-th
    character stands in ``plain``. ``asks`` tells whether a question mark closed it."""

    plain: str
    solid: str
    places: tuple[int, ...]
    asks: bool
    asks_first: bool = False

    @property
    def words(self) -> list[str]:
        return self.plain.split()

    def quote(self, start: int, end: int) -> str:
        """The words of ``plain`` that lie under ``solid[start:end]``."""
        if start >= end:
            return ""
        return self.plain[self.places[start] : self.places[end - 1] + 1]


def listen(text: str) -> Heard:
    """Make any text comparable. Never raises."""
    lowered = unicodedata.normalize("NFC", text).lower()
    spaced = _NOT_SPOKEN.sub(" ", lowered)
    asks = spaced.rstrip().endswith("?")
    plain = " ".join(spaced.replace("?", " ").split())
    places = tuple(index for index, letter in enumerate(plain) if letter != " ")
    solid = fold("".join(plain[index] for index in places))
    return Heard(plain, solid, places, asks, bool(_SURPRISE.match(spaced)))


_FILLERS = re.compile(
    r"^(?:(?:네|예|응|어|아니요|아뇨|아니|여보세요|저기요?|있잖아요|아이고|아이구|잠깐만요?|그게|그|근데|그런데)[ ,.]+)+"
)


def without_fillers(text: str) -> str:
    """An utterance without the small words that it begins with ("네 여보세요 불이 났어요"); itself when nothing is left."""
    return _FILLERS.sub("", text.lstrip()) or text
