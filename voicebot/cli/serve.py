"""``voicebot serve``: the production server (gunicorn)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from voicebot.app import build_house, create_app, open_records, require_schema, warm_up
from voicebot.config import Settings, load_settings
from voicebot.nlu.readiness import read_files
from voicebot.telephony.twilio_carrier import require_account


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn, set up in code. Each worker process builds its own house after the fork; what they only read
    (`read_files`) they share."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        house = build_house(self._settings)
        warm_up(house)
        return create_app(house=house)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Its port.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    help="Threads of each process. Default: 1 on SQLite, whose one writer more would only wait; else 4.",
)
def serve(host: str, port: int, workers: int, threads: int | None) -> None:
    """Answer the carrier's webhooks and serve the web site.

    All state is in the database: any worker takes the next turn of any call, and killing one loses nothing.
    """
    settings = load_settings()
    require_account(settings)
    require_schema(open_records(settings))
    _learn()
    with _simulated_carrier(settings):
        read_files()
        Server(settings, options(host, port, workers, threads or _threads_for(settings))).run()


def _learn() -> None:
    """Build what the workers will load, once and before they start: gunicorn ends a worker that is silent for long.

    In a process of its own, because the analyser's threads would not survive the fork.
    """
    subprocess.run(
        [sys.executable, "-m", "voicebot", "intents", "build"], check=True, stdout=subprocess.DEVNULL
    )


@contextmanager
def _simulated_carrier(settings: Settings) -> Iterator[None]:
    """The simulated carrier beside the server, where one is configured and no other address is given."""
    if settings.carrier.kind != "simulated" or settings.carrier.api_base_url:
        yield
        return
    child = subprocess.Popen([sys.executable, "-m", "voicebot", "carrier"])
    try:
        yield
    finally:
        child.terminate()
        child.wait(timeout=20)


def _threads_for(settings: Settings) -> int:
    return 1 if settings.database.url.startswith("sqlite") else 4


def options(host: str, port: int, workers: int, threads: int) -> dict[str, Any]:
    """Gunicorn's settings. The request line's limit is Twilio's own for addresses, with room."""
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": threads,
        "timeout": 30,
        "graceful_timeout": 20,
        "keepalive": 5,
        "limit_request_line": 8190,
        "proc_name": "voicebot",
        "control_socket_disable": True,  # one more door; and two servers of one user would share it
    }
