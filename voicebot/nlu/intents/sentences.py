"""The labelled sentences from which the intents are learnt: ``intents/sentences/<intent>.jsonl``, the examples and
near misses of the intents' own files, and what people approved (``intents/sentences/approved.jsonl``)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicebot.errors import DataFileError, Problem
from voicebot.nlu.intents.catalogue import INTENTS, Intent

APPROVED = "approved"


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
    sentences = [
        sentence
        for path in sorted((folder / "sentences").glob("*.jsonl"))
        for sentence in _of_file(path, intents, problems)
    ]
    if problems:
        raise DataFileError(problems)
    for intent in intents.values():
        sentences += [Sentence(say, intent.id) for say in intent.examples]
        sentences += [Sentence(miss.say, miss.intent) for miss in intent.near_misses]
    return sentences


def _of_file(path: Path, intents: dict[str, Intent], problems: list[Problem]) -> Iterator[Sentence]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield _sentence(row, path.stem, intents)
        except (ValueError, KeyError, TypeError) as error:
            remedy = 'write {"text": …, "also": [], "place": null, "style": "plain"}'
            problems.append(Problem(str(path), number, "wrong-line", str(error), remedy))


def _sentence(row: dict[str, Any], name: str, intents: dict[str, Intent]) -> Sentence:
    intent = row.get("intent", name)
    also = tuple(row.get("also") or ())
    for named in (intent, *also):
        if named not in intents:
            raise ValueError(f"'{named}' is no intent")
    text = row["text"]
    if not isinstance(text, str) or not text.strip():
        raise ValueError("'text' is empty")
    return Sentence(text, intent, also, row.get("place"), row.get("style", "plain"), row.get("set", ""))
