"""The carrier's status reports, applied in any order and any number of times.

A terminal status is final. Among the others the furthest wins, whatever arrives first. Each report is kept
once, by call, status and sequence number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session as Database
from sqlmodel import select

from voicebot.calls.centre import CallCentre
from voicebot.calls.conversation import converse
from voicebot.dialog import Event, Heard, Session
from voicebot.jobs.placing import adopt_sid
from voicebot.records import calls
from voicebot.records.database import transaction
from voicebot.records.tables import Call, CallStatusEvent, Direction
from voicebot.records.work import CallWork

TERMINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_RANK = {"requested": 0, "queued": 1, "initiated": 2, "ringing": 3, "in-progress": 4}


@dataclass(frozen=True)
class StatusReport:
    """One report. ``sequence_number`` counts from 0 in the carrier's order; -1 where it gave none."""

    carrier_sid: str
    status: str
    sequence_number: int = -1
    call_id: str | None = None
    reported_at: str | None = None
    duration_s: int | None = None
    sip_response_code: str | None = None
    answered_by: str | None = None


def status_after(current: str, reported: str) -> str:
    """The status that holds once ``reported`` is known too. Pure; order does not matter."""
    if current in TERMINAL:
        return current
    if reported in TERMINAL:
        return reported
    return reported if _RANK.get(reported, -1) > _RANK.get(current, -1) else current


def apply_status(centre: CallCentre, report: StatusReport) -> bool:
    """Keep the report and move the call along; False when it was known already or no call is ours.

    When the call is over: a conversation that was under way hears the hang-up, and one that never began
    gets the outcome that nobody took the call. Both exactly once.
    """
    now = centre.clock.now()
    with transaction(centre.engine) as db:
        call = _call_of(db, report, now)
        if call is None or _is_known(db, report):
            return False
        work = CallWork(db, now, call)
        _keep(work, report)
        _move(centre, work, report)
    centre.hand_over(work.going)
    return True


def _call_of(db: Database, report: StatusReport, now: datetime) -> Call | None:
    """The call, locked. By our own id where the address carries it, else by the carrier's."""
    found = db.get(Call, report.call_id) if report.call_id else None
    if found is None:
        found = calls.find_call_by_sid(db, report.carrier_sid)
    if found is None:
        return None
    call = calls.get_call_for_update(db, found.id)
    if call.carrier_sid is None:
        adopt_sid(db, call, report.carrier_sid, now)
    return call if call.carrier_sid == report.carrier_sid else None


def _is_known(db: Database, report: StatusReport) -> bool:
    query = select(CallStatusEvent.id).where(
        CallStatusEvent.carrier_sid == report.carrier_sid,
        CallStatusEvent.status == report.status,
        CallStatusEvent.sequence_number == report.sequence_number,
    )
    return db.exec(query).first() is not None


def _keep(work: CallWork, report: StatusReport) -> None:
    work.db.add(
        CallStatusEvent(
            carrier_sid=report.carrier_sid,
            call_id=work.call.id,
            status=report.status,
            sequence_number=report.sequence_number,
            received_at=work.now,
            reported_at=report.reported_at,
            duration_s=report.duration_s,
            sip_response_code=report.sip_response_code,
        )
    )


def _move(centre: CallCentre, work: CallWork, report: StatusReport) -> None:
    call = work.call
    was_over = call.status in TERMINAL
    call.status = status_after(call.status, report.status)
    call.status_sequence = max(call.status_sequence, report.sequence_number)
    call.last_heard_at = work.now
    call.answered_by = call.answered_by or report.answered_by
    if report.duration_s is not None:
        call.duration_s = report.duration_s
    if call.status == "in-progress":
        call.answered_at = call.answered_at or work.now
    work.db.add(call)
    if call.status in TERMINAL and not was_over:
        call.ended_at = work.now
        _close(centre, work)


def _close(centre: CallCentre, work: CallWork) -> None:
    """The line is gone: the conversation learns it, or nobody took the call."""
    call, line = work.call, centre.line_dialog(work.call.dialog)
    if call.session is not None and call.step > 0:
        dialog = centre.shelf.get(call.dialog)
        session = Session.from_json(call.session)
        if session.outcome is None:
            reply = converse(dialog, line, session, Heard(Event.HANGUP), work)
            call.session = reply.session.to_json()
        return
    if call.direction is Direction.OUTBOUND and calls.outcome_of(work.db, call.id) is None:
        code = line.unanswered(work, call.status)
        calls.record_outcome(work.db, call_id=call.id, code=code, at=work.now, gravity=line.gravity)
