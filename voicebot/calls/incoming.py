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
        residents = people.find_resident_by_phone(db, _e164(from_number)) if _is_phone(from_number) else ()
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


def _is_phone(number: str) -> bool:
    try:
        normalise_phone(number)
    except ValueError:
        return False
    return True


def _e164(number: str) -> str:
    return normalise_phone(number)
