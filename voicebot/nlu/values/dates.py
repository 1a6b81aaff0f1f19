"""Days and weekdays as said: 낼모레, 다음 주 수요일, 십이월 초하루, 이번 달 삼십일, 월수금."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta

from voicebot.korean.numerals import ANY_COUNTING, SINO, SINO_TIGHT, numbers_in, parse_number
from voicebot.nlu.values.mentions import LEFT, Mention, is_taken_back, last, outermost, settle
from voicebot.nlu.values.years import month_mentions, relative_months, year_mentions

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LETTERS = "월화수목금토일"
NATIVE_DAYS = {
    "하루": 1, "하룻": 1, "이틀": 2, "이튿": 2, "사흘": 3, "사흗": 3, "나흘": 4, "나흗": 4, "닷새": 5,
    "닷샛": 5, "엿새": 6,
    "엿샛": 6, "이레": 7, "이렛": 7, "여드레": 8, "여드렛": 8, "아흐레": 9, "아흐렛": 9, "열흘": 10,
    "보름": 15, "스무날": 20,
}  # fmt: skip
_NATIVE_DAY = "|".join(sorted(NATIVE_DAYS, key=len, reverse=True))
_SMALL_DAY = (
    "하루|하룻|이틀|이튿|사흘|사흗|나흘|나흗|닷새|닷샛|엿새|엿샛|이레|이렛|여드렛|여드레|아흐렛|아흐레"
)
# A day of the month by its native name is marked: 초사흘, 열하루, 스무아흐렛날, 사흗날. Bare 사흘 is a span.
_NAMED_DAY = re.compile(
    rf"(?P<prefix>초 ?|열 ?|스무 ?)(?P<small>{_SMALL_DAY})(?:날)?|(?P<dayed>{_SMALL_DAY})날|"
    rf"(?<=월 )(?P<inmonth>{_SMALL_DAY})(?!까지|에 (?:한|두|세)| ?(?:만|남|걸|정도|밖|안|더))|"
    rf"초?(?P<ten>열흘)(?:날)?"
    r"|(?P<twenty>스무날)|(?P<half>대?보름)(?:날)?|(?P<buddha>초파일)|(?P<last>그믐(?:날)?|말일)|(?<=달 "
    r")(?P<first>첫날)|(?<=월 )(?:첫날)"
)
_DAY = re.compile(
    rf"{LEFT}({SINO_TIGHT}|{SINO}) ?일(?!일(?! ?년)|요일|욜|절|주| ?월|을 ?하|하)(?:날)?(?! ?(?:전|뒤|후|"
    rf"째|동안|있다가|만에))"
)
_SPAN_AWAY = re.compile(
    rf"(?:(?P<native>{_NATIVE_DAY})|{LEFT}(?P<n>{ANY_COUNTING}) ?(?P<unit>일|주일|주|달|개월)|"
    rf"(?P<week>일주일))"
    r" ?(?:쯤 |정도 |이나 |만 )?(?P<way>전|뒤|후|있다가|이따가|지나서|지나면)"
)
_RELATIVE_DAYS = {
    "그끄저께": -3, "그끄제": -3, "그그제": -3, "그저께": -2, "그제께": -2, "그제": -2, "아래께": -2,
    "어저께": -1, "어제": -1, "엊저녁": -1,
    "오늘": 0, "금일": 0, "내일모레": 2, "낼모레": 2, "내일": 1, "낼": 1,
    "명일": 1, "모레": 2,
    "그글피": 4, "저글피": 4, "글피": 3,
}  # fmt: skip
_RELATIVE_DAY = re.compile(
    rf"(?<![가-힣])(?:{'|'.join(sorted(_RELATIVE_DAYS, key=len, reverse=True))})|(?<![가-힣])아래(?= "
    rf"(?:왔|갔|다녀|했|넘))"
)
_WEEK = (
    r"(?P<back>(?:지난 ?|저번 ?|전 ?|지(?=지난))+주)|(?P<this>(?:이번|요번|금) ?주)|(?P<next>(?:다 "
    r"?(?=다음|담))*(?:다음 ?|담 ?)+주)"
)
_WEEKDAY = (
    r"(?P<day>[월화수목금토일하])(?:[요뇨료여묘]일|요[닐릴]| 요일|욜|요이리|요 일)|(?P<slip>모교일|모굘)|"
    r"(?P<sunday>주일(?=날|은|엔|에는)|반?공일)"
)
_WEEK_DAY = re.compile(rf"(?:{_WEEK})(?:에|의)? ?(?:{_WEEKDAY})")
WEEKDAY_NAME = re.compile(rf"(?<![가-힣])(?:{_WEEKDAY})|(?<=[월화수목금토일] )(?:{_WEEKDAY})|"
    rf"(?<=주)(?:{_WEEKDAY})".replace(
    "?P<day>", "").replace("?P<slip>", "").replace("?P<sunday>", ""))  # fmt: skip
_WEEKS_AHEAD = re.compile(
    rf"{LEFT}({ANY_COUNTING}) ?주일? ?(?:뒤|후)(?:에)? ?([월화수목금토일하](?:요일|욜))"
)
_FESTIVALS = (
    (re.compile(r"크리스마스 ?이브|성탄 ?전야"), (12, 24)), (re.compile(r"크리스마스|성탄절"), (12, 25)),
    (re.compile(r"삼일절"), (3, 1)),
    (re.compile(r"어린이날"), (5, 5)), (re.compile(r"어버이날"), (5, 8)), (re.compile(r"현충일"), (6, 6)),
    (re.compile(r"광복절"), (8, 15)),
    (re.compile(r"개천절"), (10, 3)), (re.compile(r"한글날"), (10, 9)), (re.compile(r"빼빼로 ?데이"), (11,
    11)), (re.compile(r"신정"), (1, 1)),
)  # fmt: skip
_BESIDE = re.compile(r"(?:의)? ?(?:(전 ?날)|(?:그 ?)?다음 ?날|이튿날)")
_WRITTEN = re.compile(r"(?<![\d/-])(?:20\d\d[-/.] ?)?(1[0-2]|0?[1-9])[-/.] ?(3[01]|[12]\d|0?[1-9])(?![\d/-])")
_MOON_FESTIVALS = {
    "설날": (1, 1),
    "삼짇": (3, 3),
    "백중": (7, 15),
    "구정": (1, 1),
    "단오": (5, 5),
    "칠석": (7, 7),
    "추석": (8, 15),
    "한가위": (8, 15),
}
_MOON_FESTIVAL = re.compile(
    rf"({'|'.join(_MOON_FESTIVALS)})(?:날)?(?=이?요|이?에요|예요|에(?=\s|$)|입니다|이?지|이?여|$)"
)
_PAST = re.compile(r"(?:[가-힣]*[았었였했갔왔됐났렸졌쳤샀봤왔겼켰꼈뻤](?!으면)[가-힣]*)|지난|작년|저번")
_FUTURE = re.compile(
    r"겠|면 좋|[을ㄹ] ?게|주세요|오세요|할게|약속|예약|기로 ?했|잡았|잡아|정했|합시다|봅시다|내년|다음"
)
_MOST_WEEKS = 52
END_OF_MONTH = 99  # 그믐, 말일: the last day, whichever it is


def day_mentions(text: str) -> list[Mention[dict[str, object]]]:
    """Days of the month: value ``{"day": 1-31 or END_OF_MONTH}``, with month and lunar for 초파일."""
    found: list[Mention[dict[str, object]]] = [
        Mention(match.start(), match.end(), {"month": int(match[1]), "day": int(match[2])})
        for match in _WRITTEN.finditer(text)
    ]
    for match in _MOON_FESTIVAL.finditer(text):
        month, day = _MOON_FESTIVALS[match[1]]
        found.append(Mention(match.start(), match.end(), {"month": month, "day": day, "lunar": True}))
    for match in _NAMED_DAY.finditer(text):
        if re.match(r" ?(?:전|뒤|후|째|있다가|됐|만에|동안)", text[match.end() :]):
            continue
        found.append(Mention(match.start(), match.end(), _named_day(match)))
    for match in _DAY.finditer(text):
        numbers = numbers_in(match[1])
        if numbers and 1 <= numbers[-1] <= 31:
            found.append(Mention(match.start(), match.end(), {"day": numbers[-1]}))
    return outermost(found)


def _named_day(match: re.Match[str]) -> dict[str, object]:
    if match["buddha"]:
        return {"day": 8, "month": 4, "lunar": True}
    if match["last"]:
        return {"day": END_OF_MONTH}
    if match[0] == "첫날":
        return {"day": 1}
    if match["half"]:
        return {"day": 15}
    if match["ten"]:
        return {"day": 10}
    if match["twenty"]:
        return {"day": 20}
    base = {"열": 10, "스무": 20}.get((match["prefix"] or "").strip(), 0)
    return {"day": base + NATIVE_DAYS[match["small"] or match["dayed"] or match["inmonth"]]}


def looks_back(text: str) -> bool:
    """Whether the speaker tells of something past: 받았어요, 다녀갔어."""
    return bool(_PAST.search(text)) and not _FUTURE.search(text)


def understand_day(text: str, reference: datetime | None, question: str | None = None) -> object:
    """ISO date, an integer (day of an unknown month), a lunar ``{"calendar", "month", "day"}``, or None."""
    calendar_day = _calendar_day(text, reference)
    if calendar_day is not None or reference is None:
        return calendar_day
    mentions = outermost(_away(text, reference) + _by_weekday(text, reference) + _same_hour(text, reference))
    standing = settle(text, mentions, excuses=True)
    chosen = last(standing)
    if chosen is None and not mentions:
        chosen = _festival(text, reference)
    return chosen.isoformat() if chosen else None


def _calendar_day(text: str, reference: datetime | None) -> object:
    """A date named by its day of the month, as far as it is known."""
    days = settle(text, day_mentions(text))
    if not days:
        return None
    if any(later.start > days[-1].end for later in _later_relative(text, reference)):
        return None
    day = days[-1].value
    months = [mention.value for mention in settle(text, month_mentions(text))]
    month = day if "month" in day else (months[-1] if months else None)
    number = day["day"]
    assert isinstance(number, int)
    if month and (month.get("lunar") or "음력" in text):
        leap = {"leap": True} if month.get("leap") else {}
        return {
            "calendar": "lunar",
            "month": month["month"],
            "day": 30 if number == END_OF_MONTH else number,
            **leap,
        }
    return _solar(text, number, int(str(month["month"])) if month else None, reference)


def _later_relative(text: str, reference: datetime | None) -> list[Mention[date]]:
    """A relative day said as a correction after a numbered one (이십오일 아니 모레)."""
    if reference is None or not re.search(r"아니|말고", text):
        return []
    return _away(text, reference)


def _solar(text: str, day: int, month: int | None, reference: datetime | None) -> str | int | None:
    if reference is None:
        return day if month is None and day != END_OF_MONTH else None
    years = year_mentions(text, reference, birth=False)
    relative = settle(text, relative_months(text, reference))
    if month is None and relative:
        return _iso(relative[-1].value[0], relative[-1].value[1], day)
    year = years[-1].value if years else _relative_year(text, reference)
    if year is not None and month is not None:
        return _iso(year, month, day)
    return _nearest(reference.date(), day, month, back=looks_back(text))


def _relative_year(text: str, reference: datetime) -> int | None:
    for word, away in (("재작년", -2), ("작년", -1), ("올해", 0), ("내년", 1)):
        if word in text:
            return reference.year + away
    return None


def _nearest(today: date, day: int, month: int | None, *, back: bool) -> str | None:
    """The next such day from today on, or the last one up to today."""
    for step in range(0, 49):
        index = today.year * 12 + today.month - 1 + (-step if back else step)
        year, candidate = index // 12, index % 12 + 1
        if month is not None and candidate != month:
            continue
        iso = _iso(year, candidate, day)
        if iso is not None and (iso <= today.isoformat() if back else iso >= today.isoformat()):
            return iso
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    if not 1 <= year <= 9999:
        return None
    last_day = calendar.monthrange(year, month)[1]
    day = last_day if day == END_OF_MONTH else day
    return date(year, month, day).isoformat() if day <= last_day else None


def _away(text: str, reference: datetime) -> list[Mention[date]]:
    today = reference.date()
    found = [
        Mention(match.start(), match.end(), today + timedelta(days=_RELATIVE_DAYS.get(match[0], -2)))
        for match in _RELATIVE_DAY.finditer(text)
    ]
    for match in _SPAN_AWAY.finditer(text):
        days = _span_days(match, today)
        if days is not None:
            found.append(Mention(match.start(), match.end(), today + timedelta(days=days)))
    return found


def _same_hour(text: str, reference: datetime) -> list[Mention[date]]:
    """ "다음 주 이 시간", "다음 주 오늘": the same weekday."""
    return [
        Mention(match.start(), match.end(), reference.date() + timedelta(days=7 * _weeks(match)))
        for match in re.finditer(
            rf"(?:{_WEEK})(?:에)? ?(?:이 ?시간|이 ?맘때|이 요일|같은 요일|오늘|이날)", text
        )
    ]


def _span_days(match: re.Match[str], today: date) -> int | None:
    sign = -1 if match["way"] == "전" else 1
    if match["week"]:
        return 7 * sign
    if match["native"]:
        return NATIVE_DAYS[match["native"]] * sign
    number = parse_number(match["n"])
    if number is None or number > 400:
        return None
    if match["unit"] in ("달", "개월"):
        index = today.year * 12 + today.month - 1 + number * sign
        year, month = index // 12, index % 12 + 1
        day = min(today.day, calendar.monthrange(year, month)[1])
        return (date(year, month, day) - today).days
    return number * sign * (7 if match["unit"] in ("주", "주일") else 1)


def _by_weekday(text: str, reference: datetime) -> list[Mention[date]]:
    today = reference.date()
    monday = today - timedelta(days=today.weekday())
    found = []
    for match in _WEEK_DAY.finditer(text):
        weeks = _weeks(match)
        day = monday + timedelta(
            days=7 * weeks + weekday_index(match["day"] or match["slip"] or match["sunday"])
        )
        found.append(Mention(match.start(), match.end(), day))
    for match in _WEEKS_AHEAD.finditer(text):
        weeks = min(parse_number(match[1]) or 0, _MOST_WEEKS)
        day = monday + timedelta(days=7 * weeks + weekday_index(match[2]))
        found.append(Mention(match.start(), match.end(), day))
    taken = [(mention.start, mention.end) for mention in found]
    for bare in WEEKDAY_NAME.finditer(text):
        if any(start <= bare.start() < end for start, end in taken):
            continue
        before = [m for m in found if m.end <= bare.start()]
        if before and taken and is_taken_back(text, before[-1].end):
            # "다음 주 화요일 아니 수요일": the week stays
            week = before[-1].value - timedelta(days=before[-1].value.weekday())
            found.append(Mention(bare.start(), bare.end(), week + timedelta(days=weekday_index(bare[0]))))
            continue
        found.append(Mention(bare.start(), bare.end(), _weekday_near(text, bare, today)))
    return found


def _weeks(match: re.Match[str]) -> int:
    if match["back"]:
        return -len(re.findall(r"지난|저번|전|지(?=지난)", match["back"]))
    return 0 if match["this"] else len(re.findall(r"다음|담|다(?= ?다음| ?담)", match["next"]))


def _weekday_near(text: str, match: re.Match[str], today: date) -> date:
    away = (weekday_index(match[0]) - today.weekday()) % 7
    if looks_back(text):
        return today + timedelta(days=(away - 7) if away else -7)
    return today + timedelta(days=away or 7)


def weekday_index(name: str) -> int:
    """0 for Monday to 6 for Sunday, from 수요일, 수욜, 하요일 (화), 주일, 공일, 반공일 (half a day of work)."""
    first = name.strip()[0]
    if first == "반":
        return 5
    if first in "주공":
        return 6
    return _LETTERS.index({"하": "화", "모": "목"}.get(first, first))


def _festival(text: str, reference: datetime) -> date | None:
    for pattern, (month, day) in _FESTIVALS:
        match = pattern.search(text)
        if match:
            iso = _nearest(reference.date(), day, month, back=looks_back(text))
            beside = _BESIDE.match(text[match.end() :])
            away = 0 if beside is None else -1 if beside[1] else 1
            return date.fromisoformat(iso) + timedelta(days=away) if iso else None
    return None
