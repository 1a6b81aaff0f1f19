"""Lengths of time as said, in ISO 8601: 보름 P15D, 두 달 P2M, 한 시간 반 PT1H30M, 사나흘 P3D to P4D."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from voicebot.korean.numerals import ANY_COUNTING, RANGE, parse_number, parse_range
from voicebot.nlu.values.mentions import LEFT, Mention, outermost, settle

_NATIVE_DAYS = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9,
    "열흘": 10, "열하루": 11,
    "열이틀": 12, "열사흘": 13, "열나흘": 14, "보름": 15, "스무날": 20, "스무 날": 20,
}  # fmt: skip
_NATIVE_DAYS |= {
    f"스무{gap}{small}": 20 + number
    for small, number in tuple(_NATIVE_DAYS.items())
    if number < 10
    for gap in ("", " ")
}
_NATIVE_DAY = "|".join(sorted(_NATIVE_DAYS, key=len, reverse=True))
_DAY_PAIRS = {
    "하루이틀": (1, 2),
    "이삼일": (2, 3),
    "이틀사흘": (2, 3),
    "사나흘": (3, 4),
    "나댓새": (4, 5),
    "네댓새": (4, 5),
    "대엿새": (5, 6),
    "예니레": (6, 7),
}
_UNITS = {
    "년": "Y",
    "해": "Y",
    "개월": "M",
    "달": "M",
    "주일": "W",
    "주": "W",
    "일": "D",
    "시간": "H",
    "분": "m",
}
_ORDER = "YMWDHm"
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_COUNTED = re.compile(
    rf"{LEFT}(?P<n>{ANY_COUNTING}) ?(?P<unit>{_UNIT})(?!요일|욜|주일?(?=[이요도을쯤 ]|$|째|동|정|됐|넘)|"
    rf"생|에 ?난|월|도에|절|[ ]?전화|째 ?(?:주|달)|이 ?있|을 하|때문|을 보|보러|이 많)(?P<half> "
    rf"?반(?![가-힣]*찬))?"
)
_NATIVE = re.compile(rf"(?<![가-힣])(?P<n>{_NATIVE_DAY})(?! ?(?:에 (?:한|두|세)|세 ?끼|두 ?끼))")
_HALF = re.compile(r"(?<![가-힣])반 ?(?P<unit>년|달|시간|나절)")
_PAIR = re.compile(
    rf"(?<![가-힣\d])(?:(?P<n>{RANGE}|[일이삼사오육칠팔][이삼사오육칠팔구]십?) ?(?P<unit>{_UNIT})|"
    rf"(?P<days>{'|'.join(_DAY_PAIRS)}))(?! ?요일|에 한)"
)
# 하루에 두 번 is a rate; "세 시간까진 안 가" says how long it does not last.
_NO_LENGTH = re.compile(r"^에 (?:한|두|세|네|서너|한두|두세|다섯|\d)|^까(?:지는|진) ?(?:안|못)")
_GLUE = re.compile(r"^(?:하고도?|이랑|에다가?|에|이고|,|\s|하구)*$")


@dataclass(frozen=True)
class _Length:
    """Amounts by ISO designator; minutes are "m" to tell them from months."""

    amounts: tuple[tuple[str, int], ...]

    def iso(self) -> str:
        days = "".join(f"{n}{u}" for u, n in self.amounts if u in "YMWD")
        clock = "".join(f"{n}{u.upper()}" for u, n in self.amounts if u in "Hm")
        return f"P{days}" + (f"T{clock}" if clock else "")

    @property
    def smallest(self) -> int:
        return _ORDER.index(self.amounts[-1][0])


def understand_period(text: str, reference: datetime | None, question: str | None = None) -> object:
    """ISO 8601 duration, ``{"min", "max"}`` of two for a pair (두세 달), or None."""
    pairs = _pairs(text)
    lengths = _compounds(text, outermost(_counted(text) + _native(text) + _halves(text)))
    lengths_said: list[Mention[object]] = [Mention(m.start, m.end, m.value.iso()) for m in lengths]
    mentions = outermost(pairs + lengths_said)
    standing = settle(text, [mention for mention in mentions if not _NO_LENGTH.match(text[mention.end :])])
    if len(standing) > 1 and re.fullmatch(
        r"(?:쯤|정도)?(?:에서| ?~) ?(?:한 )?", text[standing[-2].end : standing[-1].start]
    ):
        return {"min": standing[-2].value, "max": standing[-1].value}
    return standing[-1].value if standing else None


def _counted(text: str) -> list[Mention[_Length]]:
    found = []
    for match in _COUNTED.finditer(text):
        number = parse_number(match["n"])
        if number is None or not 0 < number < 1000 or _is_calendar(text, match):
            continue
        found.append(
            Mention(match.start(), match.end(), _length(number, _UNITS[match["unit"]], bool(match["half"])))
        )
    return found


def _is_calendar(text: str, match: re.Match[str]) -> bool:
    """A year, a lone 이 일 (this matter) or 두 분 (two people) is no length of time."""
    number = parse_number(match["n"]) or 0
    if match["unit"] == "년" and (number >= 1000 or text[match.end() : match.end() + 1] == "도"):
        return True
    if match["unit"] == "일" and (
        re.search(r"월 ?$", text[: match.start()]) or match[0] in ("이 일", "천일", "만일", "백 일하")
    ):
        return True
    if match["unit"] == "일" and match["n"] in ("한", "두", "세", "네", "서", "석", "너", "넉"):
        return True  # 한 일주일: about a week
    if match["unit"] == "해" and match["n"][0] in "영공일이삼사오육칠팔구십백천만":
        return True  # 팔 해요: only native numbers count in 해
    if match["unit"] == "달" and match["n"] == "이":
        return True  # 이 달: this month
    return match["unit"] == "분" and match["n"] in ("한", "두", "세", "네", "다섯", "여섯")


def _length(number: int, unit: str, half: bool) -> _Length:
    if not half:
        return _Length(((unit, number),))
    below = {"Y": ("M", 6), "M": ("D", 15), "H": ("m", 30), "D": ("H", 12), "W": ("D", 3), "m": ("m", 0)}[
        unit
    ]
    return _Length(((unit, number), below)) if below[1] else _Length(((unit, number),))


def _native(text: str) -> list[Mention[_Length]]:
    found = [
        Mention(m.start(), m.end(), _Length((("D", _NATIVE_DAYS[m["n"]]),))) for m in _NATIVE.finditer(text)
    ]
    found += [
        Mention(m.start(), m.end(), _Length((("Y", 2),)))
        for m in re.finditer(r"(?<![가-힣])이태(?!원|리)", text)
    ]
    found += [
        Mention(m.start(), m.end(), _Length((("W", 1),))) for m in re.finditer(r"(?<![가-힣])한 ?주일", text)
    ]
    return found


def _halves(text: str) -> list[Mention[_Length]]:
    halves = {"년": ("M", 6), "달": ("D", 15), "시간": ("m", 30)}
    return [
        Mention(match.start(), match.end(), _Length((halves[match["unit"]],)))
        for match in _HALF.finditer(text)
        if match["unit"] in halves
    ]


def _pairs(text: str) -> list[Mention[object]]:
    found: list[Mention[object]] = []
    for match in _PAIR.finditer(text):
        pair = _DAY_PAIRS.get(match["days"]) if match["days"] else parse_range(match["n"])
        if pair is not None:
            unit = "D" if match["days"] else _UNITS[match["unit"]]
            low, high = (_Length(((unit, number),)).iso() for number in pair)
            found.append(Mention(match.start(), match.end(), {"min": low, "max": high}))
    return found


def _is_added(text: str, first: Mention[_Length], second: Mention[_Length]) -> bool:
    """보름하고 이틀: days on top of more days."""
    (unit, number), (other, more) = first.value.amounts[-1], second.value.amounts[0]
    alone = len(first.value.amounts) == len(second.value.amounts) == 1
    added = re.fullmatch(r" ?(?:하고도?|에다가?|하구) ?", text[first.end : second.start])
    return alone and unit == other == "D" and more < number and bool(added)


def _compounds(text: str, mentions: list[Mention[_Length]]) -> list[Mention[_Length]]:
    """일 년하고 석 달 is one length: parts in falling order with nothing but glue between them."""
    joined: list[Mention[_Length]] = []
    for mention in mentions:
        previous = joined[-1] if joined else None
        first = _ORDER.index(mention.value.amounts[0][0])
        if previous and _is_added(text, previous, mention):
            days = previous.value.amounts[0][1] + mention.value.amounts[0][1]
            joined[-1] = Mention(previous.start, mention.end, _Length((("D", days),)))
        elif previous and previous.value.smallest < first and _GLUE.match(text[previous.end : mention.start]):
            amounts = previous.value.amounts + mention.value.amounts
            joined[-1] = Mention(previous.start, mention.end, _Length(amounts))
        else:
            joined.append(mention)
    return joined
