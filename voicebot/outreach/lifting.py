"""Taking back a refusal of calls that was misheard, or when a person has changed their mind. Staff do it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from voicebot.outreach.gate import NUMBER_OPTED_OUT
from voicebot.records import audit, people
from voicebot.records.lookup import phone_hashes
from voicebot.records.tables import Call, FollowUp

NUMBER_LIFTED = "number_opt_out_lifted"


def lift_opt_outs(db: Session, *, number: str, at: datetime, actor: str) -> int:
    """Allow calls to an E.164 number again: of its residents, and of callers whom the records cannot name.

    Gives how many refusals were taken back; each is in the audit trail. What was reported (deceased, moved)
    stays.
    """
    lifted = 0
    for resident in people.find_resident_by_phone(db, number):
        if resident.opted_out_at is None:
            continue
        resident.opted_out_at = None
        db.add(resident)
        _note(db, f"resident:{resident.id}", at, actor)
        lifted += 1
    for follow_up in _by_number(db, number):
        follow_up.subject = NUMBER_LIFTED
        db.add(follow_up)
        _note(db, f"follow_up:{follow_up.id}", at, actor)
        lifted += 1
    db.flush()
    return lifted


def _by_number(db: Session, number: str) -> list[FollowUp]:
    query = (
        select(FollowUp)
        .join(Call, col(Call.id) == col(FollowUp.call_id))
        .where(col(Call.other_hash).in_(phone_hashes(db, number)), FollowUp.subject == NUMBER_OPTED_OUT)
    )
    return list(db.exec(query))


def _note(db: Session, subject: str, at: datetime, actor: str) -> None:
    audit.record(db, at=at, actor=actor, action="opt_out.lifted", subject=subject, source="cli")
