"""The SDK's HTTP client, dispatched straight into the carrier's app: no sockets, for fast tests."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask
from twilio.http import HttpClient
from twilio.http.response import Response

from voicebot.telephony.simulated.rest import DROP_CONNECTION, VERSION

_log = logging.getLogger(__name__)


class InProcessHttpClient(HttpClient):  # type: ignore[misc]
    """``Client(sid, token, http_client=InProcessHttpClient(create_carrier_app(exchange)))``.

    Any host and path prefix is accepted; what counts is the path from the API's version on. A connection that
    breaks is raised as `requests.ConnectionError`, as the SDK's own client does.
    """

    def __init__(self, app: Flask) -> None:
        super().__init__(_log, False, None)
        self._app = app

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request. ``data`` and ``params`` may hold lists: repeated fields."""
        query: Any = params
        parts = urlsplit(requests.Request("GET", uri, params=query).prepare().url or uri)
        path = parts.path[max(0, parts.path.find(f"/{VERSION}")) :]
        dropped: list[bool] = []
        answer = self._app.test_client().open(
            f"{path}?{parts.query}",
            method=method.upper(),
            data=_form(data or {}),
            headers=headers,
            auth=auth,
            environ_overrides={DROP_CONNECTION: lambda: dropped.append(True)},
        )
        if dropped:
            raise requests.ConnectionError("Connection aborted: the answer was lost")
        return Response(answer.status_code, answer.get_data(as_text=True), dict(answer.headers))


def _form(data: dict[str, object]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in data.items():
        shown[name] = [str(item) for item in value] if isinstance(value, list | tuple) else str(value)
    return shown
