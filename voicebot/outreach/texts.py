"""Texts to residents: the notice before a call, with the code by which the call can be checked."""

from __future__ import annotations

from sqlmodel import Session

from voicebot.jobs.text_sending import request_sending
from voicebot.outreach.gate import has_number_opted_out
from voicebot.outreach.notices import NOTICE
from voicebot.outreach.spelling import spell
from voicebot.outreach.welfare_call import WelfareCall, is_mobile
from voicebot.records.tables import OutboxItem, Resident, TextMessage
from voicebot.records.work import CallWork

DETAILS, OFFICER_ALARM = "programme_details", "officer_alarm"


def text_hindrance(db: Session, text: TextMessage) -> str | None:
    """Why this text must not go out: somebody there has opted out or is reported dead meanwhile. Else None.

    Details that the resident asked for in the very call are sent even if the call ended with an opt-out; an officer who
    refused the city's welfare calls is still woken.
    """
    if text.kind in (DETAILS, OFFICER_ALARM):
        return None
    resident = db.get(Resident, text.resident_id) if text.resident_id else None
    if resident is not None and resident.deceased_reported_at is not None:
        return "deceased"
    has_opted_out = resident is not None and resident.opted_out_at is not None
    return "opted_out" if has_opted_out or has_number_opted_out(db, text.to_number) else None


def give_notice(welfare: WelfareCall, work: CallWork) -> OutboxItem | None:
    """Write the text that goes before the call; None where none can be received (a landline)."""
    call = work.call
    if not is_mobile(call.to_number) or not call.verification_code:
        return None
    number = spell(welfare.call_back_number)
    text = TextMessage(
        call_id=call.id,
        resident_id=call.resident_id,
        kind=NOTICE,
        to_number=call.to_number,
        body=(
            f"[{welfare.department}] 복지 제도를 안내하는 인공지능 전화를 드립니다. "
            f"확인 번호 {call.verification_code}. 돈, 계좌번호, 비밀번호는 묻지 않습니다. 문의 {number}"
        ),
        created_at=work.now,
        updated_at=work.now,
    )
    work.db.add(text)
    work.db.flush()
    assert text.id is not None
    return request_sending(work.db, text.id, work.now)
