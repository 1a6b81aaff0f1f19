"""Spoken number words to figures: Sino-Korean, native, mixed, and the figures that recognisers write.

Works on a run of number words that a caller has already cut out with the patterns given here; deciding
whether 이 in a sentence is a two or a particle needs the unit behind it and belongs to the listener.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_DIGITS = dict(zip("영공일이삼사오육륙칠팔구", (0, 0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9), strict=True))
_UNITS = {"십": 10, "백": 100, "천": 1000}
_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12}
_TENS = {"열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50}
_TENS |= {"예순": 60, "일흔": 70, "여든": 80, "아흔": 90}
# Forms that stand alone, and forms that need a counter behind them (네 alone is a yes, 한 is "about").
_ONES = {"하나": 1, "둘": 2, "셋": 3, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9}
NATIVE_BELOW_TEN = frozenset(_ONES)
_BOUND = {"한": 1, "두": 2, "세": 3, "석": 3, "서": 3, "네": 4, "넉": 4, "너": 4, "닷": 5, "엿": 6}
_RANGES = {
    "한두": (1, 2), "두어": (2, 3), "두세": (2, 3), "두서너": (2, 4), "서너": (3, 4), "세네": (3, 4),
    "네댓": (4, 5),
    "너댓": (4, 5), "너더댓": (4, 5), "네다섯": (4, 5), "대여섯": (5, 6), "대엿": (5, 6), "다섯여섯": (5, 6),
    "예닐곱": (6, 7), "여섯일곱": (6, 7), "일고여덟": (7, 8), "일곱여덟": (7, 8), "여덟아홉": (8, 9),
    "엳아홉": (8, 9),
}  # fmt: skip

# Atomic: a figure is taken whole. Giving back digit by digit makes a long one take for ever.
FIGURE = r"(?>\d[\d,]*(?:\.\d+)?)"
# 조 begins too many names (조마루, 조심) to be a number before any letter.
_SINO_TOKEN = (
    rf"(?:[영공일이삼사오육륙칠팔구십백천만억]|{FIGURE}|"
    r"조(?= ?(?:원|\d|[일이삼사오육칠팔구십백천 ]+[만억])|$))"
)
_ONE = "|".join(_ONES)
_TEN = "|".join(sorted(_TENS, key=len, reverse=True))
_COUNTED = "|".join(sorted([*_ONES, *_BOUND], key=len, reverse=True))
# Regular-expression sources, for use inside larger patterns. Greedy, and they give back by the syllable,
# so that 십일일 before a unit 일 is eleven and 십일 is ten.
SINO = rf"{_SINO_TOKEN}(?: ?{_SINO_TOKEN})*"
# The same in one word: tried first where two numbers may stand side by side (이일 사십일 년).
SINO_TIGHT = rf"{_SINO_TOKEN}+"
NATIVE = rf"(?:(?:{_TEN})(?: ?(?:{_ONE}))?|(?:{_ONE}))"
NATIVE_COUNTING = rf"(?:(?:{_TEN})(?: ?(?:{_COUNTED}))?|(?:{_COUNTED}))"
# 팔십둘, 백한: elders put native ones behind Sino-Korean tens.
ANY = rf"(?:(?:{_SINO_TOKEN} ?)+{NATIVE}|{SINO}|{NATIVE})"
ANY_COUNTING = rf"(?:(?:{_SINO_TOKEN} ?)+{NATIVE_COUNTING}|{SINO}|{NATIVE_COUNTING})"
RANGE = (
    "(?:"
    + "|".join(" ?".join(word) if len(word) == 2 else word for word in sorted(_RANGES, key=len)[::-1])
    + ")"
)

_TOKEN = re.compile(
    "|".join(
        (
            rf"(?P<figure>{FIGURE})",
            rf"(?P<ten>{_TEN})",
            rf"(?P<one>{_COUNTED})",
            "(?P<unit>[십백천])",
            "(?P<large>[만억조])",
            "(?P<digit>[영공일이삼사오육륙칠팔구])",
        )
    )
)
_Kind = Literal["figure", "ten", "one", "unit", "large", "digit"]


@dataclass(frozen=True)
class _Token:
    kind: _Kind
    text: str

    @property
    def value(self) -> int | float:
        if self.kind == "figure":
            plain = self.text.replace(",", "")
            return float(plain) if "." in plain else int(plain)
        tables = {"ten": _TENS, "one": _ONES | _BOUND, "unit": _UNITS, "large": _LARGE, "digit": _DIGITS}
        return tables[self.kind][self.text]


def _tokens(run: str) -> list[_Token] | None:
    """The number words of ``run``; None if anything else stands in it."""
    found, position = [], 0
    run = run.strip()
    while position < len(run):
        if run[position] in " -":
            position += 1
            continue
        match = _TOKEN.match(run, position)
        if match is None or match.lastgroup is None:
            return None
        found.append(_Token(match.lastgroup, match[0]))  # type: ignore[arg-type]
        position = match.end()
    return found


class _Sum:
    """A number under construction. ``take`` says whether the next word still fits into it."""

    def __init__(self) -> None:
        self.total: int | float = 0
        self.section: int | float = 0
        self.pending: int | float | None = None
        self.last_unit, self.last_large = 10**4, 10**16
        self.closed = False

    def take(self, token: _Token) -> bool:
        if self.closed:
            return False
        if token.kind in ("digit", "figure", "one"):
            return self._take_ones(token)
        if token.kind == "ten":
            return self._take_ten(token)
        return self._take_unit(token) if token.kind == "unit" else self._take_large(token)

    def _take_ones(self, token: _Token) -> bool:
        value = token.value
        if self.pending is not None or value >= self.last_unit or (value == 0 and self.started):
            return False
        self.pending = value
        # Nothing follows a native one; a zero stands alone.
        self.closed = token.kind == "one" or value == 0
        return True

    def _take_ten(self, token: _Token) -> bool:
        if self.pending is not None or self.last_unit <= 10:
            return False
        self.section += token.value
        self.last_unit = 10
        return True

    def _take_unit(self, token: _Token) -> bool:
        if token.value >= self.last_unit:
            return False
        self.section += (1 if self.pending is None else self.pending) * token.value
        self.pending, self.last_unit = None, int(token.value)
        return True

    def _take_large(self, token: _Token) -> bool:
        if token.value >= self.last_large:
            return False
        section = self.section + (self.pending or 0)
        self.total += (section or 1) * token.value
        self.section, self.pending = 0, None
        self.last_unit, self.last_large = 10**4, int(token.value)
        return True

    def give_up_ones(self, token: _Token) -> _Sum:
        """The number that begins where this one ends: "천육백 이천십" is 1600, 2010."""
        following = _Sum()
        if token.kind == "unit" and (self.section or self.total):
            following.pending, self.pending = self.pending, None
        return following

    @property
    def started(self) -> bool:
        return bool(self.total or self.section or self.pending is not None)

    @property
    def value(self) -> int:
        return round(self.total + self.section + (self.pending or 0))


def numbers_in(run: str) -> list[int]:
    """The numbers said one after another: "이 삼" -> [2, 3], "천육백 이천십" -> [1600, 2010].

    Empty if something else than number words stands in the run.
    """
    numbers: list[_Sum] = []
    for token in _tokens(run) or []:
        if not numbers or not numbers[-1].take(token):
            numbers.append(numbers[-1].give_up_ones(token) if numbers else _Sum())
            if not numbers[-1].take(token):
                # A figure of ten thousand or more is whole by itself.
                numbers[-1].total, numbers[-1].closed = token.value, True
    return [number.value for number in numbers]


def parse_number(run: str) -> int | None:
    """The one number that the run says: "삼만 오천" and "3만 5천" -> 35000, "스물두" -> 22; else None."""
    numbers = numbers_in(run)
    return numbers[0] if len(numbers) == 1 else None


def parse_range(run: str) -> tuple[int, int] | None:
    """An approximate pair: "서너" -> (3, 4), "이삼만" -> (20000, 30000), "사오십" -> (40, 50); else None."""
    squeezed = run.replace(" ", "")
    tens = next((word for word in ("열", "스물", "서른", "마흔") if squeezed.startswith(word)), "")
    if squeezed.removeprefix(tens) in _RANGES:
        low_one, high_one = _RANGES[squeezed.removeprefix(tens)]
        return low_one + _TENS.get(tens, 0), high_one + _TENS.get(tens, 0)
    figures = re.fullmatch(r"(\d+)[~-](\d+)", squeezed)
    if figures:
        return (int(figures[1]), int(figures[2])) if int(figures[1]) < int(figures[2]) else None
    match = re.fullmatch(
        r"(십|백|이십|삼십|사십|오십)?([일이삼사오육륙칠팔])([이삼사오육륙칠팔구])([십백천만억]*)", squeezed
    )
    if match is None or _DIGITS[match[3]] - _DIGITS[match[2]] != 1:
        return None
    low = parse_number((match[1] or "") + match[2] + match[4])
    high = parse_number((match[1] or "") + match[3] + match[4])
    return None if low is None or high is None else (low, high)


def read_digits(run: str) -> str:
    """A code as its digits: "공 일 이" -> "012", "하나 셋" -> "13", "삼천이백일" -> "3201"; else ""."""
    tokens = _tokens(run)
    if tokens is None:
        return ""
    if all(token.kind in ("figure", "digit", "one") for token in tokens):
        return "".join(
            re.sub(r"\D", "", token.text) if token.kind == "figure" else str(int(token.value))
            for token in tokens
        )
    return "".join(str(number) for number in numbers_in(run))


# What recognisers write for number words, and the dialects' own forms. Only spellings that are no other
# word of Korean, or that a number word stands beside.
_NUMBER_BEFORE = "(?<=[일이삼사오육륙칠팔구십백천만])"
_REPAIRS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"여덜|여덥|야달|야들|여덟|야덟", "여덟"),
        (r"여서시(?=[이요여야에]|\s|$)", "여섯이"),
        (r"여슷|여석|여섣|(?<![가-힣])여서(?= ?(?:시|명|번|개|살|달|식구))", "여섯"),
        (r"다섣|다삿|다서시", "다섯"),
        (r"(?<!예)닐곱|일굽|일곱|일곰", "일곱"),
        (r"하낙|(?<![가-힣])한나(?=[이요예에\s]|$|도 )", "하나"),
        (r"(?<![가-힣])서이(?=[요가예여라다제\s]|$|[살서])", "셋"),
        (r"(?<![가-힣])너이(?=[요가예여라다제\s]|$|[살서])", "넷"),
        (r"시물|수물|스물", "스물"),
        (r"설흔|서룬|서른|설은", "서른"),
        (r"마은|마흔", "마흔"),
        (r"(?<![가-힣])(?:쉬은|쉬흔|신)(?= ?(?:하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉))", "쉰"),
        (r"예슨|예순|여순|예수(?= ?(?:하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉))", "예순"),
        (
            r"일흔|이른(?= ?(?:하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|살|이요|이에요|이야|이여|$))|일흐",
            "일흔",
        ),
        (
            r"(?<![가-힣])(?:여든|여등|야든|예든|여덤|여드(?= ?(?:하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉)))",
            "여든",
        ),
        (r"(?<![가-힣])(?:아흔|아은|아훈)", "아흔"),
        (r"(?<=[른흔쉰순든물십])서이", "셋"),
        (r"(?<=[른흔쉰순든물십])너이", "넷"),
        (r"(?<![가-힣])니(?= ?(?:명|개(?!월)|번(?!호)|시(?!간)|마리|끼|식구))", "네"),
        (r"(?<![가-힣])시비(?= ?월)", "십이"),
        (r"(?<![가-힣])시빌(?= ?월)", "십일"),
        (r"천구배(?!기)", "천구백"),
        (rf"{_NUMBER_BEFORE}배(?= ?[일이삼사오육칠팔구십])", "백"),
        (rf"{_NUMBER_BEFORE}시빌", "십일"),
        (rf"{_NUMBER_BEFORE}시비(?!가)", "십이"),
        (rf"{_NUMBER_BEFORE}시보", "십오"),
        (rf"{_NUMBER_BEFORE}시팔", "십팔"),
        (rf"{_NUMBER_BEFORE}시(?=[일이삼사오육칠팔구] ?[년월세살만번명])", "십"),
        (rf"{_NUMBER_BEFORE}심(?=[육륙])|{_NUMBER_BEFORE}씹", "십"),
        (rf"{_NUMBER_BEFORE}심뉵", "십육"),
        (r"(?<![가-힣])([일이삼사오육칠팔구십]+)마 ?넌", r"\1만 원"),
        (r"(?<![가-힣])마 ?넌", "만 원"),
        (rf"{_NUMBER_BEFORE}마(?= ?원| ?[일이삼사오육칠팔구]?천)", "만"),
        (
            r"(?:모래|(?<![가-힣])모리)(?=$| |이?요|이?에요|예요|에|쯤|까지|부터|께|이?여)",
            "모레",
        ),  # sand for the day after tomorrow
        (r"(?<=[영공일이삼사오육칠팔구십백천만])륙|륙(?=[십백천만])", "육"),
        (r"빵(?= ?[공영일이삼사오육칠팔구])|(?<=[공영일이삼사오육칠팔구])빵", "공"),
        (r"([일이삼사오육칠팔구만 ])처(?= 원)", r"\1천"),
        (r"([일이삼사오육칠팔구만 ])처 ?넌", r"\1천 원"),
        (rf"{_NUMBER_BEFORE} ?언(?=[이\s]|$)", " 원"),
        (
            r"(십|스물|서른|마흔|쉰|예순|일흔|여든|아흔|백) ?하고도? ?(?=하나|둘|셋|넷|다섯|여섯|일곱|"
            r"여덟|아홉)",
            r"\1",
        ),
    )
)


def repair_numbers(text: str) -> str:
    """Number words in standard spelling: "이른 넷" -> "일흔 넷", "천구배 육시빌" -> "천구백 육십일"."""
    for pattern, spelling in _REPAIRS:
        text = pattern.sub(spelling, text)
    return text
