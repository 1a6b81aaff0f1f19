"""Hangul letters: taking syllables apart and measuring how alike two words sound on a bad line."""

from __future__ import annotations

import unicodedata

from rapidfuzz import fuzz

_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_FINALS = 28
_FINAL_RIEUL = 8


def decompose(text: str) -> str:
    """Text with every syllable as conjoining letters (Unicode NFD): "값" is three code points."""
    return unicodedata.normalize("NFD", text)


def compose(letters: str) -> str:
    """The inverse of ``decompose`` (Unicode NFC)."""
    return unicodedata.normalize("NFC", letters)


def is_syllable(character: str) -> bool:
    """Whether this one character is a precomposed Hangul syllable."""
    return _FIRST_SYLLABLE <= ord(character) <= _LAST_SYLLABLE


def has_final(character: str) -> bool:
    """Whether this Hangul syllable ends in a consonant (받침); False for anything else."""
    return is_syllable(character) and (ord(character) - _FIRST_SYLLABLE) % _FINALS != 0


def has_final_rieul(character: str) -> bool:
    """Whether this Hangul syllable ends in ㄹ."""
    return is_syllable(character) and (ord(character) - _FIRST_SYLLABLE) % _FINALS == _FINAL_RIEUL


def similarity(left: str, right: str) -> float:
    """How alike two texts are, 0 to 1, compared letter by letter without spaces.

    Letters, not syllables: a recogniser that hears 이른 for 일흔 errs by a letter or two.
    """
    return fuzz.ratio(decompose(left.replace(" ", "")), decompose(right.replace(" ", ""))) / 100
