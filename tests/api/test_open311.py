"""Open311 as another program meets it: both formats, keys, limits, readings written down, reports made once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from tests.api.open311 import BASE, REPORT, as_texts, read, refused, send, spark
from tests.city import City
from tests.duty.subscribers import a_ticket, subscriber
from voicebot.api.open311 import Open311, open311_blueprint
from voicebot.app import open311_of
from voicebot.clock import ManualClock
from voicebot.duty.events import publish
from voicebot.records import audit
from voicebot.records.api_keys import add_key, revoke_key
from voicebot.records.database import transaction
from voicebot.records.tables import OutboxItem, Ticket, TicketState, Urgency, WebhookDelivery


def test_services_are_open_to_everyone_in_both_formats(city: City) -> None:
    listed = read(city.client().get(f"{BASE}/services.json"))
    assert as_texts(listed) == spark(read(city.client().get(f"{BASE}/services.xml")))
    waste = next(service for service in listed if service["service_code"] == "waste")
    assert waste | {"description": ""} == {
        "service_code": "waste",
        "service_name": "쓰레기",
        "description": "",
        "metadata": False,
        "type": "realtime",
        "keywords": "쓰레기",
        "group": "도시미관과",
    }


@pytest.mark.parametrize("code", ["waste", "streetlight"])
def test_a_service_definition_names_its_service(city: City, code: str) -> None:
    definition = read(city.client().get(f"{BASE}/services/{code}.json"))
    assert definition == {"service_code": code, "attributes": []}
    document = read(city.client().get(f"{BASE}/services/{code}.xml"))
    assert (document.tag, [part.tag for part in document]) == (
        "service_definition",
        ["service_code", "attributes"],
    )


def test_discovery_says_what_this_is(city: City) -> None:
    found = read(city.client().get(f"{BASE}/discovery.json"))
    assert as_texts(found) == spark(read(city.client().get(f"{BASE}/discovery.xml")))
    [endpoint] = found["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "http://127.0.0.1:8080/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["type"] == "test"
    assert "032-320-3000" in found["contact"]
    assert datetime.strptime(found["changeset"], "%Y-%m-%d %H:%M")  # noqa: DTZ007


@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_is_not_there_is_404_in_the_format_asked_for(city: City, key: str, form: str) -> None:
    for path in ("services/nothing", "nothing", "services/waste/more", "requests/1/notes"):
        refused(city.client().get(f"{BASE}/{path}.{form}"), 404)
    for number in ("999", "0", "abc", "9" * 30, "1%00", "-1"):
        refused(city.client().get(f"{BASE}/requests/{number}.{form}", headers={"X-Api-Key": key}), 404)
    refused(city.client().get(f"{BASE}/services.html"), 404)
    refused(city.client().delete(f"{BASE}/requests.{form}"), 400)
    refused(city.client().post(f"{BASE}/services.{form}"), 400)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_no_request_is_read_or_made_without_a_key_in_force(
    city: City, key: str, clock: ManualClock, form: str
) -> None:
    with transaction(city.engine) as db:
        ticket_id = a_ticket(db, clock.now()).id
        old = add_key(db, name="old", at=clock.now(), actor="cli")
        revoke_key(db, name="old", at=clock.now(), actor="cli")
    for wrong in ({}, {"api_key": ""}, {"api_key": "guess"}, {"api_key": old}, {"api_key": key + "\0"}):
        for path in (f"requests.{form}", f"requests/{ticket_id}.{form}", f"requests/999.{form}"):
            answer = city.client().get(f"{BASE}/{path}", query_string=wrong)
            assert "api_key" in refused(answer, 403)[0]
            assert "깜깜" not in answer.text
        refused(city.client().post(f"{BASE}/requests.{form}", data={**REPORT, **wrong}), 403)
    with transaction(city.engine) as db:
        assert len(db.exec(select(Ticket)).all()) == 1


def test_a_request_is_made_and_read_back_in_both_formats(city: City, key: str, ask: Any) -> None:
    made = send(city, key, {**REPORT, "lat": "37.4828", "long": "126.7956", "address_id": "A-7"})
    assert made.status_code == 201
    [receipt] = read(made)
    assert (
        receipt["service_notice"]
        == f"접수 번호는 {receipt['service_request_id']}번입니다. 담당은 소사구 도시미관과입니다."
    )
    [request] = ask(f"requests/{receipt['service_request_id']}.json")
    assert request == {
        "service_request_id": receipt["service_request_id"],
        "status": "open",
        "status_notes": "접수되었습니다.",
        "service_name": "쓰레기",
        "service_code": "waste",
        "description": REPORT["description"],
        "agency_responsible": "소사구 도시미관과",
        "service_notice": None,
        "requested_datetime": "2026-11-24T10:00:00+09:00",
        "updated_datetime": "2026-11-24T10:00:00+09:00",
        "expected_datetime": "2026-11-25T09:00:00+09:00",
        "address": "소사역 앞",
        "address_id": "A-7",
        "zipcode": None,
        "lat": 37.4828,
        "long": 126.7956,
        "media_url": None,
    }
    document = ask(f"requests/{receipt['service_request_id']}.xml")
    assert document.tag == "service_requests"
    assert spark(document) == [as_texts(request)]


def test_a_key_may_come_in_a_header_so_that_no_log_of_addresses_keeps_it(city: City, key: str) -> None:
    assert city.client().get(f"{BASE}/requests.json", headers={"X-Api-Key": key}).status_code == 200
    made = city.client().post(f"{BASE}/requests.xml", data=REPORT, headers={"X-Api-Key": key})
    assert made.status_code == 201
    assert read(made).find("request/service_request_id").text


def test_what_a_caller_said_can_hold_anything_and_stays_valid(
    city: City, clock: ManualClock, ask: Any
) -> None:
    said = "a\x00b\x08<&>\"']]>\r\n\ufffe\U0001f600 끝"
    if city.engine.dialect.name == "postgresql":
        said = said.replace("\x00", "")
    with transaction(city.engine) as db:
        a_ticket(db, clock.now(), said=said, place="심곡로 <12> & 앞")
    assert ask("requests.json")[0]["description"] == said
    [request] = ask("requests.xml")
    assert request.find("description").text == "ab<&>\"']]>\n\U0001f600 끝"
    assert request.find("address").text == "심곡로 <12> & 앞"


def test_words_of_suicidal_callers_and_of_reporters_of_abuse_stay_in_the_house(
    city: City, clock: ManualClock, ask: Any
) -> None:
    with transaction(city.engine) as db:
        for intent in ("suicide", "abuse_report"):
            a_ticket(db, clock.now(), intent=intent, urgency=Urgency.EMERGENCY)
    for request in ask("requests.json"):
        assert (request["description"], request["address"]) == (None, "원미구")
        assert request["service_name"] in ("자살 위험", "학대 신고")


def test_every_reading_is_written_down_under_the_keys_name(city: City, clock: ManualClock, ask: Any) -> None:
    with transaction(city.engine) as db:
        ids = [a_ticket(db, clock.now()).id for _ in range(2)]
    ask("requests.json")
    with transaction(city.engine) as db:
        [event] = audit.events_of(db, subject="tickets")
    assert (event.actor, event.action, event.source) == ("api:saeol", "tickets.read", "127.0.0.1")
    assert event.detail == {"ticket_ids": ids[::-1]}


@pytest.fixture
def tickets(city: City, clock: ManualClock) -> dict[str, str]:
    """Tickets by a name: how many days old, of what kind, in which state."""
    made = {
        "new": (0, "waste", TicketState.NEW),
        "done": (1, "waste", TicketState.DONE),
        "handed_over": (2, "sewer", TicketState.HANDED_OVER),
        "merged": (80, "sewer", TicketState.MERGED),
        "edge": (90, "fire", TicketState.REJECTED),
        "old": (91, "waste", TicketState.NEW),
    }
    with transaction(city.engine) as db:
        return {
            name: str(a_ticket(db, clock.now() - timedelta(days=age), intent=intent, state=state).id)
            for name, (age, intent, state) in made.items()
        }


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({}, "new done handed_over merged edge"),
        ({"status": "open"}, "new handed_over"),
        ({"status": "closed"}, "done merged edge"),
        ({"status": "open,closed"}, "new done handed_over merged edge"),
        ({"status": "", "service_code": " "}, "new done handed_over merged edge"),
        ({"service_code": "waste"}, "new done"),
        ({"service_code": "sewer, fire"}, "handed_over merged edge"),
        ({"service_code": "fire", "status": "open"}, ""),
        ({"start_date": "2026-11-22T10:00:00+09:00"}, "new done handed_over"),
        ({"start_date": "2026-11-22T10:00:00 09:00"}, "new done handed_over"),
        ({"start_date": "2026-11-22T01:00Z", "end_date": "2026-11-23T01:00:00Z"}, "done handed_over"),
        ({"end_date": "2026-09-30T00:00:00Z"}, "merged edge old"),
        ({"start_date": "2026-08-20T00:00:00Z"}, "merged edge old"),
        ({"start_date": "9999-12-01T00:00:00Z", "end_date": "9999-12-31T00:00:00Z"}, ""),
    ],
)
def test_requests_are_found_by_kind_state_and_time(
    ask: Any, tickets: dict[str, str], parameters: dict[str, str], names: str
) -> None:
    found = [request["service_request_id"] for request in ask("requests.json", **parameters)]
    assert found == [tickets[name] for name in names.split()]


def test_numbers_override_everything_else(ask: Any, tickets: dict[str, str]) -> None:
    wanted = f"{tickets['old']}, {tickets['new']},2147483647,9999999999"
    found = ask("requests.json", service_request_id=wanted, service_code="bad", start_date="bad")
    assert [one["service_request_id"] for one in found] == [tickets["new"], tickets["old"]]
    assert ask("requests.json", service_request_id="9999999999") == []


def test_at_most_a_thousand_the_newest_first(city: City, clock: ManualClock, ask: Any) -> None:
    with transaction(city.engine) as db:
        for age in range(1003):
            db.add(
                Ticket(
                    intent="waste",
                    urgency=Urgency.ROUTINE,
                    created_at=clock.now() - timedelta(minutes=age),
                    updated_at=clock.now(),
                )
            )
    found = ask("requests.json")
    moments = [one["requested_datetime"] for one in found]
    assert len(found) == 1000
    assert moments == sorted(moments, reverse=True)
    assert moments[0] == "2026-11-24T10:00:00+09:00"


def test_a_reporters_name_is_not_kept_and_the_number_only_as_a_hash(city: City, key: str, ask: Any) -> None:
    personal = {"first_name": "말순", "last_name": "김", "email": "ms@example.org", "phone": "010-0000-9999"}
    picture = {"media_url": "https://city.example/1.jpg"}
    assert send(city, key, {**REPORT, **personal, **picture}).status_code == 201
    with transaction(city.engine) as db:
        ticket = db.exec(select(Ticket)).one()
        kept = repr(ticket.model_dump())
    assert ticket.caller_hash
    assert ticket.said == REPORT["description"] + "\nhttps://city.example/1.jpg"
    for word in ("말순", "ms@", "9999"):
        assert word not in kept
        assert word not in json.dumps(ask("requests.json"), ensure_ascii=False)


def test_a_report_sent_again_under_its_key_is_answered_alike_and_made_once(city: City, key: str) -> None:
    def post(_number: int) -> tuple[int, Any]:
        answer = send(city, key, REPORT, Idempotency_Key="2026-0001")
        return answer.status_code, read(answer)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(post, range(6)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 201
    with transaction(city.engine) as db:
        assert len(db.exec(select(Ticket)).all()) == 1
    other = send(city, key, {**REPORT, "description": "다른 말"}, Idempotency_Key="2026-0001")
    assert "Idempotency-Key" in refused(other, 400)[0]
    for wrong in ("", "a b", "x" * 256):
        refused(send(city, key, REPORT, Idempotency_Key=wrong), 400)


def test_what_a_new_ticket_sets_going_is_written_with_it_and_handed_over_once(
    city: City, key: str, clock: ManualClock
) -> None:
    def opened(db: Session, ticket: Ticket, at: datetime) -> list[OutboxItem]:
        return publish(db, event="ticket.created", ticket=ticket, at=at, subscribers=[subscriber()])

    made = open311_of(city.house)
    app = Flask("open311")
    app.register_blueprint(open311_blueprint(Open311(**{**_fields(made), "opened": opened})))
    for _ in range(2):
        answer = app.test_client().post(
            f"{BASE}/requests.json", data={"api_key": key, **REPORT}, headers={"Idempotency-Key": "1"}
        )
        assert answer.status_code == 201
    with transaction(city.engine) as db:
        assert len(db.exec(select(WebhookDelivery)).all()) == 1
    assert [item.kind for item in city.handed_over] == ["deliver_webhook"]


def _fields(desk: Open311) -> dict[str, Any]:
    return {name: getattr(desk, name) for name in Open311.__dataclass_fields__}
