"""What callers are answered at once (``intents/city/advice.yaml``): texts that officials edit, checked when read.

Every ``info`` intent has one. Spoken on the telephone, so every figure and foreign word stands in Korean words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from voicebot.config import PROJECT_ROOT
from voicebot.datafiles import Document, read_yaml, validate
from voicebot.errors import DataFileError, Problem
from voicebot.nlu.intents.catalogue import Intent, catalogue

ADVICE = PROJECT_ROOT / "intents" / "city" / "advice.yaml"
MOST_SENTENCES = 3
LONGEST_SENTENCE = 60
"""Characters: about ten seconds of an announcer's speech. Longer ones are forgotten before they end."""
_NOT_SPOKEN = re.compile(r"[^가-힣 ,.?!]")


def _as_spoken(text: str) -> str:
    if found := _NOT_SPOKEN.search(text):
        raise ValueError(
            f"'{found[0]}' cannot be read aloud; write Korean words as they are spoken (119 as 일일구, E-Gen as 이젠)"
        )
    if not text.endswith((".", "?", "!")):
        raise ValueError("the last sentence has no end; close it with a full stop")
    return text


def _as_few_sentences(text: str) -> str:
    sentences = sentences_of(text)
    if len(sentences) > MOST_SENTENCES:
        raise ValueError(f"{len(sentences)} sentences are too many; write at most {MOST_SENTENCES}")
    if long := next((each for each in sentences if len(each) > LONGEST_SENTENCE), None):
        raise ValueError(
            f"'{long[:15]}…' has {len(long)} characters; write sentences of at most {LONGEST_SENTENCE}"
        )
    return text


def sentences_of(text: str) -> list[str]:
    return re.findall(r"[^.?!]+[.?!]", text)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AdviceEntry(_Part):
    """``say``: what is spoken. ``source``: where it is said, one or several. ``as_of``: when that was looked at."""

    say: Annotated[str, Field(min_length=10), AfterValidator(_as_spoken), AfterValidator(_as_few_sentences)]
    source: tuple[Annotated[str, Field(min_length=4)], ...] = Field(min_length=1)
    as_of: Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class _AdviceFile(_Part):
    advice: dict[str, AdviceEntry]


class Advice:
    """The texts by intent."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)

    def of(self, intent_id: str) -> str | None:
        """Two or three Korean sentences to be spoken; None where nothing is answered on the call."""
        return self._texts.get(intent_id)


def load_advice(path: Path = ADVICE, *, intents: Mapping[str, Intent] | None = None) -> Advice:
    """Read and check the texts. ``intents``: those of the project, unless others are given.

    Raises DataFileError with every fault, its line and what to do.
    """
    document = read_yaml(path)
    file = validate(document, _AdviceFile)
    if problems := _faults(document, file, catalogue() if intents is None else intents):
        raise DataFileError(problems)
    return Advice({intent: entry.say for intent, entry in file.advice.items()})


def _faults(document: Document, file: _AdviceFile, intents: Mapping[str, Intent]) -> list[Problem]:
    strange = [
        document.problem(
            ("advice", name), "unknown-intent", f"'{name}' is no intent", "name a file of intents/"
        )
        for name in file.advice
        if name not in intents
    ]
    missing = [
        document.problem(
            ("advice",),
            "missing-advice",
            f"'{name}' ({intent.name_ko}) has no text",
            f"add {name} with say and source",
        )
        for name, intent in intents.items()
        if intent.urgency == "info" and name not in file.advice
    ]
    return strange + missing
