"""Plain read-only pages: calls, their turns, follow-ups. Denied to everyone unless the settings open them.

They are open in the demo city only, whose people are invented; each look at a call is audited all the same.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from voicebot.calls.centre import CallCentre
from voicebot.clock import in_seoul
from voicebot.config import Settings
from voicebot.console.duty_pages import add_duty_pages
from voicebot.console.view import CallPage, call_page, call_rows, follow_up_rows
from voicebot.errors import RecordNotFound
from voicebot.records import audit
from voicebot.records.database import reading, transaction

_SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def console_blueprint(centre: CallCentre, settings: Settings) -> Blueprint:
    """``/`` and everything under ``/console/``."""
    console = Blueprint(
        "console",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/console/static",
    )

    @console.before_request
    def deny_by_default() -> None:
        if not settings.console.open_to_everyone:
            abort(403)

    @console.after_request
    def protect(response: Response) -> Response:
        response.headers.update(_SECURITY_HEADERS)
        return response

    @console.get("/")
    def root() -> AnyResponse:
        return redirect(url_for("console.home"))

    @console.get("/console/")
    def home() -> str:
        with reading(centre.engine) as db:
            return render_template(
                "home.html",
                city=settings.city_ko,
                calls=call_rows(db, centre.shelf),
                follow_ups=follow_up_rows(db),
                now=in_seoul(centre.clock.now()),
            )

    @console.get("/console/calls/<call_id>")
    def call(call_id: str) -> str:
        with transaction(centre.engine) as db:
            page = _seen(db, call_id)
        return render_template("call.html", city=settings.city_ko, page=page)

    def _seen(db: Session, call_id: str) -> CallPage:
        try:
            page = call_page(db, centre.shelf, call_id)
        except RecordNotFound:
            abort(404)
        audit.record(
            db,
            at=centre.clock.now(),
            actor="demo",
            action="call.viewed",
            subject=f"call:{call_id}",
            source=request.remote_addr,
        )
        return page

    add_duty_pages(console, centre, settings)
    return console
