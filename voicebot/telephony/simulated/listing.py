"""Twilio's list envelope: pages with relative addresses to walk them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from voicebot.telephony.simulated.rest_errors import RestError

Item = TypeVar("Item")
MOST_PER_PAGE = 1000


def page_of(key: str, items: Sequence[Item], payload: Callable[[Item], dict[str, Any]]) -> dict[str, Any]:
    """The page that the request asks for (``Page`` from 0, ``PageSize`` to 1000)."""
    number, size = _whole("Page", 0, 0, 10**6), _whole("PageSize", 50, 1, MOST_PER_PAGE)
    shown = items[number * size : (number + 1) * size]
    has_more = len(items) > (number + 1) * size
    return {
        key: [payload(item) for item in shown],
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(0, len(shown) - 1),
        "uri": _address(number, size),
        "first_page_uri": _address(0, size),
        "next_page_uri": _address(number + 1, size) if has_more else None,
        "previous_page_uri": _address(number - 1, size) if number else None,
    }


def _whole(name: str, default: int, lowest: int, highest: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not text.isdecimal() or not lowest <= int(text) <= highest:
        raise RestError(400, 20006, f"{name} is a whole number from {lowest} to {highest}, not {text}")
    return int(text)


def _address(number: int, size: int) -> str:
    """Relative to the API's root, without the prefix it may be mounted under, as the SDK adds its base_url."""
    query = [
        pair for pair in request.args.items(multi=True) if pair[0] not in ("Page", "PageSize", "PageToken")
    ]
    return f"{request.path}?{urlencode([*query, ('PageSize', size), ('Page', number)])}"


def is_within(moment: datetime | None, name: str) -> bool:
    """Whether ``moment`` fits the filters ``name``, ``name<`` and ``name>`` (days, or moments with a time).

    A day given with ``<`` or ``>`` includes that whole day, as in Twilio's examples (``StartTime>=``).
    """
    for sign in ("", "<", ">"):
        asked = request.args.get(f"{name}{sign}")
        if asked is not None and not _fits(moment, sign, asked):
            return False
    return True


def _fits(moment: datetime | None, sign: str, asked: str) -> bool:
    try:
        limit = datetime.fromisoformat(asked)
    except ValueError as error:
        raise RestError(400, 20001, f"not a date: {asked}") from error
    if moment is None:
        return False
    if len(asked) == len("2026-11-24"):
        day = moment.date()
        wanted = limit.date()
        return day <= wanted if sign == "<" else day >= wanted if sign == ">" else day == wanted
    limit = limit if limit.tzinfo else limit.replace(tzinfo=moment.tzinfo)
    return moment <= limit if sign == "<" else moment >= limit if sign == ">" else moment == limit
