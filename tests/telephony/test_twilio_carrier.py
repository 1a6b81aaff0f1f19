"""The unchanged Twilio SDK against a carrier on loopback: what is sent, and what every answer means."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request, Response

from tests.city import ACCOUNT_SID, AUTH_TOKEN, settings_for
from voicebot.config import Settings
from voicebot.errors import (
    CarrierError,
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
    ConfigurationError,
)
from voicebot.telephony.twilio_carrier import TwilioCarrier, connect

CALL_ID = "ab" * 16
TO, FROM = "+821000000001", "+8216880624"
SID = "CA" + "5" * 32
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@dataclass
class FakeCarrier:
    """Twilio's REST API as far as one answer goes; keeps what it was sent."""

    answer: Callable[[Request], Response] = lambda _request: Response(status=500)
    paths: list[str] = field(default_factory=list)
    forms: list[MultiDict[str, str]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    authorisations: list[str] = field(default_factory=list)

    @Request.application
    def serve(self, request: Request) -> Response:
        self.paths.append(f"{request.method} {request.path}")
        self.forms.append(request.form)
        self.queries.append(request.args.to_dict())
        self.authorisations.append(request.headers.get("Authorization", ""))
        return self.answer(request)

    def says(self, status: int, body: object, content_type: str = "application/json") -> None:
        """Answer everything alike; ``body`` is text as it stands, or made JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        self.answer = lambda _request: Response(text, status=status, content_type=content_type)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[FakeCarrier, BaseWSGIServer]]:
    fake = FakeCarrier()
    server = make_server("127.0.0.1", 0, fake.serve, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield fake, server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fake(server: tuple[FakeCarrier, BaseWSGIServer]) -> FakeCarrier:
    fake, _ = server
    for kept in (fake.paths, fake.forms, fake.queries, fake.authorisations):
        kept.clear()
    return fake


def _settings(secret_key: bytes, port: int, **carrier: object) -> Settings:
    settings = settings_for("sqlite://", secret_key)
    changed = {"api_base_url": f"http://127.0.0.1:{port}", "request_timeout_s": 0.5, **carrier}
    return settings.model_copy(update={"carrier": settings.carrier.model_copy(update=changed)})


def _carrier(secret_key: bytes, port: int, **changes: object) -> TwilioCarrier:
    settings = _settings(secret_key, port, **changes)
    return TwilioCarrier(connect(settings), settings)


@pytest.fixture
def carrier(secret_key: bytes, server: tuple[FakeCarrier, BaseWSGIServer]) -> TwilioCarrier:
    return _carrier(secret_key, server[1].server_port)


def test_a_call_is_created_with_everything_that_the_contract_asks_for(
    fake: FakeCarrier, carrier: TwilioCarrier
) -> None:
    fake.says(201, {"sid": SID, "status": "queued"})
    assert carrier.place(CALL_ID, TO, FROM) == SID
    assert fake.paths == [f"POST /2010-04-01/Accounts/{ACCOUNT_SID}/Calls.json"]
    base = f"http://127.0.0.1:8080/voice/calls/{CALL_ID}"
    assert fake.forms[0].to_dict(flat=False) == {
        "To": [TO],
        "From": [FROM],
        "Url": [f"{base}/turns/0#rc=2&rp=ct,rt,5xx"],
        "Method": ["POST"],
        "FallbackUrl": [f"{base}/fallback"],
        "StatusCallback": [f"http://127.0.0.1:8080/voice/status?call={CALL_ID}#rc=2&rp=ct,rt,5xx"],
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "Timeout": ["40"],
        "TimeLimit": ["1200"],
        "MachineDetection": ["Enable"],
        "AsyncAmd": ["true"],
        "AsyncAmdStatusCallback": [f"{base}/answered-by"],
    }
    account = base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
    assert fake.authorisations == [f"Basic {account}"]


def test_without_detection_none_is_asked_for(
    fake: FakeCarrier, server: tuple[FakeCarrier, BaseWSGIServer], secret_key: bytes
) -> None:
    fake.says(201, {"sid": SID})
    _carrier(secret_key, server[1].server_port, detect_machine=False).place(CALL_ID, TO, FROM)
    assert not {name for name in fake.forms[0] if "achine" in name or "Amd" in name}


def test_a_text_is_sent_from_the_call_back_number_and_reports_to_its_own_address(
    fake: FakeCarrier, carrier: TwilioCarrier
) -> None:
    fake.says(201, {"sid": "SM7"})
    assert carrier.send(TO, "안녕하세요", 7) == "SM7"
    assert fake.paths == [f"POST /2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"]
    assert fake.forms[0].to_dict(flat=False) == {
        "To": [TO],
        "From": ["+82326252869"],
        "Body": ["안녕하세요"],
        "StatusCallback": ["http://127.0.0.1:8080/voice/texts/7/status"],
    }


def _listed(sid: str, started: datetime | None, created: datetime = NOW, **more: object) -> dict[str, object]:
    def when(moment: datetime | None) -> str | None:
        return None if moment is None else moment.strftime("%a, %d %b %Y %H:%M:%S +0000")

    return {
        **{"sid": sid, "to": TO, "from": FROM, "status": "completed", "duration": "41"},
        **{"start_time": when(started), "date_created": when(created), **more},
    }


def test_the_list_is_read_to_its_last_page_and_cut_at_the_time_asked_for(
    fake: FakeCarrier, carrier: TwilioCarrier
) -> None:
    day = timedelta(days=1)
    pages = {
        "": [_listed("CA1", NOW), _listed("CA2", None, status="queued", duration=None)],
        "1": [_listed("CA3", NOW - day, NOW - day), _listed("CA4", None, NOW - day, status="queued")],
    }

    def page(request: Request) -> Response:
        number = request.args.get("Page", "")
        following = None if number else f"/2010-04-01/Accounts/{ACCOUNT_SID}/Calls.json?Page=1&To=x"
        body = {"calls": pages[number], "page": 0, "page_size": 2, "next_page_uri": following}
        return Response(json.dumps(body), content_type="application/json")

    fake.answer = page
    found = carrier.list_calls(to=TO, since=NOW - timedelta(hours=1))
    assert [call.sid for call in found] == ["CA1", "CA2"]
    assert fake.queries[0]["To"] == TO
    assert len(fake.paths) == 2
    first, queued = found
    assert (first.to, first.from_, first.status, first.started_at, first.duration_s) == (
        *(TO, FROM, "completed", NOW, 41),
    )
    assert (queued.status, queued.duration_s) == ("queued", None)


def test_one_call_is_fetched_and_one_that_the_carrier_does_not_know_is_none(
    fake: FakeCarrier, carrier: TwilioCarrier
) -> None:
    fake.says(200, _listed(SID, NOW, status="in-progress", duration=None))
    found = carrier.fetch_call(SID)
    assert found is not None
    assert found.status == "in-progress"
    assert fake.paths == [f"GET /2010-04-01/Accounts/{ACCOUNT_SID}/Calls/{SID}.json"]
    fake.says(404, {"code": 20404, "message": "not found", "status": 404})
    assert carrier.fetch_call(SID) is None
    fake.says(401, {"code": 20003, "message": "Authenticate", "status": 401})
    with pytest.raises(CarrierRefused):
        carrier.fetch_call(SID)


RFC_9457 = {"type": "about:blank", "title": "Invalid", "detail": "no"}


@pytest.mark.parametrize(
    ("status", "body", "meaning", "code"),
    [
        (400, {"code": 21211, "message": "Invalid 'To'", "status": 400}, CarrierRefused, 21211),
        (401, {"code": 20003, "message": "Authenticate", "status": 401}, CarrierRefused, 20003),
        (400, {**RFC_9457, "status": 400, "code": 21215}, CarrierRefused, 21215),
        (429, {**RFC_9457, "status": 429, "code": 20429}, CarrierUnavailable, 20429),
        (503, {**RFC_9457, "status": 503, "code": 20503}, CarrierUnknown, 20503),
        (429, {"code": 20429, "message": "Too many requests", "status": 429}, CarrierUnavailable, 20429),
        (429, "slow down", CarrierUnavailable, 429),
        (500, {"code": 20500, "message": "Internal", "status": 500}, CarrierUnknown, 20500),
        (502, "<html>bad gateway</html>", CarrierUnknown, 502),
        (307, "", CarrierUnknown, 307),
        (201, "{", CarrierUnknown, None),
        (201, "", CarrierUnknown, None),
        (201, "<html>ok</html>", CarrierUnknown, None),
        (201, "[]", CarrierUnknown, None),
        (201, "null", CarrierUnknown, None),
        (201, '"CA1"', CarrierUnknown, None),
        (201, "{}", CarrierUnknown, None),
        (201, {"sid": None}, CarrierUnknown, None),
        (201, {"sid": ""}, CarrierUnknown, None),
        (201, {"sid": 5}, CarrierUnknown, None),
    ],
)
def test_every_answer_has_one_of_three_meanings(
    fake: FakeCarrier,
    carrier: TwilioCarrier,
    status: int,
    body: object,
    meaning: type[CarrierError],
    code: int | None,
) -> None:
    """What says that nothing happened is certain of it; what is unclear is unknown, and never repeated."""
    fake.says(status, body)
    for ask in (lambda: carrier.place(CALL_ID, TO, FROM), lambda: carrier.send(TO, "안녕하세요", 1)):
        with pytest.raises(CarrierError) as caught:
            ask()
        assert type(caught.value) is meaning
        assert caught.value.code == code
        assert TO not in str(caught.value)


@pytest.mark.parametrize("body", ["{", "[]", "null", '{"calls": 5}', '{"calls": [5]}', '{"calls": null}'])
def test_a_list_that_makes_no_sense_is_unknown_not_empty(
    fake: FakeCarrier, carrier: TwilioCarrier, body: str
) -> None:
    """An empty list would say that nobody was rung."""
    fake.says(200, body)
    with pytest.raises(CarrierUnknown):
        carrier.list_calls(to=TO, since=NOW)


def _listening() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(5)
    return listener


def test_a_connection_that_breaks_after_the_request_is_unknown(secret_key: bytes) -> None:
    listener = _listening()

    def hang_up() -> None:
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.close()

    thread = threading.Thread(target=hang_up)
    thread.start()
    with pytest.raises(CarrierUnknown):
        _carrier(secret_key, listener.getsockname()[1]).place(CALL_ID, TO, FROM)
    thread.join()
    listener.close()


def test_an_answer_that_never_comes_is_unknown(secret_key: bytes) -> None:
    listener = _listening()
    with pytest.raises(CarrierUnknown):
        _carrier(secret_key, listener.getsockname()[1], request_timeout_s=0.2).place(CALL_ID, TO, FROM)
    listener.close()


def test_a_carrier_that_is_not_there_is_unavailable(secret_key: bytes) -> None:
    listener = _listening()
    port = listener.getsockname()[1]
    listener.close()
    with pytest.raises(CarrierUnavailable):
        _carrier(secret_key, port).place(CALL_ID, TO, FROM)


def test_a_carrier_whose_name_nobody_knows_is_unavailable(secret_key: bytes) -> None:
    settings = _settings(secret_key, 1, api_base_url="http://carrier.invalid:1")
    with pytest.raises(CarrierUnavailable):
        TwilioCarrier(connect(settings), settings).place(CALL_ID, TO, FROM)


def test_without_an_account_nothing_is_connected(secret_key: bytes) -> None:
    settings = _settings(secret_key, 1)
    bare = settings.secrets.model_copy(update={"twilio_account_sid": ""})
    with pytest.raises(ConfigurationError, match="TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"):
        connect(settings.model_copy(update={"secrets": bare}))
