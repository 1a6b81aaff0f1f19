"""A department's digest in words, for the people who open it at nine in the morning. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from voicebot.clock import in_seoul
from voicebot.duty.alarm_texts import area_of, matter_of
from voicebot.korean.spoken import WEEKDAYS_KO
from voicebot.records.tables import Ticket

_CALL_BACK = {True: "원함", False: "원하지 않음", None: "확인하지 못함"}


def digest_text(department: str, moment: datetime, tickets: Sequence[Ticket]) -> str:
    """Each ticket's number, matter, place, since when, and whether the caller is to be rung back; no number to ring:
    that stands with the ticket, where looking at it is audited."""
    local = in_seoul(moment)
    day = f"{local.year}년 {local.month}월 {local.day}일 {WEEKDAYS_KO[local.weekday()]} {local:%H:%M}"
    head = f"[당직 민원] {department} · {day} · {len(tickets)}건"
    return "\n\n".join([head, *map(_entry, tickets)]) + "\n"


def _entry(ticket: Ticket) -> str:
    reported = in_seoul(ticket.created_at)
    lines = [
        f"{ticket.id}번 {matter_of(ticket)}",
        f"  장소: {_place(ticket)}",
        f"  언제부터: {_one_line(ticket.since) or '확인하지 못함'}",
        f"  접수: {reported.month}월 {reported.day}일 {reported:%H:%M}",
        f"  회신 전화: {_CALL_BACK[ticket.may_call_back]}",
    ]
    if ticket.is_partial:
        lines.append("  통화가 도중에 끊겨 확인하지 못한 내용이 있습니다.")
    return "\n".join(lines)


def _place(ticket: Ticket) -> str:
    named = _one_line(ticket.place)
    if not (ticket.gu or ticket.dong):
        return named or area_of(ticket)
    return f"{area_of(ticket)} ({named})" if named else area_of(ticket)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
