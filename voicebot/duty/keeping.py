"""From what a caller said to a ticket: one for each request of a call, filled in as the call goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Unpack

from voicebot.duty.history import write_down
from voicebot.duty.routing import Route, route
from voicebot.duty.tickets import TicketDetails, amend, open_ticket
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.places import find_place
from voicebot.records.tables import Ticket
from voicebot.records.work import CallWork

EMERGENCY_NO, OFFICER_NO, BESIDE_EMERGENCY_NO = 0, 90, 91
"""The numbers of the one emergency and the one wish for a person that a call can have, and from where the other matters
count that were said in the breath of an emergency; reports count from 1."""


@dataclass(frozen=True)
class Report:
    """``request_no``: which request of the call; ``place``, ``said``: in the caller's words, "" where there are none."""

    request_no: int
    intent: str
    place: str
    said: str


def keep(work: CallWork, report: Report, **details: Unpack[TicketDetails]) -> Ticket:
    """The request's ticket with all that is known. While it is partial the caller may still say what it really is."""
    found = find_place(report.place) if report.place else None
    gu, dong = (found.gu, found.dong) if found else (None, None)
    intent = catalogue()[report.intent]
    is_emergency = bool(details.get("emergency_kind")) or intent.is_emergency
    way = route(intent, gu=gu, is_emergency=is_emergency, at=work.now)
    known: TicketDetails = {
        "said": report.said or None,
        "place": report.place or None,
        "gu": gu,
        "dong": dong,
        "due_at": way.due_at,
        "is_partial": True,
    }
    known.update(details)
    ticket = open_ticket(
        work.db,
        call_id=work.call.id,
        request_no=report.request_no,
        intent=intent.id,
        urgency=way.urgency,
        department=way.department,
        at=work.now,
        actor=work.source,
        **known,
    )
    if ticket.intent != intent.id and not ticket.is_corrected:
        _change_matter(work, ticket, intent.id, way)
    if report.place and ticket.place != report.place:
        amend(
            work.db,
            ticket,
            actor=work.source,
            at=work.now,
            place=report.place,
            gu=gu,
            dong=dong,
            department=way.department,
        )
    return ticket


def _change_matter(work: CallWork, ticket: Ticket, intent: str, way: Route) -> None:
    """The caller says that it was misheard; what stood before is kept in the history. Teaches nothing by itself."""
    before = catalogue()[ticket.intent].name_ko
    ticket.intent, ticket.urgency, ticket.department = intent, way.urgency, way.department
    ticket.due_at = way.due_at
    note = f"{before} → {catalogue()[intent].name_ko}"
    write_down(work.db, ticket, action="added", actor=work.source, at=work.now, note=note)
