"""``voicebot worker``: the durable jobs."""

from __future__ import annotations

import signal
import threading

import click

from voicebot.app import build_house, carrier_of, job_engine, require_schema
from voicebot.config import load_settings


@click.command()
@click.option("--name", default="worker", show_default=True, help="Several workers need different names.")
def worker(name: str) -> None:
    """Place calls, send texts and reconcile what stopped reporting, until told to stop.

    What a killed worker left half done is taken up by the next one of the same name.
    """
    house = build_house(load_settings())
    require_schema(house.engine)
    engine = job_engine(house, carrier_of(house.settings), worker=name)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    engine.launch()
    click.echo(f"worker '{name}' is working; stop it with Ctrl-C")
    stopping.wait()
    engine.shutdown()
