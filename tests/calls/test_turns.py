"""The turn: once however often it is delivered, whole or not at all, taken up by whichever process comes next."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.calls.talk import FIRST_REQUEST, HELP_ME, NOT_RECEIVING, TO_FIRST_OFFER, press, said
from tests.city import CARRIER_SID, City, demo_catalogue
from voicebot.app import build_house, create_app
from voicebot.calls.hearing import Delivered, Delivery
from voicebot.calls.turns import take_turn
from voicebot.clock import ManualClock
from voicebot.errors import RecordNotFound, WebhookRefused
from voicebot.outreach.lines import OutreachDialog
from voicebot.records.calls import get_call, outcome_of, turns_of
from voicebot.records.cases import follow_ups_of_call, requests_of_call
from voicebot.records.database import reading
from voicebot.records.people import uses_of
from voicebot.records.tables import OutboxItem, Resident
from voicebot.records.work import Action, CallWork
from voicebot.telephony.webhooks import Telephony


def _take(
    city: City, call_id: str, step: int, keys: str, *, centre: Any = None, token: str | None = None
) -> str:
    delivered = Delivered(Delivery.ANSWER if step else Delivery.BEGIN, keys=keys, token=token)
    telephony = Telephony(city.settings, city.house.centre)
    return take_turn(
        centre or city.house.centre, call_id, step, delivered, telephony.render, carrier_sid=CARRIER_SID
    )


def test_two_deliveries_at_the_same_moment_act_once(city: City) -> None:
    call_id = city.order()
    press(city, call_id, (*TO_FIRST_OFFER, NOT_RECEIVING))
    city.handed_over.clear()
    together = Barrier(4)

    def deliver(_number: int) -> str:
        together.wait()
        return _take(city, call_id, 4, HELP_ME)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(deliver, range(4)))
    assert len(set(answers)) == 1
    with reading(city.engine) as db:
        assert len(requests_of_call(db, call_id)) == 1
        assert [turn.step for turn in turns_of(db, call_id)] == [0, 1, 2, 3, 4]
        assert get_call(db, call_id).step == 5


def test_two_first_deliveries_at_the_same_moment_begin_one_conversation(city: City) -> None:
    call_id = city.order()
    together = Barrier(3)

    def deliver(_number: int) -> str:
        together.wait()
        return _take(city, call_id, 0, "")

    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(deliver, range(3)))
    assert len(set(answers)) == 1
    with reading(city.engine) as db:
        assert len(turns_of(db, call_id)) == 1


def test_a_token_that_comes_again_at_another_step_is_not_answered_out_of_turn(city: City) -> None:
    """A token belongs to one request: with it an old request is known even when its step is gone."""
    call_id = city.order()
    press(city, call_id, [])
    first = city.turn(call_id, 1, token="t-1", Digits="1")
    assert city.turn(call_id, 1, token="t-1", Digits="1").data == first.data
    assert city.turn(call_id, 9, token="t-1", Digits="1").data == first.data
    assert city.turn(call_id, 9, token="t-9", Digits="1").status_code == 409
    with reading(city.engine) as db:
        assert get_call(db, call_id).step == 2


class _Crash(Exception):
    pass


def _with_action(city: City, name: str, action: Action) -> Any:
    """The call centre with one action of the welfare call replaced."""
    line = city.house.centre.dialogs["welfare_info"]
    assert isinstance(line, OutreachDialog)
    changed = dataclasses.replace(line, actions={**line.actions, name: action})
    return dataclasses.replace(
        city.house.centre, dialogs={**city.house.centre.dialogs, "welfare_info": changed}
    )


def test_a_crash_in_an_action_leaves_nothing_behind_and_the_retry_succeeds(city: City) -> None:
    call_id = city.order()
    press(city, call_id, (*TO_FIRST_OFFER, NOT_RECEIVING))
    real = city.house.centre.line_dialog("welfare_info").actions["request_application"]

    def act_and_crash(work: CallWork, arguments: Mapping[str, Any]) -> None:
        real.run(work, arguments)
        raise _Crash

    broken = _with_action(city, "request_application", Action(act_and_crash, required=real.required))
    with pytest.raises(_Crash):
        _take(city, call_id, 4, HELP_ME, centre=broken)
    with reading(city.engine) as db:
        assert not requests_of_call(db, call_id)
        assert not follow_ups_of_call(db, call_id)
        assert not uses_of(db, db.get_one(Resident, city.resident_id))
        assert get_call(db, call_id).step == 4
    assert "접수했습니다" in said(_take(city, call_id, 4, HELP_ME))
    with reading(city.engine) as db:
        assert len(requests_of_call(db, call_id)) == 1


def test_nothing_is_handed_over_before_it_is_committed(city: City) -> None:
    """A job engine told too early would look for rows that are not there."""
    call_id = city.order()
    seen: list[bool] = []

    def look(items: Any) -> None:
        with reading(city.engine) as db:
            seen.extend(db.get(OutboxItem, item.id) is not None for item in items)

    centre = dataclasses.replace(city.house.centre, hand_over=look)
    keys = (*TO_FIRST_OFFER, *("2", "2") * 3, "1")
    for step, key in enumerate(("", *keys)):
        _take(city, call_id, step, key, centre=centre)
    assert seen == [True]


def test_an_unknown_call_is_not_found(city: City) -> None:
    with pytest.raises(RecordNotFound):
        _take(city, "f" * 32, 0, "")


def test_a_step_that_has_not_come_is_refused_and_changes_nothing(city: City) -> None:
    call_id = city.order()
    for step in (1, 7):
        with pytest.raises(WebhookRefused) as refusal:
            _take(city, call_id, step, "1")
        assert refusal.value.status == 409
    with reading(city.engine) as db:
        call = get_call(db, call_id)
        assert (call.step, call.carrier_sid) == (0, None)


@pytest.fixture
def fresh_city(city: City, clock: ManualClock) -> Iterator[Any]:
    """Gives the city anew, on the same database, as a server does that was killed and started again."""
    engines = []

    def again() -> City:
        house = build_house(
            city.settings, clock=clock, hand_over=city.handed_over.extend, catalogue=demo_catalogue()
        )
        engines.append(house.engine)
        return City(house, create_app(house=house), city.resident_id, city.handed_over)

    yield again
    for engine in engines:
        engine.dispose()


def test_a_server_killed_between_any_two_webhooks_loses_nothing(city: City, fresh_city: Any) -> None:
    """The same call in one house and in a house for every webhook: word for word the same."""
    keys = (*FIRST_REQUEST, "9", "*", "1", "2", "2", "1", "2")
    call_id = fresh_city().order()
    fresh_city().report(call_id, "ringing", 1)
    heard = [said(fresh_city().turn(call_id, 0).data)]
    for step, key in enumerate(keys, 1):
        heard.append(said(fresh_city().turn(call_id, step, Digits=key).data))
        again = fresh_city().turn(call_id, step, Digits=key)
        assert said(again.data) == heard[-1]
    fresh_city().report(call_id, "completed", 3)
    with reading(city.engine) as db:
        outcome = outcome_of(db, call_id)
        assert outcome is not None
        assert outcome.code == "applied"
        assert len(requests_of_call(db, call_id)) == 1
        assert [" ".join(turn.said or []) for turn in turns_of(db, call_id)] == heard
    assert "건강하세요" in heard[-1]


def test_what_a_call_taught_of_the_persons_pace_holds_in_the_next_one(city: City) -> None:
    first = city.order()
    press(city, first, ["1"])
    slowed = city.turn(first, 2, SpeechResult="천천히 말해 주세요").data
    assert b'rate="85%"' in slowed
    second = city.order()
    assert b'rate="85%"' in city.turn(second, 0, CallSid="CA" + "2" * 32).data
