"""The particle that fits a word: 은/는, 이/가, 을/를, 과/와, 으로/로 and their kin.

The last sound decides, so figures are judged as they are read (3 삼, 6 육) and Latin letters by name.
"""

from __future__ import annotations

import re

from voicebot.korean.jamo import has_final, has_final_rieul, is_syllable

# after a consonant, after a vowel
_PAIRS = (
    ("은", "는"),
    ("이", "가"),
    ("을", "를"),
    ("과", "와"),
    ("으로", "로"),
    ("이에요", "예요"),
    ("이나", "나"),
    ("이랑", "랑"),
    ("이라고", "라고"),
    ("이라는", "라는"),
    ("이라", "라"),
    ("이든", "든"),
    ("이며", "며"),
    ("이고", "고"),
    ("이야", "야"),
    ("이여", "여"),
    ("이세요", "세요"),
    ("이시죠", "시죠"),
    ("이신가요", "신가요"),
    ("으로서", "로서"),
    ("으로써", "로써"),
    ("으로부터", "로부터"),
    ("아", "야"),
)
_BY_NAME = {form: pair for pair in reversed(_PAIRS) for form in ("/".join(pair), "/".join(reversed(pair)))}
# How the last figure or letter sounds: its reading in Hangul.
_READINGS = dict(zip("0123456789", "영일이삼사오육칠팔구", strict=True)) | dict(
    zip("LMNRAB", ("엘", "엠", "엔", "알", "에이", "비"), strict=True)
)
_ROUND_NUMBER = re.compile(r"(\d[\d,]*?)(0+)$")
_ROUND_UNITS = ("", "십", "백", "천", "만", "만", "만", "만", "억")


def particle_for(word: str, pair: str) -> str:
    """The form of ``pair`` ("은/는", either order) that follows ``word``.

    Raises ``ValueError`` for a pair that is not known. A word without letters or figures counts as a vowel.
    """
    forms = _BY_NAME.get(pair)
    if forms is None:
        known = ", ".join("/".join(known_pair) for known_pair in _PAIRS)
        raise ValueError(f"unknown particle pair {pair!r}; known: {known}")
    sound = _last_sound(word)
    closed = bool(sound) and has_final(sound)
    if forms[0].startswith("으로") and closed and has_final_rieul(sound):
        closed = False
    return forms[0] if closed else forms[1]


def with_particle(word: str, pair: str) -> str:
    """``word`` and the fitting form: ("통신비", "은/는") -> "통신비는", ("3", "으로/로") -> "3으로"."""
    return word + particle_for(word, pair)


def _last_sound(word: str) -> str:
    """The Hangul syllable with which the word's reading ends, or "" if it has none."""
    # What stands in brackets or quotation marks is passed over only as marks: 통신비(월) ends in 월.
    letters = re.sub(r"[^0-9A-Za-z가-힣%]+$", "", word)
    if not letters:
        return ""
    last = letters[-1]
    if is_syllable(last):
        return last
    if last == "%":
        return "트"
    if last == "0":
        return _round_sound(letters)
    return _READINGS.get(last.upper(), "에")


def _round_sound(letters: str) -> str:
    """How a figure that ends in noughts ends: 10 십, 300 백, 20000 만; 0 and codes like 010 end in 영."""
    match = _ROUND_NUMBER.search(letters)
    if match is None or match.group(1).startswith("0"):
        return "영"
    noughts = match.group(2)
    return _ROUND_UNITS[min(len(noughts), len(_ROUND_UNITS) - 1)]
