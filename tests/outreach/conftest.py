"""An action of the welfare line, run as a turn of a call would run it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.city import City
from voicebot.records.calls import get_call
from voicebot.records.database import transaction
from voicebot.records.work import CallWork

Act = Callable[..., None]


@pytest.fixture
def act(city: City) -> Act:
    """``act(call_id, name, heard=…, **arguments)``: one action in a transaction of its own."""

    def run(call_id: str, name: str, *, heard: str | None = None, **arguments: Any) -> None:
        with transaction(city.engine) as db:
            call = get_call(db, call_id)
            action = city.house.centre.line_dialog(call.dialog).actions[name]
            assert action.required <= set(arguments) <= action.required | action.optional
            action.run(CallWork(db, city.house.clock.now(), call, heard=heard), arguments)

    return run
