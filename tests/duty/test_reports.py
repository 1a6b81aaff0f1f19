"""Reports of other programs: one ticket for each, placed, routed and audited; sent again it is the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from voicebot.clock import ManualClock
from voicebot.duty.reports import Received, Report, receive_report
from voicebot.duty.services import services
from voicebot.errors import RecordConflict
from voicebot.jobs import outbox
from voicebot.records import audit
from voicebot.records.database import transaction
from voicebot.records.lookup import phone_hash
from voicebot.records.tables import OutboxItem, Ticket, TicketEvent, TicketState, Urgency

REPORT = Report("waste", "소사역 앞 (좌표 37.482800, 126.795600)", "봉투가 산더미예요", "+821000009999")


def _receive(
    db: Session, clock: ManualClock, report: Report = REPORT, key: str | None = None, sender: str = "saeol"
) -> Received:
    return receive_report(db, report, sender=sender, at=clock.now(), idempotency_key=key, source="192.0.2.7")


def test_a_report_is_a_ticket_of_the_department_of_its_district(db: Session, clock: ManualClock) -> None:
    ticket = _receive(db, clock).ticket
    assert (ticket.intent, ticket.urgency, ticket.state) == ("waste", Urgency.ROUTINE, TicketState.NEW)
    assert (ticket.gu, ticket.department) == ("소사구", "소사구 도시미관과")
    assert (ticket.call_id, ticket.said) == (None, REPORT.said)
    assert ticket.caller_hash == phone_hash(db, "+821000009999")
    [opened] = db.exec(select(TicketEvent)).all()
    assert (opened.ticket_id, opened.actor, opened.action) == (ticket.id, "api:saeol", "opened")
    [event] = audit.events_of(db, subject=f"ticket:{ticket.id}")
    assert (event.actor, event.action, event.source, event.detail) == (
        "api:saeol",
        "ticket.opened",
        "192.0.2.7",
        {"intent": "waste", "urgency": "routine", "department": "소사구 도시미관과"},
    )


def test_a_place_outside_what_is_known_leaves_the_district_open(db: Session, clock: ManualClock) -> None:
    ticket = _receive(db, clock, replace(REPORT, place="(좌표 37.500000, 126.700000)")).ticket
    assert (ticket.gu, ticket.dong, ticket.department) == (None, None, "도시미관과")


def test_without_a_key_every_report_is_another(db: Session, clock: ManualClock) -> None:
    assert _receive(db, clock).ticket.id != _receive(db, clock).ticket.id


def test_the_same_report_under_one_key_is_one_ticket(engine: Engine, clock: ManualClock) -> None:
    with transaction(engine) as db:
        first = _receive(db, clock, key="a-1")
    clock.advance(3600)
    with transaction(engine) as db:
        again = _receive(db, clock, key="a-1")
        other_sender = _receive(db, clock, key="a-1", sender="portal")
    assert (first.is_new, again.is_new, other_sender.is_new) == (True, False, True)
    assert first.ticket.id == again.ticket.id != other_sender.ticket.id


def test_another_report_under_a_used_key_is_refused(engine: Engine, clock: ManualClock) -> None:
    with transaction(engine) as db:
        _receive(db, clock, key="a-1")
    for other in (replace(REPORT, said="다른 말"), replace(REPORT, service_code="sewer")):
        with transaction(engine) as db, pytest.raises(RecordConflict, match="Idempotency-Key"):
            _receive(db, clock, other, key="a-1")


def test_many_who_send_one_report_at_once_make_one_ticket(engine: Engine, clock: ManualClock) -> None:
    def send(_number: int) -> tuple[int | None, bool]:
        with transaction(engine) as db:
            received = _receive(db, clock, key="a-1")
        return received.ticket.id, received.is_new

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(send, range(8)))
    assert len({ticket_id for ticket_id, _ in got}) == 1
    assert sum(is_new for _, is_new in got) == 1
    with transaction(engine) as db:
        assert len(db.exec(select(Ticket)).all()) == 1


def test_a_crash_before_the_commit_leaves_the_key_unused(engine: Engine, clock: ManualClock) -> None:
    def die() -> None:
        with transaction(engine) as db:
            _receive(db, clock, key="a-1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        die()
    with transaction(engine) as db:
        assert _receive(db, clock, key="a-1").is_new


def test_the_receipt_is_no_work_and_holds_nothing_readable(engine: Engine, clock: ManualClock) -> None:
    with transaction(engine) as db:
        _receive(db, clock, key="김말순")
    clock.advance(3600)
    with transaction(engine) as db:
        assert not outbox.pending(db, created_before=clock.now())
        assert db.exec(select(OutboxItem)).one().handed_over_at is not None
        rows = repr(db.execute(text("SELECT * FROM outbox_item")).all())
        rows += repr(db.execute(text("SELECT * FROM ticket")).all())
    for secret in ("말순", "산더미", "소사역", "0009999"):
        assert secret not in rows


def test_every_service_has_a_department_and_none_is_an_emergency() -> None:
    offered = services()
    assert {"waste", "streetlight", "noise_living", "water_supply"} <= offered.keys()
    assert not offered.keys() & {"fire", "suicide", "abusive", "unclear", "human_request", "verify_call"}
    assert all(service.department_ko and "{" not in service.department_ko for service in offered.values())
