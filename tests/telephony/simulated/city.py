"""The city's side of a test: pages of TwiML, and all that the carrier asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator

from voicebot.telephony.simulated import SimulatedExchange

ACCOUNT, TOKEN = "AC" + "0" * 32, "city-token"
CITY, RESIDENT, DESK = "+82323203000", "+821000000001", "+82326252119"
BASE = "http://city.test"
Page = str | Response | Callable[[dict[str, str]], "str | Response"]


@dataclass(frozen=True)
class Asked:
    """One request that arrived."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    is_signed: bool


@dataclass
class City:
    """``pages`` maps a path to TwiML (without its root), a response, or a function of the parameters."""

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    exchange: SimulatedExchange | None = None

    def app(self) -> Flask:
        app = Flask(__name__)
        app.add_url_rule("/<path:path>", view_func=self._answer, methods=["GET", "POST"])
        return app

    def _answer(self, path: str) -> Response:
        params = request.form.to_dict() if request.method == "POST" else request.args.to_dict()
        url = request.host_url.rstrip("/") + request.environ["RAW_URI"]
        signature = request.headers.get("X-Twilio-Signature", "")
        form = request.form if request.method == "POST" else {}
        is_signed = RequestValidator(TOKEN).validate(url, form, signature)
        self.asked.append(Asked(request.method, f"/{path}", params, dict(request.headers), is_signed))
        page = self.pages.get(f"/{path}", Response(status=404))
        answer = page(params) if callable(page) and not isinstance(page, Response) else page
        return answer if isinstance(answer, Response) else twiml(answer)

    def of(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    def statuses(self) -> list[str]:
        return [asked.params["CallStatus"] for asked in self.of("/status")]


def twiml(verbs: str) -> Response:
    return Response(f"<Response>{verbs}</Response>", mimetype="text/xml")


def say(text: str) -> str:
    return f'<Say language="ko-KR">{text}</Say>'


def ask(question: str = "무엇을 도와 드릴까요?", action: str = "/heard", **attributes: str) -> str:
    """A <Gather> for speech and keys; attributes are given in their TwiML spelling."""
    given = {
        "input": "dtmf speech",
        "speechTimeout": "3",
        "timeout": "5",
        "language": "ko-KR",
        "actionOnEmptyResult": "true",
        "action": action,
    } | attributes
    shown = " ".join(f'{name}="{value}"' for name, value in given.items() if value is not None)
    return f"<Gather {shown}>{say(question) if question else ''}</Gather>"
