"""Tickets: opened once, filled in, moved along the table by one person at a time, corrected, with their history."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from tests.duty.reporters import KIM, LEE, SUNJA, WITHHELD, Act, at_once, overlapping, report, ring
from voicebot.clock import ManualClock
from voicebot.duty.history import history_of
from voicebot.duty.moves import FINISHED, MOVES, is_reopening, needs_reason
from voicebot.duty.tickets import (
    add_note,
    amend,
    correct,
    get_ticket,
    get_ticket_for_update,
    hand_over,
    move,
    open_ticket,
    tickets_of_call,
)
from voicebot.errors import RecordConflict, RecordNotFound, VoicebotError
from voicebot.records import audit
from voicebot.records.database import transaction
from voicebot.records.lookup import phone_hash
from voicebot.records.proposals import proposals
from voicebot.records.tables import AuditEvent, Ticket, TicketEvent, TicketState, Urgency

NEW, ACCEPTED, IN_PROGRESS, HANDED_OVER, DONE, REJECTED, MERGED = TicketState
SAID = "부천역 앞 가로등이 꺼졌어요"


def go(db: Session, clock: ManualClock, ticket: Ticket, *states: TicketState, actor: str = KIM) -> Ticket:
    for state in states:
        ticket = move(db, ticket, to=state, actor=actor, at=clock.now(), note="까닭")
    return ticket


def steps(db: Session, ticket: Ticket) -> list[tuple[str, str, TicketState | None, TicketState | None]]:
    return [(step.action, step.actor, step.from_state, step.to_state) for step in history_of(db, ticket)]


# Opening


def test_a_request_opened_again_is_the_same_ticket(db: Session, clock: ManualClock) -> None:
    call_id = ring(db, clock)
    first = report(db, clock, call_id=call_id, said=SAID)
    clock.advance(5)
    again = report(db, clock, call_id=call_id, said=SAID)
    assert again.id == first.id
    assert again.updated_at == again.created_at == clock.now() - timedelta(seconds=5)
    assert [step.action for step in history_of(db, first)] == ["opened"]
    assert [event.action for event in audit.events_of(db, subject=f"ticket:{first.id}")] == ["ticket.opened"]


def test_several_requests_of_one_call_are_several_tickets(db: Session, clock: ManualClock) -> None:
    call_id = ring(db, clock)
    light = report(db, clock, call_id=call_id)
    waste = report(db, clock, "waste", call_id=call_id, request_no=2)
    assert [ticket.id for ticket in tickets_of_call(db, call_id)] == [light.id, waste.id]


def test_what_is_opened_again_fills_in_and_loses_nothing(db: Session, clock: ManualClock) -> None:
    call_id = ring(db, clock)
    report(db, clock, call_id=call_id, said=SAID, is_partial=True)
    ticket = report(
        db, clock, call_id=call_id, said="다른 말", place="부천역 앞", may_call_back=False, is_partial=False
    )
    report(db, clock, call_id=call_id, place=None, may_call_back=True)
    db.commit()
    db.refresh(ticket)
    assert (ticket.said, ticket.place, ticket.may_call_back) == (SAID, "부천역 앞", False)
    assert not ticket.is_partial
    added = [step for step in history_of(db, ticket) if step.action == "added"]
    assert [step.note for step in added] == ["장소, 다시 전화, 접수 완료 여부"]


def test_a_call_that_drops_later_does_not_make_a_whole_ticket_partial(
    db: Session, clock: ManualClock
) -> None:
    call_id = ring(db, clock)
    report(db, clock, call_id=call_id)
    assert not report(db, clock, call_id=call_id, is_partial=True).is_partial


def test_a_partial_ticket_stays_partial_until_somebody_says_otherwise(
    db: Session, clock: ManualClock
) -> None:
    call_id = ring(db, clock)
    report(db, clock, call_id=call_id, is_partial=True)
    assert report(db, clock, call_id=call_id, place="부천역 앞").is_partial


def test_a_matter_that_was_unclear_gives_way(db: Session, clock: ManualClock) -> None:
    call_id = ring(db, clock)
    report(db, clock, "unclear", call_id=call_id, is_partial=True)
    ticket = report(db, clock, call_id=call_id)
    assert (ticket.intent, ticket.department, ticket.urgency) == (
        "streetlight",
        "도로관리과",
        Urgency.ROUTINE,
    )
    assert report(db, clock, "unclear", call_id=call_id).intent == "streetlight"
    assert report(db, clock, "tree_park", call_id=call_id).intent == "streetlight"


def test_an_emergency_heard_later_in_the_request_takes_over(db: Session, clock: ManualClock) -> None:
    call_id = ring(db, clock)
    report(db, clock, call_id=call_id)
    ticket = report(db, clock, "fire", call_id=call_id, emergency_kind="fire")
    assert (ticket.intent, ticket.urgency, ticket.emergency_kind) == ("fire", Urgency.EMERGENCY, "fire")
    assert ticket.department == "재난안전과"
    assert report(db, clock, call_id=call_id).urgency is Urgency.EMERGENCY


def test_what_a_person_corrected_is_not_undone_by_the_machine(db: Session, clock: ManualClock) -> None:
    ticket = report(db, clock, "unclear")
    correct(db, ticket, intent="waste", actor=KIM, at=clock.now())
    again = report(db, clock, "fire", call_id=ticket.call_id)
    assert (again.intent, again.urgency) == ("waste", Urgency.EMERGENCY)


def test_two_deliveries_at_once_open_one_ticket(engine: Engine, db: Session, clock: ManualClock) -> None:
    call_id = ring(db, clock)
    db.commit()
    ran = at_once(engine, [lambda other: report(other, clock, call_id=call_id, said=SAID).id] * 6)
    assert len(set(ran.results)) == 1
    assert not ran.refused
    assert len(db.exec(select(Ticket)).all()) == 1
    assert len(db.exec(select(TicketEvent)).all()) == 1


def test_the_second_of_two_overlapping_deliveries_fills_in_what_the_first_lacked(
    engine: Engine, db: Session, clock: ManualClock
) -> None:
    call_id = ring(db, clock)
    db.commit()
    ran = overlapping(
        engine,
        lambda one: report(one, clock, call_id=call_id, said=SAID).id,
        lambda two: report(two, clock, call_id=call_id, place="부천역 앞").id,
    )
    assert len(set(ran.results)) == 1
    (ticket,) = db.exec(select(Ticket)).all()
    assert (ticket.said, ticket.place) == (SAID, "부천역 앞")


def test_of_two_who_fill_in_the_same_at_once_the_first_stands(
    engine: Engine, db: Session, clock: ManualClock
) -> None:
    call_id = ring(db, clock)
    report(db, clock, call_id=call_id)
    db.commit()
    overlapping(
        engine,
        lambda one: report(one, clock, call_id=call_id, place="부천역 앞"),
        lambda two: report(two, clock, call_id=call_id, place="역곡역 앞"),
    )
    (ticket,) = db.exec(select(Ticket).execution_options(populate_existing=True)).all()
    assert ticket.place == "부천역 앞"


def test_nothing_is_left_of_an_opening_that_was_rolled_back(
    engine: Engine, db: Session, clock: ManualClock
) -> None:
    call_id = ring(db, clock)
    db.commit()
    with Session(engine) as session:
        assert report(session, clock, call_id=call_id).id
        session.rollback()  # the process died
    assert db.exec(select(Ticket)).all() == []
    assert db.exec(select(AuditEvent).where(col(AuditEvent.action).startswith("ticket."))).all() == []
    db.commit()
    with transaction(engine) as other:
        assert report(other, clock, call_id=call_id).request_no == 1


def test_a_call_that_is_not_there_has_no_ticket(db: Session, clock: ManualClock) -> None:
    with pytest.raises(RecordNotFound):
        report(db, clock, call_id="f" * 32)


def test_what_comes_without_a_call_is_never_taken_for_another(db: Session, clock: ManualClock) -> None:
    def by_api() -> Ticket:
        return open_ticket(
            db,
            call_id=None,
            request_no=1,
            intent="waste",
            urgency=Urgency.ROUTINE,
            department=None,
            at=clock.now(),
            actor="api:city",
            caller_hash="a" * 64,
            source="192.0.2.1",
        )

    first = by_api()
    assert first.id != by_api().id
    assert [event.source for event in audit.events_of(db, subject=f"ticket:{first.id}")] == ["192.0.2.1"]
    assert by_api().caller_hash == "a" * 64


def test_a_ticket_belongs_to_the_number_shown_and_a_withheld_one_to_nobody(
    db: Session, clock: ManualClock
) -> None:
    assert report(db, clock).caller_hash == phone_hash(db, SUNJA)
    given = phone_hash(db, WITHHELD)
    assert report(db, clock, number=WITHHELD, caller_hash=given).caller_hash is None


# Moving


@pytest.mark.parametrize(("current", "to"), list(product(TicketState, TicketState)))
def test_the_table_decides_every_move(
    db: Session, clock: ManualClock, current: TicketState, to: TicketState
) -> None:
    ticket = report(db, clock)
    ticket.state = current
    db.flush()
    if to in MOVES[current] and to not in (current, MERGED):
        assert move(db, ticket, to=to, actor=KIM, at=clock.now(), note="까닭").state is to
    else:
        with pytest.raises(RecordConflict):
            move(db, ticket, to=to, actor=KIM, at=clock.now(), note="까닭")
        assert get_ticket(db, ticket.id or 0).state is current


def test_the_table_knows_every_state_and_what_is_final() -> None:
    assert set(MOVES) == set(TicketState)
    assert not MOVES[MERGED]
    assert MOVES[DONE] == MOVES[REJECTED] == {IN_PROGRESS}
    assert all(NEW not in targets for targets in MOVES.values())
    for current, to in product(TicketState, TicketState):
        assert is_reopening(current, to) == (current in FINISHED and to not in FINISHED)
    reached = {NEW}
    while more := {to for state in reached for to in MOVES[state]} - reached:
        reached |= more
    assert reached == set(TicketState)


def test_a_move_tells_who_when_and_why(db: Session, clock: ManualClock) -> None:
    ticket = report(db, clock)
    clock.advance(60)
    move(db, ticket, to=ACCEPTED, actor=KIM, at=clock.now(), note="지금 갑니다")
    step = history_of(db, ticket)[-1]
    assert (step.actor, step.at, step.note) == (KIM, clock.now(), "지금 갑니다")
    assert (step.from_state, step.to_state) == (NEW, ACCEPTED)
    event = audit.events_of(db, subject=f"ticket:{ticket.id}")[-1]
    assert (event.action, event.actor, event.at) == ("ticket.state", KIM, clock.now())
    assert event.detail == {"from": "new", "to": "accepted"}
    assert ticket.updated_at == clock.now()


def test_the_history_is_ciphertext_and_the_audit_holds_no_words(
    engine: Engine, db: Session, clock: ManualClock
) -> None:
    ticket = report(db, clock, said=SAID, place="행복빌라 앞", since="어제저녁부터")
    go(db, clock, ticket, ACCEPTED)
    amend(db, ticket, actor=KIM, at=clock.now(), place="사랑빌라 앞")
    add_note(db, ticket, note="김순자 님 댁 앞", actor=KIM, at=clock.now())
    db.commit()
    with engine.connect() as raw:
        rows = [raw.exec_driver_sql(f"SELECT * FROM {table}").all() for table in ("ticket_event", "ticket")]
    audited = str([event.detail for event in audit.events_of(db, subject=f"ticket:{ticket.id}")])
    for word in (SAID, "빌라", "김순자", "까닭", "어제"):
        assert word not in audited
        assert not any(word.encode() in bytes(v) for t in rows for r in t for v in r if isinstance(v, bytes))
        assert not any(word in v for t in rows for r in t for v in r if isinstance(v, str))


def test_who_accepts_or_starts_has_it_in_hand(db: Session, clock: ManualClock) -> None:
    ticket = go(db, clock, report(db, clock), ACCEPTED)
    assert ticket.accepted_by == KIM
    assert go(db, clock, ticket, IN_PROGRESS, actor=LEE).accepted_by == LEE
    # The next shift takes it over.
    assert go(db, clock, ticket, ACCEPTED).accepted_by == KIM
    assert go(db, clock, ticket, DONE, actor=LEE).accepted_by == KIM


def test_the_same_persons_same_move_again_changes_nothing(db: Session, clock: ManualClock) -> None:
    ticket = go(db, clock, report(db, clock), ACCEPTED, ACCEPTED, ACCEPTED)
    assert len(steps(db, ticket)) == 2


def test_somebody_elses_same_move_is_told_who_was_first(db: Session, clock: ManualClock) -> None:
    ticket = go(db, clock, report(db, clock), ACCEPTED)
    with pytest.raises(RecordConflict, match="'accepted' since 11-24 10:00 by staff:kim"):
        move(db, ticket, to=ACCEPTED, actor=LEE, at=clock.now())
    assert ticket.accepted_by == KIM


def test_what_is_done_can_be_reopened_with_a_reason(db: Session, clock: ManualClock) -> None:
    ticket = go(db, clock, report(db, clock), DONE)
    with pytest.raises(RecordConflict, match="without a reason"):
        move(db, ticket, to=IN_PROGRESS, actor=KIM, at=clock.now(), note="  ")
    assert move(db, ticket, to=IN_PROGRESS, actor=KIM, at=clock.now(), note="또 꺼짐").state is IN_PROGRESS


def test_a_rejection_needs_a_reason(db: Session, clock: ManualClock) -> None:
    with pytest.raises(RecordConflict, match="without a reason"):
        move(db, report(db, clock), to=REJECTED, actor=KIM, at=clock.now())
    assert [
        (current, to)
        for current, to in product(TicketState, TicketState)
        if to in MOVES[current] and needs_reason(current, to)
    ] == [
        (NEW, REJECTED),
        (ACCEPTED, REJECTED),
        (IN_PROGRESS, REJECTED),
        (HANDED_OVER, REJECTED),
        (DONE, IN_PROGRESS),
        (REJECTED, IN_PROGRESS),
    ]


def test_a_ticket_is_handed_to_a_department_and_on_to_the_right_one(db: Session, clock: ManualClock) -> None:
    ticket = report(db, clock)
    for department in ("교통정책과", "교통정책과", "도로관리과"):
        hand_over(db, ticket, department=department, actor=KIM, at=clock.now())
    assert (ticket.state, ticket.department) == (HANDED_OVER, "도로관리과")
    assert [step.note for step in history_of(db, ticket)[1:]] == ["교통정책과", "도로관리과"]
    with pytest.raises(RecordConflict, match="by staff:kim"):
        hand_over(db, ticket, department="도로관리과", actor=LEE, at=clock.now())
    go(db, clock, ticket, DONE)
    with pytest.raises(RecordConflict, match="'done' and cannot become 'handed_over'"):
        hand_over(db, ticket, department="교통정책과", actor=KIM, at=clock.now())


def _new_ticket(db: Session, clock: ManualClock) -> int:
    number = report(db, clock).id
    db.commit()
    assert number is not None
    return number


def test_of_two_who_accept_at_once_one_has_it(engine: Engine, db: Session, clock: ManualClock) -> None:
    number = _new_ticket(db, clock)

    def accept(actor: str) -> Act:
        return lambda other: move(other, get_ticket(other, number), to=ACCEPTED, actor=actor, at=clock.now())

    ran = at_once(engine, [accept(KIM), accept(LEE)])
    assert (len(ran.results), len(ran.refused)) == (1, 1)
    ticket = get_ticket_for_update(db, number)
    assert ticket.state is ACCEPTED
    assert str(ticket.accepted_by) in str(ran.refused[0])
    assert [step.actor for step in history_of(db, ticket) if step.action == "state"] == [ticket.accepted_by]


def test_a_move_that_overlaps_another_waits_and_is_told(
    engine: Engine, db: Session, clock: ManualClock
) -> None:
    number = _new_ticket(db, clock)

    def moving(to: TicketState, actor: str) -> Act:
        return lambda other: move(
            other, get_ticket(other, number), to=to, actor=actor, at=clock.now(), note="까닭"
        )

    ran = overlapping(engine, moving(REJECTED, KIM), moving(ACCEPTED, LEE))
    assert len(ran.refused) == 1
    assert "by staff:kim" in str(ran.refused[0]) or "'rejected' and cannot" in str(ran.refused[0])
    assert get_ticket_for_update(db, number).state is REJECTED


def test_a_click_on_a_page_that_is_old_by_now_undoes_nothing(
    engine: Engine, db: Session, clock: ManualClock
) -> None:
    """The page showed an accepted ticket; it was settled since. Starting it would be reopening it unseen."""
    number = _new_ticket(db, clock)
    with transaction(engine) as other:
        seen = go(other, clock, get_ticket(other, number), ACCEPTED)
    with transaction(engine) as other:
        go(other, clock, get_ticket(other, number), DONE, actor=LEE)
    with pytest.raises(RecordConflict, match=r"changed in the meantime: it is 'done' .* by staff:lee"):
        move(db, seen, to=IN_PROGRESS, actor=KIM, at=clock.now(), note="시작")
    assert get_ticket(db, number).state is DONE


# Correcting


def test_a_correction_reroutes_and_proposes_the_sentence(db: Session, clock: ManualClock) -> None:
    ticket = report(db, clock, "illegal_parking", said="골목에 차가 석 달째예요", gu="원미구", confidence=0.4)
    correct(db, ticket, intent="road_damage", actor=KIM, at=clock.now())
    assert (ticket.intent, ticket.is_corrected) == ("road_damage", True)
    assert (ticket.department, ticket.urgency) == ("원미구 건설안전과", Urgency.URGENT)
    (proposal,) = proposals(db)
    assert (proposal.source, proposal.text) == (f"ticket:{ticket.id}", "골목에 차가 석 달째예요")
    assert (proposal.heard_as, proposal.meant) == ("illegal_parking", "road_damage")
    assert history_of(db, ticket)[-1].note == "불법 주정차 → 도로 파손"


def test_a_correction_twice_is_one(db: Session, clock: ManualClock) -> None:
    ticket = report(db, clock, said=SAID)
    for _ in range(2):
        correct(db, ticket, intent="waste", actor=KIM, at=clock.now())
    assert [step.action for step in history_of(db, ticket)] == ["opened", "corrected"]
    assert len(proposals(db)) == 1


def test_a_correction_without_words_proposes_nothing(db: Session, clock: ManualClock) -> None:
    correct(db, report(db, clock), intent="waste", actor=KIM, at=clock.now())
    assert not proposals(db)


def test_a_correction_to_an_emergency_makes_it_one(db: Session, clock: ManualClock) -> None:
    ticket = report(db, clock, "odor_smoke")
    correct(db, ticket, intent="fire", actor=KIM, at=clock.now())
    assert (ticket.urgency, ticket.emergency_kind) == (Urgency.EMERGENCY, "fire")


def test_a_false_alarm_goes_with_the_matter_it_was_heard_in(db: Session, clock: ManualClock) -> None:
    ticket = report(db, clock, "fire", emergency_kind="fire")
    correct(db, ticket, intent="streetlight", actor=KIM, at=clock.now())
    assert (ticket.urgency, ticket.emergency_kind) == (Urgency.ROUTINE, None)


def test_an_emergency_heard_beside_a_routine_matter_survives_its_correction(
    db: Session, clock: ManualClock
) -> None:
    ticket = report(
        db, clock, "noise_living", emergency_kind="violence", urgency=Urgency.EMERGENCY, gu="원미구"
    )
    correct(db, ticket, intent="illegal_parking", actor=KIM, at=clock.now())
    assert (ticket.urgency, ticket.emergency_kind) == (Urgency.EMERGENCY, "violence")


def test_a_name_that_is_no_intent_corrects_nothing(db: Session, clock: ManualClock) -> None:
    ticket = report(db, clock)
    with pytest.raises(VoicebotError, match="no intent"):
        correct(db, ticket, intent="street_lamp", actor=KIM, at=clock.now())
    assert not ticket.is_corrected


# Notes and what the caller says otherwise


def test_a_note_stands_in_the_history_whatever_the_state(db: Session, clock: ManualClock) -> None:
    ticket = go(db, clock, report(db, clock), DONE)
    add_note(db, ticket, note=" 다시 전화드림 ", actor=LEE, at=clock.now())
    assert history_of(db, ticket)[-1].note == "다시 전화드림"
    with pytest.raises(VoicebotError, match="empty"):
        add_note(db, ticket, note="  ", actor=LEE, at=clock.now())


def test_what_the_caller_says_otherwise_stands_and_the_old_words_are_kept(
    db: Session, clock: ManualClock
) -> None:
    ticket = report(db, clock, place="중동", gu="원미구")
    amend(db, ticket, actor="call:1", at=clock.now(), place="상동", gu="원미구")
    assert ticket.place == "상동"
    assert history_of(db, ticket)[-1].note == "장소: 중동 → 상동"
    amend(db, ticket, actor="call:1", at=clock.now(), place="상동")
    assert len(history_of(db, ticket)) == 2


def test_an_unknown_ticket_is_not_found(db: Session) -> None:
    for find in (get_ticket, get_ticket_for_update):
        with pytest.raises(RecordNotFound, match="no ticket 4711"):
            find(db, 4711)
