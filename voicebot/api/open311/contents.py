"""The contents of the answers, field by field as GeoReport v2 names them. Pure.

A ticket's telephone numbers never leave; of suicidal callers and of those who report abuse, neither do words
and places: no other program needs them, and reporters of abuse are protected (아동학대처벌법 제35조).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from voicebot.api.open311.location import location_in
from voicebot.clock import in_seoul
from voicebot.duty.services import Service
from voicebot.duty.ticket_search import CLOSED
from voicebot.records.tables import Ticket, TicketState

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
WORDS_STAY = frozenset({"suicide", "abuse_report"})
_STATUS_NOTES = {
    TicketState.NEW: "접수되었습니다.",
    TicketState.ACCEPTED: "당직자가 확인했습니다.",
    TicketState.IN_PROGRESS: "처리하고 있습니다.",
    TicketState.HANDED_OVER: "담당 부서로 넘겼습니다.",
    TicketState.DONE: "처리를 마쳤습니다.",
    TicketState.REJECTED: "처리 대상이 아닙니다.",
    TicketState.MERGED: "같은 내용의 다른 접수와 합쳤습니다.",
}


def discovery(*, url: str, contact: str, changed_at: datetime, is_test: bool) -> dict[str, Any]:
    """What this endpoint is (wiki.open311.org/Service_Discovery)."""
    changeset = in_seoul(changed_at).strftime("%Y-%m-%d %H:%M")
    return {
        "changeset": changeset,
        "contact": contact,
        "key_service": f"키는 시의 운영 담당자가 내줍니다. {contact}",
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": changeset,
                "type": "test" if is_test else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def service_list(services: Iterable[Service]) -> list[dict[str, Any]]:
    return [
        {
            "service_code": service.code,
            "service_name": service.name_ko,
            "description": service.description_ko,
            "metadata": False,
            "type": "realtime",
            "keywords": ", ".join(service.name_ko.split("·")),
            "group": service.department_ko,
        }
        for service in services
    ]


def service_definition(service: Service) -> dict[str, Any]:
    """No service asks for more than what every request has."""
    return {"service_code": service.code, "attributes": []}


def request_list(tickets: Iterable[Ticket], name_of: Callable[[str], str]) -> list[dict[str, Any]]:
    return [_request(ticket, name_of) for ticket in tickets]


def receipt(ticket: Ticket) -> list[dict[str, Any]]:
    """The answer to a POST."""
    department = ticket.department or "당직실"
    notice = f"접수 번호는 {ticket.id}번입니다. 담당은 {department}입니다."
    return [{"service_request_id": str(ticket.id), "service_notice": notice, "account_id": None}]


def _request(ticket: Ticket, name_of: Callable[[str], str]) -> dict[str, Any]:
    is_told = ticket.intent not in WORDS_STAY
    location = location_in(ticket.place if is_told else None)
    area = " ".join(part for part in (ticket.gu, ticket.dong) if part)
    return {
        "service_request_id": str(ticket.id),
        "status": "closed" if ticket.state in CLOSED else "open",
        "status_notes": _STATUS_NOTES[ticket.state],
        "service_name": name_of(ticket.intent),
        "service_code": ticket.intent,
        "description": ticket.said if is_told else None,
        "agency_responsible": ticket.department,
        "service_notice": None,
        "requested_datetime": _moment(ticket.created_at),
        "updated_datetime": _moment(ticket.updated_at),
        "expected_datetime": ticket.due_at and _moment(ticket.due_at),
        "address": location.address or area or None,
        "address_id": location.address_id,
        "zipcode": None,
        "lat": location.lat,
        "long": location.long,
        "media_url": None,
    }


def _moment(at: datetime) -> str:
    return in_seoul(at).isoformat(timespec="seconds")
