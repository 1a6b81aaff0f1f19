"""Written values as an announcer says them: sums, dates, clock times, telephone numbers, counts.

Pure functions from a value to words; finding values inside a sentence is ``speakable``'s business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from itertools import pairwise

from voicebot.korean.numbers import counting, decimal, digits_one_by_one, native_determiner, sino

# 육월 and 십월 are wrong in speech: the final consonant is dropped (한글 맞춤법 제52항, 속음).
_MONTHS = {6: "유월", 10: "시월"}
_PHONE_SHAPES = (
    r"(02)(\d{3,4})(\d{4})",
    r"(0\d{2})(\d{3,4})(\d{4})",
    r"(1\d{3})(\d{4})",
    r"(\d{3,4})(\d{4})",
)
WEEKDAYS_KO = ("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일")
_NATIVE = """
가구 가닥 가지 갈래 갑 개 건 곳 군데 그루 그릇 끼 나라 단어 달 대 마리 마디 명 모금 문항 문제 방울 배
벌 병 봉 봉지 분야 박스 사람 살 상자 송이 숟가락 시 시간 식구 쌍 알 자리 자루 자녀 잔 장 접시 정거장 정류장
줄 질문 집 차례 채 칸 컵 켤레 톨 통 팩 포기 번째 권 방법 경우 종류 단지 걸음 바퀴 말씀
"""
# Counters that take the native series: 세 명, 두 가지, 다섯 시간. What is not here is read Sino-Korean.
NATIVE_COUNTERS = frozenset(_NATIVE.split())
_ATTACHED = "년 월 일 동 등급 급 층 호 호선 차 학년 종 위 인 단계 도 가 번길 조 항 년생 년도 일간 년간"
# Sino-Korean counters written as one word with their number: 삼월, 일등급, 백삼동. Others stand apart.
ATTACHED_COUNTERS = frozenset(_ATTACHED.split())


def won(amount: int, *, approximate: bool = False) -> str:
    """A sum in won: 26000 -> "이만 육천 원"; approximate -> "약 이만 육천 원"."""
    return f"{'약 ' if approximate else ''}{sino(amount)} 원"


def percent(value: float | str) -> str:
    """A share: 3.5 -> "삼 점 오 퍼센트", "30" -> "삼십 퍼센트"."""
    figure = value if isinstance(value, str) else f"{value:.10f}".rstrip("0").rstrip(".")
    return f"{decimal(figure)} 퍼센트"


def month_words(month: int) -> str:
    """1 to 12: 6 -> "유월", 10 -> "시월"."""
    if not 1 <= month <= 12:
        raise ValueError(f"a month is 1 to 12, not {month}")
    return _MONTHS.get(month, f"{sino(month)}월")


def months_words(months: Sequence[int]) -> str:
    """A season or list of months: [6, 7, 8] -> "유월에서 팔월까지", [3, 9] -> "삼월, 구월".

    A season may run over the turn of the year: [12, 1, 2].
    """
    if not months:
        raise ValueError("a season needs at least one month")
    follows = all(after == before % 12 + 1 for before, after in pairwise(months))
    if len(months) > 2 and follows:
        return f"{month_words(months[0])}에서 {month_words(months[-1])}까지"
    return ", ".join(month_words(month) for month in months)


def date_words(day: date, *, with_year: bool = False, with_weekday: bool = False) -> str:
    """A date: "십일월 삼십일"; with_year "이천이십육년 십일월 삼십일"; with_weekday adds " 월요일"."""
    words = f"{month_words(day.month)} {sino(day.day)}일"
    if with_year:
        words = f"{sino(day.year)}년 {words}"
    return f"{words} {WEEKDAYS_KO[day.weekday()]}" if with_weekday else words


def time_words(moment: time, *, meridiem: bool = True, half: bool = False) -> str:
    """A clock time: 15:30 -> "오후 세 시 삼십 분", with half "오후 세 시 반"; 00:00 -> "밤 열두 시".

    Noon and midnight are said 낮 and 밤: 오전 열두 시 is understood both ways.
    """
    hour = moment.hour % 12 or 12
    words = f"{native_determiner(hour)} 시"
    if meridiem:
        words = f"{_part_of_day(moment.hour)} {words}"
    if half and moment.minute == 30:
        return f"{words} 반"
    return f"{words} {sino(moment.minute)} 분" if moment.minute else words


def _part_of_day(hour: int) -> str:
    if hour % 12 == 0:
        return "낮" if hour else "밤"
    return "오전" if hour < 12 else "오후"


def count_words(number: int, counter: str) -> str:
    """A count in the series that its counter takes: (3, "가지") -> "세 가지", (3, "개월") -> "삼 개월"."""
    if counter == "월":
        return month_words(number)
    if counter == "번째" and number == 1:
        return "첫 번째"
    if counter == "시" and number > 12:
        return f"{sino(number)} 시"
    words = counting(number) if _takes_native(number, counter) else sino(number)
    return words + ("" if counter in ATTACHED_COUNTERS else " ") + counter


def _takes_native(number: int, counter: str) -> bool:
    if counter == "시간":
        return number <= 20  # 이십사 시간, 사십팔 시간 are set phrases
    if counter == "대":
        return number % 10 != 0  # 육십 대 is an age group
    return counter in NATIVE_COUNTERS


def phone(number: str) -> str:
    """A telephone number digit by digit: "032-625-2869" -> "공삼이에, 육이오에, 이팔육구".

    A comma stands for each pause.
    Accepts hyphens, spaces, none at all, and +82; groups as Korean numbers are grouped.
    """
    groups = phone_groups(number)
    return ", ".join(
        digits_one_by_one(group) + ("에" if index < len(groups) - 1 else "")
        for index, group in enumerate(groups)
    )


def phone_groups(number: str) -> list[str]:
    """The groups of a Korean number: "0326252869" -> ["032", "625", "2869"], "129" -> ["129"]."""
    national = re.sub(r"^\s*\+82[\s.-]*0?", "0", number)
    written = re.findall(r"\d+", national)
    if len(written) > 1:
        return written
    digits = "".join(written)
    for shape in (
        r"(02)(\d{3,4})(\d{4})",
        r"(0\d{2})(\d{3,4})(\d{4})",
        r"(1\d{3})(\d{4})",
        r"(\d{3,4})(\d{4})",
    ):
        match = re.fullmatch(shape, digits)
        if match:
            return list(match.groups())
    return [digits]
