"""Clock times as said: 오후 세 시 반, 열한 시 오 분 전, 십오 시 삼십 분, 한 시간 있다가."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from voicebot.korean.numerals import ANY_COUNTING, NATIVE_COUNTING, RANGE, SINO, parse_number, parse_range
from voicebot.nlu.values.mentions import LEFT, Mention, outermost, settle

_PARTS = {
    "오전": "am", "아침": "am", "새벽": "dawn", "새복": "dawn", "아칙": "am", "즈녁": "pm", "지녁": "pm",
    "정심": "noon", "오후": "pm", "점심": "noon", "한낮": "noon",
    "대낮": "noon", "낮": "noon",
    "초저녁": "pm", "저녁": "pm", "한밤": "night", "밤": "night", "에이엠": "am", "피엠": "pm",
}  # fmt: skip
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_MINUTE = rf"(?: ?(?P<minute>{SINO}) ?분| ?(?P<half>반))"
_CLOCK = re.compile(
    rf"(?:(?P<part>{_PART})(?:에|때|나절)? ?)?(?:(?:{SINO}) ?분 전 )?"
    rf"(?:{LEFT}|(?<=[때절에])|(?<={'|'.join(['낮', '밤'])}))"
    rf"(?:(?P<hour>{NATIVE_COUNTING}|{SINO}) ?(?:시(?!간|월|청|장)|씨){_MINUTE}?|"
    rf"(?P<ascii>\d{{1,2}}):(?P<asciiminute>[0-5]\d))"
    r"(?P<before> ?전)?"
)
_MINUTES_BEFORE = re.compile(rf"({SINO}) ?분 ?전 $")
_SPAN = re.compile(
    rf"(?:{LEFT}(?P<hours>{ANY_COUNTING}) ?시간(?: ?(?P<half>반))?)?(?: ?{LEFT}(?P<minutes>{SINO}) "
    rf"?분)?(?P<halfhour>반 ?시간)?"
    r" ?(?:쯤 |정도 |만 )?(?P<way>있다가|있다|이따가|이따|뒤|후|지나서|지나면|전)"
)
_NOW = re.compile(r"(?<![가-힣])(?:지금|당장|바로 지금|시방)(?! ?(?:은|말고|안|못|바|없))")
_WINDOW = re.compile(r"^(?:쯤|정도)?(?: ?에서| ?부터| ?~)\s*$")


# What recognisers make of the halves of the day.
_SLIPS = {"오저": "오전", "오즌": "오전", "오호": "오후", "오우": "오후", "오훈": "오후"}
_SLIP = re.compile(rf"(?<![가-힣])(?:{'|'.join(_SLIPS)})(?= ?(?:{NATIVE_COUNTING}|{SINO}) ?시)")
_ANY_TIME = re.compile(r"아무 ?때나|언제(?:든지?|라도)|시간(?:은|이야)? ?(?:아무래도|상관 ?없|안 ?가려)")
_MOST_HOURS = 48


@dataclass(frozen=True)
class _Clock:
    hour: int
    minute: int = 0
    part: str | None = None


def understand_time(text: str, reference: datetime | None, question: str | None = None) -> object:
    """``HH:MM``, ``{"hour12": h, "minute": m}`` when the half of the day is not known, a min/max, or None."""
    text = _SLIP.sub(lambda slip: _SLIPS[slip[0]], text)
    mentions = outermost(_clocks(text))
    if not mentions:
        return _relative(text, reference) or _approximate(text, reference) or _no_preference(text)
    standing = settle(text, mentions, excuses=True)
    if not standing:
        return None
    if len(standing) > 1 and _WINDOW.match(text[standing[-2].end : standing[-1].start]):
        low, high = _with_parts(text, mentions, standing[-2]), _with_parts(text, mentions, standing[-1])
        return {"min": _resolve(low, reference), "max": _resolve(high, reference)}
    return _resolve(_with_parts(text, mentions, standing[-1]), reference)


def _no_preference(text: str) -> str | None:
    """ "any", unless a part of the day or a limit is named: 오후에는 아무 때나, 점심 먹고 나서 아무 때나."""
    limited = re.search(
        rf"{_PART}|나서|[가-힣]고 ?나|[가-힣]면 |빼고|말고|전에|부터|안 ?[되돼]|못|끝나", text
    )
    return "any" if _ANY_TIME.search(text) and not limited else None


def _clocks(text: str) -> list[Mention[_Clock]]:
    found = []
    for match in _CLOCK.finditer(text):
        clock = _read(text, match)
        if clock is not None:
            found.append(Mention(match.start(), match.end(), clock))
    for word, hour in (("정오", 12), ("자정", 0)):
        found += [Mention(at.start(), at.end(), _Clock(hour, 0, "exact")) for at in re.finditer(word, text)]
    return found


def _read(text: str, match: re.Match[str]) -> _Clock | None:
    part = _PARTS.get(match["part"] or "")
    if match["ascii"]:
        hour, minute = int(match["ascii"]), int(match["asciiminute"])
    else:
        parsed = parse_number(match["hour"])
        if parsed is None or match["hour"] in ("서", "석", "너", "넉", "닷", "엿"):
            return None
        hour = parsed
        minute = 30 if match["half"] else (parse_number(match["minute"]) if match["minute"] else 0) or 0
    if hour > 24 or minute > 59:
        return None
    said_before = _MINUTES_BEFORE.search(text[: match.start("hour")]) if match["hour"] else None
    early = said_before and parse_number(said_before[1])
    if early:
        minute = early
    if early or (match["before"] and match["minute"]):
        return _Clock((hour - 1) % 24 or (12 if hour <= 12 else 0), (60 - minute) % 60, part)
    return _Clock(hour, minute, part)


def _with_parts(text: str, mentions: list[Mention[_Clock]], chosen: Mention[_Clock]) -> _Clock:
    """The half of the day may be said with an earlier form of the time, or behind it."""
    if chosen.value.part:
        return chosen.value
    before = [_PARTS[at[0]] for at in re.finditer(_PART, text) if at.end() <= chosen.start]
    after = [_PARTS[at[0]] for at in re.finditer(_PART, text) if at.start() >= chosen.end]
    same = [m.value.part for m in mentions if m.value.hour == chosen.value.hour and m.value.part]
    parts = same or before[-1:] or after[:1]
    return replace(chosen.value, part=parts[-1]) if parts else chosen.value


def _resolve(clock: _Clock, reference: datetime | None) -> object:
    hour = clock.hour
    if clock.part == "exact" or hour > 12 or hour == 0:
        return f"{hour % 24:02d}:{clock.minute:02d}"
    if clock.part:
        return f"{_in_part(hour, clock.part):02d}:{clock.minute:02d}"
    if reference is None:
        return {"hour12": hour, "minute": clock.minute} if clock.minute else {"hour12": hour}
    now = reference.hour * 60 + reference.minute
    half_days = [(hour % 12) * 60 + clock.minute, (hour % 12 + 12) * 60 + clock.minute]
    # Nearest either way round the clock; when both are as near, the one to come.
    nearest = min(half_days, key=lambda at: (min((at - now) % 1440, (now - at) % 1440), (at - now) % 1440))
    return f"{nearest // 60:02d}:{nearest % 60:02d}"


def _in_part(hour: int, part: str) -> int:
    if part in ("am", "dawn"):
        return hour % 12
    if part == "noon":
        return hour if 9 <= hour <= 12 else hour + 12
    if part == "night":
        return hour % 12 if hour == 12 or hour <= 4 else hour + 12
    return hour % 12 + 12


def _relative(text: str, reference: datetime | None) -> str | None:
    if reference is None:
        return None
    for match in _SPAN.finditer(text):
        minutes = _minutes(match)
        if minutes:
            moment = reference + timedelta(minutes=-minutes if match["way"] == "전" else minutes)
            return moment.strftime("%H:%M")
    return reference.strftime("%H:%M") if _NOW.search(text) else None


def _minutes(match: re.Match[str]) -> int:
    hours = parse_number(match["hours"]) if match["hours"] else 0
    minutes = parse_number(match["minutes"]) if match["minutes"] else 0
    half = 30 if match["half"] or match["halfhour"] else 0
    return min(hours or 0, _MOST_HOURS) * 60 + min(minutes or 0, 60 * _MOST_HOURS) + half


def _approximate(text: str, reference: datetime | None) -> object:
    """두세 시쯤: both ends of the pair."""
    match = re.search(rf"(?:(?P<part>{_PART}) ?)?(?P<pair>{RANGE}) ?시(?!간)", text)
    pair = parse_range(match["pair"]) if match else None
    if match is None or pair is None:
        return None
    part = _PARTS.get(match["part"] or "")
    low, high = (_resolve(_Clock(hour, 0, part), reference) for hour in pair)
    return {"min": low, "max": high}
