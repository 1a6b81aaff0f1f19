"""Who a programme is weighed for: the classes on record, and those that follow from them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# A class that lies wholly inside another, by the catalogue's own definition of both.
# multi_child_3 does not imply multi_child_2: one counts register entries, the other children up to 18.
IMPLIED = {
    "veteran_wounded_1_3": "veteran_wounded",
    "may18_wounded_1_3": "may18_wounded",
    "basic_pension": "age_65_plus",
    "age_70_plus": "age_65_plus",
    "age_65_plus": "age_60_plus",
}
# Classes counted by year of birth, as the vouchers of 2026 do (5 to 18: born 2008-01-01 to 2021-12-31; up to
# 18: from 2008-01-01; 19 to 34: 1992-01-01 to 2007-12-31) and moved on with the year.
BIRTH_YEAR_CLASSES = {
    "child_5_18": (18, 5),
    "child_18_or_under": (18, 0),
    "young_adult_19_34": (34, 19),
}
RESIDENCE_CLASSES = {
    "bucheon": frozenset({"resident_bucheon", "resident_gyeonggi"}),
    "gyeonggi": frozenset({"resident_gyeonggi"}),
}
LARGE_HOUSEHOLD = 5


@dataclass(frozen=True)
class Person:
    """A resident as far as the rules need to know her.

    ``classes`` are ids of the catalogue's vocabulary, those of the household merged in by the caller (for
    members with a known birth date see `birth_classes`); ids that the vocabulary lacks never match.
    ``household_size`` counts everyone in the resident register. ``uses_gas_heating`` True: heats with city
    gas, False: has gas for cooking only or none, None: not known. ``age`` is used only without a birth date.
    """

    classes: frozenset[str] = frozenset()
    birth_date: date | None = None
    age: int | None = None
    household_size: int | None = None
    uses_gas_heating: bool | None = None
    residence: str | None = "bucheon"


def full_years(birth_date: date, on: date) -> int:
    """Age in full years (만 나이) on a day. Negative before birth."""
    before_birthday = (on.month, on.day) < (birth_date.month, birth_date.day)
    return on.year - birth_date.year - before_birthday


def birth_classes(birth_date: date, on: date) -> frozenset[str]:
    """The classes that a birth date gives on a day, e.g. age_65_plus from the 65th birthday on.

    For the person called and, used by the caller, for members of the household.
    """
    years = full_years(birth_date, on)
    if years < 0:
        return frozenset()
    born_years_ago = on.year - birth_date.year
    classes = {
        name
        for name, (oldest, youngest) in BIRTH_YEAR_CLASSES.items()
        if youngest <= born_years_ago <= oldest
    }
    return frozenset(classes | _age_classes(years) | _infant_classes(years))


def _age_classes(years: int) -> set[str]:
    return {f"age_{least}_plus" for least in (60, 65, 70) if years >= least}


def _infant_classes(years: int) -> set[str]:
    bounds = {"infant_under_24m": 2, "newborn_household": 3, "child_under_7": 7}
    return {name for name, below in bounds.items() if years < below}


def classes_on(person: Person, on: date) -> frozenset[str]:
    """All classes of the person on a day: given, and derived from birth date, household and residence."""
    classes = set(person.classes) | {"anyone"} | RESIDENCE_CLASSES.get(person.residence or "", frozenset())
    if person.birth_date is not None:
        classes |= birth_classes(person.birth_date, on)
    elif person.age is not None:
        classes |= _age_classes(person.age)
    if person.household_size == 1:
        classes.add("single_person_household")
    if person.household_size is not None and person.household_size >= LARGE_HOUSEHOLD:
        classes.add("large_household_5")
    return frozenset(_with_implied(classes))


def _with_implied(classes: set[str]) -> set[str]:
    pending = list(classes)
    while pending:
        wider = IMPLIED.get(pending.pop())
        if wider and wider not in classes:
            classes.add(wider)
            pending.append(wider)
    return classes
