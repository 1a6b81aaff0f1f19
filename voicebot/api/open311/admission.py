"""What a request must bring before anything is done for it: a format that exists, a key in force, a readable body."""

from __future__ import annotations

import re

from flask import request
from sqlalchemy import Engine

from voicebot.api.open311.asking import Parameters, value
from voicebot.api.open311.formats import CONTENT_TYPES, Refusal
from voicebot.records.api_keys import find_key
from voicebot.records.database import reading

KEY_HEADER = "X-Api-Key"
IDEMPOTENCY_HEADER = "Idempotency-Key"
LARGEST_BODY = 64 * 1024
TOO_LARGE = "본문이 너무 큽니다."
_FORM = "application/x-www-form-urlencoded"
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def sender_of(engine: Engine, parameters: Parameters) -> str:
    """The name of the key that the request came with. Raises Refusal (403)."""
    key = value(parameters, "api_key") or request.headers.get(KEY_HEADER, "").strip()
    if not key:
        raise Refusal("api_key가 없습니다.", status=403)
    with reading(engine) as db:
        found = find_key(db, key=key)
    if found is None:
        raise Refusal("api_key가 맞지 않습니다.", status=403)
    return found.name


def idempotency_key() -> str | None:
    """The sender's own number of a report, if it gave one. Raises Refusal (400)."""
    key = request.headers.get(IDEMPOTENCY_HEADER)
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise Refusal(f"{IDEMPOTENCY_HEADER}는 띄어쓰기 없는 영문자, 숫자, 기호로 255자까지입니다.")
    return key


def require_form() -> None:
    """Read the body. Raises Refusal: 415 for another kind, 400 for one that is too large or broke off."""
    # One byte more than is taken: a body without a length is cut at the limit, and the cut must not go unseen.
    request.max_content_length = LARGEST_BODY + 1
    if request.mimetype != _FORM:
        raise Refusal(f"본문은 {_FORM}으로 보내 주십시오.", status=415)
    try:
        length = len(request.get_data())
    except OSError as error:
        raise Refusal("본문을 끝까지 받지 못했습니다.") from error
    if length > LARGEST_BODY:
        raise Refusal(TOO_LARGE)


def require_format() -> None:
    """Raises Refusal (404) for addresses that end in neither .json nor .xml."""
    form = (request.view_args or {}).get("form")
    if form is not None and form not in CONTENT_TYPES:
        raise Refusal("형식은 json과 xml이 있습니다. 예: services.json", status=404)
