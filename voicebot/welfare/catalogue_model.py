"""The shape of ``data/programmes.yaml``: programmes, their benefit lines, and the words they are written in.

The figures are the catalogue's; nothing here decides what may be told.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

# Kinds whose won figure is not money that the resident gets or saves.
PRICE_KINDS = frozenset({"price"})
# Kinds that take everything off: as strong as a hundred percent when lines are compared.
FULL_KINDS = frozenset({"full_exempt", "reimburse_full", "free"})
# Only these periods say what comes every month; a sum per knee, ride or birth says nothing of the kind.
MONTHS_PER_PERIOD = {"month": 1, "year": 12, "year_person": 12, "season": 12}
_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class Strict(BaseModel):
    """Unknown keys are errors: a mistyped key in a rule of law must not pass unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _partial_date(value: Any) -> Any:
    if value is not None and not (isinstance(value, str) and _PARTIAL_DATE.fullmatch(value)):
        raise ValueError("write a date as 2026-11-30, 2026-11 or '2026'")
    return value


PartialDate = Annotated[str | None, BeforeValidator(_partial_date)]


def first_day(partial: str) -> date:
    """The first day that "2026", "2026-02" or "2026-02-12" can mean."""
    year, month, day = [*map(int, partial.split("-")), 1, 1][:3]
    return date(year, month, day)


def last_day(partial: str) -> date:
    """The last day that "2026", "2026-11" or "2026-11-30" can mean."""
    parts = [*map(int, partial.split("-"))]
    if len(parts) == 3:
        return date(*parts)
    month = parts[1] if len(parts) == 2 else 12
    return date(parts[0], month, calendar.monthrange(parts[0], month)[1])


class Reference(Strict):
    url: str
    as_of: str | None = None
    tier: str


class Sourced(Strict):
    """Where a record comes from: ``tier`` A statute … E inferred, ``as_of`` the date of the source."""

    source: str | None = None
    as_of: str | None = None
    tier: str | None = None
    more_sources: list[Reference] = Field(default_factory=list)


class ClassEntry(Sourced):
    id: str
    label_ko: str
    kind: str
    note: str | None = None


class Group(Sourced):
    id: str
    label_ko: str
    members: list[str]


class Label(Sourced):
    id: str
    label_ko: str


class BenefitKind(Sourced):
    id: str
    meaning: str


class Case(Sourced):
    """When or for whom a line holds: months and dates as data, anything else by the id (see ``cases``)."""

    id: str
    label_ko: str
    months: list[Annotated[int, Field(ge=1, le=12)]] | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class MatchingRule(Sourced):
    text: str


class Vocabulary(Strict):
    classes: list[ClassEntry]
    groups: list[Group]
    categories: list[Label]
    channels: list[Label]
    benefit_kinds: list[BenefitKind]
    cases: list[Case]
    matching_rule: MatchingRule


class Line(Sourced):
    """One benefit line: who it is for and what it gives. Won amounts of telecom are before VAT.

    ``any_of`` None: the classes are unknown, the line never matches.
    """

    any_of: list[str] | None
    all_of: list[str]
    and_any_of: list[str]
    kind: str
    amount_won: int | None
    percent: int | None
    cap_won: int | None
    per: str
    case: str | None
    approx: bool
    note: str | None = None

    @property
    def won(self) -> int | None:
        """What the line is worth per its period: the cap where there is one, never a price to be paid."""
        if self.kind in PRICE_KINDS:
            return None
        return self.cap_won if self.cap_won is not None else self.amount_won

    @property
    def classes(self) -> frozenset[str]:
        """Every class the line names."""
        return frozenset([*(self.any_of or ()), *self.all_of, *self.and_any_of])


class HowToApply(Strict):
    channels: list[str]
    phones: list[str]
    documents: list[str] | None
    online: list[str]
    note: str | None


class Period(Strict):
    start: PartialDate
    end: PartialDate
    recurring: str | None
    note: str | None


class Programme(Sourced):
    """A programme as the catalogue holds it. ``status`` goes through the table in ``statuses``."""

    id: str
    name_ko: str
    aliases_ko: list[str]
    category: str
    administered_by: str | None
    what: list[Line]
    who: list[str]
    who_note: str | None
    household_rules: str | None
    how_to_apply: HowToApply
    period: Period
    exclusivity: str | None
    status: str
    confidence: str
    bucheon_ai_call_named: bool | None


class Conflict(Sourced):
    """Sources that disagree, and what to do about it."""

    id: str
    what: str
    values: list[str]
    recommended: str


class Meta(Sourced):
    title: str
    researched_on: date
    rules: list[str]
    tiers: dict[str, str]


class CatalogueFile(Strict):
    meta: Meta
    vocabulary: Vocabulary
    programmes: list[Programme]
    conflicts: list[Conflict]


def won_per_month(won: int | None, per: str) -> int | None:
    """``won`` per ``per`` spread over months, rounded down; None when it is not money of every month."""
    months = MONTHS_PER_PERIOD.get(per)
    return None if won is None or months is None else won // months
