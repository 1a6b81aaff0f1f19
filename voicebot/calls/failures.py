"""When the carrier could not get an answer from us: the call ends well, and somebody is told."""

from __future__ import annotations

from voicebot.calls.centre import CallCentre
from voicebot.outreach.follow_ups import leave
from voicebot.records import calls
from voicebot.records.database import reading, transaction
from voicebot.records.tables import FollowUpKind, Priority
from voicebot.records.work import CallWork


def call_id_of(centre: CallCentre, carrier_sid: str) -> str | None:
    """Our id of the call that the carrier knows by its own."""
    with reading(centre.engine) as db:
        call = calls.find_call_by_sid(db, carrier_sid)
        return call.id if call else None


def note_failure(centre: CallCentre, call_id: str, *, error_code: str | None) -> None:
    """A technical failure is never the caller's silence: its own outcome and a follow-up for staff.

    Done twice it is done once. Raises RecordNotFound for an unknown call.
    """
    with transaction(centre.engine) as db:
        call = calls.get_call_for_update(db, call_id)
        work = CallWork(db, centre.clock.now(), call)
        code = error_code if error_code and error_code.isdecimal() else "없음"
        leave(
            work,
            FollowUpKind.TECHNICAL,
            f"시스템 장애로 통화가 중간에 끝났습니다. 다시 연락드려 주세요. (통신사 오류 번호: {code})",
            subject="fallback",
            priority=Priority.TODAY,
        )
        if call.session is not None:
            call.session = {**call.session, "outcome": "technical_failure"}
        line = centre.line_dialog(call.dialog)
        calls.record_outcome(db, call_id=call.id, code="technical_failure", at=work.now, gravity=line.gravity)
        call.last_heard_at = work.now
        db.add(call)
    centre.hand_over(work.going)
