"""The staff's pages: closed unless opened, escaped, audited; empty states and what is not there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from tests.calls.talk import FIRST_REQUEST, press
from tests.city import City
from voicebot.app import create_app
from voicebot.console import view
from voicebot.records import audit
from voicebot.records.database import reading
from voicebot.records.tables import FollowUpKind, FollowUpState, Priority, TextState

ATTACK = "<script>alert('x')</script>"


@pytest.fixture
def open_city(city: City) -> City:
    """The city with its pages open, as the demo city's are."""
    console = city.settings.console.model_copy(update={"open_to_everyone": True})
    house = replace(city.house, settings=city.settings.model_copy(update={"console": console}))
    return replace(city, house=house, app=create_app(house=house))


def _text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_nothing_is_shown_unless_the_settings_open_the_pages(city: City) -> None:
    call_id = city.order()
    for path in ("/", "/console/", f"/console/calls/{call_id}", "/console/static/console.css"):
        answer = city.client().get(path)
        assert answer.status_code == 403, path
        assert "말순" not in _text(answer)
    with reading(city.engine) as db:
        actions = [event.action for event in audit.events_of(db, subject=f"call:{call_id}")]
        assert "call.viewed" not in actions


def test_an_empty_city_says_what_will_appear_where(open_city: City) -> None:
    client = open_city.client()
    assert client.get("/").headers["Location"] == "/console/"
    page = _text(client.get("/console/"))
    assert "지금은 할 일이 없습니다" in page
    assert "아직 통화가 없습니다" in page
    call_page = _text(client.get(f"/console/calls/{open_city.order()}"))
    assert "아무 말도 오가지 않았습니다" in call_page
    assert "아직 없음" in call_page


def test_a_call_is_shown_with_its_turns_and_what_is_to_be_done(open_city: City) -> None:
    call_id = open_city.order()
    press(open_city, call_id, FIRST_REQUEST)
    open_city.report(call_id, "completed", 3)
    client = open_city.client()
    home = _text(client.get("/console/"))
    for shown in (
        "김말순",
        "010-0000-0001",
        "복지 혜택 안내 전화",
        "끝남",
        "통화 끊김",
        "신청 도움",
        "심곡2동",
    ):
        assert shown in home, shown
    page = _text(client.get(f"/console/calls/{call_id}"))
    for shown in ("[1 버튼]", "인공지능 안내 전화입니다", "신청 도움", "연결 안 됨"):
        assert shown in page, shown


def test_each_look_at_a_call_is_audited(open_city: City) -> None:
    call_id = open_city.order()
    for _ in range(2):
        open_city.client().get(f"/console/calls/{call_id}")
    with reading(open_city.engine) as db:
        views = [e for e in audit.events_of(db, subject=f"call:{call_id}") if e.action == "call.viewed"]
        assert [(view.actor, view.source) for view in views] == [("demo", "127.0.0.1")] * 2


def test_what_people_said_is_shown_as_words_not_as_a_page(open_city: City) -> None:
    call_id = open_city.order()
    press(open_city, call_id, [])
    open_city.turn(call_id, 1, SpeechResult=f"{ATTACK} 직원 바꿔 주세요")
    for path in ("/console/", f"/console/calls/{call_id}"):
        page = _text(open_city.client().get(path))
        assert "<script" not in page
    assert "&lt;script&gt;" in _text(open_city.client().get(f"/console/calls/{call_id}"))


def test_a_call_that_is_not_there_is_not_found(open_city: City) -> None:
    for path in (f"/console/calls/{'f' * 32}", f"/console/calls/{ATTACK}", "/console/nothing"):
        answer = open_city.client().get(path)
        assert answer.status_code == 404
        assert "<script" not in _text(answer)


def test_every_answer_carries_the_headers_that_protect_it(open_city: City) -> None:
    for path in ("/console/", f"/console/calls/{'f' * 32}", "/console/static/console.css"):
        headers = open_city.client().get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
    page = _text(open_city.client().get("/console/"))
    assert 'lang="ko"' in page
    assert "<style" not in page  # the policy would block it
    assert "style=" not in page


def test_nothing_can_be_changed_by_asking_the_pages(open_city: City) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert open_city.client().open("/console/", method=method).status_code == 405


def test_every_state_of_the_records_has_a_korean_name() -> None:
    assert set(view.KIND_KO) == set(FollowUpKind)
    assert set(view.PRIORITY_KO) == set(Priority)
    assert set(view.STATE_KO) == set(FollowUpState)
    assert set(view.TEXT_STATE_KO) == set(TextState)
    statuses = {
        "requested",
        "queued",
        "initiated",
        "ringing",
        "in-progress",
        "completed",
        "busy",
        "no-answer",
        "failed",
        "canceled",
    }
    assert set(view.STATUS_KO) == statuses
