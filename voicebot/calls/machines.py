"""What the carrier's detection says of who answered. Advice only: a slow elder sounds like a machine too."""

from __future__ import annotations

from voicebot.calls.centre import CallCentre
from voicebot.records import calls
from voicebot.records.database import transaction


def note_answered_by(centre: CallCentre, call_id: str, answered_by: str) -> None:
    """Keep it for the next silence (`hearing`). The first report stands. Raises RecordNotFound."""
    with transaction(centre.engine) as db:
        call = calls.get_call_for_update(db, call_id)
        call.answered_by = call.answered_by or answered_by
        call.last_heard_at = centre.clock.now()
        db.add(call)
