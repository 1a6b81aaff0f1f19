"""The duty desk's plain read-only pages: the board with its incidents, and one ticket with its history.

Routes of the console's blueprint, so that its access rule and headers hold here too. Each look is audited: the board
shows where callers are, a ticket what they said.
"""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from voicebot.calls.centre import CallCentre
from voicebot.clock import in_seoul
from voicebot.config import Settings
from voicebot.console.duty_view import DutyPage, duty_page
from voicebot.duty.board import where_ko
from voicebot.duty.sheet import TicketSheet, look_at
from voicebot.errors import RecordNotFound
from voicebot.records import audit
from voicebot.records.database import transaction

_ACTOR = "demo"


def add_duty_pages(console: Blueprint, centre: CallCentre, settings: Settings) -> None:
    """``/console/duty`` and ``/console/duty/<number>``."""

    @console.get("/console/duty")
    def duty() -> str:
        return render_template("duty.html", city=settings.city_ko, page=_seen_board())

    @console.get("/console/duty/<int(max=2147483647):number>")
    def ticket(number: int) -> str:
        sheet = _seen_ticket(number)
        return render_template(
            "ticket.html", city=settings.city_ko, sheet=sheet, where=where_ko(sheet.ticket), in_seoul=in_seoul
        )

    def _seen_board() -> DutyPage:
        now = centre.clock.now()
        with transaction(centre.engine) as db:
            page = duty_page(db, at=now)
            audit.record(
                db,
                at=now,
                actor=_ACTOR,
                action="board.viewed",
                subject="duty",
                source=request.remote_addr,
                detail={"tickets": page.numbers},
            )
        return page

    def _seen_ticket(number: int) -> TicketSheet:
        try:
            with transaction(centre.engine) as db:
                return look_at(db, number, actor=_ACTOR, at=centre.clock.now(), source=request.remote_addr)
        except RecordNotFound:
            abort(404)
