"""An amount is spoken only on an official's word: for that line, in that season, to that person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.welfare.town import BORN_1950, TODAY, confirmed_catalogue, offer, person, shipped_catalogue
from voicebot.welfare import Person, offers_for

WITHOUT = "정확한 금액은 담당자가 알려 드립니다."
EVERY_CLASS = frozenset(entry.id for entry in shipped_catalogue().vocabulary.classes)


def _spoken(who: Person, programme: str, *entries: dict[str, Any], on: date = TODAY) -> str:
    found = offer(who, programme, on, confirmed_catalogue(*entries))
    assert found is not None
    assert found.amount_may_be_spoken == (WITHOUT not in found.spoken)
    return found.spoken


def test_as_shipped_no_amount_is_spoken_to_anybody() -> None:
    who = Person(EVERY_CLASS, birth_date=BORN_1950, household_size=1, uses_gas_heating=True)
    offers = offers_for(who, on=TODAY, catalogue=shipped_catalogue(), using=())
    assert len(offers) > 20
    assert not any(each.amount_may_be_spoken or "원까지" in each.spoken for each in offers)
    assert not any("금액:" in each.text_message for each in offers)


def test_it_speaks_a_confirmed_amount_in_words_and_before_vat() -> None:
    spoken = _spoken(person("basic_livelihood"), "telecom_mobile", {"programme": "telecom_mobile"})
    assert "한 달에 최대 삼만 삼천오백 원까지" in spoken
    assert "부가세는 별도" in spoken


@pytest.mark.parametrize(
    ("on", "is_spoken"),
    [
        (date(2026, 11, 1), False),  # inside the season, but the official confirmed it on the 2nd
        (date(2026, 11, 2), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_it_speaks_an_amount_only_inside_the_confirmed_season(on: date, is_spoken: bool) -> None:
    found = offer(
        person("basic_livelihood"), "tv_licence", on, confirmed_catalogue({"programme": "tv_licence"})
    )
    assert found is not None
    assert found.amount_may_be_spoken is is_spoken
    assert ("이천오백 원" in found.spoken) is is_spoken
    assert found.won_per_month == 2500


def test_a_confirmation_of_one_class_is_not_heard_by_another() -> None:
    entry = {"programme": "telecom_mobile", "class": "basic_pension"}
    assert "만 천 원" in _spoken(person("basic_pension"), "telecom_mobile", entry)
    assert WITHOUT in _spoken(person("near_poor_copay"), "telecom_mobile", entry)
    # Her own line is the stronger one, and that one nobody confirmed.
    assert WITHOUT in _spoken(person("basic_pension", "basic_housing"), "telecom_mobile", entry)


def test_a_group_stands_for_its_classes() -> None:
    entry = {"programme": "telecom_mobile", "class": "near_poor"}
    assert "이만 천오백 원" in _spoken(person("near_poor_certificate"), "telecom_mobile", entry)
    assert WITHOUT in _spoken(person("basic_housing"), "telecom_mobile", entry)


def test_a_confirmed_summer_says_nothing_of_the_other_months() -> None:
    summer = {"programme": "electricity_welfare", "case": "summer_jun_aug"}
    assert WITHOUT in _spoken(person("basic_medical"), "electricity_welfare", summer)
    others = {"programme": "electricity_welfare", "case": "other_months"}
    spoken = _spoken(person("basic_medical"), "electricity_welfare", others)
    assert "구월부터 오월까지 한 달에 최대 만 육천 원까지" in spoken


def test_a_corrected_amount_replaces_the_catalogues() -> None:
    entry = {"programme": "tv_licence", "class": "basic_medical", "won": 3000}
    who = person("basic_medical")
    assert "삼천 원" in _spoken(who, "tv_licence", entry)
    found = offer(who, "tv_licence", catalogue=confirmed_catalogue(entry))
    assert found is not None
    assert found.won_per_month == 3000
    assert "월 3,000원" in found.text_message


def test_a_figure_beats_a_bare_confirmation() -> None:
    bare = {"programme": "tv_licence", "class": "basic_medical"}
    corrected = {"programme": "tv_licence", "class": "basic_any", "won": 3000}
    for entries in ((bare, corrected), (corrected, bare)):
        assert "삼천 원" in _spoken(person("basic_medical"), "tv_licence", *entries)


def test_the_coming_gas_winter_is_told_with_the_figure_an_official_wrote_down() -> None:
    entry = {
        "programme": "city_gas",
        "class": "near_poor_gas_upper",
        "won": 148000,
        "confirmed": {
            "by": "주무관 나새봄(가상)",
            "on": "2026-11-20",
            "season": {"from": "2026-12-01", "to": "2027-03-31"},
        },
    }
    january = date(2027, 1, 10)
    heats = person("near_poor_copay", uses_gas_heating=True)
    assert "십이월부터 삼월까지 한 달에 최대 십사만 팔천 원까지" in _spoken(
        heats, "city_gas", entry, on=january
    )
    assert WITHOUT in _spoken(heats, "city_gas", entry, on=TODAY)
    cooks = person("near_poor_copay", uses_gas_heating=False)
    unknown = person("near_poor_copay")
    certificate = person("near_poor_certificate", uses_gas_heating=True)
    for who in (cooks, unknown, certificate):
        assert WITHOUT in _spoken(who, "city_gas", entry, on=january)
    found = offer(heats, "city_gas", january, confirmed_catalogue(entry))
    assert found is not None
    assert found.won_per_month == 148000
    assert "취사 전용" not in found.staff_explanation


def test_the_catalogues_own_doubtful_figure_stays_unspoken_though_confirmed() -> None:
    heats = person("basic_livelihood", uses_gas_heating=True)
    assert WITHOUT in _spoken(heats, "city_gas", {"programme": "city_gas"})
    alone = person("basic_livelihood", household_size=1)
    assert WITHOUT in _spoken(alone, "energy_voucher", {"programme": "energy_voucher"})


def test_a_rounded_figure_is_never_spoken_as_exact() -> None:
    catalogue = confirmed_catalogue({"programme": "tv_licence"})
    licence = catalogue.programmes["tv_licence"]
    rounded = licence.model_copy(
        update={"what": [line.model_copy(update={"approx": True}) for line in licence.what]}
    )
    catalogue = replace(catalogue, programmes={**catalogue.programmes, "tv_licence": rounded})
    found = offer(person("basic_medical"), "tv_licence", catalogue=catalogue)
    assert found is not None
    assert found.amount_may_be_spoken is False


def test_a_household_size_confirmed_is_told_to_households_of_that_size() -> None:
    entry = {"programme": "energy_voucher", "class": "basic_any", "case": "household_of_1", "won": 295200}
    one, two = (person("basic_livelihood", household_size=size) for size in (1, 2))
    assert "이십구만 오천이백 원" in _spoken(one, "energy_voucher", entry)
    assert WITHOUT in _spoken(two, "energy_voucher", entry)
    assert WITHOUT in _spoken(person("basic_livelihood"), "energy_voucher", entry)


def test_a_share_of_the_bill_is_spoken_as_a_share() -> None:
    entry = {"programme": "telecom_mobile"}
    assert "삼십오 퍼센트" in _spoken(person("disabled_mild"), "telecom_mobile", entry)


def test_a_price_or_an_amount_without_words_is_never_spoken() -> None:
    rice = _spoken_or_none("government_rice", "basic_livelihood")
    water = _spoken_or_none("water_bucheon_multi_child", "multi_child_2")
    assert "이천오백" not in rice
    assert "퍼센트" not in water


def _spoken_or_none(programme: str, *classes: str) -> str:
    found = offer(person(*classes), programme, catalogue=confirmed_catalogue({"programme": programme}))
    assert found is not None
    assert found.amount_may_be_spoken is False
    return found.spoken
