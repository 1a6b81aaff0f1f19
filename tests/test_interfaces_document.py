"""docs/interfaces.md: what it tells other programs' makers to write works against what we send."""

from __future__ import annotations

import re
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.city import City
from voicebot.duty.events import EVENTS
from voicebot.jobs.signed_posts import is_genuine, sign

DOCUMENT = (Path(__file__).parent.parent / "docs" / "interfaces.md").read_text(encoding="utf-8")
SECRET = "k" * 40


def _block(language: str, holding: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return next(block for block in blocks if holding in block)


def test_the_verify_example_takes_what_is_genuine_and_nothing_else() -> None:
    names: dict[str, object] = {}
    exec(_block("python", "def verify"), names)  # noqa: S102 - our own document
    verify = names["verify"]
    assert callable(verify)
    body, now = '{"id": "낱말"}'.encode(), str(int(time.time()))
    assert verify(SECRET, now, sign(SECRET, now, body), body)
    assert not verify(SECRET, now, sign(SECRET, now, body), body + b" ")
    assert not verify("x" * 40, now, sign(SECRET, now, body), body)
    old = str(int(time.time()) - 301)
    assert not verify(SECRET, old, sign(SECRET, old, body), body)


@pytest.mark.parametrize(
    ("holding", "secret"),
    [("hooks/duty", "VOICEBOT_WEBHOOK_SECRET_SAEOL"), ("gateway/status", "VOICEBOT_TEXTS_SECRET")],
)
def test_the_shell_examples_sign_as_we_do(holding: str, secret: str) -> None:
    signing = _block("sh", holding).split("curl")[0]
    script = signing + 'printf "%s\\n%s\\nv1=%s" "$BODY" "$NOW" "$SIGNATURE"'
    ran = subprocess.run(
        ["sh", "-c", script], env={secret: SECRET, "PATH": "/usr/bin:/bin"}, capture_output=True
    )
    body, now, signature = ran.stdout.decode().split("\n")
    moment = datetime.fromtimestamp(int(now), UTC)
    assert is_genuine([SECRET], timestamp=now, signature=signature, body=body.encode(), now=moment)


def test_every_event_is_told_of() -> None:
    for event in EVENTS:
        assert event in DOCUMENT


def test_every_address_that_it_names_is_there(city: City) -> None:
    for path in ("discovery.json", "services.xml", "services/waste.json"):
        assert city.client().get(f"/open311/v2/{path}").status_code == 200
    assert city.client().get("/open311/v2/requests.json").status_code == 403
