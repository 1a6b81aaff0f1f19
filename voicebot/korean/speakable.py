"""A written Korean sentence as an announcer reads it: no figure is left for the synthesiser to guess at.

Synthesisers read "3시" as 삼 시 and a telephone number as hundreds and thousands; this runs before them.
Rules are tried in order, the most particular first; each turns one written shape into words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time

from voicebot.korean.numbers import decimal, digits_one_by_one, sino
from voicebot.korean.spoken import (
    NATIVE_COUNTERS,
    count_words,
    date_words,
    month_words,
    percent,
    phone,
    time_words,
)

_MEASURES = {
    "km": "킬로미터",
    "㎞": "킬로미터",
    "cm": "센티미터",
    "㎝": "센티미터",
    "mm": "밀리미터",
    "m": "미터",
    "㎡": "제곱미터",
    "m²": "제곱미터",
    "kg": "킬로그램",
    "㎏": "킬로그램",
    "g": "그램",
    "mg": "밀리그램",
    "kWh": "킬로와트시",
    "kW": "킬로와트",
    "L": "리터",
    "l": "리터",
    "ml": "밀리리터",
    "mL": "밀리리터",
    "GB": "기가바이트",
    "MB": "메가바이트",
    "dB": "데시벨",
    "℃": "도",
    "°C": "도",
}
_SINO = """
년 월 일 동 등급 급 층 호 호선 차 학년 종 위 인 단계 도 가 원 분 초 개월 개년 주 주일 회 세 번 번지 번길
번가 점 인분 박 평 리터 킬로 미터 세대 조 항 쪽 페이지 년생 년도 일간 년간 주간 주년 분기 개소 인실 인승
교시 칼로리 달러
"""
_SINO_COUNTERS = frozenset(_SINO.split())
_COUNTERS = "|".join(sorted(_SINO_COUNTERS | NATIVE_COUNTERS, key=len, reverse=True))
_FIGURE = r"\d[\d,]*(?:\.\d+)?"
_RANGE_MARK = r"\s?[~∼～〜]\s?"
# Press 1, go to exit 3, bus 12 are names; three times a day is a count.
_TIMES_BEFORE = re.compile(
    r"(?:하루|매일|매주|매달|한 달|이틀|사흘|일주일|일 년|주|월|연|년|총|모두|최대|최소|평균)(?:에|에만)?\s?$"
)
_TIMES_AFTER = re.compile(
    r"\s?(?:이상|이하|이내|미만|정도|씩|쯤|더|만|넘|이나|밖에|연속|했|하셨|드시|드셔|전화|걸었|울리)"
)
# Three- and four-figure service lines (소방 119, 보건복지 129, 예보 131 …) are never quantities.
_SERVICE_LINE = re.compile(r"1(?:1[0-9]|2[0-9]|3[123]|8[28]|3[3-9][0-9]|5[2-9][0-9])")


def _year_month_day(match: re.Match[str]) -> str:
    try:
        return date_words(date(int(match[1]), int(match[2]), int(match[3])), with_year=True)
    except ValueError:
        return " ".join(sino(int(part)) for part in match.groups())


def _clock(match: re.Match[str]) -> str:
    said, hour, minute = match[1], int(match[2]), int(match[3])
    if hour > 23 or minute > 59:
        return f"{said or ''}{sino(hour)} 대 {sino(minute)}"
    words = time_words(time(hour, minute), meridiem=not said)
    return f"{said}{words}" if said else words


def _telephone(match: re.Match[str]) -> str:
    return phone(match[0])


def _short_code(match: re.Match[str]) -> str:
    return digits_one_by_one(match[1]) + (" " if match[2].startswith("번") else "") + match[2]


def _range(match: re.Match[str]) -> str:
    """Both ends take the counter's series; the counter itself is said once, but with months twice."""
    first, last, counter = match[1], match[2], match[3]
    if counter == "월" and _are_months(first, last):
        return f"{month_words(int(first))}에서 {month_words(int(last))}"
    low = _counted(first, counter).removesuffix(counter).rstrip()
    return f"{low}{' 시' if counter == '시' else ''}에서 {_counted(last, counter)}"


def _range_of_sums(match: re.Match[str]) -> str:
    """ "5~10만 원" leaves the unit of the first sum unsaid in writing only."""
    return f"{match[1]}{match[3]}에서 {match[2]}{match[3]}"


def _branch_road(match: re.Match[str]) -> str:
    return f"{match[1]} {sino(int(match[2]))}번길"


def _are_months(*figures: str) -> bool:
    return all(figure.isdigit() and 1 <= int(figure) <= 12 for figure in figures)


def _counted(figure: str, counter: str) -> str:
    plain = figure.replace(",", "")
    if counter == "월" and not _are_months(plain):
        return f"{decimal(plain)}월"
    if "." in plain:
        return f"{decimal(plain)} {counter}"
    return count_words(int(plain), counter)


def _times(match: re.Match[str]) -> str:
    """N번 as a count (세 번) or as a name (삼 번)."""
    number = int(match[1].replace(",", ""))
    before, after = match.string[: match.start()], match.string[match.end() :]
    is_count = (_TIMES_BEFORE.search(before) or _TIMES_AFTER.match(after)) and number < 100
    words = count_words(number, "번째").removesuffix("째") if is_count else f"{sino(number)} 번"
    return words.replace("첫", "한") if is_count else words


def _people(match: re.Match[str]) -> str:
    return f"{match[1]}{count_words(int(match[2]), '명').removesuffix('명')}분"


def _sum_of_units(match: re.Match[str]) -> str:
    """ "3만5천원", "1억 2,000만 원": each figure keeps the unit written after it."""
    parts = re.findall(r"(\d[\d,]*)\s?([조억만천백]?)", match[1])
    words: list[str] = []
    for figure, unit in parts:
        number = int(figure.replace(",", ""))
        silent_one = number == 1 and unit in {"만", "천", "백"} and not words
        words.append(("" if silent_one else sino(number)) + unit)
    return " ".join(words).replace("천 백", "천백") + (" 원" if match[2] else "")


def _counter(match: re.Match[str]) -> str:
    return _counted(match[1], match[2])


def _measure(match: re.Match[str]) -> str:
    return f"{decimal(match[1])} {_MEASURES[match[2]]}"


def _lot(match: re.Match[str]) -> str:
    return f"{sino(int(match[1]))} 다시 {sino(int(match[2]))}"


def _bare(match: re.Match[str]) -> str:
    figure = match[0]
    plain = figure.replace(",", "")
    is_code = plain.isdigit() and (
        (len(plain) > 1 and plain[0] == "0") or len(plain) > 16 or _SERVICE_LINE.fullmatch(plain)
    )
    return digits_one_by_one(plain) if is_code else decimal(figure)


_MEASURE_NAMES = "|".join(sorted(map(re.escape, _MEASURES), key=len, reverse=True))
_DATE = r"((?:19|20)\d{2})\s?[-./]\s?(1[0-2]|0?[1-9])\s?[-./]\s?(3[01]|[12]\d|0?[1-9])(?!\d)\.?"
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<![\d-])\+?(?:82[- ]?)?0\d{1,2}[-) .]\s?\d{3,4}[- .]\d{4}(?![\d-])"), _telephone),
    (re.compile(r"(?<![\d-])1[5-9]\d{2}[- ]\d{4}(?![\d-])"), _telephone),
    (re.compile(r"(?<!\d)01\d{8,9}(?!\d)|(?<!\d)0[2-6]\d{7,9}(?!\d)"), _telephone),
    (re.compile(rf"(?<!\d){_DATE}"), _year_month_day),
    (re.compile(r"(?<![\d-])\d{3,4}-\d{4}(?![\d-])"), _telephone),
    (re.compile(r"(오전 |오후 |낮 |밤 |아침 |저녁 |새벽 )?(?<!\d)(\d{1,2}):([0-5]\d)(?!\d)"), _clock),
    (re.compile(r"(?<!\d)(1\d{2,3})(\s?번(?![가-힣]*[길지째])|(?:으로|로) 전화)"), _short_code),
    (re.compile(rf"(\d+){_RANGE_MARK}(\d+)\s?([조억만천])"), _range_of_sums),
    (re.compile(r"([로길])\s?(\d+)번길"), _branch_road),
    (re.compile(r"(?<![\d.])((?:\d[\d,]*\s?(?:[억만천백]|조(?=\s?원|"
        r"\s?\d+\s?억))\s?)+(?:\d[\d,]*(?=\s?원))?)(\s?원)?"), _sum_of_units),
    (re.compile(rf"({_FIGURE})\s?(?:%|％|퍼센트|프로(?![가-힣]))"), lambda match: percent(match[1])),
    (re.compile(rf"({_FIGURE}){_RANGE_MARK}({_FIGURE})\s?({_COUNTERS})"), _range),
    (re.compile(r"(?<!\d)(\d{1,6})-(\d{1,3})(?!\d)"), _lot),
    (re.compile(r"((?:어르신|선생님|가족|손님) ?)(\d{1,2})\s?분"), _people),
    (re.compile(r"(?<![\d.])(\d[\d,]*)\s?번(?!지|길|가|째)"), _times),
    (re.compile(rf"({_FIGURE})\s?({_MEASURE_NAMES})(?![A-Za-z])"), _measure),
    (re.compile(rf"({_FIGURE})\s?({_COUNTERS})"), _counter),
    (re.compile(_FIGURE), _bare),
)  # fmt: skip


def speakable(text: str) -> str:
    """The sentence with every figure in words: "월 16,000원, 12~3월" -> "월 만 육천 원, 십이월에서 삼월".

    No ASCII digit remains. A figure is read by what follows it (3시 세 시, 3동 삼동, 3명 세 명, 119 일일구);
    ranges are joined with 에서. Everything else stays as it was.
    """
    for pattern, words in _RULES:
        if not any(character.isdigit() for character in text):
            break
        text = pattern.sub(words, text)
    return re.sub(rf"(?<=[가-힣])(?:{_RANGE_MARK})(?=[가-힣])", "에서 ", text)
