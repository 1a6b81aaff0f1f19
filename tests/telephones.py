"""Whole calls in tests: the simulated carrier in front of the city's application, on one virtual clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.city import ACCOUNT_SID, AUTH_TOKEN, MALSUN, City
from voicebot.clock import Clock
from voicebot.jobs.placing import PlacingResult, place_call
from voicebot.outreach.gate import hindrance
from voicebot.outreach.unplaced import note_unplaced
from voicebot.telephony.addresses import RETRIED
from voicebot.telephony.simulated import (
    Caller,
    Faults,
    InProcessHttpClient,
    SimulatedExchange,
    Staff,
    WsgiTransport,
    create_carrier_app,
)
from voicebot.telephony.twilio_carrier import TwilioCarrier, connect


@dataclass
class Telephones:
    """The exchange, the city behind it, and the unchanged SDK between them."""

    city: City
    exchange: SimulatedExchange
    carrier: TwilioCarrier
    call_ids: list[str] = field(default_factory=list)

    def ring(self, dialog: str = "welfare_info", to: str = MALSUN) -> PlacingResult:
        """The city places a call through the SDK; its id is the last of ``call_ids``."""
        call_id = self.city.order(dialog, to)
        self.call_ids.append(call_id)
        return place_call(
            self.city.engine,
            self.carrier,
            call_id,
            self.city.house.clock,
            gate=hindrance,
            on_refused=note_unplaced,
        )

    def rung(self, to: str = MALSUN) -> Caller:
        """Somebody at ``to`` who picks up a call that the city places now."""
        caller = Caller(self.exchange, to)
        self.ring(to=to)
        caller.answers()
        return caller

    @property
    def call_id(self) -> str:
        return self.call_ids[-1]


def telephones_for(city: City, clock: Clock, faults: Faults | None = None, seed: int = 1) -> Telephones:
    """Connect the city to a carrier of its own."""
    exchange = SimulatedExchange(
        ACCOUNT_SID, AUTH_TOKEN, clock=clock, transport=WsgiTransport(city.app), faults=faults, seed=seed
    )
    settings = city.settings
    for number in (settings.numbers.duty, settings.numbers.outreach, settings.numbers.callback):
        exchange.own(
            number,
            city.url("/voice/incoming") + RETRIED,
            fallback_url=city.url("/voice/fallback"),
            status_callback=city.url("/voice/status") + RETRIED,
        )
    exchange.persons[settings.desk("situation_room")] = Staff()
    client = connect(settings, http_client=InProcessHttpClient(create_carrier_app(exchange)))
    return Telephones(city, exchange, TwilioCarrier(client, settings))
