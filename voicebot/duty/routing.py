"""Who gets a request, how soon, and whose number the caller is told besides. Pure: rules over an intent and a moment.

Departments follow the city's organisation rule, as the files in ``intents/`` name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from voicebot.duty.working_hours import is_office_open, next_working_morning
from voicebot.nlu.emergency import HELPLINES
from voicebot.nlu.intents.catalogue import Intent
from voicebot.records.tables import Urgency

EMERGENCY_DEPARTMENT = "재난안전과"
"""Runs the situation room (부천시 행정기구 설치 조례 시행규칙)."""
FIRE_AND_RESCUE = "119"
"""Told when nobody knows what kind of emergency it is: 119 takes every kind and passes on what is for the police."""


@dataclass(frozen=True)
class Route:
    """Where a request goes.

    ``department``: None when there is no ticket. ``helpline``: the number that the caller is told. ``escalates``:
    whether the chain is climbed until somebody accepts. ``due_at``: when somebody has to take it up (aware).
    ``is_office_open``: the department itself can be reached now; otherwise tonight's officer acts.
    """

    department: str | None
    urgency: Urgency
    helpline: str | None
    escalates: bool
    due_at: datetime
    is_office_open: bool


def route(
    intent: Intent, *, gu: str | None, is_emergency: bool, at: datetime, emergency_kind: str | None = None
) -> Route:
    """The way of one request. ``gu``: the place's district, if known. ``is_emergency``: heard anywhere in what was said,
    whatever the intent; ``emergency_kind``: which (see `voicebot.nlu.emergency.HELPLINES`). ``at``: aware.

    Raises ValueError for a naive moment.
    """
    emergency = is_emergency or intent.is_emergency or emergency_kind is not None
    urgency = Urgency.EMERGENCY if emergency else Urgency(intent.urgency)
    department = intent.department_in(gu)
    return Route(
        department=department or EMERGENCY_DEPARTMENT if emergency else department,
        urgency=urgency,
        helpline=_helpline(intent, emergency_kind) if emergency else intent.external,
        escalates=emergency or intent.escalate,
        due_at=due_at(urgency, at),
        is_office_open=is_office_open(at),
    )


def due_at(urgency: Urgency, at: datetime) -> datetime:
    """At once for what somebody acts on tonight; else the department's next working morning, 09:00 in Seoul."""
    tonight = urgency in {Urgency.EMERGENCY, Urgency.URGENT}
    return at if tonight else next_working_morning(at)


def _helpline(intent: Intent, kind: str | None) -> str:
    """What was heard is nearer than the intent's own number, and 123 for a power cut is none of an emergency."""
    if kind is not None:
        return HELPLINES.get(kind, FIRE_AND_RESCUE)
    return (intent.external if intent.is_emergency else None) or FIRE_AND_RESCUE
