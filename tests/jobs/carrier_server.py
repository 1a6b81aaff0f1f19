"""A carrier in a process of its own, for workers that get killed: ``python -m tests.jobs.carrier_server``.

It prints its port, then keeps every call in memory and tells its list. Every 25th request it is out of
order (nothing happens), every 40th it makes the call and breaks the connection instead of answering.
"""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ANSWERS_AFTER_S = 0.02


class Carrier(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lock = threading.Lock()
        self.requests = 0
        self.calls: list[dict[str, str]] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed worker does not wait for its answer; nobody needs a traceback of that."""


class _Handler(BaseHTTPRequestHandler):
    server: Carrier

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.requests += 1
            number = self.server.requests
        if number % 25 == 0:
            self._answer(503, {})
            return
        time.sleep(ANSWERS_AFTER_S / 2)
        with self.server.lock:
            sid = f"CA{len(self.server.calls):032x}"
            self.server.calls.append({"sid": sid, **asked})
        time.sleep(ANSWERS_AFTER_S / 2)
        if number % 40 == 0:
            self.close_connection = True
            return
        self._answer(201, {"sid": sid})

    def do_GET(self) -> None:
        wanted = parse_qs(urlsplit(self.path).query).get("to")
        with self.server.lock:
            calls = [call for call in self.server.calls if wanted is None or call["to"] == wanted[0]]
        self._answer(200, calls)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def _answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    carrier = Carrier()
    print(carrier.server_port, flush=True)
    carrier.serve_forever()
