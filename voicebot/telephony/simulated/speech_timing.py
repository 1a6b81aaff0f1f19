"""How long it takes to say something. An estimate: synthesis itself is not simulated."""

from __future__ import annotations

import re

SYLLABLES_PER_S = 6.5
"""Unhurried Korean synthesis at rate 100 %."""
_HANGUL = re.compile(r"[가-힣]")
_DIGIT = re.compile(r"[0-9]")
_LATIN = re.compile(r"[A-Za-z]+")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")
_COMMA = re.compile(r"[,;:·]+(?=\s|$)")
_BREAK_STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.25, "medium": 0.5, "strong": 0.75, "x-strong": 1.2}


def syllables(text: str) -> float:
    """Syllables in ``text``: one per Hangul syllable or digit, about one per three Latin letters."""
    latin = sum(max(1.0, len(word) / 3) for word in _LATIN.findall(text))
    return len(_HANGUL.findall(text)) + len(_DIGIT.findall(text)) + latin


def speaking_seconds(text: str, rate_percent: float = 100.0) -> float:
    """Seconds to say ``text``, with 0.35 s after a sentence and 0.2 s at a comma."""
    pauses = 0.35 * len(_SENTENCE_END.findall(text)) + 0.2 * len(_COMMA.findall(text))
    return (syllables(text) / SYLLABLES_PER_S + pauses) * 100.0 / max(20.0, rate_percent)


def rate_percent(value: str | None) -> float:
    """The percentage that a prosody ``rate`` stands for: ``85%`` or a word such as ``slow``."""
    words = {"x-slow": 50.0, "slow": 75.0, "medium": 100.0, "fast": 125.0, "x-fast": 150.0}
    if not value:
        return 100.0
    if value in words:
        return words[value]
    number = re.fullmatch(r"([+-]?)(\d+(?:\.\d+)?)%", value)
    if not number:
        return 100.0
    percent = float(number[2])
    return {"+": 100.0 + percent, "-": 100.0 - percent}.get(number[1], percent)


def break_seconds(time: str | None, strength: str | None) -> float:
    """Seconds of an SSML ``break``: ``500ms``, ``1.5s`` or a strength."""
    if time and (number := re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", time)):
        return float(number[1]) / (1000 if number[2] == "ms" else 1)
    return _BREAK_STRENGTHS.get(strength or "medium", 0.5)
