from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.jobs.doubles import RESIDENT, CarrierDouble, Killed
from voicebot.clock import ManualClock
from voicebot.errors import (
    CarrierError,
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
    RecordNotFound,
)
from voicebot.jobs.kinds import JobContext
from voicebot.jobs.text_sending import request_sending, send_text, sending_handler
from voicebot.records.database import transaction
from voicebot.records.tables import TextMessage, TextState

BODY = "[가람시] 전기요금 할인 안내입니다. 문의 032-000-0001"
Load = Callable[[int], TextMessage]


@pytest.fixture
def text_id(engine: Engine, clock: ManualClock) -> int:
    text = TextMessage(
        kind="programme_details",
        to_number=RESIDENT,
        body=BODY,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    with transaction(engine) as db:
        db.add(text)
    assert text.id
    return text.id


@pytest.fixture
def load_text(engine: Engine) -> Load:
    def load(text_id: int) -> TextMessage:
        with transaction(engine) as db:
            return db.get_one(TextMessage, text_id)

    return load


def test_it_sends_a_waiting_text_once(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, text_id: int, load_text: Load
) -> None:
    assert send_text(engine, carrier, text_id, clock) is TextState.SENT
    assert send_text(engine, carrier, text_id, clock) is TextState.SENT
    assert carrier.texts == [(RESIDENT, BODY)]
    assert load_text(text_id).carrier_sid == f"SM{1:032x}"


def test_it_does_not_send_again_what_a_crash_cut_short(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, text_id: int, load_text: Load
) -> None:
    class Deadly(CarrierDouble):
        def send(self, to: str, body: str, text_id: int) -> str:
            raise Killed

    with pytest.raises(Killed):
        send_text(engine, Deadly(clock), text_id, clock)
    assert load_text(text_id).state is TextState.SENDING
    assert send_text(engine, carrier, text_id, clock) is TextState.UNKNOWN
    assert send_text(engine, carrier, text_id, clock) is TextState.UNKNOWN
    assert not carrier.texts


@pytest.mark.parametrize(
    ("trouble", "state", "error"),
    [
        (CarrierUnavailable("busy"), TextState.WAITING, "carrier_unavailable"),
        (CarrierRefused("no", code=21610), TextState.FAILED, "carrier_refused_21610"),
        (CarrierUnknown("lost"), TextState.UNKNOWN, "carrier_unknown"),
    ],
)
def test_it_takes_the_gateways_trouble_for_what_it_means(
    engine: Engine,
    carrier: CarrierDouble,
    clock: ManualClock,
    text_id: int,
    load_text: Load,
    trouble: CarrierError,
    state: TextState,
    error: str,
) -> None:
    carrier.script = [trouble]
    assert send_text(engine, carrier, text_id, clock) is state
    assert (load_text(text_id).state, load_text(text_id).error) == (state, error)


def test_it_does_not_write_to_someone_who_opted_out(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, text_id: int, load_text: Load
) -> None:
    state = send_text(engine, carrier, text_id, clock, gate=lambda _db, _text: "opted_out")
    assert (state, load_text(text_id).error) == (TextState.FAILED, "opted_out")
    assert not carrier.texts


def test_it_does_not_undo_a_delivery_report_that_came_first(
    engine: Engine, clock: ManualClock, text_id: int, load_text: Load
) -> None:
    class Fast(CarrierDouble):
        def send(self, to: str, body: str, text_id: int) -> str:
            with transaction(engine) as db:
                db.get_one(TextMessage, text_id).state = TextState.DELIVERED
            return super().send(to, body, text_id)

    assert send_text(engine, Fast(clock), text_id, clock) is TextState.DELIVERED
    assert load_text(text_id).carrier_sid == f"SM{1:032x}"


def test_its_job_asks_for_another_attempt_and_at_last_fails(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, text_id: int, load_text: Load
) -> None:
    carrier.script = [CarrierUnavailable("busy"), CarrierUnavailable("busy")]
    handle = sending_handler(engine, carrier, clock)
    for attempt, state in ((1, TextState.WAITING), (2, TextState.FAILED)):
        with pytest.raises(CarrierUnavailable):
            handle({"text_id": text_id}, JobContext(1, attempt, is_last=attempt == 2))
        assert load_text(text_id).state is state


def test_it_is_asked_for_once_and_names_a_text_that_is_not_there(
    engine: Engine, carrier: CarrierDouble, clock: ManualClock, text_id: int
) -> None:
    with transaction(engine) as db:
        items = {request_sending(db, text_id, clock.now()).id for _ in range(2)}
    assert len(items) == 1
    with pytest.raises(RecordNotFound, match="no text 999"):
        send_text(engine, carrier, 999, clock)
