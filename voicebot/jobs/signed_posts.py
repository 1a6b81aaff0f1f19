"""Posting JSON to another program of the city, signed so that it knows who wrote and when.

The signature is HMAC-SHA256, in hex, over the timestamp, a full stop and the body's bytes, keyed with a secret
that both sides hold. Redirects are not followed and plain http is for loopback only: what is posted goes where
the settings say or nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr

from voicebot.config import is_on_this_machine
from voicebot.errors import ConfigurationError

TIMESTAMP_HEADER = "Voicebot-Timestamp"
"""Seconds since 1970, UTC, as a decimal number."""
SIGNATURE_HEADER = "Voicebot-Signature"
"""``v1=`` and 64 hex digits."""
TOLERANCE = timedelta(minutes=5)
"""How old a signed message may be: what was overheard cannot be sent again later."""
SHORTEST_SECRET = 32
_LARGEST_ANSWER = 64 * 1024
_CONNECT_TIMEOUT_S = 5


@dataclass(frozen=True)
class Answer:
    """The other program's HTTP answer. ``body``: at most 64 kB of it."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of ``Voicebot-Signature``."""
    message = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def is_genuine(
    secrets: Sequence[str], *, timestamp: str | None, signature: str | None, body: bytes, now: datetime
) -> bool:
    """Whether a message was signed with one of the secrets (several while they are changed), a short while ago."""
    if not timestamp or not signature or not (timestamp.isascii() and timestamp.isdigit()):
        return False
    if len(timestamp) > 12 or abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    given = signature.encode("utf-8", "replace")
    return any(hmac.compare_digest(sign(secret, timestamp, body).encode(), given) for secret in secrets)


def post(
    url: str,
    content: Mapping[str, Any],
    *,
    secret: SecretStr,
    now: datetime,
    headers: Mapping[str, str],
    timeout_s: float = 10,
    reads_answer: bool = False,
) -> Answer:
    """Post ``content`` as signed JSON and give the answer, whatever its status.

    Its body is left unread unless ``reads_answer``: it may be of any length, or drip for ever.
    Raises requests.RequestException when none came.
    """
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    timestamp = str(int(now.timestamp()))
    sent = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "voicebot",
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: sign(secret.get_secret_value(), timestamp, body),
        **headers,
    }
    with requests.Session() as session:
        # A proxy of the environment is for the way out of the house, not for a neighbour on this machine.
        session.trust_env = not is_on_this_machine(url)
        with session.post(
            url,
            data=body,
            headers=sent,
            timeout=(min(_CONNECT_TIMEOUT_S, timeout_s), timeout_s),
            allow_redirects=False,
            stream=True,
        ) as answer:
            return Answer(answer.status_code, _beginning(answer) if reads_answer else b"")


def was_never_sent(error: requests.RequestException) -> bool:
    """Whether not even a connection was made: then nothing can have happened."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    text = repr(error)
    signs = ("NewConnectionError", "NameResolutionError", "Connection refused", "CERTIFICATE_VERIFY_FAILED")
    return isinstance(error, requests.ConnectionError) and any(sign in text for sign in signs)


def require_safe_url(url: str, *, setting: str) -> str:
    """Raises ConfigurationError for an address that is not https (http: loopback only), or carries a password."""
    try:
        parts = urlsplit(url)
        is_safe = is_on_this_machine(url) or (parts.scheme == "https" and bool(parts.hostname))
    except ValueError:
        is_safe = False
    if not is_safe or "@" in urlsplit(url).netloc:
        raise ConfigurationError(
            f"{setting}: this is not a safe address; write https://… without a password in it "
            "(plain http is accepted on loopback only)"
        )
    return url


def secret_from(environment: Mapping[str, str], name: str, *, setting: str) -> SecretStr:
    """A signing secret out of the environment. Raises ConfigurationError when it is missing or short."""
    secret = environment.get(name, "")
    if len(secret) < SHORTEST_SECRET:
        state = "is not set" if not secret else f"is shorter than {SHORTEST_SECRET} characters"
        raise ConfigurationError(
            f"{setting}: {name} {state}; set it to a long random text that both sides know, for example "
            'the output of: python -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    return SecretStr(secret)


def _beginning(answer: requests.Response) -> bytes:
    read = b""
    for chunk in answer.iter_content(8192):
        read += chunk
        if len(read) >= _LARGEST_ANSWER:
            break
    return read[:_LARGEST_ANSWER]
