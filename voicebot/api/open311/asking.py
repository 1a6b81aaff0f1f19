"""What a GET of requests asks for: the parameters read strictly, with the specification's limits. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from voicebot.api.open311.formats import Refusal
from voicebot.duty.ticket_search import MOST_TICKETS, Search

LONGEST_SPAN = timedelta(days=90)
LARGEST_ID = 2**31 - 1
"""What the database can hold."""
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_UNESCAPED_PLUS = re.compile(r" (?=[0-9]{2}:[0-9]{2}$)")
_ID = re.compile(r"[0-9]{1,10}")
_STATUSES = {"open": False, "closed": True}


class Parameters(Protocol):
    """What a query string or a form is read from."""

    def getlist(self, key: str) -> list[str]: ...


def search_of(parameters: Parameters, now: datetime, is_known: Callable[[str], bool]) -> Search:
    """The search that the parameters describe. ``is_known``: whether a service code exists. Raises Refusal (400)."""
    ids = _listed(parameters, "service_request_id")
    if ids:  # overrides everything else
        return Search(now, now, ticket_ids=_ids(ids))
    codes = _listed(parameters, "service_code")
    if not all(map(is_known, codes)):
        raise Refusal("service_code에 없는 코드가 있습니다. services 목록의 코드를 쉼표로 이어 주십시오.")
    start, end = _span(_moment(parameters, "start_date"), _moment(parameters, "end_date"), now)
    return Search(start, end, intents=tuple(codes), is_closed=_is_closed(parameters))


def id_of(text: str) -> int | None:
    """A ticket's number; None for what cannot be one."""
    return int(text) if _ID.fullmatch(text) and int(text) <= LARGEST_ID else None


def value(parameters: Parameters, name: str) -> str:
    """One parameter; empty and absent are the same, as the specification says."""
    return next((text for text in parameters.getlist(name) if text.strip()), "").strip()


def _listed(parameters: Parameters, name: str) -> list[str]:
    """Values may be comma delimited, or the parameter given several times."""
    parts = (part.strip() for text in parameters.getlist(name) for part in text.split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _ids(texts: list[str]) -> tuple[int, ...]:
    if len(texts) > MOST_TICKETS:
        raise Refusal(f"service_request_id는 한 번에 {MOST_TICKETS}개까지 물을 수 있습니다.")
    if not all(_ID.fullmatch(text) for text in texts):
        raise Refusal("service_request_id는 숫자입니다. 여러 개는 쉼표로 이어 주십시오.")
    return tuple(int(text) for text in texts if int(text) <= LARGEST_ID) or (0,)


def _is_closed(parameters: Parameters) -> bool | None:
    statuses = _listed(parameters, "status")
    if not set(statuses) <= set(_STATUSES):
        raise Refusal("status는 open 또는 closed입니다.")
    return _STATUSES[statuses[0]] if len(statuses) == 1 else None


def _moment(parameters: Parameters, name: str) -> datetime | None:
    # A plus sign that was not escaped arrives as a space.
    text = _UNESCAPED_PLUS.sub("+", value(parameters, name))
    if not text:
        return None
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Refusal(f"{name}는 시간대가 있는 W3C 형식으로 써 주십시오. 예: 2026-11-24T10:00:00+09:00")


def _span(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The last 90 days unless told otherwise; one end alone is given 90 days towards the other."""
    try:
        if start is None:
            end = end or now
            start = end - LONGEST_SPAN
        end = end or start + LONGEST_SPAN
    except OverflowError as error:
        raise Refusal("start_date와 end_date를 확인해 주십시오.") from error
    if end < start:
        raise Refusal("end_date가 start_date보다 이릅니다.")
    if end - start > LONGEST_SPAN:
        raise Refusal("start_date와 end_date 사이는 90일을 넘을 수 없습니다.")
    return start, end
