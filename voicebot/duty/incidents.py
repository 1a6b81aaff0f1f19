"""The same event reported by many callers is one incident: the same matter at the same place, near in time.

A report joins no incident when in doubt: a second fire taken for the first would lose a caller, while two incidents of
one event stand beside each other on the board (`incidents_beside`). Tickets stay tickets: each has its own caller, words
and state. Whoever joins or closes takes locks in the order ticket, incident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from voicebot.duty.moves import FINISHED
from voicebot.duty.place_names import PlaceName, place_name
from voicebot.errors import RecordNotFound
from voicebot.records import audit
from voicebot.records.lookup import place_hash, place_hashes
from voicebot.records.name_locks import hold_name
from voicebot.records.tables import Incident, Ticket

_NOTED_EVERY = timedelta(minutes=1)
"""How exact ``last_reported_at`` is: a hundred callers of one flood must not wait for each other to write it."""


@dataclass(frozen=True)
class Window:
    """How long after its last report an event still takes in another (``hours``), and whether a dong or a long road is
    place enough (``covers_an_area``): a flood fills a dong, while two cars in a dong are two cars."""

    hours: int
    covers_an_area: bool = False

    @property
    def length(self) -> timedelta:
        return timedelta(hours=self.hours)


WINDOWS: Mapping[str, Window] = {
    "disaster": Window(6, covers_an_area=True),
    "fire": Window(3, covers_an_area=True),
    "gas_leak": Window(3, covers_an_area=True),
    "traffic_accident": Window(2),
    "power_cut": Window(6, covers_an_area=True),
    "water_supply": Window(24, covers_an_area=True),
    "sewer": Window(24, covers_an_area=True),
    "snow_ice": Window(24, covers_an_area=True),
    "odor_smoke": Window(6, covers_an_area=True),
    "noise_construction": Window(6, covers_an_area=True),
    "streetlight": Window(
        12, covers_an_area=True
    ),  # lamps fail by the circuit, a street and more in one night
    "traffic_signal": Window(24),
    "road_damage": Window(48),
    "noise_living": Window(3),
    "illegal_parking": Window(3),
    "animal_carcass": Window(24),
    "animal_rescue": Window(3),
    "waste": Window(72),
    "tree_park": Window(72),
    "illegal_ads_stall": Window(72),
    "abandoned_vehicle": Window(72),
    "parking_lot": Window(6),
    "food_hygiene": Window(24),
}
"""By intent; 72 hours span a weekend. What is not here happens to a person (a patient, a crime, a child lost) or is a
question: two of them at one place are two. The hours are this project's judgement; no source gives any."""


def join_incident(db: Session, ticket: Ticket, *, at: datetime) -> Incident | None:
    """Put a ticket into the incident of its event, a new one if it is the first report. None: it belongs to none, for
    want of a place or because its matter is nobody else's. Safe to do again; two first reports at once make one."""
    if ticket.incident_id is not None:
        return db.get(Incident, ticket.incident_id)
    window = WINDOWS.get(ticket.intent)
    place = place_name(ticket.place, dong=ticket.dong) if window else None
    if window is None or place is None or not (place.is_exact or window.covers_an_area):
        return None
    incident = _current(db, ticket, place, at - window.length)
    if incident is None:
        hold_name(db, f"incident:{ticket.intent}:{place_hash(db, place.name)}")
        incident = _current(db, ticket, place, at - window.length) or _first(db, ticket, place, at)
    ticket.incident_id = incident.id
    db.add(ticket)
    db.flush()
    _note_report(db, incident, at)
    return incident


def get_incident(db: Session, incident_id: int) -> Incident:
    """Raises RecordNotFound."""
    incident = db.get(Incident, incident_id)
    if incident is None:
        raise RecordNotFound(f"no incident {incident_id}")
    return incident


def open_incidents(db: Session, *, limit: int = 100) -> Sequence[Incident]:
    """Those not closed, the last reported first."""
    query = select(Incident).where(col(Incident.closed_at).is_(None))
    return db.exec(query.order_by(col(Incident.last_reported_at).desc(), col(Incident.id)).limit(limit)).all()


def tickets_of_incident(db: Session, incident_id: int) -> Sequence[Ticket]:
    """Every report of it, in the order they came."""
    return db.exec(select(Ticket).where(Ticket.incident_id == incident_id).order_by(col(Ticket.id))).all()


def callers_of(tickets: Sequence[Ticket]) -> int:
    """How many people reported: one who rings twice is one; those whose number was not shown count singly."""
    known = {ticket.caller_hash for ticket in tickets if ticket.caller_hash}
    return len(known) + sum(1 for ticket in tickets if ticket.caller_hash is None)


def incidents_beside(db: Session, incident: Incident) -> Sequence[Incident]:
    """Other open incidents at the same place: perhaps one event under two names (a flood as disaster and as sewer).
    They are left apart, since each has its department; a person may merge."""
    if incident.place_key is None:
        return []
    query = select(Incident).where(
        Incident.place_key == incident.place_key,
        Incident.id != incident.id,
        col(Incident.closed_at).is_(None),
    )
    return db.exec(query.order_by(col(Incident.id))).all()


def close_incident(db: Session, incident: Incident, *, actor: str, at: datetime) -> None:
    """The event is over: what is reported from now on is another. Its tickets keep their states. Safe to do again."""
    assert incident.id is not None
    _close(db, _held(db, incident.id), actor, at)


def close_if_finished(db: Session, incident_id: int | None, *, actor: str, at: datetime) -> None:
    """Close an incident once none of its tickets is unfinished; the next report tells of a new event."""
    if incident_id is None:
        return
    incident = _held(db, incident_id)
    unfinished = select(func.count()).where(
        Ticket.incident_id == incident.id, col(Ticket.state).not_in(FINISHED)
    )
    if db.exec(unfinished).one() == 0:
        _close(db, incident, actor, at)


def open_again(db: Session, ticket: Ticket, *, actor: str, at: datetime) -> None:
    """The ticket's incident is not over after all."""
    incident = _held(db, ticket.incident_id) if ticket.incident_id is not None else None
    if incident is not None and incident.closed_at is not None:
        incident.closed_at = None
        _write_down(db, incident, "reopened", actor, at)


def leave_incident(db: Session, ticket: Ticket, *, actor: str, at: datetime) -> None:
    """The ticket turned out to be of another matter or place. What is left without any ticket is closed."""
    left, ticket.incident_id = ticket.incident_id, None
    db.add(ticket)
    db.flush()
    close_if_finished(db, left, actor=actor, at=at)


def _current(db: Session, ticket: Ticket, place: PlaceName, since: datetime) -> Incident | None:
    """The open incident, kept open until this transaction ends. Joiners do not wait for each other, only for whoever
    closes it, and whoever closes it waits for them."""
    query = (
        select(Incident)
        .where(
            Incident.intent == ticket.intent,
            col(Incident.place_key).in_(place_hashes(db, place.name)),
            col(Incident.closed_at).is_(None),
            col(Incident.last_reported_at) >= since,
        )
        .order_by(col(Incident.last_reported_at).desc(), col(Incident.id))
        .limit(1)
    )
    return db.exec(query.with_for_update(read=True, key_share=True)).first()


def _first(db: Session, ticket: Ticket, place: PlaceName, at: datetime) -> Incident:
    incident = Incident(
        intent=ticket.intent,
        gu=ticket.gu or place.gu,
        dong=ticket.dong or place.dong,
        place_key=place_hash(db, place.name),
        opened_at=at,
        last_reported_at=at,
    )
    db.add(incident)
    db.flush()
    _write_down(db, incident, "opened", "system", at)
    return incident


def _note_report(db: Session, incident: Incident, at: datetime) -> None:
    """If somebody else is writing it just now, it is being noted anyway."""
    if at - incident.last_reported_at < _NOTED_EVERY:
        return
    free = select(Incident).where(Incident.id == incident.id)
    if db.exec(free.with_for_update(key_share=True, skip_locked=True)).first() is not None:
        incident.last_reported_at = at
        db.add(incident)
        db.flush()


def _held(db: Session, incident_id: int) -> Incident:
    query = select(Incident).where(Incident.id == incident_id).with_for_update()
    return db.exec(query.execution_options(populate_existing=True)).one()


def _close(db: Session, incident: Incident, actor: str, at: datetime) -> None:
    if incident.closed_at is None:
        incident.closed_at = at
        _write_down(db, incident, "closed", actor, at)


def _write_down(db: Session, incident: Incident, action: str, actor: str, at: datetime) -> None:
    db.add(incident)
    db.flush()
    subject = f"incident:{incident.id}"
    audit.record(db, at=at, actor=actor, action=f"incident.{action}", subject=subject)
