"""``/open311/v2/``: the addresses of GeoReport v2. Services are open; whoever reads or makes requests needs a key.

The specification lets anyone read requests. Here they hold what callers said, so that every one of them is denied
without a key, and every reading is audited under the key's name.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from werkzeug.exceptions import HTTPException

from voicebot.api.open311 import contents
from voicebot.api.open311.admission import (
    IDEMPOTENCY_HEADER,
    TOO_LARGE,
    idempotency_key,
    require_form,
    require_format,
    sender_of,
)
from voicebot.api.open311.asking import id_of, search_of, value
from voicebot.api.open311.formats import CONTENT_TYPES, Refusal, errors, written
from voicebot.api.open311.reporting import report_of
from voicebot.clock import Clock
from voicebot.duty.reports import receive_report
from voicebot.duty.services import Service, changed_at, is_known, name_of, number_instead, services
from voicebot.duty.ticket_search import Search, search_tickets
from voicebot.errors import RecordConflict
from voicebot.records import audit
from voicebot.records.database import reading, transaction
from voicebot.records.tables import OutboxItem, Ticket

PREFIX = "/open311/v2"
_KNOWN = re.compile(r"(?:discovery|services(?:/[^/]+)?|requests(?:/[^/]+)?)\.(?:json|xml)")
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_log = logging.getLogger(__name__)

Opened = Callable[[Session, Ticket, datetime], Iterable[OutboxItem]]
"""What a new ticket sets going, in its own transaction: events, an officer's text."""


def nothing_more(_db: Session, _ticket: Ticket, _at: datetime) -> Iterable[OutboxItem]:
    return ()


@dataclass(frozen=True)
class Open311:
    """What the pages need. ``url``: where they are, as clients call it; ``contact``: for people, in Korean."""

    engine: Engine
    clock: Clock
    hand_over: Callable[[Iterable[OutboxItem]], object]
    url: str
    contact: str
    is_test: bool
    opened: Opened = nothing_more

    @cached_property
    def services(self) -> dict[str, Service]:
        return services()

    def service(self, code: str) -> Service:
        """Raises Refusal: 404, and for an emergency 400 with the number to ring."""
        if found := self.services.get(code):
            return found
        if number := number_instead(code):
            raise Refusal(f"긴급한 일은 여기로 접수하지 않습니다. {number}번으로 전화해 주십시오.")
        raise Refusal(
            "service_code를 찾을 수 없습니다. services 목록에 있는 코드를 보내 주십시오.", status=404
        )


def open311_blueprint(desk: Open311) -> Blueprint:
    """Everything under ``/open311/v2``; whatever is refused is refused in the format that was asked for."""
    pages = Blueprint("open311", __name__, url_prefix=PREFIX)
    pages.before_request(require_format)
    pages.after_request(_protect)
    pages.register_error_handler(Refusal, lambda refusal: _refused(refusal.status, refusal.reasons))
    pages.register_error_handler(HTTPException, _misread)
    pages.register_error_handler(SQLAlchemyError, _out_of_order)
    _add_services(pages, desk)
    _add_requests(pages, desk)
    pages.add_url_rule("/<path:_rest>", "elsewhere", _elsewhere, methods=_METHODS)
    pages.add_url_rule("/", "root", lambda: _elsewhere(""), methods=_METHODS)
    return pages


def _add_services(pages: Blueprint, desk: Open311) -> None:
    @pages.get("/discovery.<form>")
    def discovery(form: str) -> Response:
        content = contents.discovery(
            url=desk.url, contact=desk.contact, changed_at=changed_at(), is_test=desk.is_test
        )
        return _answer("discovery", content)

    @pages.get("/services.<form>")
    def service_list(form: str) -> Response:
        return _answer("services", contents.service_list(desk.services.values()))

    @pages.get("/services/<code>.<form>")
    def service_definition(code: str, form: str) -> Response:
        return _answer("service_definition", contents.service_definition(desk.service(code)))


def _add_requests(pages: Blueprint, desk: Open311) -> None:
    @pages.get("/requests.<form>")
    def request_list(form: str) -> Response:
        sender = sender_of(desk.engine, request.args)
        search = search_of(request.args, desk.clock.now(), is_known)
        return _answer("service_requests", _read(desk, search, sender))

    @pages.get("/requests/<number>.<form>")
    def one_request(number: str, form: str) -> Response:
        sender = sender_of(desk.engine, request.args)
        ticket_id, now = id_of(number), desk.clock.now()
        found = _read(desk, Search(now, now, ticket_ids=(ticket_id,)), sender) if ticket_id else []
        if not found:
            raise Refusal("service_request_id를 찾을 수 없습니다.", status=404)
        return _answer("service_requests", found)

    @pages.post("/requests.<form>")
    def new_request(form: str) -> Response:
        require_form()
        sender = sender_of(desk.engine, request.form)
        return _answer("service_requests", contents.receipt(_receive(desk, sender)), status=201)


def _read(desk: Open311, search: Search, sender: str) -> list[dict[str, Any]]:
    """Audited before it leaves: what cannot be written down is not told."""
    with reading(desk.engine) as db:
        tickets = search_tickets(db, search)
        told = contents.request_list(tickets, name_of)
    with transaction(desk.engine) as db:
        audit.record(
            db,
            at=desk.clock.now(),
            actor=f"api:{sender}",
            action="tickets.read",
            subject="tickets",
            source=request.remote_addr,
            detail={"ticket_ids": [ticket.id for ticket in tickets]},
        )
    return told


def _receive(desk: Open311, sender: str) -> Ticket:
    code = value(request.form, "service_code")
    if not code:
        raise Refusal("service_code가 없습니다.")
    report = report_of(request.form, desk.service(code).code)
    key, now = idempotency_key(), desk.clock.now()
    going: list[OutboxItem] = []
    try:
        with transaction(desk.engine) as db:
            received = receive_report(
                db, report, sender=sender, at=now, idempotency_key=key, source=request.remote_addr
            )
            if received.is_new:
                going.extend(desk.opened(db, received.ticket, now))
    except RecordConflict as error:
        raise Refusal(f"이 {IDEMPOTENCY_HEADER}로는 이미 다른 내용을 보냈습니다.") from error
    desk.hand_over(going)
    return received.ticket


def _elsewhere(_rest: str) -> Response:
    if _KNOWN.fullmatch(_rest):
        raise Refusal(f"이 주소는 {request.method} 방식으로 쓸 수 없습니다.")
    raise Refusal("이 주소에는 아무것도 없습니다. discovery.json을 보십시오.", status=404)


def _answer(root: str, content: Any, *, status: int = 200) -> Response:
    form = "json" if request.path.endswith(".json") else "xml"
    return Response(written(root, content, form), status=status, content_type=CONTENT_TYPES[form])


def _refused(status: int, reasons: Sequence[str]) -> Response:
    return _answer("errors", errors(status, reasons), status=status)


def _misread(error: HTTPException) -> Response:
    """What Flask refuses by itself: a body too large or not HTTP. "Basically 400" (the specification)."""
    status = error.code if error.code in (404, 405) else 400
    reason = TOO_LARGE if error.code == 413 else "요청을 읽을 수 없습니다."
    return _refused(status or 400, [reason])


def _out_of_order(error: SQLAlchemyError) -> Response:
    _log.error("open311: the database failed (%s)", type(error).__name__)
    return _refused(503, ["지금은 처리할 수 없습니다. 잠시 뒤 다시 보내 주십시오."])


def _protect(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
