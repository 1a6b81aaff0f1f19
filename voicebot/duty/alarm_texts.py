"""What an officer is texted: one short message, and nothing about the caller. Pure."""

from __future__ import annotations

from voicebot.nlu.emergency import KOREAN
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.records.tables import Ticket, Urgency

ONE_MESSAGE_BYTES = 90
"""A Korean short message in EUC-KR. What is longer goes out as a long one, later and to fewer telephones."""

HOW_TO_ACCEPT = "수락은 상황실로 알려 주세요"


def alarm_text(ticket: Ticket, *, step: int, is_quiet: bool) -> str:
    """The message to the ``step``-th officer (from 1): number, matter, district and dong, how to accept.

    The place is named by the city's own names alone: an address, like the caller's words, may be personal.
    """
    desk = "당직" if is_quiet else "긴급당직"
    round_ = "" if step == 1 else f" {step}차"
    return f"[{desk}{round_}] {ticket.id}번 {matter_of(ticket)}, {area_of(ticket)}. {HOW_TO_ACCEPT}"


def matter_of(ticket: Ticket) -> str:
    """What a ticket is about, in Korean: the emergency that was heard, else the intent's name."""
    if ticket.urgency is Urgency.EMERGENCY and ticket.emergency_kind in KOREAN:
        return KOREAN[ticket.emergency_kind]
    intent = catalogue().get(ticket.intent)
    return ticket.intent if intent is None else intent.name_ko


def area_of(ticket: Ticket) -> str:
    """The district and the dong, as far as they are known."""
    return " ".join(name for name in (ticket.gu, ticket.dong) if name) or "장소 미상"
