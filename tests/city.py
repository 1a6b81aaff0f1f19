"""A house in tests: the whole application on a test database, with a small made-up city in it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from voicebot.app import House, build_house, create_app
from voicebot.calls.outgoing import CallOrder, order_call
from voicebot.clock import Clock
from voicebot.config import Settings, load_settings
from voicebot.outreach.programmes import keep_catalogue
from voicebot.records import people
from voicebot.records.database import transaction
from voicebot.records.sites import seed_sites
from voicebot.records.tables import OutboxItem
from voicebot.welfare.catalogue import DEMO_CONFIRMATIONS, Catalogue, load_catalogue

MALSUN = "+821000000001"
"""김말순, 78, 심곡2동: basic livelihood and medical benefit; uses no programme."""
STRANGER = "+821000009999"
AUTH_TOKEN = "11112222333344445555666677778888"
FORM = "application/x-www-form-urlencoded"
ACCOUNT_SID = "AC" + "0" * 32
CARRIER_SID = "CA" + "1" * 32


def settings_for(database_url: str, secret_key: bytes, **environment: str) -> Settings:
    """The shipped settings, on a test database and a test account."""
    return load_settings(
        environment={
            "VOICEBOT_SECRET_KEY": base64.urlsafe_b64encode(secret_key).decode(),
            "VOICEBOT_DATABASE_URL": database_url,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            **environment,
        }
    )


@cache
def demo_catalogue() -> Catalogue:
    """The shipped catalogue with the demo city's confirmations, read once: it takes half a second."""
    return load_catalogue(confirmations=DEMO_CONFIRMATIONS)


def settle(engine: Engine) -> int:
    """Sites, programmes and 김말순. Gives her id."""
    with transaction(engine) as db:
        seed_sites(db)
        keep_catalogue(db, demo_catalogue())
        resident = people.add_resident(
            db,
            site_id="simgok2",
            name="김말순",
            birth_date=date(1948, 5, 3),
            classes=["basic_livelihood", "basic_medical"],
        )
        people.add_phone(db, resident=resident, number=MALSUN)
        assert resident.id is not None
        return resident.id


@dataclass
class City:
    """The application and the ways tests reach it."""

    house: House
    app: Flask
    resident_id: int
    handed_over: list[OutboxItem] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return self.house.settings

    @property
    def engine(self) -> Engine:
        return self.house.engine

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def order(self, dialog: str = "welfare_info", to: str = MALSUN) -> str:
        """Write down a call that is to be made; gives its id."""
        with transaction(self.engine) as db:
            order = CallOrder(dialog, to, self.settings.numbers.outreach, requested_by="test")
            return order_call(self.house.centre, db, order).id

    def url(self, path: str) -> str:
        return self.settings.public_url + path

    def post(self, path: str, form: dict[str, str], *, token: str | None = None) -> TestResponse:
        """A genuine webhook of the carrier."""
        signature = RequestValidator(AUTH_TOKEN).compute_signature(self.url(path), form)
        headers = {"X-Twilio-Signature": signature}
        if token:
            headers["I-Twilio-Idempotency-Token"] = token
        return self.client().post(path, data=form, headers=headers, content_type=FORM)

    def turn(self, call_id: str, step: int, *, token: str | None = None, **form: str) -> TestResponse:
        """The carrier's request for one step of a call."""
        path = f"/voice/calls/{call_id}/turns/{step}"
        return self.post(path, {"CallSid": CARRIER_SID, **form}, token=token)

    def report(self, call_id: str, status: str, number: int, **form: str) -> TestResponse:
        """The carrier's status report."""
        form = {"CallSid": CARRIER_SID, "CallStatus": status, "SequenceNumber": str(number), **form}
        return self.post(f"/voice/status?call={call_id}", form)


def found_city(database_url: str, secret_key: bytes, clock: Clock, **environment: str) -> City:
    """Put a house on a migrated, empty database and settle it."""
    handed_over: list[OutboxItem] = []
    house = build_house(
        settings_for(database_url, secret_key, **environment),
        clock=clock,
        hand_over=handed_over.extend,
        catalogue=demo_catalogue(),
    )
    resident_id = settle(house.engine)
    app = create_app(house=house)
    app.testing = True
    return City(house, app, resident_id, handed_over)
