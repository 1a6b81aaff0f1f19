"""Values as an announcer says them, and written sentences made fit for a synthesiser."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.korean import (
    count_words,
    date_words,
    months_words,
    percent,
    phone,
    phone_groups,
    speakable,
    time_words,
    won,
)


def test_sums_are_said_in_units_of_ten_thousand() -> None:
    assert won(26000) == "이만 육천 원"
    assert won(26000, approximate=True) == "약 이만 육천 원"


def test_percentages_keep_their_decimals() -> None:
    assert percent(30) == "삼십 퍼센트"
    assert percent(3.5) == "삼 점 오 퍼센트"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("032-625-2869", "공삼이에, 육이오에, 이팔육구"),
        ("0326252869", "공삼이에, 육이오에, 이팔육구"),
        ("1688-0624", "일육팔팔에, 공육이사"),
        ("16880624", "일육팔팔에, 공육이사"),
        ("02-123-4567", "공이에, 일이삼에, 사오육칠"),
        ("+82 10-0123-4567", "공일공에, 공일이삼에, 사오육칠"),
        ("+821001234567", "공일공에, 공일이삼에, 사오육칠"),
        ("1523", "일오이삼"),
        ("129", "일이구"),
    ],
)
def test_telephone_numbers_are_read_digit_by_digit_with_pauses(number: str, words: str) -> None:
    assert phone(number) == words


@given(st.from_regex(r"\A0(10[0-9]{8}|2[0-9]{7,8}|3[1-3][0-9]{7,8})\Z"))
def test_grouping_a_telephone_number_loses_no_digit(number: str) -> None:
    assert "".join(phone_groups(number)) == number


def test_june_and_october_drop_their_consonant() -> None:
    assert date_words(date(2026, 6, 10)) == "유월 십일"
    assert date_words(date(2026, 10, 6)) == "시월 육일"
    assert (
        date_words(date(2026, 11, 30), with_year=True, with_weekday=True)
        == "이천이십육년 십일월 삼십일 월요일"
    )


def test_seasons_run_from_month_to_month() -> None:
    assert months_words([6, 7, 8]) == "유월에서 팔월까지"
    assert months_words([12, 1, 2]) == "십이월에서 이월까지"
    assert months_words([3, 9]) == "삼월, 구월"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (time(15, 30), "오후 세 시 삼십 분"),
        (time(9), "오전 아홉 시"),
        (time(0, 10), "밤 열두 시 십 분"),
        (time(12), "낮 열두 시"),
        (time(23, 59), "오후 열한 시 오십구 분"),
    ],
)
def test_hours_are_native_and_minutes_are_not(moment: time, words: str) -> None:
    assert time_words(moment) == words


def test_half_past_may_be_said_short() -> None:
    assert time_words(time(15, 30), half=True, meridiem=False) == "세 시 반"


@pytest.mark.parametrize(
    ("number", "counter", "words"),
    [
        (3, "가지", "세 가지"),
        (3, "개월", "삼 개월"),
        (20, "명", "스무 명"),
        (65, "세", "육십오 세"),
        (1, "번째", "첫 번째"),
        (3, "동", "삼동"),
        (24, "시간", "이십사 시간"),
        (2, "시간", "두 시간"),
        (10, "월", "시월"),
    ],
)
def test_counts_take_the_series_of_their_counter(number: int, counter: str, words: str) -> None:
    assert count_words(number, counter) == words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("월 16,000원, 12~3월, 02-123-4567", "월 만 육천 원, 십이월에서 삼월, 공이에, 일이삼에, 사오육칠"),
        ("3시에 3명이 3동에서", "세 시에 세 명이 삼동에서"),
        ("장기요양 1등급", "장기요양 일등급"),
        ("1번을 눌러 주세요.", "일 번을 눌러 주세요."),
        ("하루에 3번 이상", "하루에 세 번 이상"),
        ("129번으로 전화하세요", "일이구 번으로 전화하세요"),
        ("119에 알립니다", "일일구에 알립니다"),
        ("3만5천원", "삼만 오천 원"),
        ("1억 2,000만 원", "일억 이천만 원"),
        ("2026-11-30까지", "이천이십육년 십일월 삼십일까지"),
        ("09:00~18:00", "오전 아홉 시에서 오후 여섯 시"),
        ("오후 2:30", "오후 두 시 삼십 분"),
        ("중1동 길주로 210", "중일동 길주로 이백십"),
        ("부일로323번길 17", "부일로 삼백이십삼번길 십칠"),
        ("심곡본동 123-4", "심곡본동 백이십삼 다시 사"),
        ("5~6명", "다섯에서 여섯 명"),
        ("5~10만 원", "오만에서 십만 원"),
        ("할인 50%", "할인 오십 퍼센트"),
        ("4인 가구, 18세 미만 2명", "사인 가구, 십팔 세 미만 두 명"),
        ("제3조 2항", "제삼조 이항"),
        ("어르신 3분", "어르신 세 분"),
        ("숫자가 없는 문장은 그대로", "숫자가 없는 문장은 그대로"),
    ],
)
def test_written_sentences_become_speakable(written: str, said: str) -> None:
    assert speakable(written) == said


@given(st.text(alphabet="0123456789,.-~: 원월일시분명번동%만천부천로길", max_size=30))
def test_no_figure_is_left_for_the_synthesiser(text: str) -> None:
    assert not any(character in "0123456789" for character in speakable(text))
