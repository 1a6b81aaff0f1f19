"""Texts through the city's registered gateway: signed JSON over HTTP, one message a request.

For Korea this is the way: texts sent from abroad are marked as international, and only registered senders
(전기통신사업법 제84조의2) may show the city's number.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

import requests
from pydantic import SecretStr

from voicebot.clock import Clock
from voicebot.errors import CarrierError, CarrierRefused, CarrierUnavailable, CarrierUnknown
from voicebot.jobs.signed_posts import Answer, post, require_safe_url, secret_from, was_never_sent

_SETTING = "duty.texts_gateway"
_TOO_MANY_REQUESTS = 429
_ID = re.compile(r"[\x21-\x7e]{1,64}")


class HttpTexts:
    """A gateway that takes texts as signed posts (`voicebot.jobs.carriers.SendsTexts`).

    ``sender``: the city's registered number, E.164. The same text is always posted under the same
    ``Idempotency-Key``, so that a gateway which heeds it sends it once.
    """

    def __init__(
        self, url: str, secret: SecretStr, *, sender: str, clock: Clock, timeout_s: float = 10
    ) -> None:
        self._url = require_safe_url(url, setting=_SETTING)
        self._secret = secret
        self._sender = sender
        self._clock = clock
        self._timeout_s = timeout_s

    def send(self, to: str, body: str, text_id: int) -> str:
        """See `SendsTexts.send`."""
        content = {"reference": str(text_id), "to": to, "from": self._sender, "body": body}
        try:
            answer = post(
                self._url,
                content,
                secret=self._secret,
                now=self._clock.now(),
                headers={"Idempotency-Key": self._key_of(to, body, text_id)},
                timeout_s=self._timeout_s,
                reads_answer=True,
            )
        except requests.RequestException as error:
            raise _trouble(error) from error
        return _id_in(answer)

    def _key_of(self, to: str, body: str, text_id: int) -> str:
        """The id alone is not enough: a database made anew begins at 1 again."""
        content = f"{text_id}|{to}|{body}".encode()
        digest = hmac.new(self._secret.get_secret_value().encode(), content, hashlib.sha256).hexdigest()
        return f"text-{text_id}-{digest[:16]}"


def gateway_of(
    url: str,
    secret_env: str,
    environment: Mapping[str, str],
    *,
    sender: str,
    clock: Clock,
    timeout_s: float = 10,
) -> HttpTexts:
    """The gateway that the settings name (``duty.texts_gateway``). Raises ConfigurationError."""
    secret = secret_from(environment, secret_env, setting=_SETTING)
    return HttpTexts(url, secret, sender=sender, clock=clock, timeout_s=timeout_s)


def _trouble(error: requests.RequestException) -> CarrierError:
    if was_never_sent(error):
        return CarrierUnavailable("the text gateway was not reached")
    return CarrierUnknown(f"the text gateway's answer was lost ({type(error).__name__})")


def _id_in(answer: Answer) -> str:
    """2xx with an id: taken. 429: later. 3xx, 4xx: it said no. 5xx, or no id: it may have been sent, nobody knows."""
    told = answer.json()
    code = _code_in(told)
    if answer.status == _TOO_MANY_REQUESTS:
        raise CarrierUnavailable("the text gateway asks for patience", code=code)
    if 300 <= answer.status < 500:
        raise CarrierRefused(f"the text gateway refused (HTTP {answer.status})", code=code)
    sid = told.get("id") if isinstance(told, dict) else None
    if not 200 <= answer.status < 300 or not isinstance(sid, str) or not _ID.fullmatch(sid):
        raise CarrierUnknown(f"the text gateway's answer names no id (HTTP {answer.status})", code=code)
    return sid


def _code_in(told: Any) -> int | None:
    code = told.get("code") if isinstance(told, dict) else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None
