"""Another program of the city in tests: a real HTTP server on loopback that keeps what it is sent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response


@dataclass(frozen=True)
class Posted:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``script``: the answers to come, one a request; then ``otherwise``. An answer is a status or a function."""

    url: str = ""
    otherwise: int = 200
    script: list[int | Callable[[Request], Response]] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        self.posted.append(Posted(request.path, dict(request.headers), request.get_data()))
        answer = self.script.pop(0) if self.script else self.otherwise
        response = Response(status=answer) if isinstance(answer, int) else answer(request)
        return response(environ, start_response)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    server = make_server("127.0.0.1", 0, receiver, threaded=True)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()
