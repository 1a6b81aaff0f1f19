"""Events: one delivery per subscriber that wants them, written with the change or not at all."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.duty.subscribers import a_ticket, subscriber
from voicebot.clock import ManualClock
from voicebot.duty.events import publish
from voicebot.records.database import transaction
from voicebot.records.tables import DeliveryState, OutboxItem, Ticket, TicketEvent, WebhookDelivery

ALL = (subscriber("saeol"), subscriber("situation", "https://room.example", "alarm.raised"))


def _deliveries(db: Session) -> list[WebhookDelivery]:
    return list(db.exec(select(WebhookDelivery).order_by(WebhookDelivery.id)).all())  # type: ignore[arg-type]


def test_each_subscriber_gets_what_it_wants_and_the_turn_gets_the_outbox_items(
    db: Session, clock: ManualClock
) -> None:
    ticket = a_ticket(db, clock.now())
    created = publish(db, event="ticket.created", ticket=ticket, at=clock.now(), subscribers=ALL)
    raised = publish(db, event="alarm.raised", ticket=ticket, at=clock.now(), subscribers=ALL)
    kept = _deliveries(db)
    assert [(one.event_key, one.subscriber) for one in kept] == [
        (f"ticket.created:{ticket.id}", "saeol"),
        (f"alarm.raised:{ticket.id}", "saeol"),
        (f"alarm.raised:{ticket.id}", "situation"),
    ]
    assert all(one.state is DeliveryState.WAITING for one in kept)
    items = [*created, *raised]
    assert [item.payload for item in items] == [{"delivery_id": one.id} for one in kept]
    assert {item.kind for item in items} == {"deliver_webhook"}


def test_an_event_tells_codes_and_never_a_persons_words(db: Session, clock: ManualClock) -> None:
    ticket = a_ticket(db, clock.now())
    publish(db, event="ticket.created", ticket=ticket, at=clock.now(), subscribers=ALL)
    body = _deliveries(db)[0].body
    assert body["id"] == f"ticket.created:{ticket.id}"
    assert body["ticket"]["service_code"] == "streetlight"
    assert body["occurred_at"] == "2026-11-24T10:00:00+09:00"
    told = json.dumps(body, ensure_ascii=False)
    for secret in ("말순", "깜깜", "심곡로", "hash of"):
        assert secret not in told


def test_the_same_event_published_again_is_the_same_delivery(db: Session, clock: ManualClock) -> None:
    ticket = a_ticket(db, clock.now())
    first = publish(db, event="ticket.created", ticket=ticket, at=clock.now(), subscribers=ALL)
    clock.advance(60)
    again = publish(db, event="ticket.created", ticket=ticket, at=clock.now(), subscribers=ALL)
    assert [item.id for item in first] == [item.id for item in again]
    assert len(_deliveries(db)) == 1


def test_every_change_is_an_update_of_its_own(db: Session, clock: ManualClock) -> None:
    ticket = a_ticket(db, clock.now())
    assert ticket.id is not None
    for _ in range(2):  # two changes in one turn, at one moment
        db.add(TicketEvent(ticket_id=ticket.id, at=clock.now(), actor="system", action="state"))
        publish(db, event="ticket.updated", ticket=ticket, at=clock.now(), subscribers=ALL)
    clock.advance(1)  # details were filled in without an entry
    for _ in range(2):  # and that was told twice
        publish(db, event="ticket.updated", ticket=ticket, at=clock.now(), subscribers=ALL)
    assert len({one.event_key for one in _deliveries(db)}) == len(_deliveries(db)) == 3


def test_what_is_rolled_back_was_never_told(engine: Engine, clock: ManualClock) -> None:
    def die() -> None:
        with transaction(engine) as db:
            ticket = a_ticket(db, clock.now())
            publish(db, event="ticket.created", ticket=ticket, at=clock.now(), subscribers=ALL)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        die()
    with transaction(engine) as db:
        for table in (Ticket, WebhookDelivery, OutboxItem):
            assert not db.exec(select(table)).all()


def test_two_processes_that_publish_one_event_make_one_delivery(engine: Engine, clock: ManualClock) -> None:
    with transaction(engine) as db:
        ticket_id = a_ticket(db, clock.now()).id

    def tell(_number: int) -> None:
        with transaction(engine) as db:
            ticket = db.get_one(Ticket, ticket_id)
            publish(db, event="alarm.raised", ticket=ticket, at=clock.now(), subscribers=ALL)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(tell, range(6)))
    with transaction(engine) as db:
        assert [one.subscriber for one in _deliveries(db)] == ["saeol", "situation"]
        assert len(db.exec(select(OutboxItem)).all()) == 2


def test_nobody_subscribed_nothing_written_and_a_slip_is_told(db: Session, clock: ManualClock) -> None:
    ticket = a_ticket(db, clock.now())
    assert publish(db, event="ticket.updated", ticket=ticket, at=clock.now(), subscribers=ALL[1:]) == []
    with pytest.raises(ValueError, match=r"ticket\.made"):
        publish(db, event="ticket.made", ticket=ticket, at=clock.now(), subscribers=ALL)
