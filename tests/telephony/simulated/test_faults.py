"""The switches: what goes wrong goes wrong as told, and the same way again with the same seed."""

from __future__ import annotations

import pytest
from twilio.rest import Client

from tests.telephony.simulated.city import BASE, CITY, City, ask, say
from voicebot.clock import ManualClock
from voicebot.telephony.simulated import Caller, Faults, ScriptedPerson, SimulatedExchange, WsgiTransport

EVENTS = ["initiated", "ringing", "answered", "completed"]


@pytest.fixture
def reported(city: City, exchange: SimulatedExchange, client: Client, caller: Caller):  # type: ignore[no-untyped-def]
    city.pages = {"/in": ask(), "/heard": say("감사합니다."), "/status": ""}

    def place(**faults: float) -> list[str]:
        for name, value in faults.items():
            setattr(exchange.faults, name, value)
        client.calls.create(
            to=caller.number,
            from_=CITY,
            url=f"{BASE}/in",
            status_callback=f"{BASE}/status",
            status_callback_event=EVENTS,
        )
        caller.answers()
        caller.says("네")
        exchange.run()
        return [
            f"{asked.params['SequenceNumber']} {asked.params['CallStatus']}" for asked in city.of("/status")
        ]

    return place


def test_reports_come_twice(reported) -> None:  # type: ignore[no-untyped-def]
    assert reported(status_duplicated=1.0)[:4] == ["0 initiated", "0 initiated", "1 ringing", "1 ringing"]


def test_reports_overtake_each_other(reported) -> None:  # type: ignore[no-untyped-def]
    assert reported(status_reordered=1.0) == ["1 ringing", "0 initiated", "3 completed", "2 in-progress"]


def test_reports_are_lost(reported) -> None:  # type: ignore[no-untyped-def]
    assert reported(status_lost=1.0) == []


def test_reports_come_late(reported, exchange: SimulatedExchange) -> None:  # type: ignore[no-untyped-def]
    assert len(reported(status_delayed=1.0, status_delay_s=600.0)) == 4
    assert exchange.timeline.seconds() > 600


def test_a_turn_is_delivered_twice_with_one_token(reported, city: City) -> None:  # type: ignore[no-untyped-def]
    reported(turn_duplicated=1.0)
    first, second = city.of("/heard")
    assert first.headers["I-Twilio-Idempotency-Token"] == second.headers["I-Twilio-Idempotency-Token"]
    assert first.params == second.params


def test_a_lost_answer_ends_in_the_fallback(city: City, caller: Caller, exchange: SimulatedExchange) -> None:
    exchange.own(CITY, f"{BASE}/in", fallback_url=f"{BASE}/fallback")
    exchange.faults.turn_response_lost = 1.0
    city.pages = {"/in": say("안녕하세요."), "/fallback": say("죄송합니다.")}
    caller.dials(CITY)
    assert [asked.path for asked in city.asked] == ["/in", "/fallback"]
    assert caller.transcript[0].at == pytest.approx(30.0), "the answer to the fallback is lost as well"
    assert caller.call.status == "completed"


def test_a_recogniser_that_returns_nothing_gives_an_empty_result(reported, city: City) -> None:  # type: ignore[no-untyped-def]
    reported(recogniser_empty=1.0)
    assert city.of("/heard")[0].params["SpeechResult"] == ""
    assert "Confidence" not in city.of("/heard")[0].params


def test_confidence_is_left_out(reported, city: City) -> None:  # type: ignore[no-untyped-def]
    reported(confidence_omitted=1.0)
    assert "Confidence" not in city.of("/heard")[0].params


def test_a_slow_network_takes_its_time(reported, exchange: SimulatedExchange, caller: Caller) -> None:  # type: ignore[no-untyped-def]
    reported(network_delay_s=2.0)
    assert caller.transcript[0].at == pytest.approx(1.0 + 4.0 + 2.0)


def run_with(seed: int) -> list[tuple[str, str]]:
    from datetime import UTC, datetime

    from tests.telephony.simulated.city import ACCOUNT, TOKEN

    city = City({"/in": ask(), "/heard": ask(), "/status": ""})
    faults = Faults(status_lost=0.3, status_duplicated=0.3, recogniser_empty=0.4, turn_duplicated=0.3)
    exchange = SimulatedExchange(
        ACCOUNT,
        TOKEN,
        clock=ManualClock(datetime(2026, 11, 24, tzinfo=UTC)),
        transport=WsgiTransport(city.app()),
        faults=faults,
        seed=seed,
    )
    exchange.own(CITY, f"{BASE}/in", status_callback=f"{BASE}/status")
    for number in range(5):
        exchange.dial_in(f"+8210000000{number}", CITY, ScriptedPerson(lines=["네", "네", "네", "/끊기"]))
    exchange.run()
    return [(asked.path, asked.params.get("SpeechResult", "")) for asked in city.asked]


def test_the_same_seed_gives_the_same_faults() -> None:
    assert run_with(7) == run_with(7)
    assert run_with(7) != run_with(8)
