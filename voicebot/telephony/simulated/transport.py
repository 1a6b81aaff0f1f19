"""How a webhook reaches the app: one method, two ways (real sockets, or straight into a WSGI app)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Literal, Protocol
from urllib.parse import unquote_to_bytes, urlsplit

import requests
import urllib3
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

LARGEST_BODY = 32 * 1024 * 1024
FailureKind = Literal["ct", "rt", "tls", "host"]


@dataclass(frozen=True)
class WebhookRequest:
    """One HTTP request to the app. ``body`` is the encoded form of a POST; empty for a GET.

    ``connect_s`` and ``read_s`` are how long the carrier waits (never more than its 15 s).
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    connect_s: float = 5.0
    read_s: float = 15.0


@dataclass(frozen=True)
class WebhookResponse:
    """What came back. ``took_s`` is the time to charge on the exchange's clock."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    took_s: float = 0.0

    @property
    def content_type(self) -> str:
        """The media type alone, lower case, without parameters; empty when there is none."""
        return (self.headers.get("Content-Type") or "").split(";")[0].strip().lower()


class TransportFailure(Exception):
    """No answer: not connected (``ct``), not in time (``rt``), a TLS fault, an unknown host."""

    def __init__(self, kind: FailureKind, message: str, took_s: float = 0.0) -> None:
        self.kind: FailureKind = kind
        self.took_s = took_s
        super().__init__(message)


class Transport(Protocol):
    """Carries one request to the app. Raises TransportFailure when no answer comes."""

    def deliver(self, request: WebhookRequest) -> WebhookResponse: ...


class HttpTransport:
    """Over real sockets.

    ``charges_time``: add the real seconds a request took to the exchange's clock. Wanted with a virtual clock
    only; with a real one they have passed already.
    """

    def __init__(self, *, charges_time: bool = False) -> None:
        self._charges_time = charges_time

    def deliver(self, request: WebhookRequest) -> WebhookResponse:
        begun = time.monotonic()
        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = session.request(
                    request.method,
                    request.url,
                    data=request.body or None,
                    headers=dict(request.headers),
                    timeout=(request.connect_s, request.read_s),
                    allow_redirects=False,
                    stream=True,
                )
                body = _read_within(answer, begun + request.read_s)
            except (urllib3.exceptions.HTTPError, TimeoutError) as error:
                raise TransportFailure("rt", str(error), self._charge(begun)) from error
            except requests.RequestException as error:
                raise TransportFailure(_kind_of(error), str(error), self._charge(begun)) from error
        headers = Headers(list(answer.raw.headers.items()))
        return WebhookResponse(answer.status_code, headers, body, self._charge(begun))

    def _charge(self, begun: float) -> float:
        return time.monotonic() - begun if self._charges_time else 0.0


def _read_within(answer: requests.Response, deadline: float) -> bytes:
    """The body, as long as it is all there in time: a server may also be slow byte by byte.

    What is larger than any TwiML or prompt may be is cut, to be refused later. Raises TimeoutError.
    """
    body = bytearray()
    while len(body) <= LARGEST_BODY and (piece := answer.raw.read1(65_536, decode_content=True)):
        body += piece
        if time.monotonic() > deadline:
            raise TimeoutError("the answer was not complete in time")
    return bytes(body)


def _kind_of(error: requests.RequestException) -> FailureKind:
    if isinstance(error, requests.exceptions.SSLError):
        return "tls"
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return "host"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "ct"
    if isinstance(error, requests.exceptions.ReadTimeout):
        return "rt"
    text = str(error)
    if "NameResolution" in text:
        return "host"
    return "rt" if "aborted" in text.lower() else "ct"


class WsgiTransport:
    """Straight into a WSGI app, without sockets.

    ``takes_s``: virtual seconds that each request takes, or a function of the request; more than the carrier
    waits is a time-out, though the app did the work.
    """

    def __init__(self, app: Any, takes_s: float | Callable[[WebhookRequest], float] = 0.0) -> None:
        self._app = app
        self.takes_s = takes_s

    def deliver(self, request: WebhookRequest) -> WebhookResponse:
        took_s = self.takes_s(request) if callable(self.takes_s) else self.takes_s
        body, status, headers = run_wsgi_app(self._app, _environ_of(request), buffered=True)
        if took_s > request.read_s:
            raise TransportFailure("rt", f"no answer within {request.read_s:g} s", request.read_s)
        return WebhookResponse(int(status.split()[0]), Headers(headers), b"".join(body), took_s)


def _environ_of(request: WebhookRequest) -> dict[str, Any]:
    parts = urlsplit(request.url)
    builder = EnvironBuilder(
        method=request.method,
        base_url=f"{parts.scheme}://{parts.netloc}/",
        headers=Headers(list(request.headers.items())),
        input_stream=BytesIO(request.body),
        content_length=len(request.body),
    )
    environ = builder.get_environ()
    builder.close()
    environ.update(_target_of(parts.path or "/", parts.query))
    return environ


def _target_of(path: str, query: str) -> dict[str, Any]:
    """The request target as a server would hand it on: signatures are checked against its raw form."""
    raw = f"{path}?{query}" if query else path
    return {
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": raw,
        "RAW_URI": raw,
    }
