"""Numbers to words and back, in both series and in the mixtures that people and recognisers make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.korean.numbers import counting, decimal, digits_one_by_one, native, native_determiner, sino
from voicebot.korean.numerals import numbers_in, parse_number, parse_range, read_digits, repair_numbers


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_it_hears_every_sino_korean_number_that_it_says(number: int) -> None:
    assert parse_number(sino(number)) == number


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_it_hears_a_number_whatever_the_spacing(number: int) -> None:
    assert parse_number(sino(number).replace(" ", "")) == number
    assert parse_number(" ".join(sino(number).replace(" ", ""))) == number


@given(st.integers(min_value=1, max_value=99))
def test_it_hears_every_native_number_that_it_says(number: int) -> None:
    assert parse_number(native(number)) == number
    assert parse_number(native_determiner(number)) == number


@given(st.integers(min_value=1, max_value=999))
def test_it_hears_what_stands_before_a_counter(number: int) -> None:
    assert parse_number(counting(number)) == number


@given(st.text(alphabet="0123456789", min_size=1, max_size=12))
def test_it_hears_codes_digit_by_digit(code: str) -> None:
    assert read_digits(digits_one_by_one(code)) == code
    assert read_digits(" ".join(digits_one_by_one(code))) == code


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (26000, "이만 육천"),
        (10000, "만"),
        (110000, "십일만"),
        (111110, "십일만 천백십"),
        (100000000, "일억"),
        (1234, "천이백삼십사"),
        (20000001, "이천만 일"),
        (0, "영"),
    ],
)
def test_it_writes_numbers_as_they_are_said(number: int, words: str) -> None:
    assert sino(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "한"), (3, "세"), (20, "스무"), (21, "스물한"), (44, "마흔네"), (99, "아흔아홉")],
)
def test_native_numbers_change_before_a_counter(number: int, words: str) -> None:
    assert native_determiner(number) == words


@pytest.mark.parametrize("number", [-1, 10**16])
def test_it_refuses_numbers_that_it_cannot_say(number: int) -> None:
    with pytest.raises(ValueError, match="from 0 to"):
        sino(number)


@pytest.mark.parametrize("number", [0, 100])
def test_there_are_no_native_words_beyond_ninety_nine(number: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 99"):
        native(number)


@pytest.mark.parametrize(
    ("run", "number"),
    [
        ("3만 5천", 35000),
        ("3만5천", 35000),
        ("26,000", 26000),
        ("팔십둘", 82),
        ("백한", 101),
        ("스물 두", 22),
        ("삼백이십사만 이천", 3242000),
        ("륙십", 60),
        ("이 삼", None),
        ("다섯십", None),
        ("가나", None),
        ("", None),
    ],
)
def test_it_hears_mixed_notations_or_nothing(run: str, number: int | None) -> None:
    assert parse_number(run) == number


def test_it_tells_numbers_apart_that_follow_each_other() -> None:
    assert numbers_in("천육백 이천십") == [1600, 2010]
    assert numbers_in("이 삼") == [2, 3]
    assert numbers_in("이 집") == []


@pytest.mark.parametrize(
    ("run", "pair"),
    [
        ("서너", (3, 4)),
        ("두어", (2, 3)),
        ("대여섯", (5, 6)),
        ("예닐곱", (6, 7)),
        ("이삼만", (20000, 30000)),
        ("사오십", (40, 50)),
        ("삼팔", None),
        ("다섯", None),
    ],
)
def test_it_hears_approximate_pairs(run: str, pair: tuple[int, int] | None) -> None:
    assert parse_range(run) == pair


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("이른 넷", "일흔 넷"),
        ("천구배 육시빌 년", "천구백 육십일 년"),
        ("여덜 시", "여덟 시"),
        ("팔십하고도 셋", "팔십셋"),
        ("오마넌", "오만 원"),
        ("예닐곱 번", "예닐곱 번"),
        ("이른 아침에", "이른 아침에"),
        ("시비가 붙었어", "시비가 붙었어"),
    ],
)
def test_it_mends_misheard_number_words_and_nothing_else(heard: str, meant: str) -> None:
    assert repair_numbers(heard) == meant


def test_decimals_are_read_after_a_point() -> None:
    assert decimal("3.5") == "삼 점 오"
    assert decimal("1,200") == "천이백"
