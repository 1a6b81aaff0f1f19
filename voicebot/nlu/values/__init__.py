"""Values out of spoken answers: one function for all kinds, one module for each.

The pipeline is the same for all: normalise, put number words into standard spelling, find the mentions of
such a value, and let corrections and hedges decide among them. None rather than a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from voicebot.clock import SEOUL
from voicebot.korean.normalise import normalise
from voicebot.korean.numerals import repair_numbers
from voicebot.nlu.values.addresses import understand_address
from voicebot.nlu.values.births import understand_birthdate
from voicebot.nlu.values.choices import understand_choice
from voicebot.nlu.values.codes import understand_digits, understand_phone
from voicebot.nlu.values.counts import understand_age, understand_count
from voicebot.nlu.values.dates import understand_day
from voicebot.nlu.values.money import understand_money
from voicebot.nlu.values.periods import understand_period
from voicebot.nlu.values.times import understand_time
from voicebot.nlu.values.weekdays import understand_weekday
from voicebot.nlu.values.years import understand_month, understand_year

_Listener = Callable[[str, datetime | None, str | None], object]
_LISTENERS: dict[str, _Listener] = {
    "year": understand_year,
    "month": understand_month,
    "day": understand_day,
    "date": understand_day,
    "weekday": understand_weekday,
    "time": understand_time,
    "age": understand_age,
    "count": understand_count,
    "number": understand_count,
    "digits": understand_digits,
    "phone": understand_phone,
    "birthdate": understand_birthdate,
    "money": understand_money,
    "address": understand_address,
    "period": understand_period,
}
# Of a longer monologue the end is heard: what a speaker comes to in the end counts.
LONGEST_ANSWER = 400
KINDS = (*_LISTENERS, "choice")


class UnknownKind(ValueError):
    """No value of that kind is known. The message lists the kinds there are."""

    def __init__(self, kind: object) -> None:
        self.kind = kind
        super().__init__(f"unknown kind of value {kind!r}; known kinds: {', '.join(KINDS)}")


def understand_value(
    kind: str,
    text: str,
    *,
    reference: datetime | None = None,
    options: Sequence[str] | None = None,
    question: str | None = None,
) -> Any:
    """The value of that kind that the answer gives, JSON-able, or None when it gives none.

    ``reference`` is the moment of the call on the city's clock; an aware one is taken to Asia/Seoul.
    ``options`` are what the caller may choose from (kind ``choice``). ``question`` is what was asked.
    year, month, age, money: int. day: ISO date. weekday: english name or list. time: ``HH:MM`` or
    ``{"hour12", "minute"}``, ``"any"``. count: int or ``{"min", "max"}``. digits, phone: str or ``{"last4"}``.
    birthdate: ISO date, also of reduced precision, or a lunar mapping. address: written form. period:
    ISO 8601 duration. choice: an option, a list or ``"any"``. Raises ``UnknownKind`` (a ``ValueError``).
    """
    heard = repair_numbers(normalise(text[-LONGEST_ANSWER:]).text)
    if kind == "choice":
        return understand_choice(heard, options or ())
    listener = _LISTENERS.get(kind)
    if listener is None:
        raise UnknownKind(kind)
    if reference is not None and reference.tzinfo is not None:
        reference = reference.astimezone(SEOUL).replace(tzinfo=None)
    return listener(heard, reference, question)


def understand_value_line(line: Mapping[str, Any]) -> dict[str, Any]:
    """One object of the JSON-lines filter, ``"value"`` added to its kind, text, reference (and question).

    ``reference`` is an ISO date and time, null, or for ``choice`` ``{"options": […]}``. Unknown fields stay.
    Raises ``ValueError`` naming the field that is missing or wrong.
    """
    for field in ("kind", "text"):
        if not isinstance(line.get(field), str):
            raise ValueError(f"field {field!r} must be a string")
    reference, options = _reference(line.get("reference"))
    question = line.get("question")
    value = understand_value(
        line["kind"],
        line["text"],
        reference=reference,
        options=options,
        question=question if isinstance(question, str) else None,
    )
    return {**line, "value": value}


def _reference(given: object) -> tuple[datetime | None, list[str] | None]:
    if given is None or given == "":
        return None, None
    if isinstance(given, Mapping):
        options = given.get("options") or []
        if not isinstance(options, list):
            raise ValueError("field 'reference': 'options' must be a list")
        moment = given.get("now")
        return (datetime.fromisoformat(moment) if isinstance(moment, str) else None), [
            str(o) for o in options
        ]
    if not isinstance(given, str):
        raise ValueError("field 'reference' must be an ISO date and time, an object with options, or null")
    try:
        return datetime.fromisoformat(given), None
    except ValueError as error:
        raise ValueError(f"field 'reference': {given!r} is not an ISO date and time") from error


__all__ = ["KINDS", "UnknownKind", "understand_value", "understand_value_line"]
