"""Alarms: who is woken, in which order, once, until somebody has the ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.duty.watch import (
    CHAIN,
    KIM,
    LEE,
    ROOM,
    Watch,
    alarm_of,
    move,
    put_ticket,
    report_text,
    texted,
    texts,
)
from voicebot.clock import ManualClock
from voicebot.duty.alarm_chain import Loudness, loudness
from voicebot.duty.alarm_texts import ONE_MESSAGE_BYTES, alarm_text
from voicebot.duty.alarm_watch import alarm_watch, watch_alarms
from voicebot.duty.alarms import Acceptance, Answer, accept, due_alarms, escalate, raise_alarm
from voicebot.errors import ConfigurationError, RecordNotFound
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.places.gazetteer import places
from voicebot.records import audit
from voicebot.records.database import reading, transaction
from voicebot.records.sites import seed_sites
from voicebot.records.tables import (
    Alarm,
    AlarmState,
    AuditEvent,
    FollowUp,
    OutboxItem,
    Priority,
    TextState,
    Ticket,
    TicketState,
    Urgency,
)

WITHIN_S = 120


def sound(
    db: Session, ticket: Ticket, at: datetime, *, is_quiet: bool = False, chain: tuple[Watch, ...] = CHAIN
) -> list[OutboxItem]:
    return raise_alarm(db, ticket=ticket, at=at, chain=chain, is_quiet=is_quiet, accept_within_s=WITHIN_S)


def watch(db: Session, at: datetime, chain: tuple[Watch, ...] = CHAIN) -> list[OutboxItem]:
    return escalate(db, at=at, chain_at=lambda _at: chain, accept_within_s=WITHIN_S)


def take(db: Session, ticket: Ticket, at: datetime, actor: str = "staff:kim") -> Acceptance:
    return accept(db, ticket=ticket, actor=actor, at=at, move=move)


@pytest.mark.parametrize(
    ("urgency", "escalates", "expected"),
    [
        (Urgency.EMERGENCY, False, Loudness.CHAIN),
        (Urgency.EMERGENCY, True, Loudness.CHAIN),
        (Urgency.URGENT, True, Loudness.CHAIN),
        (Urgency.URGENT, False, Loudness.QUIET),
        (Urgency.ROUTINE, False, Loudness.NONE),
        (Urgency.INFO, False, Loudness.NONE),
    ],
)
def test_nobody_is_woken_for_nothing(urgency: Urgency, escalates: bool, expected: Loudness) -> None:
    assert loudness(urgency, escalates=escalates) is expected


def test_the_first_of_the_chain_is_texted_at_once(db: Session, clock: ManualClock) -> None:
    ticket = put_ticket(db, clock.now())
    items = sound(db, ticket, clock.now())
    assert texted(db) == ["kim"]
    assert [(item.kind, item.payload) for item in items] == [("send_text", {"text_id": texts(db)[0].id})]
    alarm = alarm_of(db, ticket)
    assert (alarm.state, alarm.step) == (AlarmState.RAISED, 1)
    assert alarm.next_at == clock.now() + timedelta(seconds=WITHIN_S)


def test_raising_twice_texts_once(db: Session, clock: ManualClock) -> None:
    ticket = put_ticket(db, clock.now())
    sound(db, ticket, clock.now())
    assert sound(db, ticket, clock.now()) == []
    assert sound(db, ticket, clock.now(), is_quiet=True) == []
    assert texted(db) == ["kim"]


def test_an_alarm_lives_and_dies_with_the_turn_that_raised_it(engine: Engine, clock: ManualClock) -> None:
    with transaction(engine) as db:
        ticket = put_ticket(db, clock.now())
    with Session(engine) as db:
        sound(db, db.merge(ticket), clock.now())
        db.rollback()
    with transaction(engine) as db:
        assert (texted(db), db.exec(select(OutboxItem)).all(), due_alarms(db, at=clock.now())) == ([], [], [])
        sound(db, db.merge(ticket), clock.now())
        assert texted(db) == ["kim"]


def test_the_chain_is_climbed_until_it_is_exhausted(db: Session, clock: ManualClock) -> None:
    seed_sites(db)
    ticket = put_ticket(db, clock.now())
    sound(db, ticket, clock.now())
    told = []
    for _ in range(5):
        clock.advance(WITHIN_S - 1)
        assert watch(db, clock.now()) == []
        clock.advance(1)
        watch(db, clock.now())
        told.append(len(texted(db)))
    assert texted(db) == ["kim", "lee", "situation_room"]
    assert told == [2, 3, 3, 3, 3]
    alarm = alarm_of(db, ticket)
    assert (alarm.state, alarm.step, alarm.next_at) == (AlarmState.EXHAUSTED, 3, None)
    (left,) = db.exec(select(FollowUp)).all()
    assert (left.priority, left.due_at) == (Priority.AT_ONCE, clock.now() - timedelta(seconds=2 * WITHIN_S))
    assert f"당직 {ticket.id}번 화재, 원미구 중동: 3명에게 알렸지만" in left.summary


def test_nobody_on_duty_is_noticed_at_once(db: Session, clock: ManualClock) -> None:
    seed_sites(db)
    ticket = put_ticket(db, clock.now())
    assert sound(db, ticket, clock.now(), chain=()) == []
    assert alarm_of(db, ticket).state is AlarmState.EXHAUSTED
    assert "알릴 당직자가 없습니다" in db.exec(select(FollowUp)).one().summary


def test_an_alarm_without_offices_in_the_records_still_does_not_fail_the_turn(
    db: Session, clock: ManualClock
) -> None:
    ticket = put_ticket(db, clock.now())
    sound(db, ticket, clock.now(), chain=())
    assert alarm_of(db, ticket).state is AlarmState.EXHAUSTED


def test_after_a_pause_of_the_worker_one_officer_is_told_not_all(db: Session, clock: ManualClock) -> None:
    sound(db, put_ticket(db, clock.now()), clock.now())
    clock.advance(3600)
    watch(db, clock.now())
    watch(db, clock.now())
    assert texted(db) == ["kim", "lee"]


def test_a_change_of_shift_leaves_nobody_out_and_tells_nobody_twice(db: Session, clock: ManualClock) -> None:
    sound(db, put_ticket(db, clock.now()), clock.now())
    clock.advance(WITHIN_S)
    watch(db, clock.now(), chain=(LEE, KIM, ROOM))
    clock.advance(WITHIN_S)
    watch(db, clock.now(), chain=(LEE, KIM, ROOM))
    assert texted(db) == ["kim", "lee", "situation_room"]


@pytest.mark.parametrize("state", [TextState.FAILED, TextState.UNDELIVERED])
@pytest.mark.parametrize("is_quiet", [True, False])
def test_a_text_that_did_not_arrive_makes_the_next_one_be_told_without_waiting(
    db: Session, clock: ManualClock, state: TextState, is_quiet: bool
) -> None:
    sound(db, put_ticket(db, clock.now()), clock.now(), is_quiet=is_quiet)
    report_text(db, state)
    watch(db, clock.now())
    watch(db, clock.now())
    assert texted(db) == ["kim", "lee"]


@pytest.mark.parametrize("state", [TextState.WAITING, TextState.SENDING, TextState.SENT, TextState.UNKNOWN])
def test_a_text_that_may_have_arrived_is_given_its_time(
    db: Session, clock: ManualClock, state: TextState
) -> None:
    sound(db, put_ticket(db, clock.now()), clock.now())
    report_text(db, state)
    clock.advance(WITHIN_S - 1)
    assert watch(db, clock.now()) == []


def test_a_quiet_alarm_is_one_text(db: Session, clock: ManualClock) -> None:
    sound(db, put_ticket(db, clock.now(), urgency=Urgency.URGENT), clock.now(), is_quiet=True)
    report_text(db, TextState.DELIVERED)
    for _ in range(60):
        clock.advance(60)
        watch(db, clock.now())
    assert texted(db) == ["kim"]


@pytest.mark.parametrize("was_accepted", [True, False])
def test_a_quiet_alarm_that_becomes_an_emergency_starts_again_aloud(
    db: Session, clock: ManualClock, was_accepted: bool
) -> None:
    ticket = put_ticket(db, clock.now(), urgency=Urgency.URGENT)
    sound(db, ticket, clock.now(), is_quiet=True)
    if was_accepted:
        take(db, ticket, clock.now(), "staff:lee")
    clock.advance(5)
    sound(db, ticket, clock.now())
    assert sound(db, ticket, clock.now()) == []
    clock.advance(WITHIN_S)
    watch(db, clock.now())
    assert texted(db) == ["kim", "kim", "lee"]
    assert ["긴급" in text.body for text in texts(db)] == [False, True, True]
    assert take(db, ticket, clock.now()).answer is Answer.YOURS
    clock.advance(WITHIN_S)
    assert watch(db, clock.now()) == []


def test_the_first_to_accept_has_it_and_the_second_is_told_who(db: Session, clock: ManualClock) -> None:
    ticket = put_ticket(db, clock.now())
    sound(db, ticket, clock.now())
    first = take(db, ticket, clock.now(), "staff:kim")
    assert (first.answer, first.holder) == (Answer.YOURS, "staff:kim")
    assert ticket.state is TicketState.ACCEPTED
    accepted_at = clock.now()
    clock.advance(30)
    second = take(db, ticket, clock.now(), "staff:lee")
    assert (second.answer, second.holder, second.since) == (Answer.TAKEN, "staff:kim", accepted_at)
    assert take(db, ticket, clock.now(), "staff:kim").answer is Answer.YOURS
    clock.advance(WITHIN_S)
    assert watch(db, clock.now()) == []
    actions = [event.action for event in audit.events_of(db, subject=f"alarm:{alarm_of(db, ticket).id}")]
    assert actions == ["alarm.raised", "alarm.told", "alarm.accepted"]


def test_an_exhausted_alarm_can_still_be_accepted(db: Session, clock: ManualClock) -> None:
    ticket = put_ticket(db, clock.now())
    sound(db, ticket, clock.now(), chain=())
    assert take(db, ticket, clock.now()).answer is Answer.YOURS
    assert (alarm_of(db, ticket).state, ticket.state) == (AlarmState.ACCEPTED, TicketState.ACCEPTED)


def test_there_is_nothing_to_accept_where_no_alarm_was_raised(db: Session, clock: ManualClock) -> None:
    with pytest.raises(RecordNotFound, match="no alarm was raised"):
        take(db, put_ticket(db, clock.now()), clock.now())


@pytest.mark.parametrize("end", [TicketState.DONE, TicketState.REJECTED, TicketState.MERGED])
def test_a_ticket_that_is_over_stops_its_alarm(db: Session, clock: ManualClock, end: TicketState) -> None:
    ticket = put_ticket(db, clock.now())
    sound(db, ticket, clock.now())
    move(db, ticket, to=end, actor="staff:kim", at=clock.now())
    for _ in range(3):
        clock.advance(WITHIN_S)
        assert watch(db, clock.now()) == []
    assert texted(db) == ["kim"]
    assert take(db, ticket, clock.now()).answer is Answer.OVER
    assert ticket.state is end
    events = audit.events_of(db, subject=f"alarm:{alarm_of(db, ticket).id}")
    assert [event.action for event in events] == ["alarm.raised", "alarm.told", "alarm.stopped"]
    assert sound(db, ticket, clock.now()) == []


def test_what_a_person_calls_routine_wakes_nobody_more_and_an_emergency_again_does(
    db: Session, clock: ManualClock
) -> None:
    ticket = put_ticket(db, clock.now())
    sound(db, ticket, clock.now())
    ticket.urgency = Urgency.ROUTINE
    clock.advance(WITHIN_S)
    assert watch(db, clock.now()) == []
    clock.advance(WITHIN_S)
    assert watch(db, clock.now()) == []
    ticket.urgency = Urgency.EMERGENCY
    sound(db, ticket, clock.now())
    assert sound(db, ticket, clock.now()) == []
    clock.advance(WITHIN_S)
    watch(db, clock.now())
    assert texted(db) == ["kim", "kim", "lee"]


@pytest.mark.parametrize("is_exhausted", [True, False])
def test_whoever_took_the_ticket_at_the_board_has_the_alarm_too(
    db: Session, clock: ManualClock, is_exhausted: bool
) -> None:
    ticket = put_ticket(db, clock.now())
    sound(db, ticket, clock.now(), chain=() if is_exhausted else CHAIN)
    move(db, ticket, to=TicketState.ACCEPTED, actor="staff:lee", at=clock.now())
    clock.advance(WITHIN_S)
    assert watch(db, clock.now()) == []
    late = take(db, ticket, clock.now(), "staff:kim")
    assert (late.answer, late.holder) == (Answer.TAKEN, "staff:lee")
    assert alarm_of(db, ticket).state is AlarmState.ACCEPTED


def test_events_are_published_once_each(db: Session, clock: ManualClock) -> None:
    told: list[str] = []

    def publish(db: Session, *, event: str, ticket: Ticket, at: datetime) -> list[OutboxItem]:
        told.append(f"{event}:{ticket.id}")
        return []

    ticket = put_ticket(db, clock.now())
    for _ in range(2):
        raise_alarm(
            db,
            ticket=ticket,
            at=clock.now(),
            chain=CHAIN,
            is_quiet=False,
            accept_within_s=WITHIN_S,
            publish=publish,
        )
        accept(db, ticket=ticket, actor="staff:kim", at=clock.now(), move=move, publish=publish)
    assert told == [f"alarm.raised:{ticket.id}", f"alarm.accepted:{ticket.id}"]


def test_a_text_says_the_matter_and_the_place_and_nothing_of_the_caller(
    db: Session, clock: ManualClock
) -> None:
    ticket = put_ticket(
        db, clock.now(), said="우리 집 부엌에 불이 났어요", place="중동 101동 1203호", caller_hash="ab12"
    )
    body = alarm_text(ticket, step=1, is_quiet=False)
    assert body == f"[긴급당직] {ticket.id}번 화재, 원미구 중동. 수락은 상황실로 알려 주세요"
    assert alarm_text(ticket, step=2, is_quiet=False).startswith("[긴급당직 2차] ")
    assert alarm_text(ticket, step=1, is_quiet=True).startswith("[당직] ")
    sound(db, ticket, clock.now())
    assert texts(db)[0].body == body
    details = str([event.detail for event in db.exec(select(AuditEvent)).all()])
    assert all(secret not in details for secret in ("부엌", "1203", "ab12", KIM.phone))


def test_an_emergency_is_named_before_the_matter_it_was_heard_in(db: Session, clock: ManualClock) -> None:
    ticket = put_ticket(
        db, clock.now(), intent="illegal_parking", emergency_kind="medical", gu=None, dong=None
    )
    assert "응급 환자, 장소 미상." in alarm_text(ticket, step=1, is_quiet=False)


def test_every_alarm_fits_into_one_message() -> None:
    dong = max(places().dongs, key=lambda each: len(f"{each.gu}{each.name}"))
    at = datetime(2026, 11, 24)  # noqa: DTZ001 - not stored
    waking = [each for each in catalogue().values() if each.urgency in ("emergency", "urgent")]
    assert len(waking) > 15
    for intent in waking:
        ticket = Ticket(
            id=999_999,
            intent=intent.id,
            urgency=Urgency(intent.urgency),
            gu=dong.gu,
            dong=dong.name,
            created_at=at,
            updated_at=at,
        )
        body = alarm_text(ticket, step=9, is_quiet=False)
        assert len(body.encode("euc-kr")) <= ONE_MESSAGE_BYTES, body


def at_once(count: int, run: Callable[[], object]) -> list[object]:
    """``count`` threads that start together."""
    gate = Barrier(count)

    def one() -> object:
        gate.wait()
        return run()

    with ThreadPoolExecutor(count) as pool:
        return [each.result() for each in [pool.submit(one) for _ in range(count)]]


def committed_ticket(engine: Engine, clock: ManualClock, *, is_raised: bool = True) -> int:
    with transaction(engine) as db:
        ticket = put_ticket(db, clock.now())
        if is_raised:
            sound(db, ticket, clock.now())
    assert ticket.id is not None
    return ticket.id


def ticket_in(db: Session, ticket_id: int) -> Ticket:
    ticket = db.get(Ticket, ticket_id)
    assert ticket is not None
    return ticket


def test_two_turns_that_raise_at_once_raise_one_alarm(engine: Engine, clock: ManualClock) -> None:
    ticket_id = committed_ticket(engine, clock, is_raised=False)

    def run() -> int:
        with transaction(engine) as db:
            return len(sound(db, ticket_in(db, ticket_id), clock.now()))

    assert sorted(at_once(6, run)) == [0, 0, 0, 0, 0, 1]  # type: ignore[type-var]
    with reading(engine) as db:
        assert texted(db) == ["kim"]


def test_two_workers_at_once_tell_each_step_once(engine: Engine, clock: ManualClock) -> None:
    for _ in range(4):
        committed_ticket(engine, clock)
    handed: list[OutboxItem] = []

    def run() -> None:
        watch_alarms(
            engine,
            clock,
            chain_at=lambda _at: CHAIN,
            accept_within_s=WITHIN_S,
            hand_over=handed.extend,
        )

    clock.advance(WITHIN_S)
    at_once(4, run)
    with reading(engine) as db:
        assert sorted(texted(db)) == ["kim"] * 4 + ["lee"] * 4
    assert len(handed) == 4


def test_two_officers_at_once_and_one_has_it(engine: Engine, clock: ManualClock) -> None:
    ticket_id = committed_ticket(engine, clock)
    names = iter(["staff:kim", "staff:lee", "staff:park"])

    def run() -> Answer:
        actor = next(names)
        with transaction(engine) as db:
            return take(db, ticket_in(db, ticket_id), clock.now(), actor).answer

    answers = at_once(3, run)
    assert sorted(answers) == [Answer.TAKEN, Answer.TAKEN, Answer.YOURS]  # type: ignore[type-var]
    with reading(engine) as db:
        assert ticket_in(db, ticket_id).accepted_by == db.exec(select(Alarm)).one().accepted_by


def test_accepting_while_the_next_is_told_leaves_no_alarm_behind(engine: Engine, clock: ManualClock) -> None:
    ticket_id = committed_ticket(engine, clock)
    clock.advance(WITHIN_S)
    turns = iter([True, False])

    def run() -> object:
        with transaction(engine) as db:
            if next(turns):
                return take(db, ticket_in(db, ticket_id), clock.now())
            return watch(db, clock.now())

    at_once(2, run)
    with reading(engine) as db:
        alarm = db.exec(select(Alarm)).one()
        assert (alarm.state, alarm.next_at) == (AlarmState.ACCEPTED, None)
        assert due_alarms(db, at=clock.now() + timedelta(hours=1)) == []


def test_a_worker_killed_before_its_commit_is_made_up_for(engine: Engine, clock: ManualClock) -> None:
    committed_ticket(engine, clock)
    clock.advance(WITHIN_S)
    with Session(engine) as db:
        assert watch(db, clock.now())
        db.rollback()  # killed here
    with transaction(engine) as db:
        watch(db, clock.now())
        assert texted(db) == ["kim", "lee"]


def test_one_alarm_that_cannot_go_on_does_not_hold_up_the_others(engine: Engine, clock: ManualClock) -> None:
    committed_ticket(engine, clock)
    committed_ticket(engine, clock)
    clock.advance(WITHIN_S)
    calls = iter([ConfigurationError("broken once")])
    handed: list[OutboxItem] = []

    def chain_at(_at: datetime) -> tuple[Watch, ...]:
        for error in calls:
            raise error
        return CHAIN

    def hand_over(items: Iterable[OutboxItem]) -> None:
        handed.extend(items)

    job = alarm_watch(engine, clock, chain_at=chain_at, accept_within_s=WITHIN_S, hand_over=hand_over)
    job.run()
    assert len(handed) == 1
    job.run()
    assert len(handed) == 2
    job.run()
    assert len(handed) == 2
