"""Slots in prompts: words for figures, particles that fit, and no prompt with a hole in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.dialog.slots import INT, TEXT, ExpressionError, SlotType
from voicebot.dialog.templates import FILTERS, PARTICLES, check_template, fill

TYPES = {
    "name": TEXT,
    "won": INT,
    "number": TEXT,
    "day": SlotType("date"),
    "at": SlotType("time"),
    "offers": SlotType("list", item_type=SlotType("record", fields=(("name", TEXT),))),
    "yes": SlotType("bool"),
}
VALUES = {
    "name": "김말순",
    "won": 26000,
    "number": "0326252869",
    "day": "2026-06-10",
    "at": "15:30",
    "offers": [{"name": "요금 감면"}, {"name": "전기요금 할인 제도"}],
    "yes": True,
}


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("{won:won}입니다", "이만 육천 원입니다"),
        ("{number:phone}번", "공삼이에, 육이오에, 이팔육구번"),
        ("{day:date}에", "유월 십일에"),
        ("{at:time}에", "오후 세 시 삼십 분에"),
        ("{number:digits}", "공삼이육이오이팔육구"),
        ("{name:은/는}", "김말순은"),
        ("{offers[1].name:을/를}", "전기요금 할인 제도를"),
        ("{offers[0].name:은/는} {offers[1].name:은/는}", "요금 감면은 전기요금 할인 제도는"),
        ("자리 없이", "자리 없이"),
    ],
)
def test_it_fills_a_prompt_with_what_is_said(text: str, spoken: str) -> None:
    check_template(text, TYPES)
    assert fill(text, VALUES) == spoken


@pytest.mark.parametrize(
    "text",
    [
        "{nobody}", "{name", "name}", "{}", "{name:wons}", "{name:won}", "{won:phone}", "{won:date}", "{offers}",
        "{yes}", "{offers[0]}", "{name.first}", "{{name}}", "{offers:은/는}", "{name + }",
    ],
)  # fmt: skip
def test_a_prompt_that_cannot_be_said_is_refused_before_any_call(text: str) -> None:
    with pytest.raises(ExpressionError):
        check_template(text, TYPES)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("{name} 님", {"name": None}),
        ("{name} 님", {}),
        ("{day:date}", {"day": "내일"}),
        ("{at:time}", {"at": "25:00"}),
        ("{won:won}", {"won": -1}),
        ("{offers[5].name}", VALUES),
    ],
)
def test_a_prompt_is_never_said_with_a_hole_in_it(text: str, values: dict[str, object]) -> None:
    with pytest.raises(ExpressionError):
        fill(text, values)


@given(st.text(max_size=40), st.sampled_from([*FILTERS, *PARTICLES]))
def test_whatever_a_slot_holds_is_said_or_refused_in_one_way(value: str, name: str) -> None:
    try:
        spoken = fill("{name:" + name + "}", {"name": value})
    except ExpressionError:
        return
    assert isinstance(spoken, str)


@given(st.text(max_size=40))
def test_whatever_stands_in_a_prompt_is_judged_in_one_way(text: str) -> None:
    try:
        check_template(text, TYPES)
    except ExpressionError:
        return
    assert fill(text, VALUES) is not None
