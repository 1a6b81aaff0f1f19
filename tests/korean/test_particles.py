"""Particles after Hangul, figures and Latin letters; letters of Hangul; normalising."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.korean import decompose, similarity, with_particle
from voicebot.korean.jamo import compose
from voicebot.korean.normalise import normalise


@pytest.mark.parametrize(
    ("word", "pair", "joined"),
    [
        ("통신비", "은/는", "통신비는"),
        ("수급권", "은/는", "수급권은"),
        ("전기", "이/가", "전기가"),
        ("가스", "을/를", "가스를"),
        ("물", "과/와", "물과"),
        ("서울", "으로/로", "서울로"),
        ("부천", "으로/로", "부천으로"),
        ("버스", "으로/로", "버스로"),
        ("3", "으로/로", "3으로"),
        ("1", "으로/로", "1로"),
        ("6", "이/가", "6이"),
        ("2", "이/가", "2가"),
        ("10", "을/를", "10을"),
        ("20,000", "이/가", "20,000이"),
        ("TV", "을/를", "TV를"),
        ("LH", "이/가", "LH가"),
        ("SKT", "은/는", "SKT는"),
        ("ATM", "이/가", "ATM이"),
        ("50%", "을/를", "50%를"),
        ("통신비(월)", "이/가", "통신비(월)이"),
        ("민수", "아/야", "민수야"),
        ("학생", "이에요/예요", "학생이에요"),
        ("가수", "예요/이에요", "가수예요"),
        ("쌀", "이나/나", "쌀이나"),
        ("", "은/는", "는"),
    ],
)
def test_the_particle_follows_the_last_sound(word: str, pair: str, joined: str) -> None:
    assert with_particle(word, pair) == joined


def test_an_unknown_pair_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="은/는"):
        with_particle("집", "에게/한테")


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=20))
def test_letters_can_be_put_together_again(text: str) -> None:
    assert compose(decompose(text)) == text


def test_words_that_sound_alike_are_nearer_than_others() -> None:
    assert similarity("일흔", "이른") > similarity("일흔", "마흔") - 0.3
    assert similarity("문자", "문 자") == 1
    assert similarity("전화", "문자") < 0.5


@given(st.text(max_size=40))
def test_normalising_keeps_the_original(text: str) -> None:
    assert normalise(text).original == text
    assert normalise(normalise(text).text).text == normalise(text).text


@pytest.mark.parametrize(
    ("heard", "text"),
    [
        ("어, 저기… 내일 왔심더!", "내일 왔습니다"),
        ("네네네네", "네"),
        ("칠칠칠이요", "칠칠칠이요"),
        ("3만 5천원, 010-0123-4567.", "3만 5천원 010-0123-4567"),
        ("１２：３０", "12:30"),
        ("  두   시 ", "두 시"),
        ("아", "아"),
        ("", ""),
    ],
)
def test_it_takes_out_what_says_nothing(heard: str, text: str) -> None:
    assert normalise(heard).text == text
