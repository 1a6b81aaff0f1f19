"""The duty desk's pages: closed unless opened, audited, escaped, read-only; incidents, tickets and empty states."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session

from tests.city import City
from tests.duty.reporters import KIM, YEONGSU, report
from voicebot.app import create_app
from voicebot.clock import ManualClock
from voicebot.duty.incidents import join_incident
from voicebot.duty.tickets import hand_over, move
from voicebot.records import audit
from voicebot.records.database import reading, transaction
from voicebot.records.tables import Ticket, TicketState

ATTACK = "<script>alert('x')</script>"


@pytest.fixture
def open_city(city: City) -> City:
    """The city with its pages open, as the demo city's are."""
    console = city.settings.console.model_copy(update={"open_to_everyone": True})
    house = replace(city.house, settings=city.settings.model_copy(update={"console": console}))
    return replace(city, house=house, app=create_app(house=house))


def _page(city: City, path: str) -> str:
    answer = city.client().get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def _flood(db: Session, clock: ManualClock, **details: str) -> Ticket:
    fields = {"place": "심곡2동 우체국 앞", "dong": "심곡2동", "gu": "원미구", "said": "물이 차요", **details}
    ticket = report(db, clock, fields.pop("intent", "disaster"), **fields)
    join_incident(db, ticket, at=clock.now())
    return ticket


def test_nothing_is_shown_unless_the_settings_open_the_pages(city: City, clock: ManualClock) -> None:
    with transaction(city.engine) as db:
        number = _flood(db, clock).id
    for path in ("/console/duty", f"/console/duty/{number}"):
        answer = city.client().get(path)
        assert answer.status_code == 403
        assert "심곡" not in answer.get_data(as_text=True)
    with reading(city.engine) as db:
        actions = [event.action for event in audit.events_of(db, subject=f"ticket:{number}")]
        assert "ticket.viewed" not in actions
        assert not audit.events_of(db, subject="duty")


def test_an_empty_desk_says_what_will_appear_where(open_city: City) -> None:
    page = _page(open_city, "/console/duty")
    for shown in (
        "여기에 하나로 묶여",
        "지금은 처리할 신고가 없습니다",
        "부서에 전달해 놓은 신고가 없습니다",
    ):
        assert shown in page
    assert 'href="/console/duty"' in _page(open_city, "/console/")


def test_incidents_tickets_and_what_departments_have(open_city: City, clock: ManualClock) -> None:
    with transaction(open_city.engine) as db:
        flood = [_flood(db, clock), _flood(db, clock, number=YEONGSU)]
        _flood(db, clock, intent="sewer")
        lamp = report(db, clock, place="부천역")
        hand_over(db, lamp, department="도로관리과", actor=KIM, at=clock.now())
        done = report(db, clock, "waste")
        move(db, done, to=TicketState.DONE, actor=KIM, at=clock.now())
    page = _page(open_city, "/console/duty")
    for shown in ("2명 신고", "재난·붕괴·침수", "같은 장소의 다른 신고: 하수도", "원미구 심곡2동 우체국 앞"):
        assert shown in page, shown
    in_hand, _, handed_over = page.partition('id="handed-over"')
    assert f'href="/console/duty/{flood[0].id}"' in in_hand
    assert f'href="/console/duty/{lamp.id}"' in handed_over
    assert f'href="/console/duty/{done.id}"' not in page
    assert "물이 차요" not in page


def test_a_ticket_is_shown_with_its_words_history_and_neighbours(open_city: City, clock: ManualClock) -> None:
    with transaction(open_city.engine) as db:
        ticket, other = _flood(db, clock), _flood(db, clock, number=YEONGSU, said="남의 말")
        drain = _flood(db, clock, intent="sewer")
        move(db, ticket, to=TicketState.ACCEPTED, actor=KIM, at=clock.now(), note="출동함")
    page = _page(open_city, f"/console/duty/{ticket.id}")
    for shown in ("물이 차요", "긴급", "담당자 확인", "접수 → 담당자 확인: 출동함", "staff:kim", "(2명)"):
        assert shown in page, shown
    for neighbour in (other, drain):
        assert f'href="/console/duty/{neighbour.id}"' in page
    assert f'href="/console/calls/{ticket.call_id}"' in page
    assert "남의 말" not in page


def test_each_look_is_audited(open_city: City, clock: ManualClock) -> None:
    with transaction(open_city.engine) as db:
        number = _flood(db, clock).id
    _page(open_city, "/console/duty")
    for _ in range(2):
        _page(open_city, f"/console/duty/{number}")
    with reading(open_city.engine) as db:
        (board,) = audit.events_of(db, subject="duty")
        looks = [e for e in audit.events_of(db, subject=f"ticket:{number}") if e.action == "ticket.viewed"]
    assert (board.action, board.actor, board.source) == ("board.viewed", "demo", "127.0.0.1")
    assert board.detail == {"tickets": [number]}
    assert [(look.actor, look.source) for look in looks] == [("demo", "127.0.0.1")] * 2


def test_what_people_said_is_shown_as_words_not_as_a_page(open_city: City, clock: ManualClock) -> None:
    with transaction(open_city.engine) as db:
        ticket = report(db, clock, said=ATTACK, place=ATTACK, since=ATTACK)
        move(db, ticket, to=TicketState.DONE, actor=KIM, at=clock.now(), note=ATTACK)
        report(db, clock, place=ATTACK)
    for path in ("/console/duty", f"/console/duty/{ticket.id}"):
        page = _page(open_city, path)
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_a_ticket_that_is_not_there_is_not_found(open_city: City) -> None:
    for number in ("4711", "0", "99999999999999999999", "-1", "abc", ATTACK):
        answer = open_city.client().get(f"/console/duty/{number}")
        assert answer.status_code == 404, number
    assert open_city.client().get("/console/duty/4711").headers["Cache-Control"] == "no-store"


def test_nothing_can_be_changed_by_asking_the_pages(open_city: City, clock: ManualClock) -> None:
    with transaction(open_city.engine) as db:
        number = _flood(db, clock).id
    for path in ("/console/duty", f"/console/duty/{number}"):
        for method in ("POST", "PUT", "DELETE"):
            assert open_city.client().open(path, method=method).status_code == 405
