"""The carrier behind the Twilio REST API: places and lists calls, sends texts, with the unchanged SDK.

The simulated carrier speaks the same API, so this one adapter serves both; only its address differs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from voicebot.config import Settings
from voicebot.errors import (
    CarrierError,
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
    ConfigurationError,
)
from voicebot.jobs.carriers import CarrierCall
from voicebot.jobs.signed_posts import was_never_sent
from voicebot.telephony.addresses import CallAddresses, text_status_address

Result = TypeVar("Result")

_TOO_MANY_REQUESTS = 429
_NO_SUCH_RESOURCE = 404
_STATUS_EVENTS = ["initiated", "ringing", "answered", "completed"]


def require_account(settings: Settings) -> None:
    """Raises ConfigurationError without the account's sid and token: no call can be placed, no webhook verified."""
    secrets = settings.secrets
    if not secrets.twilio_account_sid or not secrets.twilio_auth_token.get_secret_value():
        raise ConfigurationError(
            "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set; set both to the carrier account's values"
        )


def connect(settings: Settings, *, http_client: Any = None) -> Client:
    """The SDK's client, sent to where the settings say the carrier is. Raises ConfigurationError."""
    require_account(settings)
    secrets = settings.secrets
    # The SDK's own client waits for ever; a placement that hangs must become "unknown".
    client = Client(
        secrets.twilio_account_sid,
        secrets.twilio_auth_token.get_secret_value(),
        http_client=http_client or TwilioHttpClient(timeout=settings.carrier.request_timeout_s),
    )
    if settings.carrier_url:
        client.api.base_url = settings.carrier_url
    return client


class TwilioCarrier:
    """Places calls, lists them, sends texts (`voicebot.jobs.carriers`)."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def place(self, call_id: str, to: str, from_: str) -> str:
        """See `PlacesCalls.place`."""
        at = CallAddresses(self._settings.public_url, call_id)
        carrier = self._settings.carrier
        options: dict[str, Any] = {
            "to": to,
            "from_": from_,
            "url": at.turn(0),
            "method": "POST",
            "fallback_url": at.fallback,
            "status_callback": at.status,
            "status_callback_event": _STATUS_EVENTS,
            "timeout": carrier.ring_timeout_s,
            "time_limit": carrier.max_call_s,
        }
        if carrier.detect_machine:
            options |= {
                "machine_detection": "Enable",
                # Asynchronous: an elder must not hear silence while a machine is looked for.
                "async_amd": "true",
                "async_amd_status_callback": at.answered_by,
            }
        return _asked(lambda: _sid_of(self._client.calls.create(**options)))

    def list_calls(self, *, to: str, since: datetime) -> Sequence[CarrierCall]:
        """See `ListsCalls.list_calls`. The carrier filters by whole days; the rest is sorted out here."""
        # A call that still waits has no start time, and clocks differ a little: look one minute wider.
        found = _asked(
            lambda: [_carrier_call(call) for call in self._client.calls.list(to=to, page_size=100)]
        )
        horizon = since - timedelta(minutes=1)
        return [call for call in found if call.started_at is None or call.started_at >= horizon]

    def fetch_call(self, sid: str) -> CarrierCall | None:
        """See `ListsCalls.fetch_call`."""
        try:
            return _asked(lambda: _carrier_call(self._client.calls(sid).fetch()))
        except CarrierRefused as error:
            if error.code == _NO_SUCH_RESOURCE_CODE:
                return None
            raise

    def send(self, to: str, body: str, text_id: int) -> str:
        """See `SendsTexts.send`. The sender is the city's call-back number."""
        status = text_status_address(self._settings.public_url, text_id)
        sender = self._settings.call_back_number
        create = self._client.messages.create
        return _asked(lambda: _sid_of(create(to=to, from_=sender, body=body, status_callback=status)))


_NO_SUCH_RESOURCE_CODE = 20404


def _sid_of(answer: Any) -> str:
    """The carrier's id. An answer without one says nothing of what has happened: raises CarrierUnknown."""
    if not isinstance(answer.sid, str) or not answer.sid:
        raise CarrierUnknown("the carrier's answer names no id")
    return answer.sid


def _carrier_call(call: Any) -> CarrierCall:
    return CarrierCall(
        sid=_sid_of(call),
        to=call.to,
        from_=call._from,
        status=getattr(call.status, "value", call.status),
        started_at=call.start_time or call.date_created,
        duration_s=int(call.duration) if call.duration else None,
    )


_SENSELESS = (AttributeError, TypeError, KeyError)
"""What the SDK raises over an answer that is JSON, but not of the shape that it takes for granted."""


def _asked(ask: Callable[[], Result]) -> Result:
    """Ask the carrier; whatever goes wrong becomes one of our three errors."""
    try:
        return ask()
    except (TwilioRestException, TwilioServiceException) as error:
        raise _meaning_of(error) from error
    except requests.ConnectTimeout as error:
        raise CarrierUnavailable("the carrier was not reached in time") from error
    except requests.ConnectionError as error:
        if was_never_sent(error):
            raise CarrierUnavailable("the carrier was not reached") from error
        raise CarrierUnknown("the connection broke before the carrier answered") from error
    except (requests.RequestException, TwilioException, ValueError, *_SENSELESS) as error:
        raise CarrierUnknown(f"the carrier's answer was lost ({type(error).__name__})") from error


def _meaning_of(error: TwilioRestException | TwilioServiceException) -> CarrierError:
    """4xx: it said no. 429: later. 5xx: it may have begun, nobody knows."""
    code = error.code or (_NO_SUCH_RESOURCE_CODE if error.status == _NO_SUCH_RESOURCE else None)
    if error.status == _TOO_MANY_REQUESTS:
        return CarrierUnavailable("the carrier asks for patience", code=code)
    if 400 <= error.status < 500:
        return CarrierRefused(f"the carrier refused (error {code})", code=code)
    return CarrierUnknown(f"the carrier failed (HTTP {error.status})", code=code)
