"""Fixtures of the job tests: the engine's own database, a carrier double, calls to place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from tests.jobs.doubles import CarrierDouble, outbound_call
from voicebot.clock import ManualClock
from voicebot.records.database import transaction
from voicebot.records.tables import Call

AskForCall = Callable[..., str]


@pytest.fixture
def jobs_url(database_url: str, tmp_path: Path) -> str:
    """Where the job engine may make its database: beside the main one, of the same kind, empty."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'voicebot-jobs.db'}"
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP SCHEMA IF EXISTS dbos CASCADE")
    return database_url


@pytest.fixture
def carrier(clock: ManualClock) -> CarrierDouble:
    return CarrierDouble(clock)


@pytest.fixture
def ask_for_call(engine: Engine, clock: ManualClock) -> AskForCall:
    """Store a requested outbound call and give its id; keyword arguments change its columns."""

    def ask(**columns: object) -> str:
        call = outbound_call(clock.now(), **columns)
        with transaction(engine) as db:
            db.add(call)
        return call.id

    return ask


@pytest.fixture
def load(engine: Engine) -> Callable[[str], Call]:
    def load(call_id: str) -> Call:
        with transaction(engine) as db:
            return db.get_one(Call, call_id)

    return load
