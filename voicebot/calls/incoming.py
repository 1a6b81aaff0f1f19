"""Calls that come in: the dialled number's line, the caller's record, and the first turn."""

from __future__ import annotations

from voicebot.calls.centre import CallCentre
from voicebot.errors import RecordConflict
from voicebot.records import calls, people
from voicebot.records.database import transaction
from voicebot.records.phones import normalise_phone
from voicebot.records.tables import Direction


def receive_call(
    centre: CallCentre, *, carrier_sid: str, from_number: str, to_number: str, line: str, dialog: str
) -> str:
    """Write down a call that rings, once however often it is delivered. Gives its id.

    ``from_number`` is what the carrier showed: it may be withheld ("anonymous") and is never proof.
    """
    try:
        return _receive(centre, carrier_sid, from_number, to_number, line, dialog)
    except RecordConflict:
        # The same call was delivered twice at once; the other delivery has written it down.
        return _receive(centre, carrier_sid, from_number, to_number, line, dialog)


def _receive(
    centre: CallCentre, carrier_sid: str, from_number: str, to_number: str, line: str, dialog: str
) -> str:
    with transaction(centre.engine) as db:
        known = calls.find_call_by_sid(db, carrier_sid)
        if known is not None:
            return known.id
        from_number = as_e164(from_number)
        residents = people.find_resident_by_phone(db, from_number)
        call = calls.add_call(
            db,
            direction=Direction.INBOUND,
            line=line,
            dialog=dialog,
            dialog_version=centre.shelf.get(dialog).version,
            from_number=from_number,
            to_number=to_number,
            at=centre.clock.now(),
            # A shared telephone does not say who is calling.
            resident_id=residents[0].id if len(residents) == 1 else None,
            carrier_sid=carrier_sid,
        )
        call.status = "ringing"
        return call.id


def as_e164(shown: str) -> str:
    """A number in whichever form a trunk shows it; what is none (withheld, an extension) stays as it is."""
    try:
        return normalise_phone(shown)
    except ValueError:
        return shown
