"""Ages and counts as said: 일흔여덟, 팔십둘, 서너 번, 한 번도 없어, 나까지 넷."""

from __future__ import annotations

import re
from datetime import datetime

from voicebot.korean.numerals import (
    ANY,
    ANY_COUNTING,
    NATIVE_BELOW_TEN,
    RANGE,
    SINO,
    numbers_in,
    parse_number,
    parse_range,
)
from voicebot.nlu.values.mentions import (
    ENDING,
    LEFT,
    Mention,
    is_denied,
    is_taken_back,
    is_unsure,
    last,
    outermost,
    own,
    settle,
    without_copula,
)

# -- ages -----------------------------------------------------------------------------------------------

_AGE_SPELLED = re.compile(rf"(?<![가-힣\d])({ANY}){ENDING}(?! ?(?:년|월|일|번|명|개))")
_AGE_COUNTED = re.compile(rf"{LEFT}({ANY_COUNTING}) ?(?:살|쌀|세(?![가-힣]*번|기|대|월|상)|짤)")
_AGE_NAMES = {"육순": 60, "칠순": 70, "고희": 70, "팔순": 80, "산수": 80, "미수": 88, "구순": 90, "백수": 99}
_AGE_NAME = re.compile(rf"(?<![가-힣])(?:{'|'.join(_AGE_NAMES)})(?=이|입|요|가|도|에|을|는|\s|$)")
_SOON = re.compile(
    r"(?:내년이면|내년이|내년은|내년에|내년엔|낼모레|새해면|해 바뀌면|설 쇠면|설 지나면|내년 되면)\s*(?:만 "
    r")?(?:[가-힣]{1,3} )?$"
)
_OTHER_UNIT = re.compile(
    r" ?(?:대(?!로)|년|월|시|분|명|번|개|원|다시|도 |센티|미터|몇|배 |달|층|호|동 |킬로|프로|퍼센트|만 )|에서"
)
_NOT_YET = re.compile(r"(?:이|은|살|살은|살이)? ?(?:안 ?[됐되돼]|못 ?[됐되돼]|멀었)")
_HIGHEST_AGE = 130
_ROUND = rf"(?P<base>{'|'.join(_AGE_NAMES)}|{ANY_COUNTING})"
_PAST_ROUND = re.compile(
    rf"{LEFT}{_ROUND} ?(?:살)?(?:을|이|에)? ?(?:넘은|넘긴|지난|된) ?(?:지|지가) ?(?:(?P<n>{ANY_COUNTING}) ?(?:해|년)|이태)"
)
_SHORT_OF_ROUND = re.compile(
    rf"{LEFT}{_ROUND} ?(?:살)?에서? ?(?P<n>{ANY_COUNTING}) ?(?:살|해|년)?(?:이|가)? ?(?:모자|부족|빠져|빠지|빠진)"
)
_SCHOOL_YEAR = re.compile(r"(?<![가-힣])([육칠팔구6-9]) ?학년 ?(영|공|일|이|삼|사|오|육|칠|팔|구|\d) ?반")


def understand_age(text: str, reference: datetime | None, question: str | None = None) -> int | None:
    """Years of age as said (만 is not converted), 0 to 130, or None."""
    mentions = outermost(_reckoned(text) + _ages(text)) or _school_years(text)
    standing = settle(text, _completed(text, mentions))
    if not standing:
        return None
    chosen = own(text, standing)[-1]
    soon = bool(_SOON.search(text[: chosen.start]))
    return chosen.value - 1 if soon else chosen.value


def _reckoned(text: str) -> list[Mention[int]]:
    """Round ages with what is added or wanting: 여든 넘은 지 세 해, 백 살에서 두 살 모자라."""
    found = []
    for pattern, sign in ((_PAST_ROUND, 1), (_SHORT_OF_ROUND, -1)):
        for match in pattern.finditer(text):
            base, away = (
                _AGE_NAMES.get(match["base"]) or parse_number(match["base"]),
                parse_number(match["n"] or "둘"),
            )
            if base and away and away < 10 <= base <= _HIGHEST_AGE:
                found.append(Mention(match.start(), match.end(), base + sign * away))
    return found


def _school_years(text: str) -> list[Mention[int]]:
    """칠학년 삼반: seventy-three, as elders say in jest; no school has a seventh year."""
    found = []
    for match in _SCHOOL_YEAR.finditer(text):
        tens, ones = parse_number(match[1]), parse_number(match[2])
        if tens and ones is not None and ones < 10:
            found.append(Mention(match.start(), match.end(), tens * 10 + ones))
    return found


def _ages(text: str) -> list[Mention[int]]:
    found = []
    for match in (*_AGE_COUNTED.finditer(text), *_AGE_SPELLED.finditer(text)):
        run = without_copula(match[1], text[match.end(1) :]) if match.re is _AGE_SPELLED else match[1]
        value = _age(run)
        if value is not None and _NOT_YET.match(text[match.start(1) + len(run) :]):
            continue
        if value is not None and (match.re is _AGE_COUNTED or _is_bare_age(text, match, run)):
            end = match.end() if match.re is _AGE_COUNTED else match.start(1) + len(run)
            found.append(Mention(match.start(), end, value))
    found += [Mention(at.start(), at.end(), _AGE_NAMES[at[0]]) for at in _AGE_NAME.finditer(text)]
    return outermost(found)


def _is_bare_age(text: str, match: re.Match[str], run: str) -> bool:
    """Whether a number without 살 is an age: not with another unit (육십 대), nor below ten in a sentence."""
    if _OTHER_UNIT.match(text[match.start(1) + len(run) :]):
        return False
    if run in NATIVE_BELOW_TEN and re.search(r"(?:아니|가|지|고|아니라)\s*$", text[: match.start()]):
        return True  # the last figure only, as a correction or in doubt: 여든둘이던가 셋이던가
    return (_age(run) or 0) >= 10 or len(text) <= len(run) + 4


def _age(run: str) -> int | None:
    # 만 칠십구: 만 is "full years", not ten thousand.
    run = run.removeprefix("만 ").removeprefix("만") if run.startswith("만") else run
    numbers = numbers_in(run)
    if len(numbers) != 1 or not 0 <= numbers[0] <= _HIGHEST_AGE:
        return None
    return numbers[0]


def _completed(text: str, mentions: list[Mention[int]]) -> list[Mention[int]]:
    """ "일흔일곱 아니 여덟": a correction of the last figure only keeps the tens."""
    completed: list[Mention[int]] = []
    for mention in mentions:
        value = mention.value
        previous = completed[-1] if completed else None
        corrects = previous is not None and (
            is_taken_back(text, previous.end) or is_unsure(text, previous.end)
        )
        if previous is not None and corrects and value < 10 <= previous.value and previous.value % 10:
            value += previous.value // 10 * 10
        completed.append(Mention(mention.start, mention.end, value))
    return completed


# -- counts ---------------------------------------------------------------------------------------------

_COUNTERS = (
    "명|분|사람|식구|번|회|차례|개월|개|가지|끼|알|정|마리|장|병|잔|그릇|곳|군데|대|채|집|켤레|벌|통|포|"
    "봉지|봉|살|건|칸|층|가구|권"
    "|컵|인|주|시간|달|며칠|컬레|자루|포기|송이|상자|박스|숟갈|숟가락|모금|방|차|단|박|팩|쪽|줄|바퀴|걸음|동"
)
_COUNTED = re.compile(rf"{LEFT}(?:({ANY_COUNTING}) ?(?:{_COUNTERS})|({SINO}) ?일(?![가-힣]*[곱흔주요월]))")
_BARE = re.compile(rf"(?<![가-힣\d])({ANY})(?:이서|서|{ENDING})")
# 이 사람, 이번 주, 한번 봐 are no counts.
_THIS_OR_ONCE = re.compile(
    r"이 (?:사람|분|집|방|곳|달|주|약|컵|줄|건|대|통)|이번(?:에|엔|은| ?주| ?달| ?해|만)"
    r"|한 ?번 ?(?:더 )?(?:말|봐|보|해 ?보|세어|세 ?봐|물어|생각|불러)"
)
_PAIR_COUNTED = re.compile(
    rf"(?<![가-힣\d])((?:십|이십|삼십|열|스물|서른)? ?{RANGE}|\d+[~-]\d+|"
    rf"[일이삼사오육칠팔][이삼사오육칠팔구][십백천]?) "
    rf"?(?:{_COUNTERS})?"
)
_NONE_AT_ALL = re.compile(
    r"(?:(?:한|하나|아무) ?(?:번|명|개|사람|끼|알|곳|군데|분|것|마리|데|장)?(?:도|두)|하나도|아무도|전혀|"
    r"통|일절|도통|아예)\s*(?:[가-힣]+\s)?"
    r"(?:없|안|못)"
)
_SIMPLY_NONE = re.compile(
    r"^(?:네|예|아니요|아니오|아뇨|아니|그런 거)?\s*(?:없어|없습|없네|없지|없는|없다|없음|안 (?:했|먹|갔|"
    r"나가|가|해)|빵)\S*(?:\s\S{1,3})?$"
)
_ALONE = re.compile(r"(?<![가-힣])(?:혼자|홀로|독거|나 하나|저 하나)")
_LEFT_ALONE = re.compile(
    r"(?<![가-힣])(?:(?:혼자|홀로)(?:이?[가-힣]{0,3}$)|(?:인자|이제|지금은?) (?:나 |저 )?(?:혼자|홀로))"
)
_DAILY = re.compile(r"(?<![가-힣])(?:매일|날마다|맨날|하루도 안 ?빠|하루도 빠짐)")
_DAYS = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "일주일": 7}
_DAYS_BARE = re.compile(rf"(?<![가-힣])({'|'.join(_DAYS)})(?! ?에|전|뒤| ?걸러)")
_KIN = "아들|딸|손자|손녀|손주|영감|할멈|남자|여자|형|누나|언니|동생|며느리|사위"
_ADDED = re.compile(rf"(?:{_KIN})(?:이|가|은|는)? ?({ANY})(?:에|하고|이랑|랑| )*")


def understand_count(text: str, reference: datetime | None, question: str | None = None) -> object:
    """A count, ``{"min", "max"}`` for an approximate pair (서너 번), or None."""
    if _NONE_AT_ALL.search(text):
        return 0
    if _is_daily(text, question):
        return 7
    mentions = _mentions(text)
    standing = settle(text, mentions, either=True)
    if standing and _LEFT_ALONE.search(text[standing[-1].end :]):
        return 1
    pair = _either_of_two(text, standing)
    if pair:
        return pair
    if standing:
        return _added_up(text, standing) or last(standing)
    if mentions and all(is_denied(text, mention.end) for mention in mentions):
        return None
    return _count_without_numbers(text)


def _mentions(text: str) -> list[Mention[object]]:
    """A pair goes before what lies across it: 한 대여섯 번 is no 한 대."""
    pairs = _pairs(text)
    others = [m for m in _counted(text) + _bare(text) if not any(_across(m, pair) for pair in pairs)]
    return outermost(pairs + others)


def _across(mention: Mention[object], pair: Mention[object]) -> bool:
    return mention.start < pair.start < mention.end < pair.end


def _is_daily(text: str, question: str | None) -> bool:
    return bool(_DAILY.search(text) and ("일주일" in text or re.search("며칠|일주일|한 주", question or "")))


def _count_without_numbers(text: str) -> int | None:
    if _SIMPLY_NONE.search(text):
        return 0
    if _ALONE.search(text):
        return 1
    days = _DAYS_BARE.findall(text)
    return _DAYS[days[-1]] if days else None


def _pairs(text: str) -> list[Mention[object]]:
    found: list[Mention[object]] = []
    for match in _PAIR_COUNTED.finditer(text):
        pair = parse_range(match[1])
        has_counter = match.end() > match.end(1) or re.match(ENDING, text[match.end(1) :])
        if pair and has_counter and (match[1][0] not in "일이삼사오육칠팔" or match.end() > match.end(1)):
            found.append(Mention(match.start(), match.end(), {"min": pair[0], "max": pair[1]}))
    return found


def _counted(text: str) -> list[Mention[object]]:
    found: list[Mention[object]] = []
    for match in _COUNTED.finditer(text):
        numbers = numbers_in(match[1] or match[2])
        if numbers and not _THIS_OR_ONCE.match(text, match.start()):
            found.append(Mention(match.start(), match.end(), numbers[-1]))
    return _without_frames(text, found)


def _without_frames(text: str, found: list[Mention[object]]) -> list[Mention[object]]:
    """Without "한 달에", "일주일에", "하루 세 끼 다": the span that a rate is given for is no count."""
    return [
        m
        for m in found
        if not re.match(r"에 ", text[m.end :]) or not re.search(r"(달|주|일|시간)$", text[m.start : m.end])
    ]


def _bare(text: str) -> list[Mention[object]]:
    found: list[Mention[object]] = []
    for match in _BARE.finditer(text):
        run = without_copula(match[1], text[match.end(1) :])
        number = parse_number(run)
        one_syllable = len(run) == 1 and run in "영공일이삼사오육륙칠팔구십백천만억조"
        if number is not None and (not one_syllable or len(text) <= 4):
            found.append(Mention(match.start(), match.start() + len(run), number))
    return found


def _either_of_two(text: str, standing: list[Mention[object]]) -> dict[str, int] | None:
    """ "여섯이나 일곱쯤", "세 번에서 네 번": the two ends of a range."""
    if len(standing) < 2:
        return None
    low, high = standing[-2], standing[-1]
    joined = re.fullmatch(
        r"(?:쯤|정도)?(?:이나|나|에서|부터| ?~| 아니면) ?(?:한 )?", text[low.end : high.start]
    )
    if joined and isinstance(low.value, int) and isinstance(high.value, int) and low.value < high.value:
        return {"min": low.value, "max": high.value}
    return None


def _added_up(text: str, standing: list[Mention[object]]) -> int | None:
    """ "아들 둘에 딸 하나": kinds counted one by one and no total said."""
    parts = list(_ADDED.finditer(text))
    if len(parts) < 2 or len(parts) != len(standing) or parts[-1].start(1) != standing[-1].start:
        return None
    numbers = [parse_number(part[1]) for part in parts]
    return sum(number for number in numbers if number is not None)
