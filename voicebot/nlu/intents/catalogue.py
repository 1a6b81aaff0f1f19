"""The closed set of what a resident may ring the duty desk about: one file for each intent in ``intents/``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from voicebot.config import PROJECT_ROOT
from voicebot.datafiles import read_model, read_yaml
from voicebot.errors import DataFileError, Problem
from voicebot.nlu.cues import compile_patterns

INTENTS = PROJECT_ROOT / "intents"
Urgency = Literal["emergency", "urgent", "routine", "info"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _compiles(pattern: str) -> str:
    try:
        compile_patterns([pattern])
    except re.error as error:
        raise ValueError(f"'{pattern}' is no pattern ({error}); see docs/understanding.md") from error
    return pattern


class Misleading(_Part):
    """Words of this intent's field (``say``, a pattern) that often mean another ``intent``."""

    say: str
    intent: str

    _check = field_validator("say")(_compiles)


class NearMiss(_Part):
    """An utterance that sounds like the intent but is another, and why, for an officer."""

    say: str
    intent: str
    because_ko: str


class Intent(_Part):
    """One intent. ``ask_ko`` completes "혹시 …이신가요?"; ``department`` may hold ``{gu}``; ``external``: whose number
    the caller is told; ``needs``: what the desk asks for before the ticket is whole; ``decides``: patterns on text without
    spaces. Figures and departments: the city's organisation rule (``intents/city/README.md``)."""

    id: str
    name_ko: str
    ask_ko: str
    definition_ko: str
    department: str | None
    department_is_confirmed: bool = True
    urgency: Urgency
    escalate: bool = False
    external: str | None = None
    needs: tuple[Literal["place", "since"], ...] = ()
    decides: tuple[str, ...] = ()
    misleads: tuple[Misleading, ...] = ()
    examples: tuple[str, ...]
    near_misses: tuple[NearMiss, ...] = ()

    @field_validator("decides")
    @classmethod
    def _patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_compiles(pattern) for pattern in patterns)

    @property
    def is_emergency(self) -> bool:
        return self.urgency == "emergency"

    def department_in(self, gu: str | None) -> str | None:
        """Who gets the ticket; without a known district (``gu``) the office's name alone."""
        if self.department is None:
            return None
        return self.department.replace("{gu}", gu or "").strip()


def load_intents(folder: Path = INTENTS) -> dict[str, Intent]:
    """Every intent of a folder by id, in the order of their names. Raises DataFileError with all faults."""
    intents: dict[str, Intent] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            intent = read_model(path, Intent)
        except DataFileError as error:
            problems += error.problems
            continue
        if intent.id != path.stem:
            document = read_yaml(path)
            problems.append(document.problem(("id",), "wrong-value", f"'{intent.id}' is not the file's name"))
        intents[intent.id] = intent
    if not intents and not problems:
        problems = [Problem(str(folder), None, "file-unreadable", "there are no intents here")]
    problems += [
        _unknown(folder, intent.id, other)
        for intent in intents.values()
        for other in _others(intent, intents)
    ]
    if problems:
        raise DataFileError(problems)
    return intents


def _others(intent: Intent, known: dict[str, Intent]) -> list[str]:
    named = [miss.intent for miss in intent.near_misses] + [word.intent for word in intent.misleads]
    return sorted({name for name in named if name not in known})


def _unknown(folder: Path, name: str, other: str) -> Problem:
    path = folder / f"{name}.yaml"
    return Problem(str(path), None, "unknown-intent", f"'{other}' is no intent", "name one of the files here")


@cache
def catalogue() -> dict[str, Intent]:
    """The intents of the project, read once in a process."""
    return load_intents()
