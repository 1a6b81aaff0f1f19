"""Staff can read why: the line, its source and date, what an official said, what excludes what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.welfare.town import TODAY, demo_catalogue, offer, person, shipped_catalogue
from voicebot.welfare import Person, explain


@pytest.mark.parametrize(
    ("who", "programme", "on", "reason"),
    [
        (person("basic_housing"), "tv_licence", TODAY, "class_missing"),
        (person("basic_livelihood"), "water_bucheon_welfare", TODAY, "classes_unknown"),
        (person("basic_livelihood"), "culture_nuri", date(2026, 12, 1), "closed"),
        (person("basic_livelihood"), "culture_nuri", date(2026, 1, 5), "not_yet_open"),
        (person("basic_livelihood"), "consumer_coupon_2025", TODAY, "never_offered:ended"),
        (person(), "bucheon_ai_welfare_call", TODAY, "never_offered:own_service"),
        (person("disabled_mild"), "sports_voucher_disabled", TODAY, "age_out_of_range"),
        (person("dementia_patient"), "dementia_screening", TODAY, "not_for:dementia_patient"),
        (
            person("basic_medical", uses_gas_heating=True),
            "district_heating",
            TODAY,
            "heats_with_gas",
        ),
        (
            person("near_poor_copay", "multi_child_3"),
            "electricity_welfare",
            TODAY,
            "exclusive_with:electricity_large_family",
        ),
        (person("basic_pension"), "basic_pension", TODAY, "already_used"),
        (person(), "no_such_programme", TODAY, "unknown_programme"),
    ],
)
def test_it_gives_the_reason_for_not_offering(who: Person, programme: str, on: date, reason: str) -> None:
    explanation = explain(who, programme, on, catalogue=shipped_catalogue())
    assert reason in explanation.reasons
    assert explanation.is_offered is False
    assert explanation.text


def test_a_programme_whose_every_line_is_over_is_out_of_season() -> None:
    catalogue = shipped_catalogue()
    heating = catalogue.programmes["district_heating"]
    over = [line for line in heating.what if line.case == "dec_mar_2022_23"]
    programmes = {**catalogue.programmes, heating.id: heating.model_copy(update={"what": over})}
    explanation = explain(
        person("basic_livelihood"), heating.id, TODAY, catalogue=replace(catalogue, programmes=programmes)
    )
    assert explanation.reasons == ("out_of_season",)


def test_using_or_declining_does_not_take_the_entitlement_away() -> None:
    who = person("basic_livelihood")
    used = explain(who, "tv_licence", TODAY, catalogue=shipped_catalogue(), using=("tv_licence",))
    declined = explain(who, "tv_licence", TODAY, catalogue=shipped_catalogue(), declined=("tv_licence",))
    assert (used.reasons, declined.reasons) == (("already_used",), ("declined",))
    for explanation in (used, declined):
        assert explanation.is_entitled
        assert not explanation.is_offered


@pytest.mark.parametrize(
    ("who", "programme", "on", "remark"),
    [
        (person("basic_livelihood"), "city_gas", TODAY, "fact_unknown:uses_gas_heating"),
        (
            person("basic_livelihood", uses_gas_heating=True),
            "city_gas",
            date(2026, 12, 15),
            "out_of_season",
        ),
        (person("basic_livelihood"), "energy_voucher", TODAY, "fact_unknown:household_size"),
        (
            person("disabled_mild", birth_date=None),
            "sports_voucher_disabled",
            TODAY,
            "fact_unknown:birth_date",
        ),
    ],
)
def test_it_says_why_an_offer_has_no_amount(who: Person, programme: str, on: date, remark: str) -> None:
    explanation = explain(who, programme, on, catalogue=shipped_catalogue())
    assert explanation.is_offered
    assert remark in explanation.remarks


def test_staff_read_the_line_its_source_and_whose_word_it_is() -> None:
    found = offer(person("near_poor_certificate"), "electricity_welfare", catalogue=demo_catalogue())
    assert found is not None
    line = demo_catalogue().programmes["electricity_welfare"].what[4]
    for part in (
        "차상위계층 확인서 발급 대상자",
        "월 최대 8,000원",
        "6~8월 이외",
        "나새봄(가상)",
        str(line.source),
        f"기준일 {line.as_of}",
        "등급 B",
        "elec_stack",
    ):
        assert part in found.staff_explanation


def test_staff_read_that_an_amount_is_not_confirmed_or_only_about() -> None:
    unconfirmed = offer(person("basic_livelihood"), "tv_licence")
    about = offer(person("basic_livelihood", household_size=1), "energy_voucher")
    assert unconfirmed is not None
    assert about is not None
    assert "확인 전" in unconfirmed.staff_explanation
    assert "약 295,000원" in about.staff_explanation


def test_every_conflict_between_sources_reaches_staff_in_korean() -> None:
    """Those of the two place and telephone records belong to no programme."""
    catalogue = shipped_catalogue()
    elsewhere = {"disaster_number", "yeokgok_market"}
    assert set(catalogue.conditions.conflicts) == set(catalogue.conflicts) - elsewhere
