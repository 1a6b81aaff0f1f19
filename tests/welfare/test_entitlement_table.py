"""A table taken from the facts (programmes.yaml and its notes), not from the code: who gets what, and when.

Won are per month as ranking sees them. WITHOUT: offered, amount not known. NOT: not offered.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.welfare.town import offer, person

WITHOUT, NOT = "without amount", "not offered"
NOV, JULY, DEC = date(2026, 11, 24), date(2026, 7, 15), date(2026, 12, 15)
HEATS: dict[str, Any] = {"uses_gas_heating": True}
COOKS: dict[str, Any] = {"uses_gas_heating": False}

# programme, classes, facts, day, expected
TABLE: list[tuple[str, str, dict[str, Any], date, int | str]] = [
    # Telecom: 33,500 / 21,500 / 35 percent without a cap / 11,000, before VAT, the same in every month.
    ("telecom_mobile", "basic_livelihood", {}, NOV, 33500),
    ("telecom_mobile", "basic_medical", {}, JULY, 33500),
    ("telecom_mobile", "basic_housing", {}, NOV, 21500),
    ("telecom_mobile", "basic_education", {}, NOV, 21500),
    ("telecom_mobile", "near_poor_selfsupport", {}, NOV, 21500),
    ("telecom_mobile", "near_poor_certificate", {}, NOV, 21500),
    ("telecom_mobile", "single_parent", {}, NOV, 21500),
    ("telecom_mobile", "basic_pension", {}, NOV, 11000),
    ("telecom_mobile", "disabled_mild", {}, NOV, WITHOUT),
    ("telecom_mobile", "veteran_wounded", {}, NOV, WITHOUT),
    ("telecom_mobile", "veteran_wounded_1_3", {}, NOV, WITHOUT),
    ("telecom_mobile", "basic_livelihood basic_pension disabled_severe", {}, NOV, 33500),
    ("telecom_mobile", "basic_housing basic_pension", {}, NOV, 21500),
    ("telecom_mobile", "independence_merit", {}, NOV, NOT),
    ("telecom_mobile", "", {}, NOV, NOT),
    # Electricity: 16,000 / 10,000 / 8,000, and 20,000 / 12,000 / 10,000 in June to August.
    ("electricity_welfare", "basic_livelihood", {}, NOV, 16000),
    ("electricity_welfare", "basic_livelihood", {}, JULY, 20000),
    ("electricity_welfare", "basic_medical", {}, date(2026, 5, 31), 16000),
    ("electricity_welfare", "basic_medical", {}, date(2026, 6, 1), 20000),
    ("electricity_welfare", "basic_medical", {}, date(2026, 8, 31), 20000),
    ("electricity_welfare", "basic_medical", {}, date(2026, 9, 1), 16000),
    ("electricity_welfare", "basic_housing", {}, NOV, 10000),
    ("electricity_welfare", "basic_education", {}, JULY, 12000),
    ("electricity_welfare", "near_poor_certificate", {}, NOV, 8000),
    ("electricity_welfare", "single_parent", {}, JULY, 10000),
    ("electricity_welfare", "disabled_severe", {}, NOV, 16000),
    ("electricity_welfare", "disabled_severe", {}, JULY, 20000),
    ("electricity_welfare", "veteran_wounded_1_3", {}, NOV, 16000),
    ("electricity_welfare", "independence_merit", {}, NOV, 16000),
    ("electricity_welfare", "near_poor_copay disabled_severe", {}, NOV, 16000),
    ("electricity_welfare", "disabled_mild", {}, NOV, NOT),
    ("electricity_welfare", "veteran_wounded", {}, NOV, NOT),
    ("electricity_welfare", "basic_pension", {}, NOV, NOT),
    ("electricity_large_family", "multi_child_3", {}, NOV, 16000),
    ("electricity_large_family", "multi_child_3", {}, JULY, 16000),
    ("electricity_large_family", "newborn_household", {}, NOV, 16000),
    ("electricity_large_family", "", {"household_size": 5}, NOV, 16000),
    ("electricity_large_family", "", {"household_size": 4}, NOV, NOT),
    ("electricity_large_family", "multi_child_2", {}, NOV, NOT),
    ("electricity_large_family", "life_support", {}, NOV, WITHOUT),
    # Whether the two can be combined is unknown (elec_stack): only the better one is offered.
    ("electricity_welfare", "near_poor_copay multi_child_3", {}, NOV, NOT),
    ("electricity_large_family", "near_poor_copay multi_child_3", {}, NOV, 16000),
    ("electricity_welfare", "basic_livelihood multi_child_3", {}, JULY, 20000),
    ("electricity_large_family", "basic_livelihood multi_child_3", {}, JULY, NOT),
    # The same cap: a sum of 16,000 is worth more than 30 percent up to 16,000.
    ("electricity_welfare", "basic_livelihood multi_child_3", {}, NOV, 16000),
    # City gas by class, April to November, for heating: 9,900 / 4,950 / 2,470.
    ("city_gas", "basic_livelihood", HEATS, NOV, 9900),
    ("city_gas", "disabled_severe", HEATS, NOV, 9900),
    ("city_gas", "may18_wounded_1_3", HEATS, date(2026, 4, 1), 9900),
    ("city_gas", "basic_housing", HEATS, NOV, 4950),
    ("city_gas", "near_poor_copay", HEATS, NOV, 4950),
    ("city_gas", "single_parent", HEATS, NOV, 4950),
    ("city_gas", "basic_education", HEATS, NOV, 2470),
    ("city_gas", "multi_child_3", HEATS, NOV, 2470),
    # The certificate is near-poor too, but gas treats it worse.
    ("city_gas", "near_poor_certificate", HEATS, NOV, 2470),
    ("city_gas", "near_poor_certificate near_poor_disability", HEATS, NOV, 4950),
    ("city_gas", "disabled_mild", HEATS, NOV, NOT),
    ("city_gas", "multi_child_2", HEATS, NOV, NOT),
    # The ceiling of 148,000 held until 31 March 2026; winter 2026-27 has no amount.
    ("city_gas", "basic_livelihood", HEATS, date(2026, 3, 31), 148000),
    ("city_gas", "near_poor_copay", HEATS, date(2025, 12, 1), 148000),
    ("city_gas", "basic_livelihood", HEATS, DEC, WITHOUT),
    ("city_gas", "near_poor_certificate", HEATS, DEC, WITHOUT),
    ("city_gas", "near_poor_copay", HEATS, date(2027, 2, 1), WITHOUT),
    ("city_gas", "basic_livelihood", HEATS, date(2025, 2, 1), WITHOUT),
    # In that winter nothing is known for severe disability or the certificate (gas_other_classes).
    ("city_gas", "disabled_severe", HEATS, date(2026, 2, 1), WITHOUT),
    # Cooking only: 1,680 / 840 / 420, all year.
    ("city_gas", "basic_medical", COOKS, DEC, 1680),
    ("city_gas", "basic_housing", COOKS, NOV, 840),
    ("city_gas", "near_poor_certificate", COOKS, JULY, 420),
    # What the gas is used for is not known: no amount is guessed.
    ("city_gas", "basic_livelihood", {}, NOV, WITHOUT),
    # District heating: 10,000 / 5,000 / 4,000; the special relief of 2022-23 is over; not for gas heating.
    ("district_heating", "basic_livelihood", COOKS, DEC, 10000),
    ("district_heating", "near_poor_certificate", COOKS, NOV, 5000),
    ("district_heating", "disabled_severe", COOKS, NOV, 5000),
    ("district_heating", "multi_child_3", COOKS, NOV, 4000),
    ("district_heating", "basic_livelihood", HEATS, NOV, NOT),
    ("district_heating", "basic_livelihood", {}, NOV, WITHOUT),
    ("district_heating", "basic_pension", COOKS, NOV, NOT),
    # Energy voucher: both tests, by size of the household; 295,000 / 407,000 / 532,000 / 701,300 a year.
    ("energy_voucher", "basic_livelihood", {"household_size": 1}, NOV, 24583),
    ("energy_voucher", "basic_housing", {"household_size": 2}, NOV, 33916),
    ("energy_voucher", "basic_education", {"household_size": 3}, NOV, 44333),
    ("energy_voucher", "basic_medical", {"household_size": 4}, NOV, 58441),
    ("energy_voucher", "basic_medical", {"household_size": 6}, NOV, 58441),
    ("energy_voucher", "basic_medical", {}, NOV, WITHOUT),
    ("energy_voucher", "basic_livelihood", {"household_size": 1, "birth_date": date(1980, 5, 5)}, NOV, NOT),
    (
        "energy_voucher",
        "basic_livelihood disabled_mild",
        {"household_size": 1, "birth_date": None},
        NOV,
        24583,
    ),
    ("energy_voucher", "near_poor_copay", {"household_size": 1}, NOV, NOT),
    # The 65th birthday is the day.
    (
        "energy_voucher",
        "basic_livelihood",
        {"household_size": 1, "birth_date": date(1961, 11, 24)},
        NOV,
        24583,
    ),
    ("energy_voucher", "basic_livelihood", {"household_size": 1, "birth_date": date(1961, 11, 25)}, NOV, NOT),
    # TV licence: not for housing or education benefit alone, nor for disability as such.
    ("tv_licence", "basic_livelihood", {}, NOV, 2500),
    ("tv_licence", "basic_medical", {}, NOV, 2500),
    ("tv_licence", "basic_housing", {}, NOV, NOT),
    ("tv_licence", "basic_education", {}, NOV, NOT),
    ("tv_licence", "disabled_hearing", {}, NOV, 2500),
    ("tv_licence", "disabled_severe", {}, NOV, NOT),
    ("tv_licence", "veteran_wounded", {}, NOV, 2500),
    ("tv_licence", "may18_wounded_1_3", {}, NOV, 2500),
    # Water: classes of the welfare relief are unknown, so nobody matches; children by number.
    ("water_bucheon_welfare", "basic_livelihood disabled_severe", {}, NOV, NOT),
    ("water_bucheon_multi_child", "multi_child_2", {}, NOV, WITHOUT),
    ("water_bucheon_multi_child", "multi_child_2", {"residence": "gyeonggi"}, NOV, NOT),
    # Rice: the amount in the catalogue is a price, not a saving.
    ("government_rice", "basic_livelihood", {}, NOV, WITHOUT),
    # Windows: culture card until 30 November, food voucher until 11 December.
    ("culture_nuri", "near_poor_certificate", {}, NOV, 12500),
    ("culture_nuri", "basic_housing", {}, date(2026, 11, 30), 12500),
    ("culture_nuri", "basic_housing", {}, date(2026, 12, 1), NOT),
    ("culture_nuri", "basic_housing", {}, date(2026, 2, 1), NOT),
    ("culture_nuri", "basic_pension", {}, NOV, NOT),
    ("culture_nuri", "single_parent", {"birth_date": date(2021, 1, 1)}, NOV, NOT),
    ("agri_food_voucher", "basic_livelihood pregnant", {"household_size": 1}, NOV, 40000),
    ("agri_food_voucher", "basic_livelihood child_18_or_under", {"household_size": 3}, NOV, WITHOUT),
    ("agri_food_voucher", "basic_livelihood pregnant", {}, date(2026, 12, 11), WITHOUT),
    ("agri_food_voucher", "basic_livelihood pregnant", {}, date(2026, 12, 12), NOT),
    ("agri_food_voucher", "basic_livelihood", {}, NOV, NOT),
    ("agri_food_voucher", "basic_medical pregnant", {}, NOV, NOT),
    ("agri_food_voucher", "basic_livelihood", {"birth_date": date(1992, 1, 1)}, NOV, WITHOUT),
    ("agri_food_voucher", "basic_livelihood", {"birth_date": date(1991, 12, 31)}, NOV, NOT),
    # Vouchers with an age: 5 to 18, and 5 to 69 for disabled people.
    ("sports_voucher_youth", "near_poor_copay", {"birth_date": date(2008, 1, 1)}, NOV, 105000),
    ("sports_voucher_youth", "near_poor_copay", {"birth_date": date(2007, 12, 31)}, NOV, NOT),
    ("sports_voucher_youth", "child_5_18", {"birth_date": date(2010, 1, 1)}, NOV, NOT),
    ("sports_voucher_disabled", "disabled_mild", {"birth_date": date(1957, 1, 1)}, NOV, 110000),
    ("sports_voucher_disabled", "disabled_mild", {"birth_date": date(1956, 12, 31)}, NOV, NOT),
    ("sports_voucher_disabled", "disabled_mild", {"birth_date": None}, NOV, WITHOUT),
    ("sports_voucher_disabled", "disabled_mild", {"birth_date": date(1990, 1, 1)}, date(2027, 1, 1), NOT),
    ("diaper_formula", "near_poor_copay infant_under_24m", {}, NOV, 90000),
    ("diaper_formula", "infant_under_24m", {}, NOV, NOT),
    ("diaper_formula", "disabled_mild infant_under_24m", {}, NOV, NOT),
    ("diaper_formula", "disabled_mild infant_under_24m income_80", {}, NOV, 90000),
    ("pregnancy_card", "pregnant", {}, NOV, WITHOUT),
    # Medical: money that comes only with an operation or a test is no monthly sum.
    ("senior_knee_surgery", "basic_livelihood", {}, NOV, WITHOUT),
    ("senior_knee_surgery", "basic_livelihood", {"birth_date": date(1970, 1, 1)}, NOV, NOT),
    ("senior_eye_surgery", "near_poor_certificate", {}, NOV, WITHOUT),
    ("senior_eye_surgery", "disabled_severe", {}, NOV, NOT),
    ("medical_aid_health_money", "basic_medical", {}, NOV, WITHOUT),
    ("medical_aid_health_money", "basic_livelihood", {}, NOV, NOT),
    ("dementia_screening", "", {}, NOV, WITHOUT),
    ("dementia_screening", "", {"birth_date": date(1970, 1, 1)}, NOV, NOT),
    ("dementia_screening", "dementia_patient", {}, NOV, NOT),
    ("dementia_treatment", "dementia_patient", {}, NOV, 30000),
    ("dementia_treatment", "dementia_patient", {"birth_date": date(1970, 1, 1)}, NOV, NOT),
    # Crisis money by size of household; fuel money only comes on top of it.
    ("emergency_welfare", "crisis_household", {"household_size": 1}, NOV, 780000),
    ("emergency_welfare", "crisis_household", {"household_size": 4}, NOV, 1990000),
    ("emergency_welfare", "crisis_household", {"household_size": 2}, NOV, WITHOUT),
    ("emergency_welfare", "crisis_household", {}, NOV, WITHOUT),
    # Pension: not for those who receive it already.
    ("basic_pension", "", {}, NOV, WITHOUT),
    ("basic_pension", "basic_pension", {}, NOV, NOT),
    ("basic_pension", "", {"birth_date": date(1961, 11, 25)}, NOV, NOT),
    # Transport, insurance, parking, debt.
    ("subway_free_senior", "", {"residence": "gyeonggi"}, NOV, WITHOUT),
    ("subway_free_senior", "", {"residence": None}, NOV, NOT),
    ("vehicle_inspection_fee", "disabled_mild", {}, NOV, WITHOUT),
    ("rail_discount", "veteran_wounded", {}, NOV, WITHOUT),
    ("storm_insurance", "", {}, NOV, WITHOUT),
    ("parking_bucheon", "pregnant", {}, NOV, WITHOUT),
    ("debt_adjustment", "debtor", {}, NOV, WITHOUT),
    ("telecom_internet", "basic_medical", {}, NOV, WITHOUT),
    ("telecom_fixed_line", "near_poor_copay", {}, NOV, NOT),
    # Never: ended, announced, closed, not found, elsewhere, unknown classes, the bot itself.
    ("gyeonggi_heating_cash_2026", "basic_livelihood", {}, date(2026, 2, 15), NOT),
    ("consumer_coupon_2025", "", {}, date(2025, 9, 1), NOT),
    ("bucheon_birth_grant", "newborn_household", {}, NOV, NOT),
    ("bucheon_on_life", "basic_livelihood", {"household_size": 1}, NOV, NOT),
    ("lifelong_education_voucher", "basic_livelihood", {}, date(2026, 4, 1), NOT),
    ("waste_bags_bucheon", "basic_livelihood", {}, NOV, NOT),
    ("oil_price_relief_2026", "basic_livelihood", {}, NOV, NOT),
    ("gyeonggi_senior_bus", "age_70_plus", {}, NOV, NOT),
    ("coal_briquette_coupon", "basic_livelihood", {}, NOV, NOT),
    ("bucheon_ai_welfare_call", "basic_livelihood", {}, NOV, NOT),
    # Unknown classes, and a group named as if it were a class, match nothing.
    ("telecom_mobile", "near_poor", {}, NOV, NOT),
    ("telecom_mobile", "기초생활수급자", {}, NOV, NOT),
    ("electricity_welfare", "basic_any", {}, NOV, NOT),
]


def _row_id(row: tuple[str, str, dict[str, Any], date, int | str]) -> str:
    programme, classes, facts, on, expected = row
    return f"{programme}-{classes or 'nobody'}-{facts or ''}-{on}-{expected}"


@pytest.mark.parametrize(
    ("programme", "classes", "facts", "on", "expected"), TABLE, ids=[_row_id(row) for row in TABLE]
)
def test_it_offers_what_the_facts_say(
    programme: str, classes: str, facts: dict[str, Any], on: date, expected: int | str
) -> None:
    found = offer(person(*classes.split(), **facts), programme, on)
    told = NOT if found is None else WITHOUT if found.won_per_month is None else found.won_per_month
    assert told == expected
