"""The simulated carrier set up for this city: its numbers, its desks, its residents' telephones."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import urlsplit

import click
from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from voicebot.cli.demo_people import MALSUN_ANSWERS, Resident
from voicebot.clock import Clock, SystemClock
from voicebot.config import SIMULATED_CARRIER_URL, Settings
from voicebot.errors import ConfigurationError
from voicebot.records.demo import FIRST_RESIDENT_NUMBER
from voicebot.telephony.addresses import RETRIED
from voicebot.telephony.simulated import (
    HttpTransport,
    SimulatedExchange,
    Staff,
    create_carrier_app,
)
from voicebot.telephony.simulated.transport import Transport

_Command = TypeVar("_Command", bound=Callable[..., object])
_SPEEDS = click.FloatRange(min=0, min_open=True, max=1000)


def speed_option(default: float, told: str) -> Callable[[_Command], _Command]:
    """The option ``--speed``: how many seconds of the call pass in one."""
    return click.option("--speed", default=default, show_default=True, type=_SPEEDS, help=told)


def exchange_for(
    settings: Settings, *, transport: Transport | None = None, clock: Clock | None = None, speed: float = 1.0
) -> SimulatedExchange:
    """An exchange that owns the city's numbers; calls to them ask the city's webhooks what to do."""
    exchange = SimulatedExchange(
        settings.secrets.twilio_account_sid,
        settings.secrets.twilio_auth_token.get_secret_value(),
        clock=clock or SystemClock(),
        transport=transport or HttpTransport(),
        api_url=settings.carrier_url or SIMULATED_CARRIER_URL,
        speed=speed,
        seed=secrets.randbits(64),  # ids of calls must not come back: the records outlive this exchange
    )
    voice = f"{settings.public_url}/voice"
    numbers = settings.numbers
    for number in (numbers.duty, numbers.outreach, numbers.callback, numbers.situation_room):
        exchange.own(
            number,
            f"{voice}/incoming{RETRIED}",
            fallback_url=f"{voice}/fallback",
            status_callback=f"{voice}/status{RETRIED}",
        )
    for desk in ("staff", "situation_room"):
        exchange.persons[settings.desk(desk)] = Staff()
    exchange.persons[FIRST_RESIDENT_NUMBER] = Resident(answers=MALSUN_ANSWERS)
    exchange.default_person = Resident
    return exchange


@contextmanager
def listening(app: Flask, url: str) -> Iterator[None]:
    """Serve ``app`` in a thread at the host and port of ``url``. Raises ConfigurationError when taken."""
    server = _server(app, url)
    thread = threading.Thread(target=server.serve_forever, name=url, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(timeout=10)


@contextmanager
def carrying(exchange: SimulatedExchange) -> Iterator[None]:
    """Run the exchange and its REST API in threads of their own."""
    with listening(create_carrier_app(exchange), exchange.api_url):
        exchange.start()
        try:
            yield
        finally:
            exchange.stop()


class _Quiet(WSGIRequestHandler):
    """Access lines would drown the conversation, and hold the ids of calls."""

    def log(self, type: str, message: str, *args: object) -> None:
        return None


def _server(app: Flask, url: str) -> BaseWSGIServer:
    parts = urlsplit(url)
    try:
        return make_server(
            parts.hostname or "127.0.0.1", parts.port or 80, app, threaded=True, request_handler=_Quiet
        )
    except (OSError, SystemExit) as error:
        raise ConfigurationError(
            f"{url} cannot be listened on: is something running there already? Stop it, or choose another port"
        ) from error
