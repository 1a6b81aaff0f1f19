from __future__ import annotations

from datetime import UTC, datetime

import pytest
from twilio.rest import Client

from tests.telephony.simulated.city import ACCOUNT, BASE, CITY, RESIDENT, TOKEN, City
from voicebot.clock import ManualClock
from voicebot.telephony.simulated import (
    Caller,
    InProcessHttpClient,
    SimulatedExchange,
    WsgiTransport,
    create_carrier_app,
)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def transport(city: City) -> WsgiTransport:
    return WsgiTransport(city.app())


@pytest.fixture
def exchange(city: City, clock: ManualClock, transport: WsgiTransport) -> SimulatedExchange:
    exchange = SimulatedExchange(ACCOUNT, TOKEN, clock=clock, transport=transport)
    exchange.own(CITY, f"{BASE}/in", status_callback=f"{BASE}/status")
    city.exchange = exchange
    return exchange


@pytest.fixture
def caller(exchange: SimulatedExchange) -> Caller:
    return Caller(exchange, RESIDENT)


@pytest.fixture
def client(exchange: SimulatedExchange) -> Client:
    client = Client(ACCOUNT, TOKEN, http_client=InProcessHttpClient(create_carrier_app(exchange)))
    client.api.base_url = "http://127.0.0.1:8079/carrier"
    return client
