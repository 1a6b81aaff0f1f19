"""What a scripted call may say: the YAML files beside a dialog, one call or several in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from voicebot.datafiles import Document, Place, read_yaml, validate
from voicebot.errors import DataFileError, Problem


class Kind(StrEnum):
    """What a step is: something that must have happened, or something that happens now."""

    HEARS = "hears"
    HEARS_NOT = "hears_not"
    PERFORMS = "performs"
    ENDS = "ends"
    SAYS = "says"
    PRESSES = "presses"
    SILENCE = "silence"
    MACHINE = "machine"
    HANGS_UP = "hangs up"
    TRANSFER = "transfer"


_WITHOUT_MORE = {Kind.SILENCE: "silence", Kind.MACHINE: "machine", Kind.HANGS_UP: "hangs_up"}


def _as_texts(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_step(value: Any) -> Any:
    """``- silence`` stands for ``- {silence: true}``."""
    for kind, key in _WITHOUT_MORE.items():
        if value == kind:
            return {key: True}
    return value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_texts)]


class Step(BaseModel):
    """One line of a scripted call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hears: Texts | None = None
    """Words that must be among what was said since the person last did something."""
    hears_not: Texts | None = None
    performs: str | None = None
    """An action that must have been asked for since the person last did something."""
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")
    """Arguments that it must have had; others are not looked at."""
    ends: str | None = None
    """The outcome with which the call must be over now."""

    says: str | None = None
    act: str | None = None
    """How the words are understood. Without it, the understanding is asked."""
    also: tuple[str, ...] = ()
    confidence: float = Field(default=1.0, ge=0, le=1)
    emergency: bool = False
    hold: bool = False
    presses: str | None = Field(default=None, pattern=r"^[0-9*#]+$")
    value: Any = None
    """What the words or figures mean, for questions that want a number, a date, a time …"""
    silence: Literal[True] | None = None
    machine: Literal[True] | None = None
    hangs_up: Literal[True] | None = None
    transfer: Literal["answered", "unanswered"] | None = None
    after_s: int = Field(default=0, ge=0)
    """How long the call has lasted, for what the person does."""
    times: int = Field(default=1, ge=1, le=200)
    """How often it happens, one after the other."""

    @model_validator(mode="after")
    def _is_one_thing(self) -> Step:
        if len(self._kinds()) != 1:
            known = ", ".join(Kind)
            raise ValueError(f"a step is exactly one of: {known}")
        if self.act is None and (self.also or self.emergency or self.hold):
            raise ValueError("also, emergency and hold go with 'act'")
        return self

    def _kinds(self) -> list[Kind]:
        return [kind for kind in Kind if getattr(self, _WITHOUT_MORE.get(kind, kind.value)) is not None]

    @property
    def kind(self) -> Kind:
        return self._kinds()[0]


class Script(BaseModel):
    """One call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    given: dict[str, Any] = Field(default_factory=dict)
    """Slots that differ from the dialog's examples."""
    pace: dict[str, Any] = Field(default_factory=dict)
    """The person's pace, remembered from earlier calls."""
    results: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Action → what it gives back."""
    steps: tuple[Annotated[Step, BeforeValidator(_as_step)], ...] = Field(min_length=1)


class _Calls(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    calls: tuple[Script, ...]


@dataclass(frozen=True)
class LoadedScript:
    """A scripted call with its place, for messages."""

    script: Script
    document: Document
    place: Place

    @property
    def name(self) -> str:
        number = "" if not self.place else f"#{int(self.place[1]) + 1}"
        return f"{self.document.path.stem}{number}"

    def problem(self, step: int | None, code: str, message: str) -> Problem:
        place = self.place if step is None else (*self.place, "steps", step)
        return self.document.problem(place, code, message)


def load_scripts(path: Path) -> list[LoadedScript]:
    """The calls of one file: one at the top, or a list under ``calls``. Raises DataFileError."""
    document = read_yaml(path)
    if isinstance(document.data, Mapping) and "calls" in document.data:
        calls = validate(document, _Calls).calls
        return [LoadedScript(script, document, ("calls", number)) for number, script in enumerate(calls)]
    return [LoadedScript(validate(document, Script), document, ())]


def scripts_of(dialog_file: Path) -> list[LoadedScript]:
    """Every scripted call of a dialog: the files of the folder beside it that has its name.

    Raises DataFileError with the faults of all of them.
    """
    found: list[LoadedScript] = []
    problems: list[Problem] = []
    for path in sorted(dialog_file.with_suffix("").glob("*.yaml")):
        try:
            found += load_scripts(path)
        except DataFileError as error:
            problems += error.problems
    if problems:
        raise DataFileError(problems)
    return found
