"""Calls put through to others, and callers who wait in a queue."""

from __future__ import annotations

import pytest
from twilio.rest import Client

from tests.telephony.simulated.city import BASE, CITY, DESK, RESIDENT, City, ask, say
from voicebot.telephony.simulated import Busy, Caller, Dead, Quiet, SimulatedExchange, Staff

OTHER = "+82326252870"


def dial(inner: str = f"<Number>{DESK}</Number>", attributes: str = "timeout='20'") -> str:
    return f"<Dial action='/dialled' callerId='{CITY}' {attributes}>{inner}</Dial>"


def dialled(city: City) -> dict[str, str]:
    return city.of("/dialled")[-1].params


def test_a_desk_answers_talks_and_hangs_up(city: City, caller: Caller, exchange: SimulatedExchange) -> None:
    exchange.persons[DESK] = Staff()
    city.pages = {"/in": say("연결해 드리겠습니다.") + dial(), "/dialled": say("감사합니다.")}
    caller.dials(CITY)
    caller.hears("감사합니다")
    outcome = dialled(city)
    assert (outcome["DialCallStatus"], outcome["DialBridged"], outcome["DialCallDuration"]) == (
        "completed",
        "true",
        "20",
    )
    leg = exchange.lines[outcome["DialCallSid"]]
    assert (leg.parent_sid, leg.direction, leg.from_number) == (caller.call.sid, "outbound-dial", CITY)
    assert leg.statuses == ["initiated", "ringing", "in-progress", "completed"]


@pytest.mark.parametrize(
    ("person", "status"), [(Staff(answers=False), "no-answer"), (Busy(), "busy"), (Dead(), "failed")]
)
def test_a_desk_that_is_not_reached_gives_the_call_back(
    city: City, caller: Caller, exchange: SimulatedExchange, person: Quiet, status: str
) -> None:
    exchange.persons[DESK] = person
    city.pages = {"/in": dial(), "/dialled": ask("메시지를 남기시겠습니까?")}
    caller.dials(CITY)
    caller.hears("메시지를 남기시겠습니까")
    assert dialled(city)["DialCallStatus"] == status
    assert caller.listening_for == {"dtmf", "speech"}


def test_without_an_action_the_next_verb_runs(
    city: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    exchange.persons[DESK] = Staff()
    city.pages = {"/in": f"<Dial>{DESK}</Dial>" + say("더 도와 드릴까요?")}
    caller.dials(CITY)
    caller.hears("더 도와 드릴까요")


def test_a_resident_who_hangs_up_ends_both_sides(city: City, exchange: SimulatedExchange) -> None:
    caller = Caller(exchange, RESIDENT, talk_s=7)
    exchange.persons[DESK] = Staff()
    city.pages = {"/in": dial(), "/dialled": ""}
    caller.dials(CITY)
    exchange.run()
    assert {line.status for line in exchange.lines.values()} == {"completed"}
    assert city.of("/dialled") == []


def test_the_first_of_several_desks_takes_the_call(
    city: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    exchange.persons[DESK] = Staff(picks_up_after_s=9)
    exchange.persons[OTHER] = Staff(picks_up_after_s=3)
    both = f"<Number>{DESK}</Number><Number statusCallback='/leg' statusCallbackEvent='answered completed'>{OTHER}</Number>"
    city.pages = {"/in": dial(both), "/dialled": "", "/leg": ""}
    caller.dials(CITY)
    exchange.run()
    assert {line.to_number: line.status for line in exchange.lines.values() if line.parent_sid} == {
        DESK: "no-answer",
        OTHER: "completed",
    }
    assert [asked.params["CallStatus"] for asked in city.of("/leg")] == ["in-progress", "completed"]
    assert city.of("/leg")[0].params["ParentCallSid"] == caller.call.sid


def test_a_desk_is_told_first_who_is_calling(city: City, caller: Caller, exchange: SimulatedExchange) -> None:
    exchange.persons[DESK] = Staff()
    number = f"<Number url='/whisper'>{DESK}</Number>"
    city.pages = {"/in": dial(number), "/dialled": "", "/whisper": say("민원 전화입니다.")}
    caller.dials(CITY)
    leg = exchange.lines[dialled(city)["DialCallSid"]]
    assert [line.text for line in leg.transcript] == ["민원 전화입니다."]
    assert city.of("/whisper")[0].params["CallSid"] == leg.sid


def test_a_number_that_is_not_the_citys_may_not_be_shown(
    city: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    city.pages = {"/in": f"<Dial callerId='+82212345678'>{DESK}</Dial>"}
    caller.dials(CITY)
    assert exchange.debugger[0].code == 13214


def test_the_conversation_ends_at_its_time_limit(
    city: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    exchange.persons[DESK] = Staff(talk_s=500)
    city.pages = {"/in": dial(attributes="timeLimit='30'"), "/dialled": say("시간이 다 되었습니다.")}
    caller.dials(CITY)
    caller.hears("시간이 다 되었습니다")
    assert dialled(city)["DialCallDuration"] == "30"
    exchange.run()
    assert all(line.is_over for line in exchange.lines.values())


def test_a_waiting_caller_is_taken_by_a_desk(
    city: City, caller: Caller, exchange: SimulatedExchange, client: Client
) -> None:
    exchange.persons[DESK] = Staff()
    city.pages = {
        "/in": "<Enqueue waitUrl='/wait' action='/queued'>duty</Enqueue>",
        "/wait": say("잠시만 기다려 주세요.") + "<Pause length='5'/>",
        "/queued": say("감사합니다."),
        "/desk": "<Dial action='/taken'><Queue>duty</Queue></Dial>",
        "/taken": "",
    }
    client.calls.create(to=DESK, from_=CITY, url=f"{BASE}/desk")
    caller.dials(CITY)
    caller.hears("기다려 주세요")
    caller.hears("감사합니다")
    queued = city.of("/queued")[0].params
    assert queued["QueueResult"] == "bridged"
    assert city.of("/wait")[0].params["QueuePosition"] == "1"
    exchange.run()
    assert all(line.status == "completed" for line in exchange.lines.values())


def test_a_desk_is_free_again_when_the_caller_it_took_hangs_up(
    city: City, exchange: SimulatedExchange, client: Client
) -> None:
    exchange.persons[DESK] = Staff(talk_s=None)
    caller = Caller(exchange, RESIDENT)
    city.pages = {
        "/in": "<Enqueue>duty</Enqueue>",
        "/desk": "<Dial action='/taken'><Queue>duty</Queue></Dial>",
        "/taken": "",
    }
    exchange.timeline.after(15, lambda: exchange.hang_up(caller.call))
    client.calls.create(to=DESK, from_=CITY, url=f"{BASE}/desk")
    caller.dials(CITY)
    exchange.run()
    taken = city.of("/taken")[0].params
    assert (taken["DialCallStatus"], taken["DialCallSid"]) == ("completed", caller.call.sid)
    assert int(taken["DialCallDuration"]) < 15


def test_a_waiting_caller_may_leave(city: City, caller: Caller) -> None:
    city.pages = {
        "/in": "<Enqueue waitUrl='/wait' action='/queued'>duty</Enqueue>",
        "/wait": "<Gather numDigits='1' action='/choice' timeout='10'/>",
        "/choice": "<Leave/>",
        "/queued": say("메시지를 남겨 주세요."),
    }
    caller.dials(CITY)
    caller.presses("1")
    caller.hears("메시지를 남겨")
    assert city.of("/queued")[0].params["QueueResult"] == "leave"


def test_a_waiting_caller_who_hangs_up_is_reported(
    city: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    city.pages = {
        "/in": "<Enqueue waitUrl='/wait' action='/queued'>duty</Enqueue>",
        "/wait": "<Gather numDigits='1' timeout='10'/>",
        "/queued": "",
    }
    caller.dials(CITY)
    caller.hangs_up()
    exchange.run()
    (report,) = city.of("/queued")
    assert (report.params["QueueResult"], report.params["CallStatus"]) == ("hangup", "completed")
    assert exchange.queue("duty").waiting == []


def test_a_waiting_document_may_not_dial(city: City, caller: Caller, exchange: SimulatedExchange) -> None:
    city.pages = {"/in": "<Enqueue waitUrl='/wait'>duty</Enqueue>", "/wait": f"<Dial>{DESK}</Dial>"}
    caller.dials(CITY)
    assert exchange.debugger[0].code == 12200
    assert caller.call.is_over


def test_nobody_in_the_queue_gives_the_desk_its_call_back(
    city: City, exchange: SimulatedExchange, client: Client
) -> None:
    exchange.persons[DESK] = Quiet()
    city.pages = {"/desk": "<Dial action='/taken' timeout='10'><Queue>duty</Queue></Dial>", "/taken": ""}
    client.calls.create(to=DESK, from_=CITY, url=f"{BASE}/desk")
    exchange.run()
    assert city.of("/taken")[0].params["DialCallStatus"] == "no-answer"
