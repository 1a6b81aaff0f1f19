"""Many callers of one event are one incident; what is not surely the same event stays apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from tests.duty.reporters import KIM, LEE, SUNJA, WITHHELD, YEONGSU, Act, at_once, overlapping, report, ring
from voicebot.clock import ManualClock
from voicebot.duty.incidents import (
    WINDOWS,
    callers_of,
    close_incident,
    get_incident,
    incidents_beside,
    join_incident,
    open_incidents,
    tickets_of_incident,
)
from voicebot.duty.tickets import amend, correct, get_ticket, move
from voicebot.errors import RecordNotFound
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.records import audit
from voicebot.records.database import transaction
from voicebot.records.tables import Incident, Ticket, TicketState

FLOOD = {"intent": "disaster", "place": "심곡2동", "dong": "심곡2동", "gu": "원미구"}


def flood(db: Session, clock: ManualClock, **details: str) -> Ticket:
    """A flood reported, and joined to its incident."""
    fields = {**FLOOD, **details}
    ticket = report(db, clock, fields.pop("intent"), **fields)
    join_incident(db, ticket, at=clock.now())
    return ticket


def test_two_callers_of_one_event_are_one_incident(db: Session, clock: ManualClock) -> None:
    first = flood(db, clock)
    clock.advance(600)
    second = flood(db, clock, number=YEONGSU, place="심곡2동 우체국 앞이요")
    assert first.incident_id == second.incident_id is not None
    (incident,) = open_incidents(db)
    assert (incident.intent, incident.gu, incident.dong) == ("disaster", "원미구", "심곡2동")
    assert incident.last_reported_at == clock.now()
    assert tickets_of_incident(db, incident.id or 0) == [first, second]


def test_a_caller_who_rings_twice_is_one_caller(db: Session, clock: ManualClock) -> None:
    tickets = [flood(db, clock, number=number) for number in (SUNJA, SUNJA, YEONGSU, WITHHELD, WITHHELD)]
    assert callers_of(tickets) == 4


def test_joining_again_changes_nothing(db: Session, clock: ManualClock) -> None:
    ticket = flood(db, clock)
    before = ticket.incident_id
    clock.advance(100_000)
    assert join_incident(db, ticket, at=clock.now()) is not None
    assert ticket.incident_id == before
    assert len(db.exec(select(Incident)).all()) == 1


@pytest.mark.parametrize("place", [None, "", "우리 집 앞", "원미구", "행복빌라 앞", "시흥"])
def test_a_report_without_a_certain_place_joins_nothing(
    db: Session, clock: ManualClock, place: str | None
) -> None:
    for _ in range(2):
        ticket = report(db, clock, "disaster", place=place)
        assert join_incident(db, ticket, at=clock.now()) is None
        assert ticket.incident_id is None


def test_a_place_named_later_joins_then(db: Session, clock: ManualClock) -> None:
    standing = flood(db, clock)
    call_id = ring(db, clock)
    ticket = report(db, clock, "disaster", call_id=call_id)
    assert join_incident(db, ticket, at=clock.now()) is None
    ticket = report(db, clock, "disaster", call_id=call_id, place="심곡2동")
    assert join_incident(db, ticket, at=clock.now()) is not None
    assert ticket.incident_id == standing.incident_id


def test_one_places_names_are_one_place(db: Session, clock: ManualClock) -> None:
    joined = {
        flood(db, clock, place=place, dong="").incident_id
        for place in ("부천역", "부천역 3번 출구 앞이요", "심곡2동 부천역 쪽")
    }
    assert len(joined) == 1


def test_the_place_cannot_be_read_from_its_key(db: Session, clock: ManualClock) -> None:
    flood(db, clock)
    (incident,) = open_incidents(db)
    assert len(incident.place_key or "") == 64
    assert "심곡" not in (incident.place_key or "")


def test_another_place_is_another_incident(db: Session, clock: ManualClock) -> None:
    assert flood(db, clock).incident_id != flood(db, clock, place="중4동", dong="중4동").incident_id


def test_a_dong_is_no_place_for_what_happens_at_a_point(db: Session, clock: ManualClock) -> None:
    for _ in range(2):
        assert flood(db, clock, intent="illegal_parking").incident_id is None
    at_station = {
        flood(db, clock, intent="illegal_parking", place=place).incident_id
        for place in ("역곡역 앞", "역곡역")
    }
    assert len(at_station) == 1
    assert None not in at_station


@pytest.mark.parametrize(
    "intent", ["medical", "crime", "suicide", "missing_person", "welfare_crisis", "praise_suggestion"]
)
def test_what_happens_to_one_person_is_never_taken_for_anothers(
    db: Session, clock: ManualClock, intent: str
) -> None:
    for _ in range(2):
        assert flood(db, clock, intent=intent, place="부천역").incident_id is None


def test_every_window_is_of_an_intent() -> None:
    assert set(WINDOWS) <= set(catalogue())
    assert all(0 < window.hours <= 72 for window in WINDOWS.values())


def test_an_event_takes_reports_in_as_long_as_they_come_and_not_after(
    db: Session, clock: ManualClock
) -> None:
    window = WINDOWS["disaster"].length.total_seconds()
    first = flood(db, clock)
    for _ in range(3):
        clock.advance(window - 1)
        assert flood(db, clock).incident_id == first.incident_id
    clock.advance(window + 1)
    assert flood(db, clock).incident_id != first.incident_id


def test_different_matters_at_one_place_stand_beside_each_other(db: Session, clock: ManualClock) -> None:
    water = flood(db, clock)
    drain = flood(db, clock, intent="sewer")
    flood(db, clock, place="중4동", dong="중4동")
    assert water.incident_id != drain.incident_id
    beside = incidents_beside(db, get_incident(db, water.incident_id or 0))
    assert [incident.id for incident in beside] == [drain.incident_id]


def test_first_reports_at_the_same_moment_make_one_incident(
    engine: Engine, db: Session, clock: ManualClock
) -> None:
    ran = at_once(engine, [lambda other: flood(other, clock).incident_id] * 8)
    assert len(set(ran.results)) == 1
    assert len(db.exec(select(Incident)).all()) == 1


def test_a_second_first_report_waits_for_the_first(engine: Engine, db: Session, clock: ManualClock) -> None:
    ran = overlapping(
        engine, lambda one: flood(one, clock).incident_id, lambda two: flood(two, clock).incident_id
    )
    assert len(set(ran.results)) == 1
    assert len(db.exec(select(Incident)).all()) == 1


def test_those_who_join_do_not_wait_for_each_other(engine: Engine, db: Session, clock: ManualClock) -> None:
    """A flood has a hundred callers at once. (SQLite has one writer in any case.)"""
    flood(db, clock)
    db.commit()
    if engine.dialect.name == "sqlite":
        return
    clock.advance(120)
    with transaction(engine) as one, transaction(engine) as two:
        two.execute(text("SET LOCAL lock_timeout = '3s'"))
        assert flood(one, clock).incident_id == flood(two, clock).incident_id
    (incident,) = db.exec(select(Incident).execution_options(populate_existing=True)).all()
    assert incident.last_reported_at == clock.now()


def test_a_report_that_comes_while_the_event_is_being_closed_opens_a_new_one(
    engine: Engine, db: Session, clock: ManualClock
) -> None:
    standing = flood(db, clock).incident_id or 0
    db.commit()

    def close(one: Session) -> None:
        close_incident(one, get_incident(one, standing), actor=KIM, at=clock.now())

    ran = overlapping(engine, close, lambda two: flood(two, clock).incident_id)
    assert ran.results[1] not in (None, standing)


def test_an_incident_is_closed_when_its_last_ticket_is_finished_and_open_again_with_it(
    db: Session, clock: ManualClock
) -> None:
    first, second = flood(db, clock), flood(db, clock, number=YEONGSU)
    incident = get_incident(db, first.incident_id or 0)
    move(db, first, to=TicketState.DONE, actor=KIM, at=clock.now())
    assert incident.closed_at is None
    move(db, second, to=TicketState.REJECTED, actor=KIM, at=clock.now(), note="장난")
    assert incident.closed_at == clock.now()
    assert not open_incidents(db)
    assert flood(db, clock).incident_id != incident.id
    move(db, first, to=TicketState.IN_PROGRESS, actor=KIM, at=clock.now(), note="또 참")
    assert incident.closed_at is None
    actions = [event.action for event in audit.events_of(db, subject=f"incident:{incident.id}")]
    assert actions == ["incident.opened", "incident.closed", "incident.reopened"]


def test_two_who_finish_the_last_two_tickets_at_once_close_the_incident(
    engine: Engine, db: Session, clock: ManualClock
) -> None:
    numbers = [flood(db, clock).id or 0, flood(db, clock).id or 0]
    db.commit()

    def finish(number: int, actor: str) -> Act:
        return lambda other: move(
            other, get_ticket(other, number), to=TicketState.DONE, actor=actor, at=clock.now()
        )

    ran = at_once(engine, [finish(numbers[0], KIM), finish(numbers[1], LEE)])
    assert len(ran.results) == 2
    assert not open_incidents(db)


def test_closing_twice_is_closing_once(db: Session, clock: ManualClock) -> None:
    incident = get_incident(db, flood(db, clock).incident_id or 0)
    for actor in (KIM, LEE):
        close_incident(db, incident, actor=actor, at=clock.now())
        clock.advance(60)
    assert incident.closed_at == clock.now() - timedelta(minutes=2)
    events = audit.events_of(db, subject=f"incident:{incident.id}")
    assert [event.actor for event in events] == ["system", KIM]


def test_a_corrected_ticket_leaves_its_incident_and_joins_the_right_one(
    db: Session, clock: ManualClock
) -> None:
    drain = flood(db, clock, intent="sewer")
    ticket = flood(db, clock, number=YEONGSU)
    alone = ticket.incident_id
    correct(db, ticket, intent="sewer", actor=KIM, at=clock.now())
    assert ticket.incident_id == drain.incident_id
    assert get_incident(db, alone or 0).closed_at is not None


def test_another_place_leaves_the_incident(db: Session, clock: ManualClock) -> None:
    first, ticket = flood(db, clock), flood(db, clock, number=YEONGSU)
    amend(db, ticket, actor="call:1", at=clock.now(), place="중4동", dong="중4동")
    assert ticket.incident_id is None
    assert get_incident(db, first.incident_id or 0).closed_at is None
    join_incident(db, ticket, at=clock.now())
    assert ticket.incident_id not in (None, first.incident_id)


def test_an_unknown_incident_is_not_found(db: Session) -> None:
    with pytest.raises(RecordNotFound, match="no incident 4711"):
        get_incident(db, 4711)
