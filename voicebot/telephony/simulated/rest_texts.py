"""REST: text messages."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, jsonify, request

from voicebot.telephony.simulated.exchange import SimulatedExchange
from voicebot.telephony.simulated.lines import Callback, rfc2822
from voicebot.telephony.simulated.listing import is_within, page_of
from voicebot.telephony.simulated.rest_errors import RestError, not_found
from voicebot.telephony.simulated.texts import KOREAN_MOBILE, Text

VERSION = "2010-04-01"
MOST_CHARS = 1600
_E164 = re.compile(r"^\+[1-9]\d{6,14}$")
_REFUSED_TO = {
    "+15005550001": (21211, "The 'To' number is not a valid phone number"),
    "+15005550002": (21612, "The 'To' number is not reachable from this 'From' number"),
    "+15005550003": (21408, "Permission to send to this region is not enabled"),
    "+15005550004": (21610, "The recipient has unsubscribed"),
    "+15005550009": (21614, "The 'To' number is not a mobile number"),
}
_REFUSED_FROM = {
    "+15005550001": (21212, "The 'From' number is not a valid phone number"),
    "+15005550007": (21606, "The 'From' number is not able to send texts"),
    "+15005550008": (21611, "The queue of this 'From' number is full"),
}


def add_texts(api: Blueprint, exchange: SimulatedExchange) -> None:
    """Messages: create, list, fetch."""

    @api.post("/Messages.json")
    def create_text() -> tuple[Response, int]:
        from_number, to_number, body = _read(exchange)
        url = request.form.get("StatusCallback")
        callback = Callback(url) if url else None
        text = exchange.texts.send(from_number, to_number, body, callback)
        return jsonify(_payload(exchange, text)), 201

    @api.get("/Messages.json")
    def list_texts() -> Response:
        wanted = [text for text in reversed(list(exchange.texts.all.values())) if _is_wanted(text)]
        return jsonify(page_of("messages", wanted, lambda text: _payload(exchange, text)))

    @api.get("/Messages/<sid>.json")
    def fetch_text(sid: str) -> Response:
        if sid not in exchange.texts.all:
            raise not_found(request.path)
        return jsonify(_payload(exchange, exchange.texts.all[sid]))


def _read(exchange: SimulatedExchange) -> tuple[str, str, str]:
    """(From, To, Body). Raises RestError."""
    form = request.form
    to, from_, body = form.get("To", "").strip(), form.get("From", "").strip(), form.get("Body", "")
    if not to:
        raise RestError(400, 21604, "A 'To' phone number is required")
    if not from_:
        raise RestError(400, 21603, "A 'From' phone number is required")
    for table, number in ((_REFUSED_TO, to), (_REFUSED_FROM, from_)):
        if number in table:
            raise RestError(400, *table[number])
    if not _E164.match(to):
        raise RestError(400, 21211, f"The 'To' number {to} is not a valid phone number")
    if to.startswith("+82") and not KOREAN_MOBILE.match(to):
        raise RestError(400, 21614, f"The 'To' number {to} is not a mobile number")
    if exchange.own_numbers and from_ not in exchange.own_numbers:
        raise RestError(400, 21606, f"The 'From' number {from_} is not one of your account")
    if not body:
        raise RestError(400, 21602, "Message body is required")
    if len(body) > MOST_CHARS:
        raise RestError(400, 21617, f"The body has {len(body)} characters; {MOST_CHARS} are the limit")
    return from_, to, body


def _is_wanted(text: Text) -> bool:
    asked = request.args
    return (
        asked.get("To", text.to_number) == text.to_number
        and asked.get("From", text.from_number) == text.from_number
        and is_within(text.sent_at or text.created_at, "DateSent")
    )


def _payload(exchange: SimulatedExchange, text: Text) -> dict[str, Any]:
    return {
        "sid": text.sid,
        "account_sid": exchange.account_sid,
        "messaging_service_sid": None,
        "to": text.to_number,
        "from": text.from_number,
        "body": text.body,
        "status": text.status,
        "direction": "outbound-api",
        "num_segments": str(text.segments),
        "num_media": "0",
        "error_code": text.error_code,
        "error_message": "Unreachable destination handset" if text.error_code else None,
        "price": None,
        "price_unit": "USD",
        "api_version": VERSION,
        "date_created": rfc2822(text.created_at),
        "date_updated": rfc2822(text.sent_at or text.created_at),
        "date_sent": rfc2822(text.sent_at) if text.sent_at else None,
        "uri": f"/{VERSION}/Accounts/{exchange.account_sid}/Messages/{text.sid}.json",
        "subresource_uris": {},
    }
