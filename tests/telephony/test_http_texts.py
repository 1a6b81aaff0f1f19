"""Texts through a gateway over signed HTTP: what is posted, and what every answer means; then its reports."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from tests.receiver import Receiver, receiving
from voicebot.clock import ManualClock
from voicebot.errors import (
    CarrierError,
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
    ConfigurationError,
)
from voicebot.jobs.carriers import SendsTexts
from voicebot.jobs.signed_posts import is_genuine, sign
from voicebot.jobs.text_sending import send_text
from voicebot.records.database import transaction
from voicebot.records.tables import TextMessage, TextState
from voicebot.telephony.http_text_reports import text_reports_blueprint
from voicebot.telephony.http_texts import HttpTexts, gateway_of

SECRET = "g" * 40
OFFICER, CITY = "+821000000002", "+82323203000"
BODY = "[부천시 당직] 접수 17번: 가로등·보안등"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def gateway(receiver: Receiver, clock: ManualClock) -> SendsTexts:
    return HttpTexts(receiver.url + "/sms", SecretStr(SECRET), sender=CITY, clock=clock, timeout_s=0.5)


def says(receiver: Receiver, status: int, body: object) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    receiver.script = [lambda _request: Response(text, status=status)]


def test_a_text_is_posted_signed_under_a_key_of_its_own(
    receiver: Receiver, gateway: SendsTexts, clock: ManualClock
) -> None:
    for body in (BODY, BODY, "다른 내용"):
        says(receiver, 200, {"id": "G-1"})
        assert gateway.send(OFFICER, body, 5) == "G-1"
    first, again, other = receiver.posted
    assert json.loads(first.body) == {"reference": "5", "to": OFFICER, "from": CITY, "body": BODY}
    assert first.path == "/sms"
    assert is_genuine(
        [SECRET],
        timestamp=first.headers["Voicebot-Timestamp"],
        signature=first.headers["Voicebot-Signature"],
        body=first.body,
        now=clock.now(),
    )
    keys = [sent.headers["Idempotency-Key"] for sent in (first, again, other)]
    assert keys[0] == keys[1] != keys[2]
    assert all(OFFICER not in key for key in keys)


@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        (429, {"code": 7}, CarrierUnavailable, 7),
        (400, {"code": 21211}, CarrierRefused, 21211),
        (403, "no", CarrierRefused, None),
        (302, {"id": "G-1"}, CarrierRefused, None),
        (500, {"id": "G-1"}, CarrierUnknown, None),
        (503, "<html>", CarrierUnknown, None),
        (200, "no json", CarrierUnknown, None),
        (200, {}, CarrierUnknown, None),
        (200, {"id": ""}, CarrierUnknown, None),
        (200, {"id": 5}, CarrierUnknown, None),
        (200, {"id": "x" * 65}, CarrierUnknown, None),
        (200, {"id": "a\u0000b"}, CarrierUnknown, None),
        (200, ["id"], CarrierUnknown, None),
        (200, "[" * 60000, CarrierUnknown, None),
        (400, {"code": True}, CarrierRefused, None),
    ],
)
def test_every_answer_means_one_of_three(
    receiver: Receiver,
    gateway: SendsTexts,
    status: int,
    body: object,
    error: type[CarrierError],
    code: int | None,
) -> None:
    says(receiver, status, body)
    with pytest.raises(error) as caught:
        gateway.send(OFFICER, BODY, 5)
    assert type(caught.value) is error
    assert caught.value.code == code
    assert OFFICER not in str(caught.value)
    assert len(receiver.posted) == 1


def test_a_gateway_that_answers_too_late_may_have_sent(receiver: Receiver, gateway: SendsTexts) -> None:
    def slow(_request: object) -> Response:
        time.sleep(0.8)
        return Response(status=200)

    receiver.script = [slow]
    with pytest.raises(CarrierUnknown):
        gateway.send(OFFICER, BODY, 5)


def test_a_gateway_that_is_not_there_has_sent_nothing(clock: ManualClock) -> None:
    with receiving() as gone:
        url = gone.url
    gateway = HttpTexts(url, SecretStr(SECRET), sender=CITY, clock=clock)
    with pytest.raises(CarrierUnavailable):
        gateway.send(OFFICER, BODY, 5)


def test_the_settings_name_it_and_a_fault_in_them_is_told(clock: ManualClock) -> None:
    environment = {"VOICEBOT_TEXTS_SECRET": SECRET}
    made = gateway_of(
        "https://sms.city.example", "VOICEBOT_TEXTS_SECRET", environment, sender=CITY, clock=clock
    )
    assert SECRET not in repr(vars(made))
    for url, name in (("http://sms.city.example", "VOICEBOT_TEXTS_SECRET"), ("https://sms.example", "NONE")):
        with pytest.raises(ConfigurationError, match=r"duty\.texts_gateway"):
            gateway_of(url, name, environment, sender=CITY, clock=clock)


@pytest.fixture
def text_id(engine: Engine, clock: ManualClock) -> int:
    text = TextMessage(
        kind="duty_alarm", to_number=OFFICER, body=BODY, created_at=clock.now(), updated_at=clock.now()
    )
    with transaction(engine) as db:
        db.add(text)
    assert text.id
    return text.id


def report(engine: Engine, clock: ManualClock, body: bytes, secret: str = SECRET) -> TestResponse:
    app = Flask(__name__)
    app.register_blueprint(text_reports_blueprint(engine, clock, SecretStr(SECRET)))
    stamp = str(int(clock.now().timestamp()))
    headers = {"Voicebot-Timestamp": stamp, "Voicebot-Signature": sign(secret, stamp, body)}
    return app.test_client().post("/voice/gateway/status", data=body, headers=headers)


def test_a_text_is_sent_and_its_delivery_reported(
    engine: Engine, receiver: Receiver, gateway: SendsTexts, clock: ManualClock, text_id: int
) -> None:
    says(receiver, 200, {"id": "G-1"})
    assert send_text(engine, gateway, text_id, clock) is TextState.SENT
    told = {"reference": str(text_id), "id": "G-1", "status": "delivered"}
    for _ in range(2):
        assert report(engine, clock, json.dumps(told).encode()).status_code == 204
    with transaction(engine) as db:
        assert db.get_one(TextMessage, text_id).state is TextState.DELIVERED


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"reference": "999", "id": "G-1", "status": "sent"}, 404),
        ({"reference": "x", "id": "G-1", "status": "sent"}, 400),
        ({"reference": "9" * 30, "id": "G-1", "status": "sent"}, 400),
        ({"reference": "1", "id": "G 1\u0000", "status": "sent"}, 400),
        ({"reference": "1", "id": "G-1", "status": "flown"}, 400),
        ({"reference": "1", "id": "G-1", "status": "failed", "error": "왜"}, 400),
        (["reference"], 400),
        ("x" * 20_000, 413),
    ],
)
def test_a_report_that_makes_no_sense_changes_nothing(
    engine: Engine, clock: ManualClock, text_id: int, told: object, status: int
) -> None:
    assert report(engine, clock, json.dumps(told).encode()).status_code == status
    assert report(engine, clock, b"\xff{").status_code == 400
    with transaction(engine) as db:
        assert db.get_one(TextMessage, text_id).state is TextState.WAITING


def test_a_report_of_a_stranger_is_refused(engine: Engine, clock: ManualClock, text_id: int) -> None:
    told = json.dumps({"reference": str(text_id), "id": "G-1", "status": "delivered"}).encode()
    assert report(engine, clock, told, secret="x" * 40).status_code == 403
