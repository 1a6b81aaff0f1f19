"""Phrases misheard by the recogniser, found by comparing letters (jamo) with what people usually ask for."""

from __future__ import annotations

import unicodedata
from functools import cache

from rapidfuzz import fuzz

from voicebot.datafiles import read_yaml
from voicebot.nlu.answers.acts import Act, QuestionKind
from voicebot.nlu.answers.questions import Family, Question
from voicebot.nlu.cues import DATA
from voicebot.nlu.heard import Heard, fold

# From this likeness (0-100, rapidfuzz) on a phrase counts as said; one wrong syllable in six passes.
_CLOSE = 84.0
_TOO_LONG = 30  # syllables; in a long story something always resembles something


def nearest(heard: Heard, question: Question) -> tuple[Act, str] | None:
    """The act of the closest key phrase and the phrase, or None if nothing is close."""
    if not 3 <= len(heard.solid) <= _TOO_LONG:
        return None
    said = _letters(heard.solid)
    best: tuple[float, Act, str] | None = None
    for act, phrase, letters in _phrases():
        if act in (Act.AFFIRM, Act.DENY) and not _takes_yes_or_no(question):
            continue
        score = fuzz.ratio(said, letters) if len(said) <= len(letters) else fuzz.partial_ratio(letters, said)
        if score >= _CLOSE and (best is None or score > best[0]):
            best = (score, act, phrase)
    return None if best is None else (best[1], best[2])


def _takes_yes_or_no(question: Question) -> bool:
    return question.family is Family.ACCEPT and question.kind is not QuestionKind.IDENTITY


def _letters(solid: str) -> str:
    return unicodedata.normalize("NFD", solid)


@cache
def _phrases() -> tuple[tuple[Act, str, str], ...]:
    return tuple(
        (Act(act), phrase, _letters(fold(phrase.replace(" ", ""))))
        for act, phrases in read_yaml(DATA / "key_phrases.yaml").data.items()
        for phrase in phrases
    )
