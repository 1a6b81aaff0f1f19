"""Whether the text that goes before a call has gone out."""

from __future__ import annotations

from sqlmodel import Session, col, select

from voicebot.records.tables import Call, TextMessage, TextState

NOTICE = "notice_before_call"


def notice_went_out(db: Session, call: Call) -> bool:
    """Whether the carrier has taken the notice: only then may the call speak of "the text sent before"."""
    query = select(TextMessage.id).where(
        TextMessage.call_id == call.id,
        TextMessage.kind == NOTICE,
        col(TextMessage.state).in_((TextState.SENT, TextState.DELIVERED)),
    )
    return db.exec(query).first() is not None
