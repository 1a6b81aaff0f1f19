"""What the pages show, in Korean, made from the records. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from voicebot.clock import in_seoul
from voicebot.dialog import DialogShelf
from voicebot.errors import ConfigurationError, DataFileError
from voicebot.outreach.outcomes import LABELS_KO
from voicebot.outreach.spelling import spell
from voicebot.records.calls import get_call, outcome_of, recent_calls, turns_of
from voicebot.records.cases import follow_ups_of_call, follow_ups_of_site
from voicebot.records.tables import (
    Call,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    Priority,
    Resident,
    Site,
    TextMessage,
    TextState,
    Turn,
)

KIND_KO = {
    FollowUpKind.APPLICATION: "신청 도움",
    FollowUpKind.CALL_BACK: "다시 전화",
    FollowUpKind.PERSON_WANTED: "직원 통화 요청",
    FollowUpKind.DISTRESS: "위기",
    FollowUpKind.WRONG_PERSON: "번호 확인",
    FollowUpKind.PROXY: "가족 응답",
    FollowUpKind.DECEASED: "사망 확인",
    FollowUpKind.MOVED: "이사",
    FollowUpKind.HARD_OF_HEARING: "청취 곤란",
    FollowUpKind.SUSPICIOUS: "사기 의심",
    FollowUpKind.UNREACHED: "연결 안 됨",
    FollowUpKind.MESSAGE: "남긴 말씀",
    FollowUpKind.TECHNICAL: "시스템 확인",
}
PRIORITY_KO = {Priority.AT_ONCE: "즉시", Priority.TODAY: "오늘", Priority.ROUTINE: "일반"}
STATE_KO = {FollowUpState.OPEN: "대기", FollowUpState.IN_PROGRESS: "처리 중", FollowUpState.DONE: "완료"}
TEXT_STATE_KO = {
    TextState.WAITING: "보낼 예정",
    TextState.SENDING: "보내는 중",
    TextState.SENT: "보냄",
    TextState.DELIVERED: "도착",
    TextState.UNDELIVERED: "도착 안 됨",
    TextState.FAILED: "실패",
    TextState.UNKNOWN: "확인 필요",
}
STATUS_KO = {
    "requested": "걸기 전",
    "queued": "걸기 전",
    "initiated": "거는 중",
    "ringing": "울리는 중",
    "in-progress": "통화 중",
    "completed": "끝남",
    "busy": "통화 중이었음",
    "no-answer": "받지 않음",
    "failed": "연결 실패",
    "canceled": "취소",
}
EVENT_KO = {"keys": "버튼", "silence": "말씀 없음", "machine": "음성사서함", "begin": "전화 받음"}
TRANSFER_KO = {"transfer_answered": "직원이 받음", "transfer_unanswered": "직원이 받지 않음"}


@dataclass(frozen=True)
class CallRow:
    """One call in the list."""

    id: str
    at: datetime
    who: str
    number: str
    title: str
    status: str
    outcome: str


@dataclass(frozen=True)
class FollowUpRow:
    """One thing to do."""

    site: str
    who: str
    kind: str
    priority: str
    is_urgent: bool
    state: str
    summary: str
    due: datetime | None
    call_id: str | None


@dataclass(frozen=True)
class TurnRow:
    """One exchange: what was heard, then what was said."""

    at: datetime
    heard: str
    note: str
    said: Sequence[str]


@dataclass(frozen=True)
class TextRow:
    body: str
    state: str


@dataclass(frozen=True)
class CallPage:
    """Everything about one call."""

    row: CallRow
    turns: Sequence[TurnRow]
    follow_ups: Sequence[FollowUpRow]
    texts: Sequence[TextRow]
    answers: Sequence[tuple[str, str]] = ()
    """Of a survey: question and answer."""


def call_rows(db: Session, shelf: DialogShelf, limit: int = 50) -> list[CallRow]:
    """The newest calls first."""
    return [_call_row(db, shelf, call) for call in recent_calls(db, limit=limit)]


def follow_up_rows(db: Session, limit: int = 100) -> list[FollowUpRow]:
    """What is undone, the gravest first."""
    return [_follow_up_row(db, each) for each in follow_ups_of_site(db, site_id=None, limit=limit)]


def call_page(db: Session, shelf: DialogShelf, call_id: str) -> CallPage:
    """Raises RecordNotFound."""
    call = get_call(db, call_id)
    texts = db.exec(
        select(TextMessage).where(TextMessage.call_id == call_id).order_by(col(TextMessage.id))
    ).all()
    return CallPage(
        row=_call_row(db, shelf, call),
        turns=[turn_row(turn) for turn in turns_of(db, call_id)],
        follow_ups=[_follow_up_row(db, each) for each in follow_ups_of_call(db, call_id)],
        texts=[TextRow(text.body, TEXT_STATE_KO[text.state]) for text in texts],
        answers=[(question, _in_words(answer)) for question, answer in (call.answers or {}).items()],
    )


def _in_words(answer: object) -> str:
    return {True: "예", False: "아니요"}.get(answer, str(answer)) if isinstance(answer, bool) else str(answer)


def turn_row(turn: Turn) -> TurnRow:
    """One turn in words: the person's first, then the bot's."""
    if turn.event == "speech":
        heard = f"“{turn.heard}”"
    elif turn.event == "keys":
        heard = f"[{turn.heard} 버튼]"
    else:
        heard = f"({EVENT_KO.get(turn.event) or TRANSFER_KO.get(turn.event, turn.event)})"
    certainty = f" {turn.confidence:.0%}" if turn.confidence is not None else ""
    act = (turn.meaning or {}).get("act_ko") or turn.act
    note = f"{act}{certainty}" if act else ""
    return TurnRow(in_seoul(turn.at), heard, "위기 " + note if turn.is_emergency else note, turn.said or [])


def outcome_label(shelf: DialogShelf, dialog: str, code: str) -> str:
    """The outcome in Korean: the dialog's own label, else the line's."""
    try:
        spec = shelf.get(dialog).outcomes.get(code)
    except (ConfigurationError, DataFileError):
        spec = None
    return spec.label if spec else LABELS_KO.get(code, code)


def _call_row(db: Session, shelf: DialogShelf, call: Call) -> CallRow:
    resident = db.get(Resident, call.resident_id) if call.resident_id else None
    outcome = outcome_of(db, call.id)
    other = call.to_number if call.direction == "outbound" else call.from_number
    arrow = "→" if call.direction == "outbound" else "←"
    return CallRow(
        id=call.id,
        at=in_seoul(call.requested_at),
        who=resident.name if resident else "모르는 분",
        number=f"{arrow} {spell(other)}",
        title=_title(shelf, call.dialog),
        status=STATUS_KO.get(call.status, call.status),
        outcome=outcome_label(shelf, call.dialog, outcome.code) if outcome else "",
    )


def _title(shelf: DialogShelf, dialog: str) -> str:
    try:
        return shelf.get(dialog).title
    except (ConfigurationError, DataFileError):
        return dialog


def _follow_up_row(db: Session, follow_up: FollowUp) -> FollowUpRow:
    resident = db.get(Resident, follow_up.resident_id) if follow_up.resident_id else None
    site = db.get(Site, follow_up.site_id)
    return FollowUpRow(
        site=site.name_ko if site else follow_up.site_id,
        who=resident.name if resident else "모르는 분",
        kind=KIND_KO[follow_up.kind],
        priority=PRIORITY_KO[follow_up.priority],
        is_urgent=follow_up.priority is Priority.AT_ONCE,
        state=STATE_KO[follow_up.state],
        summary=follow_up.summary,
        due=in_seoul(follow_up.due_at) if follow_up.due_at else None,
        call_id=follow_up.call_id,
    )
