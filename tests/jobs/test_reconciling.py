from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests.jobs.conftest import AskForCall
from tests.jobs.doubles import CarrierDouble
from voicebot.clock import ManualClock
from voicebot.errors import CarrierUnavailable
from voicebot.jobs.carriers import CarrierCall
from voicebot.jobs.placing import place_call, request_placing
from voicebot.jobs.reconciling import LostAnswer, Patience, Reconciled, Verdict, reconcile, verdict_on
from voicebot.records.database import transaction
from voicebot.records.tables import (
    AuditEvent,
    Call,
    FollowUp,
    FollowUpKind,
    OutboxItem,
    Placement,
    Resident,
    Site,
    SiteKind,
)

Load = Callable[[str], Call]


@pytest.fixture
def lost_call(engine: Engine, clock: ManualClock, ask_for_call: AskForCall) -> AskForCall:
    """A call whose answer was lost just now, asked for once."""

    def lose(**columns: object) -> str:
        given = {"placement": Placement.UNKNOWN, "placing_at": clock.now(), **columns}
        call_id = ask_for_call(**given)
        with transaction(engine) as db:
            request_placing(db, call_id, clock.now())
        return call_id

    return lose


def verdicts(result: Reconciled) -> dict[Verdict, int]:
    return dict(result.verdicts)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (LostAnswer("CA1", (), 0, 1), Verdict.KEEP),
        (LostAnswer("CA1", ("CA2", "CA3"), 2, 9), Verdict.KEEP),
        (LostAnswer(None, ("CA1",), 0, 1), Verdict.ADOPT),
        (LostAnswer(None, ("CA1",), 0, 9), Verdict.ADOPT),
        (LostAnswer(None, ("CA1",), 1, 1), Verdict.ASK_A_PERSON),
        (LostAnswer(None, ("CA1", "CA2"), 0, 1), Verdict.ASK_A_PERSON),
        (LostAnswer(None, (), 0, 1), Verdict.PLACE_AGAIN),
        (LostAnswer(None, (), 2, 2), Verdict.PLACE_AGAIN),
        (LostAnswer(None, (), 0, 3), Verdict.ASK_A_PERSON),
        (LostAnswer(None, (), 0, 1, is_stale=True), Verdict.ASK_A_PERSON),
        (LostAnswer(None, ("CA1",), 0, 1, is_stale=True), Verdict.ADOPT),
    ],
)
def test_it_dials_again_only_when_certainly_nothing_rang(facts: LostAnswer, verdict: Verdict) -> None:
    assert verdict_on(facts, most_placements=3) is verdict


def test_it_adopts_the_one_call_that_nobody_owns(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, lost_call: AskForCall, load: Load
) -> None:
    call_id = lost_call()
    sid = carrier.ring()
    clock.advance(61)
    assert verdicts(reconcile(engine, carrier, clock)) == {Verdict.ADOPT: 1}
    assert (load(call_id).placement, load(call_id).carrier_sid) == (Placement.PLACED, sid)
    assert reconcile(engine, carrier, clock) == Reconciled(Counter(), (), 0)


def test_it_waits_until_the_carriers_list_can_be_trusted(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, lost_call: AskForCall, load: Load
) -> None:
    call_id = lost_call()
    clock.advance(59)
    assert verdicts(reconcile(engine, carrier, clock)) == {}
    assert load(call_id).placement is Placement.UNKNOWN


def test_it_asks_for_another_placement_when_nothing_rang(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, lost_call: AskForCall, load: Load
) -> None:
    call_id = lost_call()
    carrier.ring(to="+821000000009")
    clock.advance(61)
    handed_over: list[Sequence[int]] = []
    result = reconcile(engine, carrier, clock, hand_over=handed_over.append)
    assert verdicts(result) == {Verdict.PLACE_AGAIN: 1}
    assert handed_over == [list(result.outbox_items)]
    with transaction(engine) as db:
        item = db.get_one(OutboxItem, result.outbox_items[0])
    assert (item.kind, item.payload, item.key) == (
        "place_call",
        {"call_id": call_id},
        f"place_call:{call_id}:2",
    )
    assert load(call_id).placement is Placement.REQUESTED
    assert place_call(engine, carrier, call_id, clock).placement is Placement.PLACED


def test_it_does_not_dial_hours_later_by_itself(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, lost_call: AskForCall, load: Load
) -> None:
    call_id = lost_call()
    clock.advance(4 * 3600)
    assert verdicts(reconcile(engine, carrier, clock)) == {Verdict.ASK_A_PERSON: 1}
    assert load(call_id).placement is Placement.UNKNOWN


def test_it_does_not_adopt_a_call_that_belongs_to_another_request(
    engine: Engine,
    carrier: CarrierDouble,
    clock: ManualClock,
    ask_for_call: AskForCall,
    lost_call: AskForCall,
    load: Load,
) -> None:
    call_id = lost_call()
    place_call(engine, carrier, ask_for_call(), clock)
    clock.advance(61)
    assert verdicts(reconcile(engine, carrier, clock)) == {Verdict.PLACE_AGAIN: 1}
    assert load(call_id).carrier_sid is None


@pytest.mark.parametrize("where", ["the city", "the resident's own office"])
def test_it_leaves_what_it_cannot_tell_apart_to_a_person_and_asks_once(
    engine: Engine,
    carrier: CarrierDouble,
    clock: ManualClock,
    lost_call: AskForCall,
    load: Load,
    where: str,
) -> None:
    with transaction(engine) as db:
        db.add(Site(id="city", kind=SiteKind.CITY, name_ko="가람시"))
        db.flush()
        db.add(Site(id="dong", kind=SiteKind.DONG, name_ko="솔잎동", parent_id="city"))
        db.flush()
        resident = Resident(site_id="dong", name="김가람", name_hash="x")
        db.add(resident)
        db.flush()
        resident_id = resident.id if where != "the city" else None
    call_id = lost_call(resident_id=resident_id)
    carrier.ring()
    carrier.ring()
    clock.advance(61)
    assert verdicts(reconcile(engine, carrier, clock)) == {Verdict.ASK_A_PERSON: 1}
    assert verdicts(reconcile(engine, carrier, clock)) == {}
    with transaction(engine) as db:
        follow_up = db.exec(select(FollowUp)).one()
    assert (follow_up.kind, follow_up.call_id, follow_up.site_id) == (
        FollowUpKind.TECHNICAL,
        call_id,
        "dong" if resident_id else "city",
    )
    assert load(call_id).placement is Placement.UNKNOWN


def test_two_lost_calls_to_one_number_do_not_share_what_rang(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, lost_call: AskForCall, load: Load
) -> None:
    first, second = lost_call(), lost_call()
    carrier.ring()
    clock.advance(61)
    assert verdicts(reconcile(engine, carrier, clock)) == {Verdict.ASK_A_PERSON: 2}
    assert {load(call_id).carrier_sid for call_id in (first, second)} == {None}


def test_it_settles_a_claim_whose_process_never_came_back(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, lost_call: AskForCall, load: Load
) -> None:
    call_id = lost_call(placement=Placement.PLACING)
    sid = carrier.ring()
    clock.advance(179)
    assert verdicts(reconcile(engine, carrier, clock)) == {}
    clock.advance(1)
    assert verdicts(reconcile(engine, carrier, clock)) == {Verdict.ADOPT: 1}
    assert load(call_id).carrier_sid == sid


def test_it_keeps_what_a_webhook_named_meanwhile(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, lost_call: AskForCall, load: Load
) -> None:
    call_id = lost_call(carrier_sid="CAwebhook")
    clock.advance(61)
    assert verdicts(reconcile(engine, carrier, clock)) == {Verdict.KEEP: 1}
    assert (load(call_id).placement, load(call_id).carrier_sid) == (Placement.PLACED, "CAwebhook")


def test_it_asks_again_at_the_next_run_when_the_carrier_does_not_answer(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, lost_call: AskForCall, load: Load
) -> None:
    call_id = lost_call()
    clock.advance(61)
    carrier.list_error = CarrierUnavailable("down")
    assert verdicts(reconcile(engine, carrier, clock)) == {}
    assert load(call_id).placement is Placement.UNKNOWN
    carrier.list_error = None
    assert verdicts(reconcile(engine, carrier, clock)) == {Verdict.PLACE_AGAIN: 1}


def test_it_yields_to_whoever_settled_the_call_while_the_carrier_was_asked(
    engine: Engine, clock: ManualClock, lost_call: AskForCall, load: Load
) -> None:
    call_id = lost_call()

    class Slow(CarrierDouble):
        def list_calls(self, **asked: object) -> Sequence[CarrierCall]:
            with transaction(engine) as db:
                db.get_one(Call, call_id).placement = Placement.REFUSED
            return ()

    clock.advance(61)
    assert verdicts(reconcile(engine, Slow(clock), clock)) == {}
    assert load(call_id).placement is Placement.REFUSED


def test_it_fetches_the_status_of_a_call_that_stopped_reporting(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, ask_for_call: AskForCall, load: Load
) -> None:
    silent = ask_for_call(
        placement=Placement.PLACED,
        carrier_sid=carrier.ring(status="completed"),
        status="ringing",
        last_heard_at=clock.now(),
    )
    never_heard = ask_for_call(placement=Placement.PLACED, carrier_sid=carrier.ring(), status="queued")
    ended = {"placement": Placement.PLACED, "carrier_sid": "CAold", "status": "completed"}
    ask_for_call(**ended, last_heard_at=clock.now())
    applied: list[CarrierCall] = []
    clock.advance(299)
    assert reconcile(engine, carrier, clock, apply_status=applied.append).statuses_fetched == 0
    clock.advance(2)
    assert reconcile(engine, carrier, clock, apply_status=applied.append).statuses_fetched == 2
    assert [(call.sid, call.status) for call in applied] == [
        (carrier.calls[0].sid, "completed"),
        (carrier.calls[1].sid, "queued"),
    ]
    assert load(silent).last_heard_at == load(never_heard).last_heard_at == clock.now()
    assert reconcile(engine, carrier, clock, apply_status=applied.append).statuses_fetched == 0


def test_it_tells_a_person_of_a_call_that_the_carrier_does_not_know(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, ask_for_call: AskForCall
) -> None:
    with transaction(engine) as db:
        db.add(Site(id="city", kind=SiteKind.CITY, name_ko="가람시"))
    call_id = ask_for_call(
        placement=Placement.PLACED, carrier_sid="CAgone", status="ringing", last_heard_at=clock.now()
    )
    applied: list[CarrierCall] = []
    for _ in range(3):
        clock.advance(301)
        reconcile(engine, carrier, clock, apply_status=applied.append)
    assert not applied
    with transaction(engine) as db:
        assert [follow_up.call_id for follow_up in db.exec(select(FollowUp)).all()] == [call_id]


def test_its_audit_trail_holds_no_numbers(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, lost_call: AskForCall
) -> None:
    lost_call()
    carrier.ring()
    clock.advance(61)
    reconcile(engine, carrier, clock, patience=Patience())
    with transaction(engine) as db:
        event = db.exec(select(AuditEvent)).one()
    assert (event.action, event.detail) == ("call.placement.adopted", {"reason": "adopt"})
