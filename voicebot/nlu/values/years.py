"""Years and months as said: 사십칠 년생, 재작년, 유월, 지지난달, 윤사월."""

from __future__ import annotations

import re
from datetime import datetime

from voicebot.korean.numerals import ANY_COUNTING, SINO, numbers_in, parse_number
from voicebot.nlu.values.mentions import LEFT, Mention, last, outermost, own, settle, without_copula

_BIRTH = re.compile(r"생|태어|났|낳|띠|출생|둥이")
_YEAR = re.compile(
    rf"{LEFT}({SINO}) ?(?:년|[연련](?=생|도))(?:생|도|셍)?(?!대|을 |이나 |이 (?:넘|다 |가까)| ?가까이|"
    rf"동안| ?(?:전|뒤|후|동안|째|넘|됐|되|살|만에|간))"
)
_UNIT_TO_COME = re.compile(
    rf"(?<![가-힣\d])({SINO})(?=(?:이|은|는|가)? ?(?:아니(?:라|고|다|지|야)?|말고)(?: 아니)? {SINO} ?년)"
)
_YEARS_AWAY = re.compile(rf"{LEFT}({ANY_COUNTING}) ?(?:년|해) ?(?:이나 |도 )?(전|뒤|후)")
_RELATIVE_YEARS = {
    "재재작년": -3, "그끄러께": -3, "재작년": -2, "지지난해": -2, "그러께": -2, "작년": -1, "지난해": -1,
    "거년": -1, "전년": -1,
    "올해": 0, "금년": 0, "이번 해": 0, "내년": 1, "명년": 1, "다음 해": 1, "새해": 1, "내후년": 2, "후년": 2,
}  # fmt: skip
_RELATIVE_YEAR = re.compile(f"(?:{'|'.join(sorted(_RELATIVE_YEARS, key=len, reverse=True))})(?!로 )")
# Years that everybody of that age names by what happened.
_EVENTS = (
    (re.compile(r"해방(?:둥이|되|된|나던|난|되던)"), 1945),
    (re.compile(r"육이오 ?(?:나|터지|난|때 ?났)"), 1950),
    (re.compile(r"사일구 ?(?:나|나던|난|때)"), 1960),
    (re.compile(r"(?:팔팔|88|서울) ?올림픽 ?(?:하|열|때|있|나|이?요|$)"), 1988),
    (re.compile(r"한일 ?월드컵 ?(?:하|열|때|있|나|이?요|$)"), 2002),
)
_STEMS, _BRANCHES = "갑을병정무기경신임계", "자축인묘진사오미신유술해"
_CYCLE_YEAR = re.compile(rf"(?<![가-힣])([{_STEMS}])([{_BRANCHES}]) ?(?:년|생)")
_CYCLE_START = 1924  # 갑자년; the cycle in which today's elders were born ends in 1983
# Without 년 a year is the last thing said, or what is being corrected.
_BARE = re.compile(
    rf"(?<![가-힣\d])({SINO})(?=(?:이?요|이?에요|예요|입니다|이?여|이?야|이?지|이고|이네|쯤)?(?:$| ?아니| "
    rf"?말고))"
)

LONGEST_AWAY = 150  # years or months; what is further away was not meant
LUNAR_MONTHS = {"정월": 1, "동짓달": 11, "동지달": 11, "섣달": 12, "선달": 12}
_SAID_MONTHS = {"유": 6, "시": 10}
_MONTH = re.compile(
    rf"(?P<leap>윤 ?)?(?:{LEFT}(?P<n>{SINO})|(?:(?<![가-힣])|(?<=[년도력]))(?P<said>유|시)) ?월(?!요일|급|"
    rf"세|욜| ?수 "
    rf"?금)(?: ?달)?"
    rf"|(?<![가-힣])(?P<lunar>{'|'.join(LUNAR_MONTHS)})|(?<=윤)(?P<after>유|시|{SINO}) ?월"
)
_MONTHS_AWAY = re.compile(rf"{LEFT}({ANY_COUNTING}) ?(?:달|개월) ?(?:쯤 |정도 )?(전|뒤|후|있다가)")
_RELATIVE_MONTH = re.compile(
    r"(?P<back>(?:(?:지|저)(?=지난|저번))*(?:지난 ?|저번 ?|전 ?)+)(?:번 ?)?달|(?P<this>이번 ?달|이달|금월|"
    r"요번 ?달)"
    r"|(?P<next>(?:다 ?)*(?:다음 ?)+달|다담 ?달|담 ?달|내달|새달|훗달)"
)


def understand_year(text: str, reference: datetime | None, question: str | None = None) -> int | None:
    """The year meant, or None."""
    birth = bool(_BIRTH.search(text) or (question and _BIRTH.search(question)))
    mentions = outermost(year_mentions(text, reference, birth=birth) + _relative_years(text, reference))
    if not mentions:
        mentions = _bare_years(text, reference, birth)
    standing = settle(text, mentions)
    if not standing:
        return _event_year(text) if not mentions else None
    numeric = [mention for mention in standing if not _RELATIVE_YEAR.match(text, mention.start)]
    return last(own(text, numeric or standing))


def year_mentions(text: str, reference: datetime | None, *, birth: bool) -> list[Mention[int]]:
    """Years said with 년. Two figures are 19xx, unless no birth is meant and they fit the present."""
    found = [
        Mention(match.start(), match.end(), full_year(match[1], reference, birth=birth or "생" in match[0]))
        for match in _YEAR.finditer(text)
    ]
    before = [  # "오십이 아니 오십삼 년생": what is corrected has no unit yet
        Mention(match.start(1), match.end(1), full_year(match[1], reference, birth=birth))
        for match in _UNIT_TO_COME.finditer(text)
    ]
    return [Mention(m.start, m.end, m.value) for m in outermost([*found, *before]) if m.value is not None]


def full_year(run: str, reference: datetime | None, *, birth: bool) -> int | None:
    """1947 from "천구백사십칠", "구백사십칠", "사십칠", "사칠" or "47"; None if it is no year."""
    numbers = numbers_in(run)
    if len(numbers) == 1 and numbers[0] < 10 and not run.startswith("0"):
        return None  # "삼 년" is a length of time
    if len(numbers) > 1 and all(number < 10 for number in numbers):
        numbers = [int("".join(map(str, numbers)))] if len(numbers) in (2, 4) else []
    if not numbers:
        return None
    number = numbers[-1]
    if 1850 <= number <= 2100:
        return number
    if 900 <= number < 1000:
        return number + 1000
    if not 0 <= number < 100:
        return None
    recent = reference.year % 100 + 1 if reference else 20
    return 2000 + number if number <= recent and not birth else 1900 + number


def _relative_years(text: str, reference: datetime | None) -> list[Mention[int]]:
    if reference is None:
        return []
    found = [
        Mention(match.start(), match.end(), reference.year + _RELATIVE_YEARS[match[0]])
        for match in _RELATIVE_YEAR.finditer(text)
    ]
    for match in _YEARS_AWAY.finditer(text):
        number = parse_number(match[1])
        if number is not None and number <= LONGEST_AWAY:
            away = -number if match[2] == "전" else number
            found.append(Mention(match.start(), match.end(), reference.year + away))
    return found


def _bare_years(text: str, reference: datetime | None, birth: bool) -> list[Mention[int]]:
    found = []
    for match in _BARE.finditer(text):
        run = without_copula(match[1], text[match.end(1) :])
        value = full_year(run, reference, birth=birth)
        if text[match.end(1) :].lstrip().startswith("년"):
            continue  # 천구백육십 년대, 십 년: the unit was read and refused
        if value is not None and sum(map(len, run.split())) > 1:
            found.append(Mention(match.start(), match.start() + len(run), value))
    return found


def _event_year(text: str) -> int | None:
    for pattern, year in _EVENTS:
        if pattern.search(text):
            return year
    match = _CYCLE_YEAR.search(text)
    return cycle_year(match[1], match[2]) if match else None


def cycle_year(stem: str, branch: str) -> int | None:
    """The year of the sexagenary cycle, 1924 to 1983: 을유 -> 1945. None for a pair that does not exist."""
    for offset in range(60):
        if _STEMS[offset % 10] == stem and _BRANCHES[offset % 12] == branch:
            return _CYCLE_START + offset
    return None


def month_mentions(text: str) -> list[Mention[dict[str, object]]]:
    """Months by number or name: ``{"month": 1-12}``, with ``"lunar"`` and ``"leap"`` True if said."""
    found: list[Mention[dict[str, object]]] = []
    for match in _MONTH.finditer(text):
        number = _month_number(match)
        if number is None:
            continue
        value: dict[str, object] = {"month": number}
        if match["lunar"]:
            value["lunar"] = True
        if match["leap"] or match["after"]:
            value |= {"lunar": True, "leap": True}
        found.append(Mention(match.start(), match.end(), value))
    return found


def _month_number(match: re.Match[str]) -> int | None:
    if match["lunar"]:
        return LUNAR_MONTHS[match["lunar"]]
    said = match["said"] or match["n"] or match["after"]
    if said in _SAID_MONTHS:
        return _SAID_MONTHS[said]
    numbers = numbers_in(said)
    return numbers[-1] if numbers and 1 <= numbers[-1] <= 12 else None


def relative_months(text: str, reference: datetime | None) -> list[Mention[tuple[int, int]]]:
    """(year, month) of 이번 달, 다음 달, 지난달, 석 달 전 and the like."""
    if reference is None:
        return []
    found = []
    for match in _RELATIVE_MONTH.finditer(text):
        if match["back"]:
            away = -len(re.findall(r"지난|저번|전|지(?=지난)|저(?=저번)", match["back"]))
        else:
            away = 0 if match["this"] else max(1, len(re.findall("다음|담|다(?=다음|담)", match[0])))
        found.append(Mention(match.start(), match.end(), shift_month(reference, away)))
    for match in _MONTHS_AWAY.finditer(text):
        number = parse_number(match[1])
        if number is not None and number <= LONGEST_AWAY:
            away = -number if match[2] == "전" else number
            found.append(Mention(match.start(), match.end(), shift_month(reference, away)))
    return found


def shift_month(reference: datetime, away: int) -> tuple[int, int]:
    """(year, month) so many months from the reference."""
    index = reference.year * 12 + reference.month - 1 + away
    return index // 12, index % 12 + 1


def understand_month(text: str, reference: datetime | None, question: str | None = None) -> object:
    """1 to 12, or ``{"calendar": "lunar", "month": n}`` if counted by the moon; None if not said."""
    named = month_mentions(text)
    standing = settle(text, named)
    if standing:
        chosen = dict(standing[-1].value)
        lunar = [mention.value for mention in standing if mention.value.get("lunar")]
        if lunar and not chosen.get("lunar") and "양력" not in text:
            chosen = dict(lunar[-1])
        if chosen.get("lunar") or "음력" in text:
            leap = {"leap": True} if chosen.get("leap") else {}
            return {"calendar": "lunar", "month": chosen["month"], **leap}
        return chosen["month"]
    if named:
        return None
    relative = last(settle(text, relative_months(text, reference)))
    return relative[1] if relative else _bare_month(text)


def _bare_month(text: str) -> int | None:
    match = re.fullmatch(
        rf"(?:네 |예 )?({SINO}) ?(?:달)?(?:이요|요|이에요|예요|입니다|이여|이야|이지)?", text
    )
    if match is None:
        return None
    number = parse_number(without_copula(match[1], text[match.end(1) :]))
    return number if number is not None and 1 <= number <= 12 else None
