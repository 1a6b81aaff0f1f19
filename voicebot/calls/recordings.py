"""What the carrier reports of recordings. One that nobody agreed to is not kept: staff are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session as Database
from sqlmodel import select

from voicebot.calls.centre import CallCentre
from voicebot.outreach.follow_ups import leave
from voicebot.records import audit, calls
from voicebot.records.database import transaction
from voicebot.records.tables import FollowUpKind, Priority, Recording
from voicebot.records.work import CallWork

_ORDER = {"in-progress": 0, "completed": 1, "absent": 1, "failed": 1}
_NOTHING_RECORDED = ("absent", "failed")


@dataclass(frozen=True)
class RecordingReport:
    """One report of the carrier about one recording of a call."""

    recording_sid: str
    url: str
    state: str
    duration_s: int | None = None


def note_recording(centre: CallCentre, call_id: str, report: RecordingReport, *, keep_days: int) -> None:
    """Keep where the recording is and how it stands; reports may repeat and overtake each other.

    Raises RecordNotFound for an unknown call.
    """
    now = centre.clock.now()
    with transaction(centre.engine) as db:
        call = calls.get_call_for_update(db, call_id)
        call.last_heard_at = now
        if call.recording_consent_at is None:
            if report.state not in _NOTHING_RECORDED:
                _refuse(CallWork(db, now, call), report.recording_sid)
            return
        recording = _known(db, report.recording_sid) or Recording(
            call_id=call.id,
            carrier_sid=report.recording_sid,
            url=report.url,
            state=report.state,
            consented_at=call.recording_consent_at,
            received_at=now,
            delete_after=now + timedelta(days=keep_days),
        )
        if _ORDER.get(report.state, 0) >= _ORDER.get(recording.state, 0):
            recording.state, recording.url = report.state, report.url
            recording.duration_s = report.duration_s or recording.duration_s
        db.add(recording)


def _known(db: Database, recording_sid: str) -> Recording | None:
    return db.exec(select(Recording).where(Recording.carrier_sid == recording_sid)).one_or_none()


def _refuse(work: CallWork, recording_sid: str) -> None:
    """It lies with the carrier all the same: somebody has it deleted there."""
    leave(
        work,
        FollowUpKind.TECHNICAL,
        f"동의 없이 녹음된 통화가 통신사에 있습니다. 지워 주세요. (녹음 번호: {recording_sid})",
        subject=f"recording:{recording_sid}",
        priority=Priority.TODAY,
    )
    audit.record(
        work.db,
        at=work.now,
        actor="system",
        action="recording.without_consent",
        subject=f"call:{work.call.id}",
    )
