"""Real sockets and their failures; the WSGI short cut."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, request

from voicebot.telephony.simulated import HttpTransport, TransportFailure, WebhookRequest, WsgiTransport

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """One connection, answered by hand."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            try:
                answer(connection)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/in"
    thread.join(timeout=5)
    listener.close()


def trickle(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    for _ in range(20):
        connection.sendall(b"<")
        time.sleep(0.05)


def fetch(url: str, read_s: float = 2.0) -> object:
    return HttpTransport().deliver(WebhookRequest("POST", url, {}, b"a=1", 1.0, read_s))


def test_an_answer_comes_with_its_headers_as_sent() -> None:
    with server(lambda c: c.sendall(HEAD + b"Content-Length: 11\r\n\r\n<Response/>")) as url:
        answer = HttpTransport().deliver(WebhookRequest("POST", url, {}, b"a=1"))
    assert (answer.status, answer.content_type, answer.body) == (200, "text/xml", b"<Response/>")
    assert answer.headers.getlist("Set-Cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize(
    "answer",
    [
        lambda c: time.sleep(0.6),
        trickle,
        lambda c: c.close(),
        lambda c: c.sendall(HEAD + b"Content-Length: 9\r\n\r\n<"),
    ],
    ids=["silent", "byte by byte", "closed", "cut short"],
)
def test_an_answer_that_does_not_come_in_time_or_whole_is_a_read_failure(
    answer: Callable[[socket.socket], None],
) -> None:
    with server(answer) as url, pytest.raises(TransportFailure) as failed:
        fetch(url, read_s=0.3)
    assert failed.value.kind == "rt"


def test_nobody_there_is_a_connection_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(TransportFailure) as failed:
        fetch(f"http://127.0.0.1:{port}/in")
    assert failed.value.kind == "ct"


def test_the_wsgi_short_cut_hands_on_the_raw_target_and_charges_time_when_told() -> None:
    app = Flask(__name__)

    @app.post("/in")
    def turn() -> str:
        return f"{request.environ['RAW_URI']} {request.args['dept']} {request.form['say']}"

    url = "http://city.test/in?dept=%EC%A0%84&x=a%2Fb"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = "say=전입".encode()
    answer = WsgiTransport(app, takes_s=1.5).deliver(WebhookRequest("POST", url, headers, body))
    assert answer.body.decode() == "/in?dept=%EC%A0%84&x=a%2Fb 전 전입"
    assert answer.took_s == 1.5
    with pytest.raises(TransportFailure):
        WsgiTransport(app, takes_s=16).deliver(WebhookRequest("POST", url, headers, body))
