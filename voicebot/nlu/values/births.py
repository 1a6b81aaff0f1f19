"""Dates of birth as said: year, month and day in any order, by the sun or by the moon."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime

from voicebot.korean.numerals import read_digits
from voicebot.nlu.values.dates import END_OF_MONTH, day_mentions
from voicebot.nlu.values.mentions import LEFT, last, settle, without_copula
from voicebot.nlu.values.years import month_mentions, year_mentions

_DIGIT = r"[영공일이삼사오육륙칠팔구\d]"
_SIX = re.compile(
    rf"{LEFT}({_DIGIT}(?: ?{_DIGIT}){{5,7}})(?=\s|$|이?요|이?에요|예요|입니|이?여|이?야|이?지|이?고|생|에)"
)
_WRITTEN = re.compile(r"(?<!\d)((?:19|20)?\d{2})[-./ ]+(1[0-2]|0?[1-9])[-./ ]+(3[01]|[12]\d|0?[1-9])(?!\d)")
_OLDEST = 1900


def understand_birthdate(text: str, reference: datetime | None, question: str | None = None) -> object:
    """ISO date, ``"1942"`` or ``"1942-07"`` when no more is known, a lunar mapping, or None.

    Month and day without a year are ``{"month", "day"}``. Only a speaker who says 음력 or names a month of
    the moon (섣달) is taken to count by it.
    """
    text = _solar_part(text)
    parts = _spoken(text)
    if not parts.get("month"):
        parts = _digits(text) or parts
    return _assemble(parts, lunar=_is_lunar(text, parts))


def _solar_part(text: str) -> str:
    """Of a date given by both calendars what is said by the sun; else the text as it was."""
    solar, lunar = (re.search(rf"{word}(?! ?(?:이 )?(?:말고|아니|몰))", text) for word in ("양력", "음력"))
    if solar is None or lunar is None:
        return text
    part = text[solar.start() : lunar.start() if lunar.start() > solar.start() else len(text)]
    if not (settle(part, month_mentions(part)) and settle(part, day_mentions(part))):
        return text
    year = settle(text, year_mentions(text, None, birth=True))
    return (
        part
        if settle(part, year_mentions(part, None, birth=True)) or not year
        else f"{year[-1].value}년 {part}"
    )


def _spoken(text: str) -> dict[str, int | bool]:
    parts: dict[str, int | bool] = {}
    year = last(settle(text, year_mentions(text, None, birth=True)))
    months, days = month_mentions(text), day_mentions(text)
    for mention in (*settle(text, months)[-1:], *settle(text, days)[-1:]):
        parts |= {key: value for key, value in mention.value.items() if isinstance(value, int)}
    if any(mention.value.get("lunar") for mention in settle(text, months)):
        parts["lunar"] = True
    return parts if year is None else parts | {"year": year}


def _is_lunar(text: str, parts: dict[str, int | bool]) -> bool:
    if re.search(r"양력(?! ?(?:말고|아니))", text) and not re.search(r"음력(?! ?(?:말고|아니))", text):
        return False
    return bool(parts.get("lunar")) or bool(re.search(r"음력(?! ?(?:말고|아니|은 ?몰))|음녁", text))


def _digits(text: str) -> dict[str, int | bool]:
    """Six or eight figures in a row, as on an identity card: 삼구공팔일오, 19390815, 39.8.15."""
    written = _WRITTEN.search(text)
    if written:
        return _if_valid(written[1], written[2], written[3])
    found: dict[str, int | bool] = {}
    for match in _SIX.finditer(text):
        code = read_digits(without_copula(match[1], text[match.end(1) :]))
        if len(code) in (6, 8):
            found = _if_valid(code[:-4], code[-4:-2], code[-2:]) or found
    return found


def _if_valid(year: str, month: str, day: str) -> dict[str, int | bool]:
    full = int(year) if len(year) == 4 else 1900 + int(year)
    if not (_OLDEST <= full <= 2100 and 1 <= int(month) <= 12):
        return {}
    if not 1 <= int(day) <= calendar.monthrange(full, int(month))[1]:
        return {}
    return {"year": full, "month": int(month), "day": int(day)}


def _assemble(parts: dict[str, int | bool], *, lunar: bool) -> object:
    year, month, day = parts.get("year"), parts.get("month"), parts.get("day")
    if lunar and month:
        fields: dict[str, object] = {"calendar": "lunar", "month": month}
        if year:
            fields["year"] = year
        if day:
            fields["day"] = 30 if day == END_OF_MONTH else day
        return fields | ({"leap": True} if parts.get("leap") else {})
    if year is None:
        return {"month": month, "day": day} if month and day else None
    if not month:
        return f"{year:04d}"
    if not day:
        return f"{year:04d}-{month:02d}"
    longest = calendar.monthrange(year, month)[1]
    day = longest if day == END_OF_MONTH else day
    return date(year, month, day).isoformat() if day <= longest else f"{year:04d}-{month:02d}"
