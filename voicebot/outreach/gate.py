"""May this resident be rung now? A verdict with a reason code; nothing here dials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlmodel import Session

from voicebot.clock import in_seoul
from voicebot.records.people import best_phone, contactable, phone_of
from voicebot.records.tables import Call, Resident


@dataclass(frozen=True)
class CallingHours:
    """The part of the day, Asia/Seoul, in which residents may be rung."""

    earliest: time
    latest: time

    @classmethod
    def of(cls, earliest: str, latest: str) -> CallingHours:
        """From ``HH:MM`` texts."""
        return cls(time.fromisoformat(earliest), time.fromisoformat(latest))

    def hold(self, moment: datetime) -> bool:
        return self.earliest <= in_seoul(moment).time() < self.latest


def hindrance(db: Session, call: Call) -> str | None:
    """Why this call must not be made, whoever asked: opted_out, deceased, moved, wrong_number … or None.

    Calling hours are not asked here: an operator may ring outside them. Somebody unknown to the records
    (a number without a resident) has nothing that forbids it.
    """
    if call.resident_id is None:
        return None
    resident = db.get(Resident, call.resident_id)
    if resident is None:
        return "resident_gone"
    verdict = contactable(
        resident, phone_of(db, resident=resident, number=call.to_number) or best_phone(db, resident)
    )
    return None if verdict.reason is None else verdict.reason.value


def hindrance_by_the_clock(hours: CallingHours, moment: datetime) -> str | None:
    """``outside_calling_hours`` or None."""
    return None if hours.hold(moment) else "outside_calling_hours"
