"""Figures to Korean words. Owns the Sino-Korean and the native series; knows nothing of units.

Spacing follows the rule of the Korean orthography (한글 맞춤법 제44항): numbers are written by units of
ten thousand, so 26000 is "이만 육천" and 1234 is "천이백삼십사".
"""

from __future__ import annotations

SINO_DIGITS = "영일이삼사오육칠팔구"
# On the telephone and in codes zero is 공; in sums it is 영.
CODE_DIGITS = "공일이삼사오육칠팔구"
SMALL_UNITS = ("", "십", "백", "천")
LARGE_UNITS = ("", "만", "억", "조")
NATIVE_ONES = ("", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉")
NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
# Before a counter the first four and twenty change their form: 한 명, 스무 살.
DETERMINERS = {"하나": "한", "둘": "두", "셋": "세", "넷": "네"}
LARGEST = 10**16 - 1
LARGEST_NATIVE = 99


def _below_ten_thousand(number: int) -> str:
    words = ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("" if digit == 1 and place else SINO_DIGITS[digit]) + SMALL_UNITS[place]
    return words


def sino(number: int) -> str:
    """Sino-Korean words for ``number`` (0 to 10^16 - 1): 26000 -> "이만 육천", 10000 -> "만".

    Raises ``ValueError`` outside that range.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"Sino-Korean words need a number from 0 to {LARGEST}, not {number}")
    if number == 0:
        return "영"
    groups: list[str] = []
    for power in (3, 2, 1, 0):
        group = number // 10 ** (4 * power) % 10**4
        if group:
            # 만 alone, but 일억: nobody says 일만 for ten thousand at the head of a sum.
            bare = group == 1 and power == 1 and not groups
            groups.append(("" if bare else _below_ten_thousand(group)) + LARGE_UNITS[power])
    return " ".join(groups)


def native(number: int) -> str:
    """Native words for 1 to 99: 21 -> "스물하나". Raises ``ValueError`` outside that range."""
    if not 1 <= number <= LARGEST_NATIVE:
        raise ValueError(f"native Korean words need a number from 1 to {LARGEST_NATIVE}, not {number}")
    return NATIVE_TENS[number // 10] + NATIVE_ONES[number % 10]


def native_determiner(number: int) -> str:
    """Native words in the form that stands before a counter: 3 -> "세", 20 -> "스무", 21 -> "스물한"."""
    if number == 20:
        return "스무"
    ones = NATIVE_ONES[number % 10]
    return native(number).removesuffix(ones) + DETERMINERS.get(ones, ones) if ones else native(number)


def counting(number: int) -> str:
    """What stands before a native counter, of any size: 3 -> "세", 101 -> "백한", 120 -> "백이십"."""
    if 1 <= number <= LARGEST_NATIVE:
        return native_determiner(number)
    ones = number % 100
    if number > LARGEST_NATIVE and 1 <= ones <= 9:
        return sino(number - ones) + native_determiner(ones)
    return sino(number)


def decimal(figure: str) -> str:
    """Words for a plain or decimal figure as written: "3.5" -> "삼 점 오", "1,200" -> "천이백"."""
    whole, _, fraction = figure.replace(",", "").partition(".")
    words = sino(int(whole or "0"))
    return f"{words} 점 {''.join(SINO_DIGITS[int(digit)] for digit in fraction)}" if fraction else words


def digits_one_by_one(figures: str) -> str:
    """A short code read one digit at a time: "1523" -> "일오이삼", "0042" -> "공공사이".

    Anything but the digits 0 to 9 is dropped (spaces, hyphens).
    """
    return "".join(CODE_DIGITS[int(figure)] for figure in figures if figure in "0123456789")
