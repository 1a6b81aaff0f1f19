"""What the city's text gateway reports of texts (``POST /voice/gateway/status``): signed as what we post to it is."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Blueprint, Response, request
from pydantic import SecretStr
from sqlalchemy import Engine

from voicebot.clock import Clock
from voicebot.errors import RecordNotFound, WebhookRefused
from voicebot.jobs.signed_posts import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_genuine
from voicebot.telephony.texts import apply_text_status

_LARGEST_BODY = 16 * 1024
_WORD = re.compile(r"[\x21-\x7e]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,9}")


def text_reports_blueprint(engine: Engine, clock: Clock, secret: SecretStr) -> Blueprint:
    """Refuses (403) whatever is not signed with ``secret`` before it is read."""
    reports = Blueprint("text_reports", __name__, url_prefix="/voice/gateway")

    @reports.post("/status")
    def status() -> Response:
        """How far a text has come, in any order, as often as the gateway likes."""
        try:
            report = _report(_genuine_body(clock, secret))
            apply_text_status(engine, clock, **report)
        except WebhookRefused as error:
            return Response("refused\n", status=error.status, mimetype="text/plain")
        except RecordNotFound:
            return Response("no such text\n", status=404, mimetype="text/plain")
        return Response(status=204)

    return reports


def _genuine_body(clock: Clock, secret: SecretStr) -> bytes:
    request.max_content_length = _LARGEST_BODY
    body = request.get_data()
    if not is_genuine(
        [secret.get_secret_value()],
        timestamp=request.headers.get(TIMESTAMP_HEADER),
        signature=request.headers.get(SIGNATURE_HEADER),
        body=body,
        now=clock.now(),
    ):
        raise WebhookRefused("the report is not signed by the text gateway")
    return body


def _report(body: bytes) -> dict[str, Any]:
    """The arguments of `apply_text_status`. Raises WebhookRefused (400)."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WebhookRefused("the report is no JSON", status=400) from error
    if not isinstance(told, dict):
        raise WebhookRefused("the report is no JSON object", status=400)
    reference, sid, status = (str(told.get(name, "")) for name in ("reference", "id", "status"))
    error_code = None if told.get("error") is None else str(told["error"])
    if not _NUMBER.fullmatch(reference) or not _WORD.fullmatch(sid):
        raise WebhookRefused("reference or id is missing or wrong", status=400)
    if error_code is not None and not _WORD.fullmatch(error_code):
        raise WebhookRefused("error is no code", status=400)
    return {"text_id": int(reference), "carrier_sid": sid, "status": status, "error_code": error_code}
