"""Calls that go out: asked for, written down with their code, and given to the placing job."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlmodel import Session as Database
from sqlmodel import col, select

from voicebot.calls.centre import CallCentre
from voicebot.errors import CallNotAllowed
from voicebot.outreach.gate import hindrance
from voicebot.records import audit, calls, people
from voicebot.records.lookup import phone_hashes
from voicebot.records.tables import Call, Direction, PhoneNumber, Placement, Resident


@dataclass(frozen=True)
class CallOrder:
    """Somebody wants a resident rung. Numbers are E.164."""

    dialog: str
    to_number: str
    from_number: str
    requested_by: str
    resident_id: int | None = None


def order_call(centre: CallCentre, db: Database, order: CallOrder) -> Call:
    """Write the call down, in the caller's transaction; placing it comes after the commit.

    Raises CallNotAllowed with the reason's code (opted_out, deceased, moved, wrong_number …); nothing of
    the call is left in the transaction then.
    """
    with db.begin_nested():
        return _write_down(centre, db, order)


def _write_down(centre: CallCentre, db: Database, order: CallOrder) -> Call:
    dialog = centre.shelf.get(order.dialog)
    centre.line_dialog(order.dialog)
    now = centre.clock.now()
    resident = _resident(db, order)
    call = calls.add_call(
        db,
        direction=Direction.OUTBOUND,
        line=dialog.line,
        dialog=order.dialog,
        dialog_version=dialog.version,
        from_number=order.from_number,
        to_number=order.to_number,
        at=now,
        resident_id=resident.id if resident else None,
        requested_by=order.requested_by,
        placement=Placement.REQUESTED,
        verification_code=f"{secrets.randbelow(10_000):04}",
    )
    reason = hindrance(db, call)
    if reason is not None:
        raise CallNotAllowed(reason, f"this number must not be rung: {reason}")
    audit.record(
        db,
        at=now,
        actor=order.requested_by,
        action="call.requested",
        subject=f"call:{call.id}",
        source="calls",
    )
    return call


def _resident(db: Database, order: CallOrder) -> Resident | None:
    """The resident meant: the one named, else whoever of those at the number may be rung."""
    if order.resident_id is not None:
        return people.get_resident(db, order.resident_id)
    found = people.find_resident_by_phone(db, order.to_number)
    willing = [
        resident
        for resident in found
        if people.contactable(
            resident, people.phone_of(db, resident=resident, number=order.to_number)
        ).may_ring
    ]
    if willing or found:
        return (willing or found)[0]
    _refuse_wrong_numbers(db, order.to_number)
    return None


def _refuse_wrong_numbers(db: Database, number: str) -> None:
    """A stranger who was rung by mistake is not rung again."""
    query = select(PhoneNumber.id).where(
        col(PhoneNumber.number_hash).in_(phone_hashes(db, number)), col(PhoneNumber.is_wrong)
    )
    if db.exec(query).first() is not None:
        raise CallNotAllowed("wrong_number", "this number belongs to somebody else: wrong_number")
