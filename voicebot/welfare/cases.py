"""Whether a line's case (a season, a household size, what the gas is for) holds for a person on a day. Pure.

Three answers, because a fact that is not known must lead to "without amount", never to a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from voicebot.welfare.catalogue_model import Case
from voicebot.welfare.person import Person


class Holds(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class CaseVerdict:
    """``reason``: out_of_season, expired, another_case, or fact_unknown:<fact>; empty when it holds."""

    holds: Holds
    reason: str = ""


# Least and most people in the household. The smallest household is one person; where the largest begins
# is in no source, so `largest_household` stays unknown.
HOUSEHOLD_SIZES: dict[str, tuple[int, int | None]] = {
    "household_of_1": (1, 1),
    "household_of_2": (2, 2),
    "household_of_3": (3, 3),
    "household_of_4_or_more": (4, None),
    "household_of_4_in_2025": (4, 4),
    "smallest_household": (1, 1),
    "livelihood_household_of_1_approx": (1, 1),
    "livelihood_household_of_4_approx": (4, 4),
}
# Cases that only name what is paid for: whoever fits the line gets it.
NAMES_THE_ITEM = frozenset({"diaper", "on_street_and_off_street"})
# Has months, but also a condition that no record shows: emergency livelihood or housing help is being paid.
SEASON_IS_NOT_ALL = frozenset({"fuel_oct_mar"})
# City gas: one line for homes that only cook with it; all others are for homes that heat with it.
GAS_PROGRAMME = "city_gas"
COOKING_ONLY = "cooking_only_all_year"
HEATING_WITHOUT_GAS = frozenset({"district_heating"})

# Reasons that only a day gives: the same line may hold in another season.
OTHER_SEASON = frozenset({"out_of_season", "expired"})

_YES = CaseVerdict(Holds.YES)


def depends_on_fact(case: Case) -> bool:
    """Whether the case turns on something about the person that a season cannot tell."""
    if case.id in HOUSEHOLD_SIZES or case.id in SEASON_IS_NOT_ALL:
        return True
    return not _has_dates(case) and case.id not in NAMES_THE_ITEM | {COOKING_ONLY}


def case_verdict(
    programme_id: str, case_id: str | None, person: Person, on: date, case: Case | None
) -> CaseVerdict:
    """Whether ``case_id`` of a programme's line holds; ``case`` is its vocabulary entry, if it has one."""
    if (heating := _heating_verdict(programme_id, case_id, person)).holds is not Holds.YES:
        return heating
    if case_id is None:
        return _YES
    if case is not None and (dated := _dated_verdict(case, on)).holds is Holds.NO:
        return dated
    if (fact := _fact_verdict(case_id, person)) is not None:
        return fact
    if case_id in NAMES_THE_ITEM | {COOKING_ONLY} or (case is not None and _has_dates(case)):
        return _YES
    # Nobody wrote down what this case means for a person: it may give no amount.
    return CaseVerdict(Holds.UNKNOWN, f"fact_unknown:{case_id}")


def is_expired(case: Case | None, on: date) -> bool:
    return case is not None and case.valid_to is not None and case.valid_to < on


def _has_dates(case: Case) -> bool:
    return bool(case.months or case.valid_from or case.valid_to)


def _dated_verdict(case: Case, on: date) -> CaseVerdict:
    if is_expired(case, on):
        return CaseVerdict(Holds.NO, "expired")
    early = case.valid_from is not None and on < case.valid_from
    if early or (case.months is not None and on.month not in case.months):
        return CaseVerdict(Holds.NO, "out_of_season")
    return _YES


def _heating_verdict(programme_id: str, case_id: str | None, person: Person) -> CaseVerdict:
    if programme_id != GAS_PROGRAMME and programme_id not in HEATING_WITHOUT_GAS:
        return _YES
    if person.uses_gas_heating is None:
        return CaseVerdict(Holds.UNKNOWN, "fact_unknown:uses_gas_heating")
    wants_gas_heating = programme_id == GAS_PROGRAMME and case_id != COOKING_ONLY
    if person.uses_gas_heating == wants_gas_heating:
        return _YES
    return CaseVerdict(Holds.NO, "another_case")


def _fact_verdict(case_id: str, person: Person) -> CaseVerdict | None:
    """None when the case does not turn on a fact about the person."""
    if case_id in SEASON_IS_NOT_ALL:
        return CaseVerdict(Holds.UNKNOWN, f"fact_unknown:{case_id}")
    if case_id not in HOUSEHOLD_SIZES:
        return None
    if person.household_size is None:
        return CaseVerdict(Holds.UNKNOWN, "fact_unknown:household_size")
    least, most = HOUSEHOLD_SIZES[case_id]
    fits = least <= person.household_size and (most is None or person.household_size <= most)
    return _YES if fits else CaseVerdict(Holds.NO, "another_case")
