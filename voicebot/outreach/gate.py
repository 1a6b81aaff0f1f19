"""May this resident be rung now? A verdict with a reason code; nothing here dials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlmodel import Session, col, select

from voicebot.clock import in_seoul
from voicebot.records.lookup import phone_hashes
from voicebot.records.people import best_phone, contactable, phone_of
from voicebot.records.tables import Call, FollowUp, Resident

NUMBER_OPTED_OUT = "opt_out"
NUMBER_WRONG = "wrong_number"
"""The subject of the follow-up about somebody whom nobody could name and who wants no calls."""


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

    Calling hours are not asked here: an operator may ring outside them. A number without a resident is
    forbidden only by somebody there who wanted no calls.
    """
    of_resident = None if call.resident_id is None else _hindrance_of_resident(db, call)
    if of_resident is not None:
        return of_resident
    if has_number_opted_out(db, call.to_number):
        return "opted_out"
    is_strangers = call.resident_id is None and _was_told(db, call.to_number, NUMBER_WRONG)
    return "wrong_number" if is_strangers else None


def _hindrance_of_resident(db: Session, call: Call) -> str | None:
    resident = db.get(Resident, call.resident_id)
    if resident is None:
        return "resident_gone"
    verdict = contactable(
        resident, phone_of(db, resident=resident, number=call.to_number) or best_phone(db, resident)
    )
    return None if verdict.reason is None else verdict.reason.value


def has_number_opted_out(db: Session, number: str) -> bool:
    """Whether somebody on that line, whom the records could not name, said no: it counts for all who share it."""
    return _was_told(db, number, NUMBER_OPTED_OUT)


def _was_told(db: Session, number: str, subject: str) -> bool:
    """Whether a call with that number left a follow-up of this subject."""
    query = (
        select(FollowUp.id)
        .join(Call, col(Call.id) == col(FollowUp.call_id))
        .where(col(Call.other_hash).in_(phone_hashes(db, number)), FollowUp.subject == subject)
    )
    return db.exec(query).first() is not None


def hindrance_by_the_clock(hours: CallingHours, moment: datetime) -> str | None:
    """``outside_calling_hours`` or None."""
    return None if hours.hold(moment) else "outside_calling_hours"
