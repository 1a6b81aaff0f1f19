"""Signed posts: what is signed, what is taken for genuine, and where nothing is ever posted to."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from werkzeug.wrappers import Response

from tests.receiver import receiving
from voicebot.clock import ManualClock
from voicebot.errors import ConfigurationError
from voicebot.jobs.signed_posts import (
    is_genuine,
    post,
    require_safe_url,
    secret_from,
    sign,
    was_never_sent,
)

SECRET = "s" * 40


def test_it_is_signed_as_the_documentation_says(clock: ManualClock) -> None:
    with receiving() as receiver:
        post(receiver.url, {"낱말": "정전"}, secret=SecretStr(SECRET), now=clock.now(), headers={})
    sent = receiver.posted[0]
    timestamp = sent.headers["Voicebot-Timestamp"]
    message = f"{timestamp}.".encode() + sent.body
    expected = hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
    assert sent.headers["Voicebot-Signature"] == f"v1={expected}"
    assert int(timestamp) == int(clock.now().timestamp())
    assert json.loads(sent.body) == {"낱말": "정전"}
    assert is_genuine(
        ["other" * 8, SECRET],
        timestamp=timestamp,
        signature=f"v1={expected}",
        body=sent.body,
        now=clock.now(),
    )


@given(body=st.binary(max_size=60), other=st.binary(max_size=60))
def test_nothing_else_is_genuine(body: bytes, other: bytes) -> None:
    moment = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    stamp = str(int(moment.timestamp()))
    good = sign(SECRET, stamp, body)

    def genuine(
        secrets: list[str], timestamp: str | None, signature: str | None, text: bytes, late: int = 0
    ) -> bool:
        at = datetime.fromtimestamp(moment.timestamp() + late, UTC)
        return is_genuine(secrets, timestamp=timestamp, signature=signature, body=text, now=at)

    assert genuine([SECRET], stamp, good, body)
    assert genuine([SECRET], stamp, good, body, late=299)
    assert not genuine([SECRET], stamp, good, body, late=301)
    assert not genuine([SECRET], stamp, good, body, late=-301)
    assert genuine([SECRET], stamp, good, other) is (other == body)
    assert not genuine([SECRET + "x"], stamp, good, body)
    assert not genuine([], stamp, good, body)
    for timestamp in (None, "", "now", "٣", "9" * 40, str(int(stamp) + 1)):
        assert not genuine([SECRET], timestamp, good, body)
    for signature in (None, "", "v1=", good.upper(), good[3:], "v1=서명"):
        assert not genuine([SECRET], stamp, signature, body)


def test_a_redirect_is_an_answer_and_not_a_way(clock: ManualClock) -> None:
    with receiving() as receiver, receiving() as elsewhere:
        receiver.script = [lambda _request: Response(status=307, headers={"Location": elsewhere.url})]
        answer = post(receiver.url, {}, secret=SecretStr(SECRET), now=clock.now(), headers={})
    assert answer.status == 307
    assert not elsewhere.posted


def test_an_answer_without_end_is_read_no_further_than_needed(clock: ManualClock) -> None:
    with receiving() as receiver:
        receiver.otherwise = 200
        receiver.script = [lambda _request: Response("가" * 10_000_000)] * 2
        secret = SecretStr(SECRET)
        read = post(receiver.url, {}, secret=secret, now=clock.now(), headers={}, reads_answer=True)
        unread = post(receiver.url, {}, secret=secret, now=clock.now(), headers={})
    assert len(read.body) == 64 * 1024
    assert read.json() is None
    assert unread.body == b""


def test_a_closed_door_was_never_entered(clock: ManualClock) -> None:
    with receiving() as receiver:
        url = receiver.url
    with pytest.raises(requests.RequestException) as caught:
        post(url, {}, secret=SecretStr(SECRET), now=clock.now(), headers={})
    assert was_never_sent(caught.value)
    assert not was_never_sent(requests.ReadTimeout("slow"))
    assert not was_never_sent(requests.ConnectionError("reset by peer"))


@pytest.mark.parametrize(
    "url",
    [
        "http://city.example/hook",
        "http://127.0.0.1.evil.example/",
        "https://user:word@city.example/",
        "ftp://city.example/",
        "https://",
        "city.example",
        "http://[::1",
        "",
    ],
)
def test_an_address_that_is_not_safe_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"duty\.webhooks.*https"):
        require_safe_url(url, setting="duty.webhooks")


@pytest.mark.parametrize("url", ["https://city.example/hook", "http://127.0.0.1:80/x", "http://[::1]:80/"])
def test_https_and_loopback_are_taken(url: str) -> None:
    assert require_safe_url(url, setting="x") == url


@pytest.mark.parametrize("secret", ["", "geheim" * 5])
def test_a_missing_or_short_secret_names_its_variable_and_not_its_value(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="VOICEBOT_WEBHOOK_SECRET_A") as caught:
        secret_from({"VOICEBOT_WEBHOOK_SECRET_A": secret}, "VOICEBOT_WEBHOOK_SECRET_A", setting="x")
    assert "geheim" not in str(caught.value)
