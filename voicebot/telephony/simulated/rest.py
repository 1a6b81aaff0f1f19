"""The REST API (version 2010-04-01) as a Flask app, so that the unchanged Twilio SDK drives the exchange.

Point it here with ``client.api.base_url = "http://127.0.0.1:8079"``; the app may be mounted under a prefix.
"""

from __future__ import annotations

import hmac
import socket
import struct
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from voicebot.telephony.simulated.call_requests import check_numbers, read_options, read_source
from voicebot.telephony.simulated.exchange import SimulatedExchange
from voicebot.telephony.simulated.lines import Line, rfc2822
from voicebot.telephony.simulated.listing import is_within, page_of
from voicebot.telephony.simulated.rest_errors import RestError, not_found
from voicebot.telephony.simulated.rest_recordings import add_recordings, line_of
from voicebot.telephony.simulated.rest_texts import add_texts

VERSION = "2010-04-01"
DROP_CONNECTION = "voicebot.simulated.drop_connection"
"""A callable in the WSGI environment that makes the in-process client lose its answer."""


def create_carrier_app(exchange: SimulatedExchange) -> Flask:
    """The API of one exchange."""
    app = Flask("voicebot.telephony.simulated")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    api = Blueprint("api", __name__, url_prefix=f"/{VERSION}/Accounts/{exchange.account_sid}")
    add_calls(api, exchange)
    add_recordings(api, exchange)
    add_texts(api, exchange)
    app.register_blueprint(api)
    app.before_request(lambda: _authenticate(exchange))
    app.register_error_handler(RestError, lambda error: error.response())
    app.register_error_handler(HTTPException, _http_error)
    return app


def _authenticate(exchange: SimulatedExchange) -> None:
    given = request.authorization
    if given is None or given.type != "basic":
        raise RestError(401, 20003, "Authenticate")
    username_fits = hmac.compare_digest((given.username or "").encode(), exchange.account_sid.encode())
    password_fits = hmac.compare_digest((given.password or "").encode(), exchange.auth_token.encode())
    if not (username_fits and password_fits):
        raise RestError(401, 20003, "Authenticate")


def _http_error(error: HTTPException) -> Response:
    if error.code == 404:
        return not_found(request.path).response()
    code = {405: 20004}.get(error.code or 500, 20001)
    return RestError(error.code or 500, code, error.description or error.name).response()


def add_calls(api: Blueprint, exchange: SimulatedExchange) -> None:
    @api.post("/Calls.json")
    def create_call() -> tuple[Response, int]:
        _refuse_by_fault(exchange)
        from_number, to_number = check_numbers(exchange, request.form)
        line = exchange.place(from_number, to_number, read_options(request.form))
        if exchange.strikes("create_response_lost"):
            drop_connection()
        return jsonify(call_payload(line)), 201

    @api.get("/Calls.json")
    def list_calls() -> Response:
        newest_first = reversed(list(exchange.lines.values()))
        return jsonify(page_of("calls", [line for line in newest_first if _is_wanted(line)], call_payload))

    @api.get("/Calls/<sid>.json")
    def fetch_call(sid: str) -> Response:
        return jsonify(call_payload(line_of(exchange, sid)))

    @api.post("/Calls/<sid>.json")
    def update_call(sid: str) -> Response:
        line = line_of(exchange, sid)
        _update(exchange, line)
        return jsonify(call_payload(line))

    @api.delete("/Calls/<sid>.json")
    def delete_call(sid: str) -> tuple[str, int]:
        line = line_of(exchange, sid)
        if not line.is_over:
            raise RestError(409, 20409, "A call that is not over cannot be deleted")
        del exchange.lines[sid]
        return "", 204


def _refuse_by_fault(exchange: SimulatedExchange) -> None:
    if exchange.strikes("create_refused_429"):
        raise RestError(429, 20429, "Too Many Requests")
    if exchange.strikes("create_failed_503"):
        raise RestError(503, 20503, "Service Unavailable")


def drop_connection() -> None:
    """Break the connection before the answer: what was asked has happened, the client cannot know."""
    environ = request.environ
    if DROP_CONNECTION in environ:
        environ[DROP_CONNECTION]()
        return
    connection = environ.get("werkzeug.socket") or environ.get("gunicorn.socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)


def _update(exchange: SimulatedExchange, line: Line) -> None:
    status, source = request.form.get("Status"), read_source(request.form)
    if status not in (None, "canceled", "completed"):
        raise RestError(400, 21218, f"Status is canceled or completed, not {status}")
    if status is None and source is None:
        raise RestError(400, 21218, "Give Status, Url or Twiml")
    if line.is_over:
        raise RestError(400, 21220, f"Call {line.sid} is not in-progress. Cannot redirect.")
    if status == "canceled" and line.answered_at:
        raise RestError(400, 21220, f"Call {line.sid} is in-progress and cannot be canceled")
    if status:
        exchange.hang_up(line, "completed" if line.answered_at else "canceled", by="bot")
    elif source:
        exchange.redirect(line, source)


def _is_wanted(line: Line) -> bool:
    asked = request.args
    shown = call_payload(line)
    fields = {"To": "to", "From": "from", "Status": "status", "ParentCallSid": "parent_call_sid"}
    return (
        all(asked[name] == shown[field] for name, field in fields.items() if name in asked)
        and is_within(line.started_at, "StartTime")
        and is_within(line.ended_at, "EndTime")
    )


def call_payload(line: Line) -> dict[str, Any]:
    """A call as the API shows it. Its statuses know no ``initiated``: that is still ``queued``."""
    uri = f"/{VERSION}/Accounts/{line.account_sid}/Calls/{line.sid}"
    moments = {
        "date_created": line.created_at,
        "date_updated": line.updated_at or line.created_at,
        "start_time": line.started_at,
        "end_time": line.ended_at,
    }
    return {
        "sid": line.sid,
        "account_sid": line.account_sid,
        "parent_call_sid": line.parent_sid,
        "to": line.to_number,
        "to_formatted": line.to_number,
        "from": line.from_number,
        "from_formatted": line.from_number,
        "status": "queued" if line.status == "initiated" else line.status,
        "direction": line.direction,
        "duration": str(line.duration_s) if line.ended_at else None,
        "answered_by": line.answered_by,
        "api_version": VERSION,
        "queue_time": str(line.queue_ms),
        "price": None,
        "price_unit": "USD",
        "phone_number_sid": None,
        "forwarded_from": None,
        "caller_name": None,
        "group_sid": None,
        "trunk_sid": None,
        **{name: rfc2822(moment) if moment else None for name, moment in moments.items()},
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }
