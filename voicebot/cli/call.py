"""``voicebot call``: place one call now."""

from __future__ import annotations

import sys

import click

from voicebot.app import House, build_house, carrier_of, gate_of, require_schema
from voicebot.calls.outgoing import CallOrder, order_call
from voicebot.config import load_settings
from voicebot.errors import VoicebotError
from voicebot.jobs.placing import PlacingResult, give_up, place_call
from voicebot.jobs.text_sending import send_text
from voicebot.outreach.texts import give_notice, text_hindrance
from voicebot.outreach.unplaced import note_unplaced
from voicebot.records.database import transaction
from voicebot.records.phones import normalise_phone
from voicebot.records.tables import Placement
from voicebot.records.work import CallWork
from voicebot.telephony.twilio_carrier import TwilioCarrier


@click.command()
@click.option("--dialog", required=True, help="The dialog to talk with, e.g. welfare_info.")
@click.option("--to", "number", required=True, help="The number to ring, E.164 or as Koreans write it.")
@click.option("--no-notice", is_flag=True, help="Do not send the text with the check code first.")
def call(dialog: str, number: str, no_notice: bool) -> None:
    """Place one call now through the configured carrier; prints the call's id.

    A running `voicebot serve` answers the call's webhooks; no worker is needed. Calling hours do not hold
    here, opt-outs always do.
    """
    house = build_house(load_settings())
    require_schema(house.engine)
    carrier = carrier_of(house.settings)
    call_id, text_id = _order(house, dialog, _e164(number), with_notice=not no_notice)
    if text_id is not None:
        _send_notice(house, carrier, text_id)
    result = place_call(
        house.engine, carrier, call_id, house.clock, gate=gate_of(house), on_refused=note_unplaced
    )
    if result.placement is Placement.REQUESTED:
        # Nobody would try again: an operator asked for a call now, not for one later.
        give_up(house.engine, call_id, house.clock, "carrier_unavailable", note_unplaced)
    click.echo(call_id)
    _tell(result)


def _e164(number: str) -> str:
    try:
        return normalise_phone(number)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--to") from error


def _order(house: House, dialog: str, number: str, *, with_notice: bool) -> tuple[str, int | None]:
    with transaction(house.engine) as db:
        order = CallOrder(
            dialog=dialog, to_number=number, from_number=house.settings.numbers.outreach, requested_by="cli"
        )
        call = order_call(house.centre, db, order)
        if not with_notice:
            return call.id, None
        item = give_notice(house.welfare, CallWork(db, house.clock.now(), call))
        return call.id, None if item is None else int(item.payload["text_id"])


def _send_notice(house: House, carrier: TwilioCarrier, text_id: int) -> None:
    """The text goes first; without it the call still goes, and does not speak of a text."""
    try:
        send_text(house.engine, carrier, text_id, house.clock, gate=text_hindrance)
    except VoicebotError as error:
        click.echo(f"the text before the call was not sent: {error}", err=True)


def _tell(result: PlacingResult) -> None:
    if result.placement is Placement.PLACED:
        click.echo(f"placed; the carrier's id is {result.carrier_sid}", err=True)
        return
    meanings = {
        Placement.REFUSED: "the call was refused",
        Placement.UNKNOWN: "nobody knows whether it was placed; `voicebot worker` reconciles it",
        Placement.REQUESTED: "the carrier was not reached, nothing was dialled; is `voicebot serve` running?",
    }
    click.echo(f"{meanings.get(result.placement, result.placement.value)} ({result.reason})", err=True)
    sys.exit(2)
