"""Which of the lines that fit a person gives the amount, and whether an official confirmed it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from voicebot.welfare.cases import OTHER_SEASON, Holds, case_verdict
from voicebot.welfare.catalogue import Catalogue
from voicebot.welfare.catalogue_model import FULL_KINDS, Line, Programme, won_per_month
from voicebot.welfare.overlay_model import Confirmation
from voicebot.welfare.person import Person
from voicebot.welfare.statuses import Telling


@dataclass(frozen=True)
class Amount:
    """What a programme is worth to a person on a day, and whose word that is.

    ``won`` is per the line's own period (``line.per``), ``percent`` of what the programme's words say.
    ``confirmation`` is the official's entry that covers the line today, None if there is none.
    """

    line: Line
    won: int | None
    percent: int | None
    confirmation: Confirmation | None
    may_be_spoken: bool

    @property
    def won_per_month(self) -> int | None:
        return won_per_month(self.won, self.line.per)

    @property
    def is_official(self) -> bool:
        """Whether the figure is the official's own, not the catalogue's."""
        return self.confirmation is not None and self.confirmation.has_figure

    @property
    def strength(self) -> tuple[int, int, int, int]:
        """Orders lines: monthly won, other won, fixed sums before shares up to the same cap, then shares."""
        monthly = -1 if self.won_per_month is None else self.won_per_month
        is_fixed_sum = self.won is not None and self.line.percent is None
        share = 100 if self.line.kind in FULL_KINDS else self.percent or 0
        return monthly, self.won or 0, int(is_fixed_sum), share


def best_amount(
    catalogue: Catalogue,
    programme: Programme,
    person: Person,
    classes: frozenset[str],
    lines: Iterable[Line],
    on: date,
) -> Amount | None:
    """The strongest amount of ``lines`` (those whose classes fit) that holds on ``on``; None when none does.

    Lines are never added up: the catalogue names no programme whose lines stack with certainty. Out of its
    season a line counts only with a figure that an official wrote down for the season around ``on``.
    """
    entries = [
        entry for entry in _in_force(catalogue, programme, on) if _reaches(entry, catalogue, person, on)
    ]
    in_season, between_seasons = [], []
    for line in lines:
        verdict = case_verdict(programme.id, line.case, person, on, catalogue.cases.get(line.case or ""))
        covering = [entry for entry in entries if _covers(entry, catalogue, line, classes)]
        entry = max(covering, key=_precedence, default=None)
        amount = _amount(line, entry, catalogue.telling(programme))
        if verdict.holds is Holds.YES:
            in_season.append(amount)
        elif verdict.reason in OTHER_SEASON and amount.is_official:
            between_seasons.append(amount)
    return max([*in_season, *between_seasons], key=lambda amount: amount.strength, default=None)


def _in_force(catalogue: Catalogue, programme: Programme, on: date) -> list[Confirmation]:
    return [
        entry
        for entry in catalogue.confirmations
        if entry.programme == programme.id and entry.confirmed.holds_on(on)
    ]


def _reaches(entry: Confirmation, catalogue: Catalogue, person: Person, on: date) -> bool:
    """Whether the entry's own case holds; without one only its season counts, and how the home is heated."""
    case = catalogue.cases.get(entry.case or "")
    return case_verdict(entry.programme, entry.case, person, on, case).holds is Holds.YES


def _covers(entry: Confirmation, catalogue: Catalogue, line: Line, classes: frozenset[str]) -> bool:
    if entry.for_class is not None and not catalogue.expand(entry.for_class) & line.classes & classes:
        return False
    return entry.case in (None, line.case)


def _precedence(entry: Confirmation) -> tuple[bool, bool, bool, date]:
    """The entry with a figure, then the more particular one, then the later one."""
    return entry.has_figure, entry.case is not None, entry.for_class is not None, entry.confirmed.on


def _amount(line: Line, entry: Confirmation | None, telling: Telling) -> Amount:
    if entry is not None and entry.has_figure:
        return Amount(line, entry.won, entry.percent, entry, may_be_spoken=telling is not Telling.NEVER)
    known = line.won is not None or line.percent is not None
    exact = known and not line.approx and telling is Telling.OFFER
    return Amount(line, line.won, line.percent, entry, may_be_spoken=exact and entry is not None)
