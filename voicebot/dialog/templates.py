"""Slots inside prompts: ``{amount:won}``, ``{name:은/는}``. Figures become words, particles fit the word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from functools import lru_cache
from typing import Any

from voicebot.dialog.expressions import Expression
from voicebot.dialog.slots import ExpressionError, Kind, SlotType
from voicebot.korean import date_words, digits_one_by_one, phone, speakable, time_words, with_particle, won


class UnknownFilter(ExpressionError):
    """A placeholder names a filter that does not exist."""


_PLACEHOLDER = re.compile(r"\{([^{}:]+)(?::([^{}]+))?\}")

FILTERS: dict[str, Callable[[Any], str]] = {
    "won": lambda value: won(int(value)),
    "phone": lambda value: phone(str(value)),
    "date": lambda value: date_words(date.fromisoformat(str(value))),
    "time": lambda value: time_words(time.fromisoformat(str(value))),
    "digits": lambda value: digits_one_by_one(str(value)),
    "text": lambda value: speakable(str(value)),
}
_FITS: dict[str, frozenset[Kind]] = {
    "won": frozenset({"int"}),
    "phone": frozenset({"text"}),
    "date": frozenset({"date", "text"}),
    "time": frozenset({"time", "text"}),
    "digits": frozenset({"text", "int"}),
    "text": frozenset({"text", "int", "date", "time"}),
}
PARTICLES = ("은/는", "이/가", "을/를", "과/와", "으로/로", "이에요/예요", "이나/나", "아/야", "이라는/라는")


@lru_cache(maxsize=4096)
def placeholders(text: str) -> tuple[tuple[Expression, str | None], ...]:
    """Every placeholder of a prompt: its expression and its filter. Raises ExpressionError."""
    found = []
    for match in _PLACEHOLDER.finditer(text):
        filter_name = match.group(2)
        if filter_name is not None and filter_name not in FILTERS and filter_name not in PARTICLES:
            known = ", ".join([*FILTERS, *PARTICLES])
            raise UnknownFilter(f"unknown filter '{filter_name}' (known: {known})")
        found.append((Expression.parse(match.group(1)), filter_name))
    rest = _PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        raise ExpressionError("a brace is not closed, or stands alone")
    return tuple(found)


_parsed = lru_cache(maxsize=4096)(Expression.parse)
"""Prompts are few and said often."""


def _spoken(value: Any, filter_name: str | None) -> str:
    if filter_name in PARTICLES:
        return with_particle(speakable(str(value)), filter_name)
    return FILTERS[filter_name or "text"](value)


def check_template(text: str, slots: Mapping[str, SlotType]) -> None:
    """Raises ExpressionError when a placeholder does not fit the slots."""
    for expression, filter_name in placeholders(text):
        type_ = expression.check(slots)
        fitting = _FITS.get(filter_name or "text", _FITS["text"])
        if type_.kind != "any" and type_.kind not in fitting:
            wanted = " or ".join(sorted(fitting))
            raise ExpressionError(
                f"'{expression.source}' is {type_}; '{filter_name or 'text'}' needs {wanted}"
            )


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The prompt as spoken. Raises ExpressionError when a slot it needs is empty."""

    def replace(match: re.Match[str]) -> str:
        value = _parsed(match.group(1)).evaluate(values)
        if value is None:
            raise ExpressionError(f"'{match.group(1)}' is empty where a prompt needs it")
        try:
            return _spoken(value, match.group(2))
        except (KeyError, ValueError, TypeError) as error:
            raise ExpressionError(
                f"'{match.group(1)}' cannot be said as {match.group(2)}: {error!r}"
            ) from error

    return _PLACEHOLDER.sub(replace, text)
