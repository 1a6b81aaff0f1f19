"""Which ticket wakes whom: nobody, tonight's officer by one quiet text, or the chain until somebody accepts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from voicebot.duty.alarm_chain import Loudness, Officer, loudness
from voicebot.duty.alarms import Publishes, raise_alarm
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.records.tables import OutboxItem, Ticket


def wake_officers(
    db: Session,
    *,
    ticket: Ticket,
    at: datetime,
    chain: Sequence[Officer],
    accept_within_s: int,
    publish: Publishes,
) -> list[OutboxItem]:
    """Raise the alarm that the ticket's urgency asks for; what to hand over after the commit."""
    wanted = loudness(ticket.urgency, escalates=catalogue()[ticket.intent].escalate)
    if wanted is Loudness.NONE:
        return []
    return raise_alarm(
        db,
        ticket=ticket,
        at=at,
        chain=chain,
        is_quiet=wanted is Loudness.QUIET,
        accept_within_s=accept_within_s,
        publish=publish,
    )
