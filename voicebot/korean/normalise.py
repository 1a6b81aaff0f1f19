"""What every listener does first with a recogniser's text: one spelling, one spacing, no punctuation.

The original is kept beside the result, since staff and records must show what was heard.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_FILLER = re.compile(
    r"(?<![가-힣])(?:어+|음+|으음|흠+|에에+|아+|저기(?:요)?|거시기|머시기|그 ?뭐냐|그 ?뭐시냐|뭐냐|뭐더라|"
    r"있잖아(?:요)?|그러니까네)"
    r"(?:[\s,.…]+|(?=$))"
)
_BETWEEN_FIGURES = re.compile(r"(?<!\d)[.,:\-~/]|[.,:\-~/](?!\d)")
_PUNCTUATION = re.compile(r"[!?…·\"'“”‘’()\[\]{}<>;、。，]")
# Not number words: 칠칠칠 is seven hundred and seventy-seven to a caller who reads out a code.
_STAMMER = re.compile(r"((?![영공일이삼사오육륙칠팔구])[가-힣])\1{2,}")
# Endings of the regions and of old people's speech that say nothing but politeness.
_ENDINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), standard)
    for pattern, standard in (
        (r"(?:슴다|슴니더|습니더|심더|심니더|십니더)(?=\s|$)", "습니다"),
        (r"입니더(?=\s|$)|임다(?=\s|$)|임더(?=\s|$)", "입니다"),
        (r"(?<=[가-힣])이라예(?=\s|$)", "이에요"),
        (r"(?<=[가-힣])라예(?=\s|$)", "이에요"),
        (r"(?<=[가-힣])이어유(?=\s|$)|(?<=[가-힣])이에유(?=\s|$)|(?<=[가-힣])이유(?=\s|$)", "이에요"),
        (r"(?<=[가-힣])인디(?:요|유)?(?=\s|$)", "인데요"),
        (r"(?<=[가-힣])니께(?=\s|$)|(?<=[가-힣])니까네(?=\s|$)|(?<=[가-힣])(?<![저제])께네(?=\s|$)", "니까"),
        (r"(?<=[가-힣])이라오(?=\s|$)", "이에요"),
    )
)


@dataclass(frozen=True)
class Normalised:
    """``text`` is for matching; ``original`` is what the recogniser gave, untouched."""

    original: str
    text: str


def tidy(text: str) -> str:
    """NFC, half-width figures, no punctuation but inside figures (3.5, 12:30, 010-1234), single spaces."""
    text = unicodedata.normalize("NFC", text).translate(_HALF_WIDTH)
    text = _PUNCTUATION.sub(" ", _BETWEEN_FIGURES.sub(" ", text))
    return " ".join(text.split())


_HALF_WIDTH = {ord("０") + digit: ord("0") + digit for digit in range(10)} | {
    ord("："): ":", ord("－"): "-", ord("–"): "-", ord("—"): "-", ord("∼"): "~", ord("～"): "~",
    ord("〜"): "~",
}  # fmt: skip


def drop_fillers(text: str) -> str:
    """Without the sounds of thinking (어, 음, 저기, 거시기); if nothing else was said, the text as it was."""
    kept = " ".join(_FILLER.sub(" ", text).split())
    return kept or text


def fold_stammer(text: str) -> str:
    """A syllable said three times or more is said once: "네네네" -> "네". Pairs and number words stay."""
    return _STAMMER.sub(r"\1", text)


def fold_endings(text: str) -> str:
    """Dialect endings in standard form, where nothing but politeness changes: "왔심더" -> "왔습니다"."""
    for pattern, standard in _ENDINGS:
        text = pattern.sub(standard, text)
    return text


def normalise(text: str) -> Normalised:
    """What every listener does first. Never raises; an empty text stays empty."""
    return Normalised(text, fold_endings(fold_stammer(drop_fillers(tidy(text)))))
