"""Addresses as said, in written form: 부일로 삼백이십삼번길 십칠 -> 부일로323번길 17, 상삼동 -> 상3동.

Knows the grammar of Korean addresses, not the city's map: whether a place exists is the gazetteer's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from voicebot.korean.numerals import SINO, parse_number
from voicebot.nlu.values.mentions import Mention, settle, without_copula

_BRANCH = rf"(?: ?(?P<branch>{SINO}) ?번 ?길)"
_ROAD = re.compile(
    rf"(?<![가-힣])(?P<road>[가-힣]{{1,7}}?(?:대로|로|길))(?:{_BRANCH}|(?= ?(?:{SINO}))|(?=이?요|예요|"
    rf"이에요|입니다|$))"
)
_NOT_ROADS = re.compile(
    r"^(?:바로|그대로|따로|서로|새로|정말로|진짜로|으로|별로|홀로|도로|제로|스스로|함부로|혹은|이리로|"
    r"저리로|그길|집으로|[가-힣]*으로|마음대로|맘대로|말로|뒤로|위로|아래로|옆으로|혼자로|진짜로|"
    r"실제로|처음으로|억수로|[가-힣]*차로|철로|경로|[가-힣]+[은는] ?길)$"
)
# Administrative dongs are numbered in speech: 상삼동, 역곡 일동. A spaced one needs a known name.
_NUMBERED = "심곡본|심곡|소사본|원미|역곡|중|상|송내|성곡|고강본|춘의|범박"
_DONG = re.compile(
    rf"(?<![가-힣])(?:(?P<base>심곡|소사|고강) 본동|(?P<spaced>{_NUMBERED}) (?P<n>[일이삼사오1-5]) ?동|"
    rf"(?P<stem>[가-힣]{{1,4}}?)(?P<m>[일이삼사1-4])동|(?P<plain>[가-힣]{{1,4}}동))"
    r"(?!네|생|안|물|무소|장(?!동)|로|길)"
)
_NO_DONGS = """
활동 운동 행동 자동 노동 아동 감동 공동 이동 변동 진동 출동 작업동 무슨동 몇동 우리동 가동 나동 다동 라동
비동 에이동 씨동 앞동 뒷동 옆동 시동 소동 난동 충동 파동 냉동 선동 구동 연동 합동 율동 기동 전동 수동 본동
"""
_NOT_DONGS = frozenset(_NO_DONGS.split())
_NOT_STEMS = re.compile(
    r"(?:아파트|빌라|맨션|주공|단지|연립|번지|번|호|층|에|지|다시|[은는던])$|"
    r"^[영공일이삼사오육칠팔구십백천만]+$"
)
_CITY = re.compile(r"(?<![가-힣])(부천시|부천(?= ?(?:원미|소사|오정)구)|[가-힣]{2}시(?= [가-힣]{2,3}구))")
_GU = re.compile(r"(?<![가-힣])([가-힣]{2,3}구)(?=\s|$|요|이요)")
_NO_GU = "친구 누구 입구 출구 식구 창구 전구 가구 야구 축구 농구 아무구 대구 배구 지하구"
_NOT_GU = frozenset(_NO_GU.split())
_JOIN = r"(?:다시|에|의|-|대시|하이픈|빼기)"
_LOT = re.compile(
    rf"^(?:이?고|이?구|이?에요|예요|입니다|이?요|은|는|에|의)? ?(?P<hill>산 ?)?(?P<main>{SINO})(?: "
    rf"?(?:번지|번)(?!길))?(?: ?{_JOIN} "
    rf"?(?P<sub>{SINO})(?! ?(?:동|호|층|단지))(?: ?(?:번지|번))?)?"
    r"(?! ?(?:동|호|층|단지))(?=\s|$|이?요|이?에요|예요|입니다|이?고|이?지|이?여|이?야|에|은|는|인데|까지|"
    r"쪽|앞|아니|,|반지하|지하|지층)"
)
_LETTERS = {
    "에이": "A",
    "비": "B",
    "삐": "B",
    "씨": "C",
    "시": "C",
    "디": "D",
    "가": "가",
    "나": "나",
    "다": "다",
    "라": "라",
}
_LETTERS |= {letter: letter for letter in "ABCDabcd"}
_LETTER = "|".join(_LETTERS)
_COMPLEX = re.compile(
    r"(?<![가-힣])(?P<name>[가-힣0-9]{2,8}) ?(?P<kind>아파트|빌라|맨션|연립|오피스텔|빌딩|타운)"
)
# A name of its own before the block: 위브더스테이트 이백일동.
_NAMED_BLOCK = re.compile(rf"(?<![가-힣])(?P<name>[가-힣]{{3,10}}) (?={SINO} ?동 ?{SINO} ?호)")
_NO_BUILDING = re.compile(rf"(?:[에은는요고서로의]|번지|이에요|니까|단지|[동호층])$|^{SINO}")
_NAMELESS = "무슨 어느 우리 그냥 저희 거기 여기 그런 무신 뭔"
_NO_NAME = frozenset(_NAMELESS.split())
_DETAILS = (
    (re.compile(rf"(?<![가-힣\d])({SINO}) ?단지"), "{}단지"),
    (
        re.compile(
            rf"(?<![가-힣\d])((?:{_LETTER})|{SINO}) ?동(?!네)(?=\s|$|이|에|[영공일이삼사오육칠팔구십백천\d])"
        ),
        "{}동",
    ),
    (re.compile(rf"(?<![가-힣])(지하) ?({SINO}) ?층"), "지하 {}층"),
    (
        re.compile(
            r"(?<![가-힣])(지층|반지하|지하|옥탑방|옥탑)(?! ?(?:[일이삼]|[1-3])? ?층| ?(?:철|실|도|수))"
        ),
        "{}",
    ),
    (re.compile(rf"(?<![가-힣\d])({SINO}) ?층"), "{}층"),
    (re.compile(rf"(?<![가-힣\d])(?:(비|삐|B|지하|에이|A|씨|디) ?)?({SINO}) ?호"), "{}호"),
)


@dataclass(frozen=True)
class _Head:
    """A road or a dong, written, with where it ends in the text."""

    name: str
    is_road: bool


def understand_address(text: str, reference: datetime | None, question: str | None = None) -> str | None:
    """The address in written form, as much of it as was said, or None when no road or dong is named."""
    standing = settle(text, sorted(_roads(text) + _dongs(text), key=lambda mention: mention.start))
    if not standing:
        return None
    chosen = standing[-1]
    parts = [*_region(text[: chosen.start])]
    if (
        chosen.value.is_road
        and len(standing) > 1
        and not standing[-2].value.is_road
        and standing[-2].end < chosen.start
    ):
        parts.append(standing[-2].value.name)
    rest = text[chosen.end :]
    lot = _lot(rest)
    parts.append(chosen.value.name)
    if lot:
        parts.append(lot[0])
        rest = rest[lot[1] :]
    return " ".join([*parts, *_details(rest)])


def _roads(text: str) -> list[Mention[_Head]]:
    found = []
    for match in _ROAD.finditer(text):
        name = match["road"]
        if _NOT_ROADS.search(name) or len(name) < 2:
            continue
        branch = parse_number(match["branch"]) if match["branch"] else None
        written = f"{name}{branch}번길" if branch is not None else name
        found.append(Mention(match.start(), match.end(), _Head(written, is_road=True)))
    return found


def _dongs(text: str) -> list[Mention[_Head]]:
    found = []
    for match in _DONG.finditer(text):
        stem, number = match["spaced"] or match["stem"], match["n"] or match["m"]
        if match["base"]:
            name = f"{match['base']}본동"
        elif match["plain"]:
            name = match["plain"]
            if name in _NOT_DONGS or _NOT_STEMS.search(name[:-1]):
                continue
        elif _NOT_STEMS.search(stem) or f"{stem}동" in _NOT_DONGS - {"이동"}:
            continue
        else:
            name = f"{stem}{parse_number(number)}동"
        found.append(Mention(match.start(), match.end(), _Head(name, is_road=False)))
    return found


def _region(before: str) -> list[str]:
    cities = [match[1] if match[1].endswith("시") else f"{match[1]}시" for match in _CITY.finditer(before)]
    districts = [match[1] for match in _GU.finditer(before) if match[1] not in _NOT_GU]
    return [*cities[-1:], *districts[-1:]]


def _lot(rest: str) -> tuple[str, int] | None:
    """House or lot number behind the head, and where it ends."""
    match = _LOT.match(rest)
    if match is None:
        return None
    main = parse_number(without_copula(match["main"], rest[match.end("main") :]))
    if match["main"] == "이" and not rest.startswith(" "):
        return None  # the copula of 동이요
    if not main:
        return None
    sub = parse_number(without_copula(match["sub"], rest[match.end("sub") :])) if match["sub"] else None
    hill = "산" if match["hill"] else ""
    corrected = re.match(rf" ?아니 ?(?P<main>{SINO})", rest[match.end() :])
    again = without_copula(corrected["main"], rest[match.end() + corrected.end() :]) if corrected else ""
    if corrected and parse_number(again):
        return f"{hill}{parse_number(again)}", match.end() + corrected.end()
    return f"{hill}{main}" + (f"-{sub}" if sub is not None else ""), match.end()


def _details(rest: str) -> list[str]:
    """Building, storey and door behind the number, in the order in which they are written."""
    written = []
    complex_name = _COMPLEX.search(rest)
    if (
        complex_name
        and complex_name["name"] not in _NO_NAME
        and complex_name["name"][-1] not in "서고는은에의"
    ):
        written.append(f"{complex_name['name']}{complex_name['kind']}")
    named = None if complex_name else _NAMED_BLOCK.search(rest)
    if named and named["name"] not in _NO_NAME and not _NO_BUILDING.search(named["name"]):
        written.append(named["name"])
    for pattern, form in _DETAILS:
        matches = [
            match for match in pattern.finditer(rest) if not re.match(r" ?(?:말고|아니)", rest[match.end() :])
        ]
        values = [_detail(match) for match in matches]
        if values and values[-1]:
            written.append(form.format(values[-1]))
    return written


def _detail(match: re.Match[str]) -> str:
    """What goes into the written form: 비 백일 -> B101, 백삼 -> 103, 지층 -> 지층."""
    prefix, number = (match[1], match[2]) if match.re.groups == 2 else (None, match[1])
    parsed = parse_number(number)
    if parsed is None:
        return _LETTERS.get(number, number).upper()
    if prefix == "지하" and "층" in match[0]:
        return str(parsed)
    return f"{_LETTERS.get(prefix or '', 'B' if prefix else '').upper()}{parsed}"
