"""Who lives in the demo city: names put together from syllables, and profiles of what people may be due.

Nobody here exists. The syllables are chosen so that no name of a person of public life comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_SURNAMES = ("김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서", "신", "권", "황")
_GIVEN = {
    "old woman": (("말", "점", "끝", "분", "복", "간", "또", "필"), ("순", "례", "남", "녀", "임", "단")),
    "old man": (("갑", "덕", "판", "만", "점", "학", "삼", "경"), ("술", "출", "득", "칠", "돌")),
    "younger": (("은", "태", "호", "선", "세", "여"), ("봄", "담", "슬", "엽", "님", "심")),
}
_OLD_FROM = 60


@dataclass(frozen=True)
class Profile:
    """A kind of resident: how many of a hundred, ages, and the catalogue's classes on record."""

    share: int
    ages: tuple[int, int]
    classes: tuple[str, ...] = ()
    household_classes: tuple[str, ...] = ()
    household_size: int = 1


PROFILES = (
    Profile(
        14, (66, 92), ("basic_livelihood", "basic_medical", "basic_pension"), ("single_person_household",)
    ),
    Profile(22, (65, 94), ("basic_pension",), (), 2),
    Profile(8, (70, 90), ("basic_pension",), ("single_person_household",)),
    Profile(
        8, (45, 64), ("basic_livelihood", "basic_medical", "basic_housing"), ("single_person_household",)
    ),
    Profile(6, (50, 80), ("basic_housing",), (), 2),
    Profile(7, (40, 75), ("near_poor_certificate",), (), 3),
    Profile(4, (45, 70), ("near_poor_copay", "rare_severe_disease"), (), 2),
    Profile(4, (35, 60), ("near_poor_selfsupport",), ("single_person_household",)),
    Profile(4, (30, 70), ("near_poor_disability", "disabled_severe"), (), 2),
    Profile(6, (40, 85), ("disabled_mild",), (), 2),
    Profile(3, (66, 85), ("disabled_hearing", "disabled_severe", "basic_pension"), (), 2),
    Profile(2, (72, 92), ("veteran_wounded", "basic_pension"), (), 2),
    Profile(5, (32, 48), ("basic_education",), ("single_parent",), 3),
    Profile(3, (34, 46), (), ("multi_child_3",), 5),
    Profile(2, (28, 38), (), ("newborn_household",), 3),
    Profile(2, (45, 60), (), ("large_household_5",), 6),
)
"""Shares are made up: many elders on the basic pension, fewer of the rest. They are no statistics."""


def name_for(chance: Random, age: int) -> str:
    """A made-up Korean name that fits the age."""
    kind = chance.choice(("old woman", "old woman", "old man")) if age >= _OLD_FROM else "younger"
    first, second = _GIVEN[kind]
    return chance.choice(_SURNAMES) + chance.choice(first) + chance.choice(second)


def profile_for(chance: Random) -> Profile:
    """One of the profiles, by their shares."""
    return chance.choices(PROFILES, weights=[profile.share for profile in PROFILES])[0]
