"""The unchanged Twilio SDK against the carrier: over real HTTP on loopback, and in process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from flask import Flask
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from tests.telephony.simulated.city import ACCOUNT, BASE, CITY, RESIDENT, TOKEN, City, ask, say
from voicebot.clock import ManualClock, SystemClock
from voicebot.telephony.simulated import (
    Caller,
    Dead,
    HttpTransport,
    Mailbox,
    NotReached,
    ScriptedPerson,
    SimulatedExchange,
    create_carrier_app,
)

EVENTS = ["initiated", "ringing", "answered", "completed"]


def place(client: Client, **others: object) -> str:
    options = {"to": RESIDENT, "from_": CITY, "url": f"{BASE}/in", "status_callback": f"{BASE}/status"}
    return str(client.calls.create(**(options | {"status_callback_event": EVENTS} | others)).sid)


@pytest.fixture
def served(exchange: SimulatedExchange) -> Iterator[str]:
    """The API on a real port, mounted under a prefix."""
    mounted = DispatcherMiddleware(Flask("root"), {"/carrier": create_carrier_app(exchange)})
    server = make_server("127.0.0.1", 0, mounted, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/carrier"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def over_http(served: str) -> Iterator[Client]:
    http_client = TwilioHttpClient(timeout=5)
    client = Client(ACCOUNT, TOKEN, http_client=http_client)
    client.api.base_url = served
    yield client
    http_client.session.close()


def test_a_placed_call_rings_is_answered_and_reported(city: City, caller: Caller, client: Client) -> None:
    city.pages = {"/in": say("안녕하세요."), "/status": ""}
    sid = place(client)
    assert client.calls(sid).fetch().status == "queued"
    caller.answers()
    assert city.statuses() == ["initiated", "ringing", "in-progress", "completed"]
    assert [asked.params["SequenceNumber"] for asked in city.of("/status")] == ["0", "1", "2", "3"]
    assert city.of("/in")[0].params["Direction"] == "outbound-api"
    shown = client.calls(sid).fetch()
    assert (shown.status, shown.duration, shown._from) == ("completed", "1", CITY)


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_a_call_that_is_not_answered_ends_with_its_own_status(
    city: City, exchange: SimulatedExchange, client: Client, status: str
) -> None:
    city.pages = {"/status": ""}
    caller = Caller(exchange, RESIDENT, when_rung=NotReached(status))  # type: ignore[arg-type]
    place(client, timeout=30)
    caller.answers()
    assert city.statuses() == ["initiated", "ringing", status]
    assert city.of("/in") == []


def test_only_events_asked_for_are_reported(city: City, caller: Caller, client: Client) -> None:
    city.pages = {"/in": say("네."), "/status": ""}
    place(client, status_callback_event=["answered"])
    caller.answers()
    assert city.statuses() == ["in-progress"]


def test_events_joined_by_blanks_are_refused(client: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        place(client, status_callback_event=["initiated ringing"])
    assert refused.value.status == 400


def test_a_call_canceled_in_the_queue_is_never_reported(
    city: City, exchange: SimulatedExchange, client: Client
) -> None:
    exchange.faults.calls_per_second = 0.1
    city.pages = {"/in": say("네."), "/status": ""}
    place(client, to="+821000000009")
    sid = place(client)
    client.calls(sid).update(status="canceled")
    exchange.run()
    assert client.calls(sid).fetch().status == "canceled"
    assert {asked.params["CallSid"] for asked in city.of("/status")} == set(exchange.lines) - {sid}


def test_calls_start_one_a_second(city: City, exchange: SimulatedExchange, client: Client) -> None:
    exchange.faults.calls_per_second = 1.0
    city.pages = {"/in": say("네.")}
    sids = [place(client, to=f"+8210000000{number:02}") for number in range(3)]
    exchange.run()
    assert [client.calls(sid).fetch().queue_time for sid in sids] == ["0", "1000", "2000"]


def test_a_live_call_is_sent_elsewhere_without_its_gather_being_told(
    city: City, caller: Caller, client: Client, exchange: SimulatedExchange
) -> None:
    city.pages = {
        "/in": ask(),
        "/desk": ask("담당자에게 말씀하세요.", action="/desk-heard"),
        "/desk-heard": "",
    }
    sid = place(client)
    caller.answers()
    client.calls(sid).update(url=f"{BASE}/desk", method="POST")
    caller.listens()
    assert caller.heard == ["담당자에게 말씀하세요."]
    caller.says("네")
    assert city.of("/heard") == []
    assert city.of("/desk-heard")[0].params["SpeechResult"] == "네"


def test_a_live_call_is_ended_by_rest(
    city: City, caller: Caller, client: Client, exchange: SimulatedExchange
) -> None:
    city.pages = {"/in": ask(), "/status": ""}
    sid = place(client)
    caller.answers()
    client.calls(sid).update(status="completed")
    exchange.run()
    assert caller.call.statuses[-1] == "completed"
    with pytest.raises(TwilioRestException) as refused:
        client.calls(sid).update(status="completed")
    assert refused.value.code == 21220


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"to": ""}, 21201),
        ({"to": "01012345678"}, 21211),
        ({"from_": ""}, 21213),
        ({"from_": "city"}, 21212),
        ({"from_": "+82212345678"}, 21210),
        ({"to": "+15005550001"}, 21217),
        ({"to": "+15005550002"}, 21214),
        ({"to": "+15005550003"}, 21215),
        ({"to": "+15005550004"}, 21216),
        ({"url": "/in"}, 21205),
        ({"url": None}, 21205),
        ({"url": None, "twiml": "x" * 4001}, 32018),
        ({"timeout": 601}, 20001),
    ],
)
def test_a_wrong_placement_is_refused_with_its_code(
    client: Client, options: dict[str, object], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        place(client, **options)
    assert (refused.value.code, refused.value.status) == (code, 400)


def test_calls_are_listed_in_pages_and_filtered(
    exchange: SimulatedExchange, city: City, over_http: Client, clock: ManualClock
) -> None:
    city.pages = {"/in": say("네.")}
    for number in range(7):
        place(over_http, to=f"+8210000000{number:02}")
    exchange.run()
    clock.advance(86_400)
    place(over_http, to="+821000000099")
    assert len(over_http.calls.list(page_size=3)) == 8
    assert [call.to for call in over_http.calls.list(to="+821000000003")] == ["+821000000003"]
    assert len(over_http.calls.list(status="completed", page_size=2)) == 7
    yesterday = datetime(2026, 11, 24, tzinfo=UTC)
    assert len(over_http.calls.list(start_time_after=yesterday)) == 7
    assert over_http.calls.list(start_time_after=yesterday + timedelta(days=1)) == []
    assert len(over_http.calls.list(from_=CITY, limit=2)) == 2


def test_strangers_are_not_let_in(served: str) -> None:
    client = Client(ACCOUNT, "wrong", http_client=TwilioHttpClient(timeout=5, pool_connections=False))
    client.api.base_url = served
    for ask_for in (lambda: client.calls("CA0").fetch(), lambda: place(client)):
        with pytest.raises(TwilioRestException) as refused:
            ask_for()
        assert refused.value.status == 401


def test_what_does_not_exist_is_not_found(over_http: Client) -> None:
    for fetch in (
        over_http.calls("CA0").fetch,
        over_http.messages("SM0").fetch,
        over_http.recordings("RE0").fetch,
    ):
        with pytest.raises(TwilioRestException) as missing:
            fetch()
        assert (missing.value.status, missing.value.code) == (404, 20404)


def test_a_lost_answer_to_a_create_leaves_the_call_placed(
    exchange: SimulatedExchange, client: Client, over_http: Client
) -> None:
    exchange.faults.create_response_lost = 1.0
    for broken in (client, over_http):
        before = len(exchange.lines)
        with pytest.raises(requests.ConnectionError):
            place(broken)
        assert len(exchange.lines) == before + 1


@pytest.mark.parametrize(("fault", "status"), [("create_refused_429", 429), ("create_failed_503", 503)])
def test_a_refused_create_places_nothing(
    exchange: SimulatedExchange, client: Client, fault: str, status: int
) -> None:
    setattr(exchange.faults, fault, 1.0)
    with pytest.raises(TwilioRestException) as refused:
        place(client)
    assert refused.value.status == status
    assert not exchange.lines


def test_texts_are_sent_reported_and_listed(city: City, exchange: SimulatedExchange, client: Client) -> None:
    exchange.persons["+821000000002"] = Dead()
    city.pages = {"/text": ""}
    for to in (RESIDENT, "+821000000002"):
        client.messages.create(to=to, from_=CITY, body="전기요금 할인 안내", status_callback=f"{BASE}/text")
    exchange.run()
    told = [(asked.params["To"], asked.params["MessageStatus"]) for asked in city.of("/text")]
    assert told == [
        (RESIDENT, "sent"),
        ("+821000000002", "sent"),
        (RESIDENT, "delivered"),
        ("+821000000002", "undelivered"),
    ]
    assert city.of("/text")[-1].params["ErrorCode"] == "30003"
    assert [text.body for text in client.messages.list(to=RESIDENT)] == ["전기요금 할인 안내"]
    assert exchange.texts.to(RESIDENT)[0].status == "delivered"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"to": ""}, 21604),
        ({"to": "+82323203000"}, 21614),
        ({"from_": "+15005550008"}, 21611),
        ({"body": ""}, 21602),
        ({"to": "+15005550009"}, 21614),
    ],
)
def test_a_wrong_text_is_refused_with_its_code(client: Client, options: dict[str, str], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(**({"to": RESIDENT, "from_": CITY, "body": "안내"} | options))
    assert refused.value.code == code


def test_machine_detection_is_reported_beside_the_call(
    city: City, exchange: SimulatedExchange, client: Client
) -> None:
    mailbox = exchange.persons[RESIDENT] = Mailbox()
    city.pages = {"/in": ask() + say("다시 걸겠습니다."), "/heard": say("다시 걸겠습니다."), "/amd": ""}
    place(client, machine_detection="Enable", async_amd="true", async_amd_status_callback=f"{BASE}/amd")
    exchange.run()
    (report,) = city.of("/amd")
    assert report.params["AnsweredBy"] == "machine_start"
    assert "AnsweredBy" not in city.of("/in")[0].params
    assert city.of("/heard")[0].params["SpeechResult"] == mailbox.greeting
    assert "다시 걸겠습니다." in mailbox.messages


def test_a_mailbox_whose_greeting_is_over_is_silent(
    city: City, exchange: SimulatedExchange, client: Client
) -> None:
    exchange.persons[RESIDENT] = Mailbox(greeting="메시지를 남겨 주세요.")
    city.pages = {
        "/in": "<Pause length='1'/>" + say("안녕하세요. " * 10) + ask(),
        "/heard": say("다시 걸겠습니다."),
    }
    place(client)
    exchange.run()
    assert city.of("/heard")[0].params["SpeechResult"] == ""


def test_machine_detection_that_is_not_asynchronous_holds_the_call_up(
    city: City, exchange: SimulatedExchange, client: Client, caller: Caller
) -> None:
    city.pages = {"/in": say("안녕하세요.")}
    place(client, machine_detection="Enable")
    caller.answers()
    assert city.of("/in")[0].params["AnsweredBy"] == "human"
    assert caller.call.duration_s >= 2


def test_the_time_limit_ends_a_call(city: City, exchange: SimulatedExchange, client: Client) -> None:
    city.pages = {"/in": "<Pause length='500'/>", "/status": ""}
    sid = place(client, time_limit=60)
    exchange.run()
    assert client.calls(sid).fetch().duration == "60"


def test_real_time_over_real_sockets(city: City) -> None:
    """Both directions over HTTP, the exchange in its own thread, sped up."""
    server = make_server("127.0.0.1", 0, city.app(), threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    base = f"http://127.0.0.1:{server.port}"
    city.pages = {"/in": ask(), "/heard": say("감사합니다."), "/status": ""}
    exchange = SimulatedExchange(ACCOUNT, TOKEN, clock=SystemClock(), transport=HttpTransport(), speed=200)
    exchange.persons[RESIDENT] = ScriptedPerson(lines=["네"])
    exchange.start()
    try:
        api = make_server("127.0.0.1", 0, create_carrier_app(exchange), threaded=True)
        threading.Thread(target=api.serve_forever, args=(0.02,), daemon=True).start()
        http_client = TwilioHttpClient(timeout=5)
        client = Client(ACCOUNT, TOKEN, http_client=http_client)
        client.api.base_url = f"http://127.0.0.1:{api.port}"
        sid = client.calls.create(
            to=RESIDENT,
            from_=CITY,
            url=f"{base}/in",
            status_callback=f"{base}/status",
            status_callback_event=EVENTS,
        ).sid
        line = exchange.lines[sid]
        assert exchange.run_until(lambda: line.is_over and not line.callbacks_under_way, real_timeout_s=10)
        http_client.session.close()
        api.shutdown()
        api.server_close()
    finally:
        exchange.stop()
        server.shutdown()
        server.server_close()
    assert city.of("/heard")[0].params["SpeechResult"] == "네"
    assert sorted(city.statuses()) == sorted(["initiated", "ringing", "in-progress", "completed"])
    assert all(asked.is_signed for asked in city.asked)
