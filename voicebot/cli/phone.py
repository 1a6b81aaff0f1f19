"""``voicebot phone``: be the resident, in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click
import requests

from voicebot.app import House, build_house, create_app, gate_of, prepare_database
from voicebot.calls.outgoing import CallOrder, order_call
from voicebot.cli.simulation import exchange_for, speed_option
from voicebot.clock import ManualClock, SystemClock
from voicebot.config import Settings, load_settings
from voicebot.jobs.placing import place_call
from voicebot.outreach.unplaced import note_unplaced
from voicebot.records.database import transaction
from voicebot.records.demo import FIRST_RESIDENT_NUMBER
from voicebot.records.phones import normalise_phone
from voicebot.records.tables import Placement
from voicebot.telephony.simulated import (
    HttpTransport,
    InProcessHttpClient,
    SimulatedExchange,
    WsgiTransport,
    create_carrier_app,
)
from voicebot.telephony.simulated.person_scripts import read_script
from voicebot.telephony.simulated.persons import Action
from voicebot.telephony.simulated.terminal import HELP, TerminalPhone, typed
from voicebot.telephony.simulated.transport import Transport
from voicebot.telephony.twilio_carrier import TwilioCarrier, connect


@click.command()
@click.option("--to", "number", help="Ring this number of the city. Without it the city rings you.")
@click.option("--as", "own", default=FIRST_RESIDENT_NUMBER, show_default=True, help="The number you have.")
@click.option("--dialog", default="welfare_info", show_default=True, help="What the city rings you for.")
@click.option(
    "--script",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Steps from a YAML file instead of the keyboard (say, press, wait, hang_up).",
)
@speed_option(4.0, "How fast the city speaks to a keyboard; scripts and pipes do not wait.")
def phone(number: str | None, own: str, dialog: str, script: Path | None, speed: float) -> None:
    """Be a resident in the terminal, through the simulated carrier.

    Type what you say; `#1` presses a key; an empty line is silence; `/끊기` hangs up. A running server answers;
    where none runs, the phone brings the application with it. Nobody is really dialled. Lines from a pipe
    (`voicebot phone < lines.txt`) are said one after another; their end hangs up.
    """
    settings = load_settings()
    is_live = script is None and sys.stdin.isatty()
    # Nobody types: the time between two words is skipped, so that no slow answer of ours is "too late".
    clock = None if is_live else ManualClock(SystemClock().now())
    exchange = exchange_for(settings, transport=_transport(settings), clock=clock, speed=speed)
    actions: Iterable[Action] = read_script(script) if script else typed(sys.stdin)
    own_number = _e164(own, "--as")
    handset = TerminalPhone(exchange, own_number, actions, sys.stdout, echoes=not is_live)
    if is_live:
        exchange.start()
    try:
        if number is not None:
            _ring_the_city(handset, exchange, _e164(number, "--to"))
        else:
            _be_rung(handset, exchange, settings, own_number, dialog)
    finally:
        exchange.stop()


def _transport(settings: Settings) -> Transport:
    try:
        answer = requests.get(f"{settings.public_url}/readyz", timeout=2)
    except requests.RequestException:
        click.echo(f"[{settings.public_url} 에 서버가 없어 이 안에서 띄웁니다.]")
        prepare_database(settings)
        return WsgiTransport(create_app(settings))
    if not answer.ok:
        click.echo(f"[{settings.public_url}: {answer.text.strip()}]", err=True)
    return HttpTransport()


def _ring_the_city(handset: TerminalPhone, exchange: SimulatedExchange, number: str) -> None:
    if number not in exchange.own_numbers:
        known = ", ".join(exchange.own_numbers)
        raise click.BadParameter(f"the city has no number {number} (it has {known})", param_hint="--to")
    handset.dials(number)


def _be_rung(
    handset: TerminalPhone, exchange: SimulatedExchange, settings: Settings, own: str, dialog: str
) -> None:
    """The city places a call to this phone, with the unchanged SDK, on this phone's own exchange."""
    house = build_house(settings)
    client = connect(settings, http_client=InProcessHttpClient(create_carrier_app(exchange)))
    click.echo(f"[{HELP}]")
    result = place_call(
        house.engine,
        TwilioCarrier(client, settings),
        _order(house, own, dialog),
        house.clock,
        gate=gate_of(house),
        on_refused=note_unplaced,
    )
    if result.placement is not Placement.PLACED:
        click.echo(f"the call was not placed: {result.reason}", err=True)
        sys.exit(2)
    handset.answers()


def _order(house: House, own: str, dialog: str) -> str:
    with transaction(house.engine) as db:
        order = CallOrder(dialog, own, house.settings.numbers.outreach, requested_by="phone")
        return order_call(house.centre, db, order).id


def _e164(number: str, hint: str) -> str:
    try:
        return normalise_phone(number)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=hint) from error
