"""The shapes of the small files beside the catalogue: confirmations, conditions and spoken texts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from voicebot.welfare.catalogue_model import Strict

Won = Annotated[int, Field(gt=0)]
Percent = Annotated[int, Field(gt=0, le=100)]


class Season(Strict):
    """First and last day on which a confirmed amount may be spoken."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    from_: date = Field(alias="from")
    to: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to < self.from_:
            raise ValueError("the season ends before it begins")
        return self


class Confirmed(Strict):
    """Which official stands for an amount, since when, and for which season."""

    by: Annotated[str, Field(min_length=1)]
    on: date
    season: Season

    @model_validator(mode="before")
    @classmethod
    def _unquoted_on(cls, data: Any) -> Any:
        """YAML 1.1 reads a bare ``on`` as true; an official should not need to know that."""
        if isinstance(data, dict) and True in data and "on" not in data:
            return {"on" if key is True else key: value for key, value in data.items()}
        return data

    def holds_on(self, day: date) -> bool:
        return self.on <= day and self.season.from_ <= day <= self.season.to


class Confirmation(Strict):
    """An official's word on a programme, or on one line of it.

    ``for_class`` (``class`` in the file) is a class or a group; None means every line. ``won`` and
    ``percent`` replace the catalogue's figure for the same period of payment.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    programme: str
    for_class: str | None = Field(default=None, alias="class")
    case: str | None = None
    confirmed: Confirmed
    won: Won | None = None
    percent: Percent | None = None

    @property
    def has_figure(self) -> bool:
        return self.won is not None or self.percent is not None


class ConfirmationsFile(Strict):
    confirmations: list[Confirmation]


class BirthLimits(Strict):
    born_from: date | None = None
    born_to: date | None = None


class ExclusiveSet(Strict):
    programmes: Annotated[list[str], Field(min_length=2)]
    because: str


class ConflictNote(Strict):
    programmes: list[str]
    staff_note: str


class ConditionsFile(Strict):
    birth_limits: dict[str, BirthLimits]
    received_by_class: dict[str, list[str]]
    not_for: dict[str, list[str]]
    exclusive: list[ExclusiveSet]
    conflicts: dict[str, ConflictNote]


class AmountTemplates(Strict):
    won: str | None = None
    percent: str | None = None


class ProgrammeText(Strict):
    """Of a text message: where to apply, and the amount in figures."""

    apply: str
    won: str | None = None
    percent: str | None = None


class SpokenProgramme(Strict):
    name: str
    sentence: str
    amount: AmountTemplates = AmountTemplates()
    without_amount: str | None = None
    phone: str | None = None
    apply: str
    text: ProgrammeText


class TextLines(Strict):
    amount: str
    deadline: str
    apply: str
    phones: str


class SpokenFile(Strict):
    default_without_amount: str
    deadline: str
    text: TextLines
    programmes: dict[str, SpokenProgramme]
