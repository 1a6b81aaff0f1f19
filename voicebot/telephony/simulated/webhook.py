"""One webhook from address to answer: signing, redirects, cookies, retries, the 15 s cap.

Source: facts on Twilio's webhook contract (§1.1 client behaviour, §1.8 time-outs and retries, §1.9 signature).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from twilio.request_validator import RequestValidator

from voicebot.telephony.simulated.faults import Chance, Faults
from voicebot.telephony.simulated.timeline import Deliver, Pause, Script
from voicebot.telephony.simulated.transport import TransportFailure, WebhookRequest, WebhookResponse

CAP_S = 15.0
MAX_REDIRECTS = 10
USER_AGENT = "TwilioProxy/1.1"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
_STANDARD = frozenset(
    {
        *("CallSid", "AccountSid", "From", "To", "CallStatus", "ApiVersion", "Direction", "ForwardedFrom"),
        *("CallerName", "ParentCallSid", "Caller", "Called"),
    }
)
_CODE_OF_FAILURE = {"ct": 11205, "rt": 11200, "tls": 11220, "host": 11210}


class WebhookFailed(Exception):
    """The app did not answer as it must. ``code`` is Twilio's error code, ``url`` where it was asked."""

    def __init__(self, code: int, message: str, url: str) -> None:
        self.code, self.url = code, url
        super().__init__(message)


@dataclass(frozen=True)
class RetryRules:
    """What a URL fragment asks for: ``#rc=2&rp=ct,rt&ct=2000&rt=5000&tt=15000`` (times in ms)."""

    retries: int = 1
    on: frozenset[str] = frozenset({"ct"})
    connect_s: float = 5.0
    read_s: float = CAP_S
    total_s: float = CAP_S

    def wants_retry(self, kind: str) -> bool:
        return kind in self.on or "all" in self.on


def retry_rules(fragment: str) -> RetryRules:
    """Read a fragment; what is out of Twilio's ranges is brought into them, what is unknown is ignored."""
    given = dict(parse_qsl(fragment))
    return RetryRules(
        retries=int(_number(given.get("rc"), 1, 0, 5)),
        on=frozenset(given.get("rp", "ct").split(",")),
        connect_s=_number(given.get("ct"), 5000, 100, 10_000) / 1000,
        read_s=_number(given.get("rt"), 15_000, 100, 15_000) / 1000,
        total_s=_number(given.get("tt"), 15_000, 100, 15_000) / 1000,
    )


def _number(text: str | None, default: int, lowest: int, highest: int) -> float:
    return min(highest, max(lowest, int(text))) if text and text.isdecimal() else default


@dataclass
class Cookies:
    """A call's cookies, per host. Paths and expiry are not simulated."""

    _jar: dict[str, dict[str, str]] = field(default_factory=dict)

    def header(self, url: str) -> dict[str, str]:
        own = self._jar.get(urlsplit(url).netloc, {})
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in own.items())} if own else {}

    def keep(self, url: str, response: WebhookResponse) -> None:
        for line in response.headers.getlist("Set-Cookie"):
            try:
                morsels = SimpleCookie(line).items()
            except CookieError:
                continue
            own = self._jar.setdefault(urlsplit(url).netloc, {})
            own.update({name: morsel.value for name, morsel in morsels})


@dataclass(frozen=True)
class Delivery:
    """One delivery as it went over the wire, for whoever looks into it afterwards.

    ``answer`` is the response, or None when none arrived.
    """

    kind: str
    method: str
    url: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    token: str
    answer: WebhookResponse | None


class Courier:
    """Delivers webhooks for one account."""

    def __init__(self, auth_token: str, faults: Faults, chance: Chance) -> None:
        self._validator = RequestValidator(auth_token)
        self._faults = faults
        self._chance = chance
        self.log: list[Delivery] = []

    def fetch(
        self, kind: str, method: str, url: str, params: Mapping[str, str], cookies: Cookies
    ) -> Script[tuple[str, WebhookResponse]]:
        """Ask for ``url`` and follow redirects: the final URL (without fragment) and its answer.

        ``kind``: ``turn`` (asks for TwiML; faults of turns apply) or ``media`` (no parameters, not signed) or
        ``report`` (status callbacks). Raises WebhookFailed.
        """
        for _ in range(MAX_REDIRECTS + 1):
            response = yield from self._ask(kind, method, url, params, cookies)
            bare = urldefrag(url).url
            cookies.keep(bare, response)
            location = response.headers.get("Location")
            if response.status not in (301, 302, 303, 307, 308) or not location:
                if not 200 <= response.status < 300:
                    raise WebhookFailed(11200, f"HTTP status {response.status}", bare)
                return bare, response
            url = urljoin(bare, location)
            if response.status in (301, 302, 303) and method == "POST":
                method, params = "GET", {k: v for k, v in params.items() if k in _STANDARD}
        raise WebhookFailed(11215, f"more than {MAX_REDIRECTS} redirects", bare)

    def _ask(
        self, kind: str, method: str, url: str, params: Mapping[str, str], cookies: Cookies
    ) -> Script[WebhookResponse]:
        """One URL with its retries, all under one idempotency token."""
        bare, fragment = urldefrag(url)
        if urlsplit(bare).scheme not in ("http", "https") or not urlsplit(bare).hostname:
            raise WebhookFailed(11100, f"not an absolute http(s) URL: {bare}", bare)
        rules = retry_rules(fragment)
        token = self._chance.hex(32)
        left_s = rules.total_s
        for attempt in range(rules.retries + 1):
            request = self._request(kind, method, bare, params, cookies, token, rules, left_s)
            answer = yield from self._deliver(kind, request, params, token)
            left_s -= answer.took_s
            failing = answer.kind if isinstance(answer, TransportFailure) else _class_of(answer.status)
            may_retry = attempt < rules.retries and left_s > 0 and failing and rules.wants_retry(failing)
            if not may_retry:
                break
        if isinstance(answer, TransportFailure):
            raise WebhookFailed(_CODE_OF_FAILURE[answer.kind], str(answer), bare)
        return answer

    def _deliver(
        self, kind: str, request: WebhookRequest, params: Mapping[str, str], token: str
    ) -> Script[WebhookResponse | TransportFailure]:
        is_turn = kind == "turn"
        answer: WebhookResponse | TransportFailure = yield Deliver(request)
        if is_turn and self._chance.strikes(self._faults.turn_duplicated):
            self._note(kind, request, params, token, answer)
            answer = yield Deliver(request)
        passed_s = answer.took_s
        if is_turn:
            answer = self._slowed(answer, request)
        if is_turn and self._chance.strikes(self._faults.turn_response_lost):
            answer = TransportFailure("rt", "the answer was lost", request.read_s)
        self._note(kind, request, params, token, answer)
        yield Pause(answer.took_s - passed_s)
        return answer

    def _slowed(
        self, answer: WebhookResponse | TransportFailure, request: WebhookRequest
    ) -> WebhookResponse | TransportFailure:
        delay_s = self._faults.network_delay_s
        if not delay_s or isinstance(answer, TransportFailure):
            return answer
        took_s = answer.took_s + delay_s
        if took_s > request.read_s:
            return TransportFailure("rt", f"no answer within {request.read_s:g} s", request.read_s)
        return WebhookResponse(answer.status, answer.headers, answer.body, took_s)

    def _note(
        self,
        kind: str,
        request: WebhookRequest,
        params: Mapping[str, str],
        token: str,
        answer: WebhookResponse | TransportFailure,
    ) -> None:
        arrived = answer if isinstance(answer, WebhookResponse) else None
        self.log.append(
            Delivery(kind, request.method, request.url, dict(params), request.headers, token, arrived)
        )

    def _request(
        self,
        kind: str,
        method: str,
        url: str,
        params: Mapping[str, str],
        cookies: Cookies,
        token: str,
        rules: RetryRules,
        left_s: float,
    ) -> WebhookRequest:
        body = b""
        if method == "GET" and params:
            url += ("&" if urlsplit(url).query else "?") + urlencode(params)
        elif method == "POST":
            body = urlencode(params).encode()
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            "Cache-Control": "max-age=259200",
            **cookies.header(url),
        }
        if method == "POST":
            headers["Content-Type"] = FORM
        if kind != "media":
            headers["I-Twilio-Idempotency-Token"] = token
            signed = params if method == "POST" else {}
            headers["X-Twilio-Signature"] = self._validator.compute_signature(url, signed)
        read_s = min(rules.read_s, left_s)
        return WebhookRequest(method, url, headers, body, min(rules.connect_s, left_s), read_s)


def _class_of(status: int) -> str | None:
    """The retry class of an HTTP status: ``4xx``, ``5xx`` or None."""
    return f"{status // 100}xx" if status >= 400 else None
