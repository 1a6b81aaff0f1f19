from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.jobs.conftest import AskForCall
from tests.jobs.doubles import RESIDENT, CarrierDouble, Killed, outbound_call
from voicebot.clock import ManualClock
from voicebot.errors import (
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
    RecordConflict,
    RecordNotFound,
)
from voicebot.jobs.kinds import JobContext
from voicebot.jobs.placing import (
    PlacingResult,
    adopt_sid,
    claim_of,
    locked_call,
    place_call,
    placing_handler,
    request_placing,
)
from voicebot.jobs.reconciling import reconcile
from voicebot.records.database import open_database, transaction
from voicebot.records.tables import AuditEvent, Call, Direction, Placement

Load = Callable[[str], Call]


def dies_at(point: str) -> Callable[[str], None]:
    def reached(here: str) -> None:
        if here == point:
            raise Killed

    return reached


def opted_out(_db: Session, _call: Call) -> str | None:
    return "opted_out"


def test_it_places_a_requested_call_and_writes_down_the_carriers_id(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, ask_for_call: AskForCall, load: Load
) -> None:
    call_id = ask_for_call()
    result = place_call(engine, carrier, call_id, clock)
    call = load(call_id)
    assert result == PlacingResult(Placement.PLACED, carrier.calls[0].sid)
    assert (call.placement, call.carrier_sid, call.status) == (
        Placement.PLACED,
        carrier.calls[0].sid,
        "queued",
    )
    assert call.last_heard_at == clock.now()
    assert carrier.calls[0].to == RESIDENT


def test_it_is_content_with_a_call_that_is_placed_already(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, ask_for_call: AskForCall
) -> None:
    call_id = ask_for_call()
    first = place_call(engine, carrier, call_id, clock)
    assert place_call(engine, carrier, call_id, clock) == first
    assert len(carrier.calls) == 1


@pytest.mark.parametrize("point", ["claimed", "dialled"])
def test_it_never_dials_after_a_try_that_died_between_claim_and_record(
    engine: Engine,
    carrier: CarrierDouble,
    clock: ManualClock,
    ask_for_call: AskForCall,
    load: Load,
    point: str,
) -> None:
    call_id = ask_for_call()
    with pytest.raises(Killed):
        place_call(engine, carrier, call_id, clock, reached=dies_at(point))
    dialled = len(carrier.calls)
    assert load(call_id).placement is Placement.PLACING
    assert place_call(engine, carrier, call_id, clock) == PlacingResult(
        Placement.UNKNOWN, reason="interrupted"
    )
    assert place_call(engine, carrier, call_id, clock).placement is Placement.UNKNOWN
    assert len(carrier.calls) == dialled


def test_it_does_not_ring_someone_who_opted_out_after_the_request(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, ask_for_call: AskForCall, load: Load
) -> None:
    call_id = ask_for_call()
    told: list[tuple[str, str]] = []
    result = place_call(
        engine,
        carrier,
        call_id,
        clock,
        gate=opted_out,
        on_refused=lambda _db, call, reason: told.append((call.id, reason)),
    )
    assert result == PlacingResult(Placement.REFUSED, reason="opted_out")
    assert (load(call_id).placement, load(call_id).status) == (Placement.REFUSED, "canceled")
    assert told == [(call_id, "opted_out")]
    assert not carrier.calls
    with transaction(engine) as db:
        event = db.exec(select(AuditEvent)).one()
    assert (event.action, event.subject, event.detail) == (
        "call.placement.refused",
        f"call:{call_id}",
        {"reason": "opted_out"},
    )


@pytest.mark.parametrize(
    ("trouble", "placement", "reason"),
    [
        (CarrierUnavailable("busy"), Placement.REQUESTED, "carrier_unavailable"),
        (CarrierRefused("no such number", code=21211), Placement.REFUSED, "carrier_refused_21211"),
        (CarrierUnknown("timed out"), Placement.UNKNOWN, "carrier_unknown"),
        ((CarrierUnknown("timed out after it rang"),), Placement.UNKNOWN, "carrier_unknown"),
    ],
)
def test_it_takes_the_carriers_trouble_for_what_it_means(
    engine: Engine,
    carrier: CarrierDouble,
    clock: ManualClock,
    ask_for_call: AskForCall,
    load: Load,
    trouble: CarrierUnavailable,
    placement: Placement,
    reason: str,
) -> None:
    call_id = ask_for_call()
    carrier.script = [trouble]
    assert place_call(engine, carrier, call_id, clock) == PlacingResult(placement, reason=reason)
    assert load(call_id).placement is placement


def test_it_accepts_that_a_webhook_named_the_call_before_the_answer_came(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, ask_for_call: AskForCall, load: Load
) -> None:
    call_id = ask_for_call()

    def webhook(point: str) -> None:
        if point == "dialled":
            with transaction(engine) as db:
                call = locked_call(db, call_id)
                adopt_sid(db, call, carrier.calls[0].sid, clock.now())
                call.status = "ringing"

    result = place_call(engine, carrier, call_id, clock, reached=webhook)
    assert result == PlacingResult(Placement.PLACED, carrier.calls[0].sid)
    assert load(call_id).status == "ringing"


def test_it_believes_the_webhook_over_a_lost_answer(
    engine: Engine, clock: ManualClock, ask_for_call: AskForCall, load: Load
) -> None:
    call_id = ask_for_call()

    class Impatient(CarrierDouble):
        def place(self, call_id: str, to: str, from_: str) -> str:
            sid = super().place(call_id, to, from_)
            with transaction(engine) as db:
                adopt_sid(db, locked_call(db, call_id), sid, clock.now())
            raise CarrierUnknown("the answer was lost")

    carrier = Impatient(clock)
    assert place_call(engine, carrier, call_id, clock).placement is Placement.PLACED
    assert load(call_id).carrier_sid == carrier.calls[0].sid


def test_it_records_the_answer_although_another_worker_took_the_try_for_dead(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, ask_for_call: AskForCall, load: Load
) -> None:
    call_id = ask_for_call()

    def second_worker(point: str) -> None:
        if point == "claimed":
            assert place_call(engine, carrier, call_id, clock).placement is Placement.UNKNOWN

    place_call(engine, carrier, call_id, clock, reached=second_worker)
    assert (load(call_id).placement, len(carrier.calls)) == (Placement.PLACED, 1)


def test_it_does_not_dial_on_a_claim_that_may_be_reconciled_by_now(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, ask_for_call: AskForCall, load: Load
) -> None:
    call_id = ask_for_call()

    def stopped_for_minutes(_point: str) -> None:
        clock.advance(300)

    result = place_call(engine, carrier, call_id, clock, reached=stopped_for_minutes)
    assert result.placement is Placement.UNKNOWN
    assert not carrier.calls


def test_it_dials_once_when_many_workers_try_at_once(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, ask_for_call: AskForCall, load: Load
) -> None:
    call_id = ask_for_call()
    start = Barrier(6)

    def work() -> None:
        start.wait()
        place_call(engine, carrier, call_id, clock)

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(carrier.calls) == 1
    assert load(call_id).carrier_sid == carrier.calls[0].sid


def test_it_reports_two_carrier_calls_for_one_request_instead_of_hiding_one(
    engine: Engine,
    carrier: CarrierDouble,
    clock: ManualClock,
    ask_for_call: AskForCall,
    caplog: pytest.LogCaptureFixture,
) -> None:
    call_id = ask_for_call()

    def stray_webhook(point: str) -> None:
        if point == "claimed":
            with transaction(engine) as db:
                adopt_sid(db, locked_call(db, call_id), "CAstray", clock.now())

    result = place_call(engine, carrier, call_id, clock, reached=stray_webhook)
    assert result == PlacingResult(Placement.PLACED, "CAstray", "twice")
    assert "placed twice" in caplog.text
    with transaction(engine) as db, pytest.raises(RecordConflict, match="two carrier calls"):
        adopt_sid(db, locked_call(db, call_id), "CAother", clock.now())


def test_it_names_a_call_that_is_not_there_or_came_in(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, ask_for_call: AskForCall
) -> None:
    with pytest.raises(RecordNotFound, match="no call nowhere"):
        place_call(engine, carrier, "nowhere", clock)
    inbound = ask_for_call(direction=Direction.INBOUND, placement=None)
    with pytest.raises(RecordConflict, match="came in"):
        place_call(engine, carrier, inbound, clock)


def test_its_job_asks_for_another_attempt_and_at_last_refuses(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, ask_for_call: AskForCall, load: Load
) -> None:
    call_id = ask_for_call()
    carrier.script = [CarrierUnavailable("busy"), CarrierUnavailable("busy")]
    told: list[str] = []
    handle = placing_handler(
        engine, carrier, clock, on_refused=lambda _db, _call, reason: told.append(reason)
    )
    with pytest.raises(CarrierUnavailable):
        handle({"call_id": call_id}, JobContext(1, 1, is_last=False))
    assert (load(call_id).placement, told) == (Placement.REQUESTED, [])
    with pytest.raises(CarrierUnavailable):
        handle({"call_id": call_id}, JobContext(1, 2, is_last=True))
    assert (load(call_id).placement, told) == (Placement.REFUSED, ["carrier_unavailable"])


def test_only_a_call_without_a_trace_of_dialling_may_be_dialled() -> None:
    may_dial = [
        (placement, sid)
        for placement in Placement
        for sid in (None, "CA1")
        if claim_of(placement, sid).value == "dial"
    ]
    assert may_dial == [(Placement.REQUESTED, None)]


_MISHAPS = st.lists(
    st.sampled_from(
        [
            "works",
            "unavailable",
            "lost",
            "lost_after_ringing",
            "dies_claimed",
            "dies_dialled",
            "dies_recorded",
        ]
    ),
    max_size=7,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mishaps=_MISHAPS)
def test_whatever_goes_wrong_nobody_is_rung_twice(
    mishaps: list[str], tmp_path_factory: pytest.TempPathFactory, migrated_sqlite_file: Path
) -> None:
    world = _World(tmp_path_factory.mktemp("world"), migrated_sqlite_file)
    for mishap in [*mishaps, "works", "works"]:
        world.live_through(mishap)
    call = world.call()
    world.engine.dispose()
    asked_a_person = call.placement is Placement.UNKNOWN
    assert len(world.carrier.calls) <= 1
    if not asked_a_person:
        assert [call.carrier_sid] == [ringing.sid for ringing in world.carrier.calls]
    assert asked_a_person <= (len([m for m in mishaps if m.startswith(("lost", "dies"))]) >= 3)


class _World:
    """One call on a database of its own; a job that is run again as the engine would, then reconciled."""

    def __init__(self, folder: Path, template: Path) -> None:
        path = folder / "voicebot.db"
        path.write_bytes(template.read_bytes())
        self.engine = open_database(f"sqlite:///{path}", bytes(range(32)))
        self.clock = ManualClock(datetime(2026, 11, 24, 1, tzinfo=UTC))
        self.carrier = CarrierDouble(self.clock)
        call = outbound_call(self.clock.now())
        self.call_id = call.id
        with transaction(self.engine) as db:
            db.add(call)
            db.flush()
            request_placing(db, call.id, self.clock.now())

    def call(self) -> Call:
        with transaction(self.engine) as db:
            return db.get_one(Call, self.call_id)

    def live_through(self, mishap: str) -> None:
        trouble = {
            "unavailable": CarrierUnavailable("busy"),
            "lost": CarrierUnknown("lost"),
            "lost_after_ringing": (CarrierUnknown("lost"),),
        }.get(mishap)
        self.carrier.script = [trouble]
        reached = dies_at(mishap.removeprefix("dies_"))
        try:
            place_call(self.engine, self.carrier, self.call_id, self.clock, reached=reached)
        except Killed:
            place_call(self.engine, self.carrier, self.call_id, self.clock)  # recovered at the next launch
        self.clock.advance(61)
        reconcile(self.engine, self.carrier, self.clock)
