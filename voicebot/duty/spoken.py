"""What the caller hears about a ticket, and what the officer hears who picks up a transferred call."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from voicebot.clock import in_seoul
from voicebot.duty.tickets import tickets_of_call
from voicebot.korean import speakable
from voicebot.nlu.emergency import KOREAN
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.records.tables import Ticket, Urgency

_WEEKDAYS = "월화수목금토일"
_MOST_WORDS = 120
"""Characters of the caller's words that an officer hears: about ten seconds."""


def next_step_ko(ticket: Ticket, now: datetime) -> str:
    """What happens now, and when."""
    if ticket.urgency in (Urgency.EMERGENCY, Urgency.URGENT):
        return "당직자에게 지금 바로 알리겠습니다."
    where = ticket.department or "담당 부서"
    return f"{_when(ticket.due_at, now)} {where}에 전해 드리겠습니다."


def summary_ko(ticket: Ticket) -> str:
    """For whoever picks up: what, where, and what the caller said."""
    what = KOREAN.get(ticket.emergency_kind or "") or catalogue()[ticket.intent].name_ko
    parts = [f"당직 민원 연결입니다. {what}."]
    if ticket.place:
        parts.append(f"장소는 {ticket.place}.")
    if ticket.said:
        parts.append(f"하신 말씀. {ticket.said[:_MOST_WORDS]}.")
    return speakable(" ".join(parts))


def summary_of_call(db: Session, call_id: str) -> str:
    """`summary_ko` of the gravest ticket that a call left so far; "" without one."""
    tickets = tickets_of_call(db, call_id)
    gravest = next((ticket for ticket in tickets if ticket.urgency is Urgency.EMERGENCY), None)
    chosen = gravest or (tickets[-1] if tickets else None)
    return summary_ko(chosen) if chosen else ""


def _when(due_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return "다음 근무일 아침에"
    days = (in_seoul(due_at).date() - in_seoul(now).date()).days
    day = f"{_WEEKDAYS[in_seoul(due_at).weekday()]}요일"
    name = {0: "오늘", 1: "내일"}.get(days, day)
    return f"{name} 아침 아홉 시에"
