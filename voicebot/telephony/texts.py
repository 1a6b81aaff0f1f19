"""Reports about texts. The furthest state wins, whatever comes first; what was delivered stays delivered."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlmodel import select

from voicebot.clock import Clock
from voicebot.errors import RecordNotFound, WebhookRefused
from voicebot.records.database import transaction
from voicebot.records.tables import TextMessage, TextState

_STATE_OF_STATUS = {
    "accepted": TextState.SENDING,
    "queued": TextState.SENDING,
    "sending": TextState.SENDING,
    "sent": TextState.SENT,
    "delivered": TextState.DELIVERED,
    "undelivered": TextState.UNDELIVERED,
    "failed": TextState.FAILED,
}
_RANK = {
    TextState.WAITING: 0,
    TextState.SENDING: 1,
    TextState.UNKNOWN: 1,
    TextState.SENT: 2,
    TextState.DELIVERED: 3,
    TextState.UNDELIVERED: 3,
    TextState.FAILED: 3,
}


def apply_text_status(
    engine: Engine, clock: Clock, *, text_id: int, carrier_sid: str, status: str, error_code: str | None
) -> None:
    """Raises RecordNotFound for an unknown text, WebhookRefused (400) for an unknown status."""
    state = _STATE_OF_STATUS.get(status)
    if state is None:
        raise WebhookRefused("MessageStatus is missing or unknown", status=400)
    with transaction(engine) as db:
        query = select(TextMessage).where(TextMessage.id == text_id).with_for_update()
        text = db.exec(query).one_or_none()
        if text is None or text.carrier_sid not in (None, carrier_sid):
            raise RecordNotFound(f"no text {text_id} of the carrier's id given")
        text.carrier_sid = carrier_sid
        if _RANK[state] > _RANK[text.state]:
            text.state, text.updated_at = state, clock.now()
            text.error = error_code or text.error
        db.add(text)
