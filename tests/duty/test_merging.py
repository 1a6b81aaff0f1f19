"""A person says that two tickets are one: for good, visibly, and without losing an emergency or a caller."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.duty.reporters import KIM, LEE, YEONGSU, Act, at_once, report
from voicebot.clock import ManualClock
from voicebot.duty.history import history_of, survivor_of
from voicebot.duty.incidents import get_incident, join_incident, open_incidents, tickets_of_incident
from voicebot.duty.merging import merge
from voicebot.duty.tickets import amend, correct, get_ticket, move
from voicebot.errors import RecordConflict
from voicebot.records import audit
from voicebot.records.tables import Ticket, TicketState, Urgency


def pair(db: Session, clock: ManualClock) -> tuple[Ticket, Ticket]:
    return report(db, clock, place="부천역"), report(db, clock, number=YEONGSU, place="역 앞 골목")


def join(db: Session, clock: ManualClock, one: Ticket, other: Ticket, actor: str = KIM) -> Ticket:
    return merge(db, other, into=one, actor=actor, at=clock.now(), note="같은 등")


def test_a_merged_ticket_is_final_and_names_the_one_that_stands(db: Session, clock: ManualClock) -> None:
    one, other = pair(db, clock)
    join(db, clock, one, other)
    assert (other.state, one.state) == (TicketState.MERGED, TicketState.NEW)
    assert survivor_of(db, other) is one
    assert history_of(db, other)[-1].note == f"#{one.id} 같은 등"
    assert history_of(db, one)[-1].note == f"#{other.id} 합침"
    event = audit.events_of(db, subject=f"ticket:{other.id}")[-1]
    assert (event.action, event.detail["into"]) == ("ticket.merged", one.id)
    with pytest.raises(RecordConflict, match="'merged' and cannot become"):
        move(db, other, to=TicketState.IN_PROGRESS, actor=KIM, at=clock.now(), note="까닭")
    with pytest.raises(RecordConflict, match="was merged"):
        correct(db, other, intent="waste", actor=KIM, at=clock.now())
    with pytest.raises(RecordConflict, match="was merged"):
        amend(db, other, actor=KIM, at=clock.now(), place="중동")


def test_merged_tickets_are_one_incident_whether_they_had_one_or_not(db: Session, clock: ManualClock) -> None:
    one, other = pair(db, clock)
    join(db, clock, one, other)
    assert tickets_of_incident(db, one.incident_id or 0) == [one, other]
    report_like_it = report(db, clock, place="부천역")
    join_incident(db, report_like_it, at=clock.now())
    assert report_like_it.incident_id != one.incident_id
    joined, late = pair(db, clock)
    join_incident(db, joined, at=clock.now())
    standing = joined.incident_id
    join(db, clock, late, joined)
    assert (late.incident_id, joined.incident_id) == (standing, standing)


def test_the_incident_that_is_left_empty_is_closed(db: Session, clock: ManualClock) -> None:
    one, other = report(db, clock, "waste", place="부천역"), report(db, clock, "tree_park", place="부천역")
    for ticket in (one, other):
        join_incident(db, ticket, at=clock.now())
    left = other.incident_id
    join(db, clock, one, other)
    assert get_incident(db, left or 0).closed_at is not None
    assert [incident.id for incident in open_incidents(db)] == [one.incident_id]


def test_an_emergency_merged_into_a_routine_ticket_makes_it_one(db: Session, clock: ManualClock) -> None:
    one = report(db, clock, "odor_smoke")
    fire = report(db, clock, "fire", emergency_kind="fire")
    join(db, clock, one, fire)
    assert (one.urgency, one.emergency_kind) == (Urgency.EMERGENCY, "fire")


def test_the_same_merging_again_changes_nothing(db: Session, clock: ManualClock) -> None:
    one, other = pair(db, clock)
    for _ in range(2):
        join(db, clock, one, other)
    assert [step.action for step in history_of(db, other)] == ["opened", "merged"]
    with pytest.raises(RecordConflict, match="by staff:kim already"):
        join(db, clock, one, other, actor=LEE)


def test_what_is_merged_finished_or_itself_cannot_be_merged(db: Session, clock: ManualClock) -> None:
    one, other = pair(db, clock)
    third = report(db, clock)
    with pytest.raises(RecordConflict, match="into itself"):
        join(db, clock, one, one)
    join(db, clock, one, other)
    with pytest.raises(RecordConflict, match=f"merge into ticket {one.id}"):
        join(db, clock, other, third)
    move(db, third, to=TicketState.REJECTED, actor=KIM, at=clock.now(), note="장난")
    with pytest.raises(RecordConflict, match="reopen it first"):
        join(db, clock, third, one)
    with pytest.raises(RecordConflict, match="'rejected' and cannot become 'merged'"):
        join(db, clock, one, third)


def test_chains_lead_to_the_ticket_that_stands(db: Session, clock: ManualClock) -> None:
    one, other = pair(db, clock)
    last = report(db, clock)
    join(db, clock, one, other)
    join(db, clock, last, one)
    assert survivor_of(db, other) is last
    assert survivor_of(db, last) is last


def test_two_who_merge_crosswise_leave_one_standing(engine: Engine, db: Session, clock: ManualClock) -> None:
    one, other = (ticket.id or 0 for ticket in pair(db, clock))
    db.commit()

    def merging(source: int, target: int, actor: str) -> Act:
        return lambda session: (
            merge(
                session,
                get_ticket(session, source),
                into=get_ticket(session, target),
                actor=actor,
                at=clock.now(),
            ).id
        )

    ran = at_once(engine, [merging(one, other, KIM), merging(other, one, LEE)])
    assert (len(ran.results), len(ran.refused)) == (1, 1)
    db.expire_all()
    states = {get_ticket(db, number).state for number in (one, other)}
    assert states == {TicketState.NEW, TicketState.MERGED}
