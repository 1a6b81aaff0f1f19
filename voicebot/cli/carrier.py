"""``voicebot carrier``: the simulated carrier as a process of its own."""

from __future__ import annotations

import signal
import threading

import click

from voicebot.cli.simulation import carrying, exchange_for, speed_option
from voicebot.config import load_settings


@click.command()
@speed_option(1.0, "How many seconds pass in one.")
def carrier(speed: float) -> None:
    """Run the simulated carrier: Twilio's REST API in front of made-up telephones.

    `voicebot serve` starts it by itself when `carrier.kind` is `simulated`. Residents say yes to everything;
    the first resident of the demo city has a mind of her own.
    """
    settings = load_settings()
    exchange = exchange_for(settings, speed=speed)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with carrying(exchange):
        click.echo(f"simulated carrier at {exchange.api_url}, calling {settings.public_url}")
        stopping.wait()
