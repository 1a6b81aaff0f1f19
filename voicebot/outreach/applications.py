"""What the answers about a programme become: a request, a note, a text with the details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import select

from voicebot.clock import in_seoul
from voicebot.errors import RecordConflict
from voicebot.jobs.text_sending import request_sending
from voicebot.outreach.follow_ups import leave
from voicebot.outreach.spelling import spell
from voicebot.outreach.texts import DETAILS
from voicebot.outreach.welfare_call import WelfareCall
from voicebot.records.cases import open_request
from voicebot.records.people import use_programme
from voicebot.records.tables import FollowUpKind, Priority, Programme, TextMessage, UseState
from voicebot.records.work import CallWork


def note_already_receiving(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """The resident says that the programme is in use already: it is not offered again."""
    _note_use(work, str(arguments["programme"]), UseState.USING)


def note_declined(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """The resident does not want the programme: it is not offered again."""
    _note_use(work, str(arguments["programme"]), UseState.DECLINED)


def request_application(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """The resident wants to apply: a request, and a follow-up for the resident's own dong office."""
    programme_id = str(arguments["programme"])
    request = open_request(
        work.db,
        call_id=work.call.id,
        programme_id=programme_id,
        at=work.now,
        resident_id=work.call.resident_id,
        said=work.heard,
    )
    _note_use(work, programme_id, UseState.REQUESTED)
    leave(
        work,
        FollowUpKind.APPLICATION,
        f"{_name_of(work, programme_id)} 신청을 도와 드려야 합니다.",
        subject=programme_id,
        priority=Priority.TODAY,
        request_id=request.id,
    )


def ask_staff_to_explain(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """The resident does not know whether to apply: somebody explains it."""
    programme_id = str(arguments["programme"])
    leave(
        work,
        FollowUpKind.PERSON_WANTED,
        f"{_name_of(work, programme_id)}에 대해 설명을 듣고 싶어 하십니다.",
        subject=programme_id,
    )


def text_details(welfare: WelfareCall, work: CallWork) -> None:
    """Send the details of what was offered in this call, in one text. Asked twice, it is sent once."""
    resident = work.resident()
    if resident is None or _are_details_on_their_way(work):
        return
    ids = [offer["id"] for offer in ((work.call.session or {}).get("slots") or {}).get("offers", ())]
    on = in_seoul(work.now).date()
    told = [offer for offer in welfare.all_offers(work.db, resident, on) if offer.programme_id in ids]
    body = "\n\n".join([f"[{welfare.department}]", *(offer.text_message for offer in told)])
    text = TextMessage(
        call_id=work.call.id,
        resident_id=resident.id,
        kind=DETAILS,
        to_number=work.call.to_number,
        body=f"{body}\n\n문의 {spell(welfare.call_back_number)}",
        created_at=work.now,
        updated_at=work.now,
    )
    work.db.add(text)
    work.db.flush()
    if text.id is not None:
        work.set_going(request_sending(work.db, text.id, work.now))


def _are_details_on_their_way(work: CallWork) -> bool:
    query = select(TextMessage.id).where(TextMessage.call_id == work.call.id, TextMessage.kind == DETAILS)
    return work.db.exec(query).first() is not None


def _note_use(work: CallWork, programme_id: str, state: UseState) -> None:
    resident = work.resident()
    if resident is None:
        return
    try:
        use_programme(
            work.db,
            resident=resident,
            programme_id=programme_id,
            state=state,
            at=work.now,
            source=work.source,
        )
    except RecordConflict:
        # What stands in the records is firmer than this answer (in use, by the import); a person looks at it.
        leave(
            work,
            FollowUpKind.MESSAGE,
            f"{_name_of(work, programme_id)}: 말씀하신 내용이 기록과 다릅니다. 확인해 주세요.",
            subject=programme_id,
        )


def _name_of(work: CallWork, programme_id: str) -> str:
    programme = work.db.get(Programme, programme_id)
    return programme.name_ko if programme else programme_id
