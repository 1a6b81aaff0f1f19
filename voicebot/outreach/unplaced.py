"""A call that will not be made leaves its outcome, and where a person should know, a follow-up."""

from __future__ import annotations

from sqlmodel import Session

from voicebot.outreach.follow_ups import leave
from voicebot.outreach.outcomes import GRAVITY
from voicebot.records.calls import record_outcome
from voicebot.records.tables import Call, FollowUpKind
from voicebot.records.work import CallWork


def note_unplaced(db: Session, call: Call, reason: str) -> None:
    """The gate or the carrier refused the call (``reason``: its code), in the transaction that refuses it."""
    moment = call.placing_at or call.requested_at
    is_ours = not reason.startswith("carrier_")
    code = "canceled" if is_ours else "failed"
    record_outcome(db, call_id=call.id, code=code, at=moment, gravity=GRAVITY, detail=reason)
    if not is_ours:
        work = CallWork(db, moment, call)
        leave(
            work,
            FollowUpKind.UNREACHED,
            "통신사가 전화를 걸지 못했습니다. 번호를 확인해 주세요.",
            subject="failed",
        )
