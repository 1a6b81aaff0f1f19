"""Reading and checking what a call is to be placed with (REST Calls create and update)."""

from __future__ import annotations

import re

from werkzeug.datastructures import MultiDict

from voicebot.telephony.simulated.exchange import SimulatedExchange
from voicebot.telephony.simulated.lines import Callback, CallOptions, Source
from voicebot.telephony.simulated.rest_errors import RestError

Form = MultiDict[str, str]
MOST_TWIML_CHARS = 4000
_E164 = re.compile(r"^\+[1-9]\d{6,14}$")
_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
_CREATE_FIELDS = frozenset(
    {
        *("To", "From", "Url", "Twiml", "Method", "FallbackUrl", "FallbackMethod", "Timeout", "TimeLimit"),
        *("StatusCallback", "StatusCallbackEvent", "StatusCallbackMethod", "SendDigits", "CallReason"),
        *("Record", "RecordingChannels", "RecordingTrack", "Trim", "RecordingStatusCallback"),
        *("RecordingStatusCallbackEvent", "RecordingStatusCallbackMethod", "CallerId", "MachineDetection"),
        *("MachineDetectionTimeout", "MachineDetectionSpeechThreshold", "MachineDetectionSilenceTimeout"),
        *("MachineDetectionSpeechEndThreshold", "AsyncAmd", "AsyncAmdStatusCallback"),
        "AsyncAmdStatusCallbackMethod",
    }
)
_TEST_NUMBERS = {
    "+15005550001": (21217, "Phone number does not appear to be valid"),
    "+15005550002": (21214, "'To' phone number cannot be reached"),
    "+15005550003": (21215, "Account not authorized to call this number"),
    "+15005550004": (21216, "Account not allowed to call this number"),
}
"""Twilio's numbers for trying out refusals (test credentials)."""


def check_numbers(exchange: SimulatedExchange, form: Form) -> tuple[str, str]:
    """(From, To) of a call to be placed. Raises RestError."""
    to, from_ = form.get("To", "").strip(), form.get("From", "").strip()
    if not to:
        raise RestError(400, 21201, "No 'To' number is specified")
    if not from_:
        raise RestError(400, 21213, "'From' phone number is required")
    if to in _TEST_NUMBERS:
        code, message = _TEST_NUMBERS[to]
        raise RestError(400, code, f"{message}: {to}")
    if not _E164.match(to):
        raise RestError(400, 21211, f"The 'To' number {to} is not a valid phone number")
    if not _E164.match(from_):
        raise RestError(400, 21212, f"The 'From' number {from_} is not a valid phone number")
    if exchange.own_numbers and from_ not in exchange.own_numbers:
        raise RestError(400, 21210, f"The source phone number {from_} is not yet verified for your account")
    return from_, to


def read_options(form: Form) -> CallOptions:
    """What a call is to be placed with. Raises RestError."""
    if unknown := set(form) - _CREATE_FIELDS:
        raise RestError(400, 20001, f"Unknown parameters: {', '.join(sorted(unknown))}")
    source = read_source(form)
    if source is None:
        raise RestError(400, 21205, "Url parameter is required")
    detection = form.get("MachineDetection", "")
    if detection not in ("", "Enable", "DetectMessageEnd"):
        raise RestError(400, 20001, f"MachineDetection is Enable or DetectMessageEnd, not {detection}")
    return CallOptions(
        source=source,
        fallback=_fallback(form),
        callback=_callback(form, "StatusCallback", _EVENTS, "completed"),
        ring_timeout_s=_whole(form, "Timeout", 60, 1, 600),
        time_limit_s=_whole(form, "TimeLimit", 14_400, 1, 86_400),
        record=form.get("Record", "").lower() == "true",
        recording_callback=_callback(
            form, "RecordingStatusCallback", frozenset({"in-progress", "completed", "absent"}), "completed"
        ),
        machine_detection=detection,
        async_amd=form.get("AsyncAmd", "").lower() == "true",
        amd_callback=_callback(form, "AsyncAmdStatusCallback", frozenset(), ""),
    )


def read_source(form: Form) -> Source | None:
    """Url or Twiml; None when neither is given. Raises RestError."""
    url, twiml = form.get("Url"), form.get("Twiml")
    if url and twiml:
        raise RestError(400, 20001, "Give either Url or Twiml, not both")
    if url:
        return Source(_url(url, "Url"), _method(form, "Method"))
    if twiml:
        if len(twiml) > MOST_TWIML_CHARS:
            raise RestError(
                400, 32018, f"Twiml has {len(twiml)} characters; {MOST_TWIML_CHARS} are the limit"
            )
        return Source(twiml=twiml)
    return None


def _fallback(form: Form) -> Source | None:
    url = form.get("FallbackUrl")
    return Source(_url(url, "FallbackUrl"), _method(form, "FallbackMethod")) if url else None


def _callback(form: Form, name: str, known: frozenset[str], default: str) -> Callback | None:
    """A callback with its events, which are a repeated field: one value with blanks in it is refused."""
    url = form.get(name)
    if not url:
        return None
    events = form.getlist(f"{name}Event") or [default]
    if known and (unknown := set(events) - known):
        raise RestError(
            400, 21626, f"{name}Event {sorted(unknown)}: repeat the field, once for each of {sorted(known)}"
        )
    return Callback(_url(url, name), _method(form, f"{name}Method"), frozenset(events))


def recording_callback(form: Form) -> Callback | None:
    """The callback of a recording started by REST."""
    known = frozenset({"in-progress", "completed", "absent"})
    events = form.getlist("RecordingStatusCallbackEvent")
    if len(events) == 1:  # the SDK repeats the field; here Twilio documents a space-separated value as well
        form = MultiDict([(key, value) for key, value in form.items(multi=True)])
        form.setlist("RecordingStatusCallbackEvent", events[0].split())
    return _callback(form, "RecordingStatusCallback", known, "completed")


def _url(url: str, name: str) -> str:
    if not re.match(r"^https?://[^\s/_]+(/|\?|#|$)", url):
        code = 21205 if name == "Url" else 21609
        raise RestError(400, code, f"{name} is not a valid absolute URL: {url}")
    return url


def _method(form: Form, name: str) -> str:
    method = form.get(name, "POST").upper()
    if method not in ("GET", "POST"):
        raise RestError(400, 21209, f"{name} is GET or POST, not {method}")
    return method


def _whole(form: Form, name: str, default: int, lowest: int, highest: int) -> int:
    text = form.get(name)
    if text is None:
        return default
    if not text.isdecimal() or not lowest <= int(text) <= highest:
        raise RestError(400, 20001, f"{name} is a whole number from {lowest} to {highest}, not {text}")
    return int(text)
