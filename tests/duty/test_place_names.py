"""One name for a place that is named in many ways; none where nothing is certain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.duty.place_names import place_name


@pytest.mark.parametrize(
    ("spoken", "name", "is_exact"),
    [
        ("부천역 3번 출구 앞이요", "부천역", True),
        ("심곡2동 부천역 쪽", "부천역", True),
        ("상동 호수공원 옆", "상동호수공원", True),
        ("상동호수공원", "상동호수공원", True),
        ("길주로 77 앞", "길주로77", True),
        ("부일로 459번길", "부일로459번길", True),
        ("부일로459번길 12", "부일로459번길12", True),
        ("석천로 12이요", "석천로12", True),
        ("길주로", "길주로", False),
        ("심곡2동이요", "심곡2동", False),
        ("심곡 이동이요", "심곡2동", False),
        ("중동", "중동", False),
    ],
)
def test_a_place_has_one_name(spoken: str, name: str, is_exact: bool) -> None:
    found = place_name(spoken)
    assert found is not None
    assert (found.name, found.is_exact) == (name, is_exact)


@pytest.mark.parametrize(
    "spoken", [None, "", "우리 집 앞", "원미구", "도로 2군데", "아스팔트 도로 2차선", "시흥", "여기 이 길"]
)
def test_what_is_no_certain_place_has_none(spoken: str | None) -> None:
    assert place_name(spoken) is None


def test_the_known_dong_serves_when_the_words_name_no_place() -> None:
    found = place_name("행복빌라 앞", dong="심곡2동")
    assert found is not None
    assert (found.name, found.is_exact, found.dong) == ("심곡2동", False, "심곡2동")


@given(st.text(max_size=40))
def test_no_words_make_it_fail_and_a_name_has_no_spaces(spoken: str) -> None:
    found = place_name(spoken)
    assert found is None or (found.name and not any(letter.isspace() for letter in found.name))
