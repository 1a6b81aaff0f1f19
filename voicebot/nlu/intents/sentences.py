"""The labelled sentences from which the intents are learnt: ``intents/sentences/<intent>.jsonl``, the examples and
near misses of the intents' own files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicebot.errors import DataFileError, Problem
from voicebot.nlu.intents.catalogue import INTENTS, Intent
from voicebot.nlu.jsonlines import read_json_lines

_REMEDY = 'write {"text": …, "also": [], "place": null, "style": "plain"}'


@dataclass(frozen=True)
class Sentence:
    """``also``: other intents raised in the same breath. ``style``: how it is spoken. ``source``: where it is from."""

    text: str
    intent: str
    also: tuple[str, ...] = ()
    place: str | None = None
    style: str = "plain"
    source: str = "catalogue"


def read_sentences(intents: dict[str, Intent], folder: Path = INTENTS) -> list[Sentence]:
    """Every sentence to learn from. Raises DataFileError naming file and line of each fault."""
    problems: list[Problem] = []
    sentences: list[Sentence] = []
    for path in sorted((folder / "sentences").glob("*.jsonl")):
        try:
            sentences += read_file(path, intents)
        except DataFileError as error:
            problems += error.problems
    if problems:
        raise DataFileError(problems)
    for intent in intents.values():
        sentences += [Sentence(say, intent.id) for say in intent.examples]
        sentences += [Sentence(miss.say, miss.intent) for miss in intent.near_misses]
    return sentences


def read_file(path: Path, intents: dict[str, Intent]) -> list[Sentence]:
    """The sentences of one file, whose name is their intent unless a line says another. Raises DataFileError."""
    return read_json_lines(path, lambda row: _sentence(row, path.stem, intents), _REMEDY)


def _sentence(row: dict[str, Any], name: str, intents: dict[str, Intent]) -> Sentence:
    intent = row.get("intent", name)
    also = tuple(row.get("also") or ())
    for named in (intent, *also):
        if named not in intents:
            raise ValueError(f"'{named}' is no intent")
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("'text' is empty")
    return Sentence(text, intent, also, row.get("place"), row.get("style", "plain"), row.get("set", ""))
