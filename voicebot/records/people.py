"""Residents and what the city must remember about ringing them. Rules of a line do not belong here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, func, select

from voicebot.errors import RecordConflict, RecordNotFound
from voicebot.records import audit
from voicebot.records.lookup import name_hash, name_hashes, phone_hash, phone_hashes
from voicebot.records.phones import normalise_phone
from voicebot.records.tables import PhoneNumber, ProgrammeUse, Resident, UseState

PACE_KEYS = frozenset({"rate_percent", "extra_pause_s", "louder", "keypad_only"})

_USE_MOVES: dict[UseState, frozenset[UseState]] = {
    UseState.USING: frozenset({UseState.REQUESTED}),  # "아니, 안 받고 있어요": taken back in the same call
    UseState.REQUESTED: frozenset({UseState.USING, UseState.DECLINED}),
    UseState.DECLINED: frozenset({UseState.USING, UseState.REQUESTED}),
}


class Hindrance(StrEnum):
    """Why a resident must not be rung, or not at this number."""

    DECEASED = "deceased"
    OPTED_OUT = "opted_out"
    MOVED = "moved"
    NO_NUMBER = "no_number"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True)
class Contact:
    """Whether a resident may be rung at a number; ``reason`` is None exactly when they may."""

    reason: Hindrance | None = None

    @property
    def may_ring(self) -> bool:
        return self.reason is None


def add_resident(
    db: Session,
    *,
    site_id: str,
    name: str,
    birth_date: date | None = None,
    classes: Iterable[str] = (),
    household_id: int | None = None,
    external_id: str | None = None,
) -> Resident:
    """Add a person; the id is set on return. Numbers follow with `add_phone`."""
    resident = Resident(
        site_id=site_id,
        household_id=household_id,
        external_id=external_id,
        name=name.strip(),
        name_hash=name_hash(db, name),
        birth_date=birth_date.isoformat() if birth_date else None,
        classes=list(classes),
    )
    db.add(resident)
    db.flush()
    return resident


def add_phone(
    db: Session, *, resident: Resident, number: str, preference: int | None = None, holder: str | None = None
) -> PhoneNumber:
    """Add a number (any spelling) after the ones there, or at ``preference``; the same one is added once.

    ``holder``: who answers when it is not the resident, e.g. 딸. Raises ValueError for what is no number.
    """
    e164 = normalise_phone(number)
    existing = phone_of(db, resident=resident, number=e164)
    if existing is not None:
        return existing
    phone = PhoneNumber(
        resident_id=_id_of(resident),
        number=e164,
        number_hash=phone_hash(db, e164),
        preference=preference or _next_preference(db, resident),
        holder=holder,
    )
    db.add(phone)
    db.flush()
    return phone


def get_resident(db: Session, resident_id: int) -> Resident:
    """Raises RecordNotFound."""
    resident = db.get(Resident, resident_id)
    if resident is None:
        raise RecordNotFound(f"no resident {resident_id}")
    return resident


def find_resident_by_phone(db: Session, number: str) -> Sequence[Resident]:
    """Everyone reached at an E.164 number: couples and households share telephones.

    Who prefers the number comes first. A number marked wrong for someone does not lead to them.
    """
    query = (
        select(Resident)
        .join(PhoneNumber, col(PhoneNumber.resident_id) == col(Resident.id))
        .where(
            col(PhoneNumber.number_hash).in_(phone_hashes(db, number)), col(PhoneNumber.is_wrong).is_(False)
        )
    )
    return db.exec(query.order_by(col(PhoneNumber.preference), col(Resident.id))).all()


def find_residents_by_name(db: Session, name: str) -> Sequence[Resident]:
    """Everyone of that name, however it is spaced."""
    query = select(Resident).where(col(Resident.name_hash).in_(name_hashes(db, name)))
    return db.exec(query.order_by(col(Resident.id))).all()


def find_resident_by_external_id(db: Session, external_id: str) -> Resident | None:
    """The person whom the city's own register knows by that id."""
    return db.exec(select(Resident).where(Resident.external_id == external_id)).one_or_none()


def residents_of_site(db: Session, site_id: str) -> Sequence[Resident]:
    """The residents that a site owns."""
    return db.exec(select(Resident).where(Resident.site_id == site_id).order_by(col(Resident.id))).all()


def phones_of(db: Session, resident: Resident) -> Sequence[PhoneNumber]:
    """All numbers of a person, the preferred one first, wrong ones included."""
    query = select(PhoneNumber).where(PhoneNumber.resident_id == _id_of(resident))
    return db.exec(query.order_by(col(PhoneNumber.preference), col(PhoneNumber.id))).all()


def phone_of(db: Session, *, resident: Resident, number: str) -> PhoneNumber | None:
    """The person's entry for an E.164 number."""
    query = select(PhoneNumber).where(
        PhoneNumber.resident_id == _id_of(resident),
        col(PhoneNumber.number_hash).in_(phone_hashes(db, number)),
    )
    return db.exec(query).first()


def best_phone(db: Session, resident: Resident) -> PhoneNumber | None:
    """The preferred number that is not known to be wrong."""
    return next((phone for phone in phones_of(db, resident) if not phone.is_wrong), None)


def contactable(resident: Resident, phone: PhoneNumber | None) -> Contact:
    """May the city ring this person at this number? What forbids every number is named before the rest."""
    if resident.deceased_reported_at is not None:
        return Contact(Hindrance.DECEASED)
    if resident.opted_out_at is not None:
        return Contact(Hindrance.OPTED_OUT)
    if resident.moved_reported_at is not None:
        return Contact(Hindrance.MOVED)
    if phone is None:
        return Contact(Hindrance.NO_NUMBER)
    if phone.is_wrong:
        return Contact(Hindrance.WRONG_NUMBER)
    return Contact()


def opt_out(db: Session, *, resident: Resident, at: datetime, source: str) -> None:
    """The person wants no more calls. The first time stands; ``source``: ``call:<id>``, ``staff:<id>``."""
    if resident.opted_out_at is None:
        resident.opted_out_at = at
        _mark(db, resident, "resident.opted_out", at, source)


def mark_deceased(db: Session, *, resident: Resident, at: datetime, source: str) -> None:
    """Somebody said that the person has died. Nobody rings again until staff have looked."""
    if resident.deceased_reported_at is None:
        resident.deceased_reported_at = at
        _mark(db, resident, "resident.deceased_reported", at, source)


def mark_moved(db: Session, *, resident: Resident, at: datetime, source: str) -> None:
    """Somebody said that the person has moved out of the city."""
    if resident.moved_reported_at is None:
        resident.moved_reported_at = at
        _mark(db, resident, "resident.moved_reported", at, source)


def mark_wrong_number(
    db: Session, *, resident: Resident, phone: PhoneNumber, at: datetime, source: str
) -> None:
    """Somebody answering said that the person cannot be reached at this number."""
    if not phone.is_wrong:
        phone.is_wrong = True
        db.add(phone)
        _mark(db, resident, "resident.wrong_number", at, source, {"phone": phone.id})


def remember_pace(db: Session, *, resident: Resident, pace: Mapping[str, Any]) -> None:
    """Keep what a call taught about the person's pace; keys not given keep their value.

    Keys: ``rate_percent``, ``extra_pause_s``, ``louder``, ``keypad_only``. Raises ValueError for others.
    """
    if unknown := set(pace) - PACE_KEYS:
        raise ValueError(f"unknown pace {sorted(unknown)}; known are {sorted(PACE_KEYS)}")
    resident.pace = {**resident.pace, **pace}
    db.add(resident)
    db.flush()


def use_programme(
    db: Session, *, resident: Resident, programme_id: str, state: UseState, at: datetime, source: str
) -> ProgrammeUse:
    """Note that the person uses, asked for, or declined a programme; the same state again changes nothing.

    Raises RecordConflict for a move that is not in the table (what is in use is not declined by a call).
    """
    use = db.get(ProgrammeUse, (_id_of(resident), programme_id))
    if use is None:
        use = ProgrammeUse(
            resident_id=_id_of(resident), programme_id=programme_id, state=state, source=source, since=at
        )
    elif state not in (use.state, *_USE_MOVES[use.state]):
        raise RecordConflict(f"programme '{programme_id}' is '{use.state}' and cannot become '{state}'")
    elif state != use.state:
        use.state, use.source, use.since = state, source, at
    db.add(use)
    db.flush()
    return use


def uses_of(db: Session, resident: Resident) -> dict[str, UseState]:
    """What the city knows of the person's programmes, by programme id; what is absent is unused."""
    query = select(ProgrammeUse).where(ProgrammeUse.resident_id == _id_of(resident))
    return {use.programme_id: use.state for use in db.exec(query)}


def _id_of(resident: Resident) -> int:
    if resident.id is None:
        raise RecordNotFound("this resident has not been stored yet")
    return resident.id


def _next_preference(db: Session, resident: Resident) -> int:
    highest = func.max(PhoneNumber.preference)
    return (
        db.exec(select(highest).where(PhoneNumber.resident_id == _id_of(resident))).one_or_none() or 0
    ) + 1


def _mark(
    db: Session,
    resident: Resident,
    action: str,
    at: datetime,
    source: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    db.add(resident)
    audit.record(
        db, at=at, actor=source, action=action, subject=f"resident:{_id_of(resident)}", detail=detail
    )
    db.flush()
