"""Offers are ranked, complete and honest for anybody the records can hold."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.welfare.town import TODAY, demo_catalogue, offer, person, shipped_catalogue
from voicebot.welfare import Offer, Person, Telling, Verdict, offers_for
from voicebot.welfare.amounts import Amount
from voicebot.welfare.speech import CLOSING_WITHIN_DAYS, spoken_offer

CLASSES = sorted(entry.id for entry in shipped_catalogue().vocabulary.classes)
PROGRAMMES = sorted(shipped_catalogue().programmes)
SYLLABLES_SPOKEN_IN_12_S = 75

people = st.builds(
    Person,
    classes=st.frozensets(st.sampled_from(CLASSES), max_size=8),
    birth_date=st.none() | st.dates(date(1925, 1, 1), date(2026, 1, 1)),
    household_size=st.none() | st.integers(1, 9),
    uses_gas_heating=st.none() | st.booleans(),
    residence=st.sampled_from(["bucheon", "gyeonggi", None]),
)
days = st.dates(date(2025, 6, 1), date(2027, 12, 31))
some_programmes = st.frozensets(st.sampled_from(PROGRAMMES), max_size=6)


def _offers(who: Person, on: date = TODAY, using: frozenset[str] = frozenset()) -> tuple[Offer, ...]:
    return offers_for(who, on=on, catalogue=demo_catalogue(), using=using)


@settings(max_examples=60, deadline=None)
@given(people, days, some_programmes, some_programmes)
def test_it_leaves_out_what_is_used_declined_or_never_told(
    who: Person, on: date, using: frozenset[str], declined: frozenset[str]
) -> None:
    catalogue = demo_catalogue()
    offers = offers_for(who, on=on, catalogue=catalogue, using=using, declined=declined)
    offered = {each.programme_id for each in offers}
    assert len(offered) == len(offers)
    assert not offered & (using | declined)
    for name in offered:
        assert catalogue.telling(catalogue.programmes[name]) is not Telling.NEVER
        assert name != "bucheon_ai_welfare_call"


@settings(max_examples=60, deadline=None)
@given(people, days)
def test_it_ranks_closing_ones_first_then_by_won_and_unknown_last(who: Person, on: date) -> None:
    offers = _offers(who, on)
    for before, after in pairwise(offers):
        assert _worth(before, on) >= _worth(after, on)
    assert offers == _offers(who, on)


def _worth(each: Offer, on: date) -> tuple[bool, int]:
    closing = each.deadline is not None and (each.deadline - on).days <= CLOSING_WITHIN_DAYS
    return closing, -1 if each.won_per_month is None else each.won_per_month


@settings(max_examples=60, deadline=None)
@given(people, days, st.text(max_size=12))
def test_a_class_nobody_knows_changes_nothing(who: Person, on: date, name: str) -> None:
    unknown = f"x-{name}"
    more = Person(
        who.classes | {unknown},
        who.birth_date,
        who.age,
        who.household_size,
        who.uses_gas_heating,
        who.residence,
    )
    assert _offers(more, on) == _offers(who, on)


@settings(max_examples=60, deadline=None)
@given(people, days)
def test_it_speaks_no_amount_that_nobody_confirmed(who: Person, on: date) -> None:
    confirmed = {entry.programme for entry in demo_catalogue().confirmations if entry.confirmed.holds_on(on)}
    for each in _offers(who, on):
        told = re.search(r"[만천백십] 원|퍼센트", each.spoken)
        assert each.amount_may_be_spoken == bool(told)
        assert not told or each.programme_id in confirmed


@settings(max_examples=60, deadline=None)
@given(people, days)
def test_it_stays_short_and_says_no_figures_letters_or_marks(who: Person, on: date) -> None:
    for each in _offers(who, on):
        assert len(re.findall("[가-힣]", each.spoken)) <= SYLLABLES_SPOKEN_IN_12_S, each.spoken
        for words in (each.name, each.spoken, each.how_to_apply_spoken):
            assert re.fullmatch(r"[가-힣 ,.]+", words), words


@settings(max_examples=60, deadline=None)
@given(people, days)
def test_its_text_is_plain_and_has_no_link(who: Person, on: date) -> None:
    for each in _offers(who, on):
        each.text_message.encode("euc-kr")
        assert each.text_message.startswith(each.name)
        assert not re.search(r"https?:|www\.|\.(kr|com|net)|\{|\}", each.text_message)
        assert each.amount_may_be_spoken == ("금액: " in each.text_message)


@settings(max_examples=40, deadline=None)
@given(people, days)
def test_it_never_promises_two_programmes_that_exclude_each_other(who: Person, on: date) -> None:
    offered = {each.programme_id for each in _offers(who, on)}
    for rule in demo_catalogue().conditions.exclusive:
        assert len(offered & set(rule.programmes)) <= 1


def test_the_longest_amount_of_every_line_fits_one_breath() -> None:
    """As if an official had confirmed every line, on the last day for applying where there is one."""
    catalogue = demo_catalogue()
    for name in catalogue.spoken.programmes:
        programme = catalogue.programmes[name]
        deadline = date(2026, 11, 30) if programme.status == "active_closing_soon" else None
        for line in programme.what:
            amount = Amount(line, line.won, line.percent, None, may_be_spoken=True)
            verdict = Verdict(programme, (), lines=(line,), amount=amount, deadline=deadline)
            spoken = spoken_offer(catalogue, verdict, TODAY)
            assert len(re.findall("[가-힣]", spoken)) <= SYLLABLES_SPOKEN_IN_12_S, spoken


def test_a_programme_that_closes_this_month_comes_before_larger_ones() -> None:
    names = [each.programme_id for each in _offers(person("basic_livelihood", uses_gas_heating=True))]
    assert names[:2] == ["culture_nuri", "telecom_mobile"]


def test_it_says_the_last_day_once_it_is_near() -> None:
    who = person("near_poor_copay")
    near, far = offer(who, "culture_nuri"), offer(who, "culture_nuri", date(2026, 5, 1))
    assert near is not None
    assert far is not None
    assert "십일월 삼십일까지" in near.spoken
    assert "까지입니다" not in far.spoken
    assert "2026년 11월 30일" in far.text_message


def test_using_one_of_an_exclusive_pair_silences_the_other() -> None:
    family = person("multi_child_2")
    assert offer(family, "water_bucheon_multi_child") is not None
    assert offer(family, "water_bucheon_multi_child", using=("water_bucheon_welfare",)) is None
    both = person("near_poor_copay", "multi_child_3")
    assert offer(both, "electricity_large_family", using=("electricity_welfare",)) is None


def test_every_programme_that_may_be_offered_has_its_words() -> None:
    catalogue = shipped_catalogue()
    offerable = {
        name for name, each in catalogue.programmes.items() if catalogue.telling(each) is not Telling.NEVER
    }
    assert offerable == set(catalogue.spoken.programmes)
    names = [catalogue.words(name).name for name in offerable]
    assert len(set(names)) == len(names)


def test_it_reads_phone_numbers_digit_by_digit() -> None:
    licence, telecom = (offer(person("basic_livelihood"), name) for name in ("tv_licence", "telecom_mobile"))
    assert licence is not None
    assert telecom is not None
    assert "일오팔팔에, 일팔공일" in licence.how_to_apply_spoken
    assert "일오이삼" in telecom.how_to_apply_spoken
    assert "1523" in telecom.text_message
