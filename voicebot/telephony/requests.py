"""The carrier's requests read into our words. What is malformed is refused with what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from werkzeug.datastructures import Headers

from voicebot.calls.hearing import Delivered, Delivery
from voicebot.calls.statuses import StatusReport
from voicebot.errors import WebhookRefused

TOKEN_HEADER = "I-Twilio-Idempotency-Token"  # noqa: S105 - the name of a header
_LONGEST_ID = 128
_LONGEST_WORD = 64
"""Statuses, detections, dates: what stands in a column of its own."""
LARGEST_NUMBER = 2**31 - 1
"""What fits a column; a number in an address that is larger leads nowhere."""
_LONGEST_SPEECH = 4000
"""Sixty seconds of speech are some 500 syllables; more is not speech."""
_STATUSES = frozenset(
    {"queued", "initiated", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"}
)


def carrier_sid(form: Mapping[str, str]) -> str:
    """The carrier's id of the call: opaque, but there must be one. Raises WebhookRefused (400)."""
    sid = form.get("CallSid", "")
    if not sid or len(sid) > _LONGEST_ID or not sid.isprintable():
        raise WebhookRefused("CallSid is missing or malformed", status=400)
    return sid


def delivered(form: Mapping[str, str], headers: Headers, *, step: int) -> Delivered:
    """What a request that asks for TwiML brings. Step 0 begins the call whatever else it carries."""
    token = headers.get(TOKEN_HEADER) or None
    if token is not None and len(token) > _LONGEST_ID:
        raise WebhookRefused(f"{TOKEN_HEADER} is too long", status=400)
    if step == 0:
        return Delivered(Delivery.BEGIN, token=token)
    if (dial_status := form.get("DialCallStatus")) is not None:
        is_answered = dial_status in {"completed", "answered"} and _was_spoken(form)
        return Delivered(Delivery.TRANSFER, was_transfer_answered=is_answered, token=token)
    return Delivered(
        Delivery.ANSWER,
        speech=form.get("SpeechResult", "")[:_LONGEST_SPEECH],
        keys=_keys(form.get("Digits", "")),
        confidence=_confidence(form.get("Confidence")),
        token=token,
    )


_SHORTEST_TALK_S = 5
"""A conversation cut off sooner was none: whoever was put through has not been helped."""


def _was_spoken(form: Mapping[str, str]) -> bool:
    """Whether the two were put through and talked: a mailbox picks up too, and whoever does not press a key did not take
    the call. What a carrier does not report counts for it."""
    duration = whole(form.get("DialCallDuration"))
    is_bridged = form.get("DialBridged", "true").lower() == "true"
    return is_bridged and (duration is None or duration >= _SHORTEST_TALK_S)


def status_report(form: Mapping[str, str], *, call_id: str | None) -> StatusReport:
    """Raises WebhookRefused (400) for a status that Twilio does not have."""
    status = form.get("CallStatus", "")
    if status not in _STATUSES:
        raise WebhookRefused("CallStatus is missing or unknown", status=400)
    sequence_number = whole(form.get("SequenceNumber"))
    return StatusReport(
        carrier_sid=carrier_sid(form),
        status=status,
        sequence_number=-1 if sequence_number is None else sequence_number,
        call_id=call_id,
        reported_at=word(form, "Timestamp") or None,
        duration_s=whole(form.get("CallDuration")),
        sip_response_code=word(form, "SipResponseCode") or None,
        answered_by=word(form, "AnsweredBy") or None,
    )


def word(form: Mapping[str, str], name: str, longest: int = _LONGEST_WORD) -> str:
    """A field as it may be kept: no longer than that, without what no database takes (NUL); "" if absent."""
    return "".join(letter for letter in form.get(name, "")[:longest] if letter.isprintable())


def _keys(text: str) -> str:
    """Keys as pressed; anything that is no key of a telephone is dropped."""
    return "".join(key for key in text[:64] if key in "0123456789*#")


def _confidence(text: str | None) -> float | None:
    """0 to 1, or None: providers leave it out, and some send what is no number."""
    try:
        value = float(text) if text else math.nan
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def whole(text: str | None) -> int | None:
    """A whole number that fits a column, or None."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 9:
        return None
    return int(text)
