"""Fixtures of the tests of the interfaces."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.open311 import BASE, read
from tests.city import City
from voicebot.clock import ManualClock
from voicebot.records.api_keys import add_key
from voicebot.records.database import transaction


@pytest.fixture
def key(city: City, clock: ManualClock) -> str:
    with transaction(city.engine) as db:
        return add_key(db, name="saeol", at=clock.now(), actor="cli")


@pytest.fixture
def ask(city: City, key: str) -> Any:
    """``ask("requests.json", status="open")``: a GET with the key, answered well; its JSON or XML."""

    def ask(path: str, **parameters: str) -> Any:
        answer = city.client().get(f"{BASE}/{path}", query_string={"api_key": key, **parameters})
        assert answer.status_code == 200, answer.text
        return read(answer)

    return ask
