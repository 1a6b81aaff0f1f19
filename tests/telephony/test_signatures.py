"""Signatures are decided as the SDK decides them; what it cannot decide is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from voicebot.errors import WebhookRefused
from voicebot.telephony.signatures import SIGNATURE_HEADER, SignatureVerifier, raw_target
from voicebot.telephony.webhooks import signed_body

PUBLISHED = json.loads((Path(__file__).parent / "signature_vectors.json").read_text(encoding="utf-8"))
TOKEN: str = PUBLISHED["token"]
VECTORS: list[dict[str, Any]] = PUBLISHED["vectors"]


def _ids(vector: dict[str, Any]) -> str:
    return str(vector["name"])


def _body(vector: dict[str, Any]) -> Any:
    params = vector["params"]
    return MultiDict(params) if isinstance(params, dict) else params


def _can_travel(vector: dict[str, Any]) -> bool:
    """Whether a client could send this request: no credentials or Korean letters in the address, a header."""
    parts = urlsplit(vector["url"])
    return vector["url"].isascii() and "@" not in parts.netloc and vector["signature"] is not None


@pytest.mark.parametrize("vector", VECTORS, ids=_ids)
def test_the_verifier_decides_every_published_vector_as_the_sdk(vector: dict[str, Any]) -> None:
    verifier = SignatureVerifier("https://unused.example", [TOKEN])
    expected = vector["twilio_python"] == "True"
    assert verifier.is_genuine(vector["url"], _body(vector), vector["signature"]) is expected


def test_there_are_thirty_two_vectors_and_most_can_travel() -> None:
    assert len(VECTORS) == 32
    assert sum(map(_can_travel, VECTORS)) >= 25


@pytest.mark.parametrize("vector", [each for each in VECTORS if _can_travel(each)], ids=_ids)
def test_the_vectors_are_decided_alike_when_they_come_over_http(vector: dict[str, Any]) -> None:
    """Through a real request: the raw target, the parsed form, the header."""
    parts = urlsplit(vector["url"])
    app = _guarded_app(SignatureVerifier(f"{parts.scheme}://{parts.netloc}", [TOKEN]))
    params = vector["params"]
    sent = (
        {"data": params or {}, "content_type": "application/x-www-form-urlencoded"}
        if isinstance(params, dict | None)
        else {"data": params, "content_type": "application/json"}
    )
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    answer = app.test_client().post(
        target, headers={SIGNATURE_HEADER: vector["signature"]}, environ_overrides={"RAW_URI": target}, **sent
    )
    assert answer.status_code == (200 if vector["twilio_python"] == "True" else 403)


def _guarded_app(verifier: SignatureVerifier) -> Flask:
    app = Flask(__name__)

    @app.errorhandler(WebhookRefused)
    def refuse(error: WebhookRefused) -> Response:
        return Response(status=error.status)

    @app.before_request
    def guarded() -> str:
        verifier.require(raw_target(request.environ), signed_body(), request.headers.get(SIGNATURE_HEADER))
        return "genuine"

    return app


def test_both_tokens_hold_while_they_are_rotated() -> None:
    verifier = SignatureVerifier("https://city.example", ["new", "old"])
    form = {"CallSid": "CA1"}
    for token in ("new", "old"):
        signature = RequestValidator(token).compute_signature("https://city.example/voice/x", form)
        verifier.require("/voice/x", form, signature)
    stranger = RequestValidator("stranger").compute_signature("https://city.example/voice/x", form)
    with pytest.raises(WebhookRefused):
        verifier.require("/voice/x", form, stranger)


def test_without_a_token_nothing_is_genuine() -> None:
    signature = RequestValidator("").compute_signature("https://city.example/voice/x", {})
    assert not SignatureVerifier("https://city.example", []).is_genuine(
        "https://city.example/voice/x", {}, signature
    )


@pytest.mark.parametrize(
    "target", ["/voice/x?dept=%EC%A0%84", "/voice/x?a=%2F", "/voice/x?a=%41&b=a+b", "/voice//x"]
)
def test_the_target_is_signed_as_it_came_not_as_flask_reads_it(target: str) -> None:
    verifier = SignatureVerifier("https://city.example/", [TOKEN])
    signature = RequestValidator(TOKEN).compute_signature(f"https://city.example{target}", {"a": "전"})
    verifier.require(target, {"a": "전"}, signature)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"RAW_URI": "/voice/x?a=%41"}, "/voice/x?a=%41"),
        ({"REQUEST_URI": "/voice/x?a=%41"}, "/voice/x?a=%41"),
        ({"RAW_URI": "http://city.example/voice/x?a=1"}, "/voice/x?a=1"),
        ({"RAW_URI": "http://city.example"}, "/"),
    ],
)
def test_the_raw_target_is_found_on_every_server(environ: dict[str, str], expected: str) -> None:
    assert raw_target(environ) == expected


@pytest.mark.parametrize("environ", [{}, {"RAW_URI": ""}, {"RAW_URI": "*"}, {"RAW_URI": "voice"}])
def test_a_server_that_hides_the_target_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(WebhookRefused) as refused:
        raw_target(environ)
    assert refused.value.status == 400
