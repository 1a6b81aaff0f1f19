"""What a caller hears who asks what became of their report: the state of their own tickets, and only theirs.

Whose a ticket is, the number shown says, which is no proof: a telephone is shared by a household. So what concerns a
person's safety, health or need is told to nobody in this way (`is_confidential`); a person tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from voicebot.duty.history import survivor_of
from voicebot.duty.numbers_shown import is_of_one_line
from voicebot.korean.particles import with_particle
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.records import audit
from voicebot.records.lookup import phone_hashes
from voicebot.records.tables import Ticket, TicketState

TOLD_FOR = timedelta(days=30)
MOST_TOLD = 3
"""An elder keeps three in mind."""

STATE_KO = {
    TicketState.NEW: "접수",
    TicketState.ACCEPTED: "담당자 확인",
    TicketState.IN_PROGRESS: "처리 중",
    TicketState.HANDED_OVER: "부서 전달",
    TicketState.DONE: "처리 완료",
    TicketState.REJECTED: "처리 불가",
    TicketState.MERGED: "합침",
}
"""For boards and pages."""
NOTHING_TO_TELL_KO = "이 전화번호로 안내해 드릴 수 있는 접수 내용이 없습니다."
"""True as well when there is a report that is not told in this way. Offer a person after it."""

_SAID = {
    TicketState.NEW: "{matter} 접수되었고, 담당자 확인을 기다리고 있습니다.",
    TicketState.ACCEPTED: "{matter} 담당자가 확인하고 처리를 준비하고 있습니다.",
    TicketState.IN_PROGRESS: "{matter} {office}에서 처리하고 있습니다.",
    TicketState.HANDED_OVER: "{matter} {office}에 전달했습니다.",
    TicketState.DONE: "{matter} 처리가 끝났습니다.",
    TicketState.REJECTED: "{matter} 시에서 처리하기 어려운 일로 확인되었습니다.",
    # Only when the ticket that stands for it is not known: others who reported the same are nobody's business.
    TicketState.MERGED: "{matter} {office}에서 살펴보고 있습니다.",
}
_OFFICE = "담당 부서"
_WITHOUT_A_NAME = {"unclear", "out_of_scope", "abusive", "human_request", "department_request"}
_OF_A_PERSON = {
    "abuse_report",
    "crime",
    "medical",
    "missing_person",
    "suicide",
    "welfare_crisis",
    "welfare_inquiry",
}
_KINDS_OF_A_PERSON = {"suicide", "medical", "abuse", "violence", "missing", "hunger"}


def caller_hashes(db: Session, number: str) -> list[str]:
    """Under which hashes a caller's tickets are found; none when the number shown does not say who is ringing."""
    return phone_hashes(db, number) if is_of_one_line(number) else []


def tickets_of_caller(db: Session, *, caller_hashes: Sequence[str], at: datetime) -> Sequence[Ticket]:
    """What may be told to the caller of these hashes: theirs, of the last 30 days, the newest first."""
    query = select(Ticket).where(
        col(Ticket.caller_hash).in_(list(caller_hashes)), Ticket.created_at >= at - TOLD_FOR
    )
    found = db.exec(query.order_by(col(Ticket.created_at).desc(), col(Ticket.id).desc())).all()
    return [ticket for ticket in found if not is_confidential(ticket)]


def is_confidential(ticket: Ticket) -> bool:
    """Whether even its existence could harm whoever reported it, if another of the household asks."""
    return ticket.intent in _OF_A_PERSON or ticket.emergency_kind in _KINDS_OF_A_PERSON


def tell_state(ticket: Ticket, *, stands_for_it: Ticket | None = None) -> str:
    """One short sentence to be spoken: the matter, its state, the department; nobody's details.

    ``stands_for_it``: the ticket that a merged one went into (`survivor_of`): its state is the one that holds.
    """
    standing = stands_for_it or ticket
    office = standing.department or _OFFICE
    return _SAID[standing.state].format(matter=with_particle(_matter(ticket), "은/는"), office=office)


def tell_caller(db: Session, *, caller_hashes: Sequence[str], actor: str, at: datetime) -> list[str]:
    """The sentences for a caller's newest tickets, at most three; none when there is nothing to tell. Audited."""
    told = tickets_of_caller(db, caller_hashes=caller_hashes, at=at)[:MOST_TOLD]
    for ticket in told:
        audit.record(db, at=at, actor=actor, action="ticket.told", subject=f"ticket:{ticket.id}")
    return [tell_state(ticket, stands_for_it=survivor_of(db, ticket)) for ticket in told]


def _matter(ticket: Ticket) -> str:
    intent = catalogue().get(ticket.intent)
    return intent.ask_ko if intent and intent.id not in _WITHOUT_A_NAME else "남기신 말씀"
