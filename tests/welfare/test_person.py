"""Classes follow from a birth date on the day, and one class from another only by definition."""

from __future__ import annotations

from datetime import date

import pytest

from tests.welfare.town import TODAY
from voicebot.welfare import Person, birth_classes
from voicebot.welfare.person import classes_on


@pytest.mark.parametrize(
    ("born", "on", "has", "lacks"),
    [
        (date(1961, 11, 24), TODAY, "age_65_plus", "age_70_plus"),
        (date(1961, 11, 25), TODAY, "age_60_plus", "age_65_plus"),
        (date(1956, 11, 24), TODAY, "age_70_plus", "child_under_7"),
        (date(1960, 2, 29), date(2025, 3, 1), "age_65_plus", "age_70_plus"),
        (date(1960, 2, 29), date(2025, 2, 28), "age_60_plus", "age_65_plus"),
        (date(2008, 1, 1), TODAY, "child_5_18", "young_adult_19_34"),
        (date(2007, 12, 31), TODAY, "young_adult_19_34", "child_18_or_under"),
        (date(1992, 1, 1), TODAY, "young_adult_19_34", "age_60_plus"),
        (date(2021, 12, 31), TODAY, "child_5_18", "infant_under_24m"),
        (date(2022, 1, 1), TODAY, "child_18_or_under", "child_5_18"),
        (date(2024, 11, 25), TODAY, "infant_under_24m", "child_5_18"),
        (date(2024, 11, 24), TODAY, "newborn_household", "infant_under_24m"),
        (date(2023, 11, 24), TODAY, "child_under_7", "newborn_household"),
        (date(2019, 11, 24), TODAY, "child_5_18", "child_under_7"),
    ],
)
def test_a_birth_date_gives_the_classes_of_its_day(born: date, on: date, has: str, lacks: str) -> None:
    classes = birth_classes(born, on)
    assert has in classes
    assert lacks not in classes


def test_an_unborn_child_has_no_class() -> None:
    assert birth_classes(date(2026, 12, 1), TODAY) == frozenset()


def test_an_age_serves_where_no_birth_date_is_known() -> None:
    assert "age_65_plus" in classes_on(Person(age=65), TODAY)
    assert "age_65_plus" not in classes_on(Person(age=64), TODAY)
    # A birth date on record is the better witness.
    assert "age_65_plus" not in classes_on(Person(age=80, birth_date=date(1990, 1, 1)), TODAY)


@pytest.mark.parametrize(
    ("given", "implied"),
    [
        ("veteran_wounded_1_3", "veteran_wounded"),
        ("may18_wounded_1_3", "may18_wounded"),
        ("basic_pension", "age_60_plus"),
    ],
)
def test_a_narrower_class_implies_the_wider(given: str, implied: str) -> None:
    assert implied in classes_on(Person(frozenset({given})), TODAY)
    assert given not in classes_on(Person(frozenset({implied})), TODAY)


def test_three_register_entries_do_not_make_two_children_under_nineteen() -> None:
    assert "multi_child_2" not in classes_on(Person(frozenset({"multi_child_3"})), TODAY)


def test_the_household_and_the_home_give_classes() -> None:
    alone = classes_on(Person(household_size=1), TODAY)
    assert {"single_person_household", "resident_bucheon", "resident_gyeonggi", "anyone"} <= alone
    assert "large_household_5" in classes_on(Person(household_size=5), TODAY)
    assert classes_on(Person(residence=None), TODAY) == {"anyone"}
