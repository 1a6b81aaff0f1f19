"""Barge-in, pauses, keys: what of a person's doing a <Gather> hears."""

from __future__ import annotations

import pytest

from tests.telephony.simulated.city import CITY, City, ask, say
from voicebot.telephony.simulated import Caller, HangUp, Press, SimulatedExchange, Speak

TALK = "<Redirect>/in</Redirect>"
LONG = "지금부터 안내 말씀을 드리겠습니다. 잘 들으시고 말씀해 주시기 바랍니다."


def heard_by_city(city: City) -> dict[str, str]:
    return city.of("/heard")[-1].params


@pytest.fixture
def listening(city: City, caller: Caller) -> Caller:
    city.pages = {"/in": ask(LONG), "/heard": TALK}
    caller.dials(CITY)
    return caller


def test_a_long_pause_ends_the_answer_and_the_rest_interrupts_the_next_prompt(
    city: City, listening: Caller
) -> None:
    listening.says([("전입 신고를", 4.0), ("하려고요", 0.0)])
    assert [asked.params["SpeechResult"] for asked in city.of("/heard")] == ["전입 신고를", "하려고요"]


def test_a_short_pause_does_not(city: City, listening: Caller) -> None:
    listening.says([("전입 신고를", 2.5), ("하려고요", 0.0)])
    assert [asked.params["SpeechResult"] for asked in city.of("/heard")] == ["전입 신고를 하려고요"]


def test_speech_interrupts_a_nested_prompt(
    city: City, listening: Caller, exchange: SimulatedExchange
) -> None:
    begun = exchange.timeline.seconds()
    listening.says("네", starts_after_s=1.0, interrupting=True)
    assert exchange.timeline.seconds() - begun == pytest.approx(1.0 + 0.3 + 3.0)


def test_without_barge_in_what_is_said_during_the_prompt_is_lost(city: City, caller: Caller) -> None:
    city.pages = {"/in": ask(LONG, bargeIn="false"), "/heard": say("네.")}
    caller.dials(CITY)
    caller.says("네", starts_after_s=0.5, interrupting=True)
    assert heard_by_city(city)["SpeechResult"] == ""


def test_keys_pressed_during_an_uninterruptible_prompt_are_lost(city: City, caller: Caller) -> None:
    city.pages = {"/in": ask(LONG, bargeIn="false", numDigits="1"), "/heard": say("네.")}
    caller.dials(CITY)
    caller.presses("1", interrupting=True)
    assert heard_by_city(city)["Digits"] == ""


@pytest.mark.parametrize(
    ("attributes", "keys", "digits"),
    [
        ({"numDigits": "1"}, "12", "1"),
        ({}, "12#", "12"),
        ({}, "12", "12"),
        ({"finishOnKey": "*"}, "1#2*", "1#2"),
        ({"finishOnKey": ""}, "1#", "1#"),
        ({}, "#", ""),
    ],
)
def test_keys_end_by_number_by_finish_key_or_by_time(
    city: City, caller: Caller, attributes: dict[str, str], keys: str, digits: str
) -> None:
    city.pages = {"/in": ask(**attributes), "/heard": say("네.")}
    caller.dials(CITY)
    caller.presses(keys)
    assert heard_by_city(city)["Digits"] == digits


def test_speech_is_not_heard_where_only_keys_are_awaited(city: City, caller: Caller) -> None:
    city.pages = {"/in": "<Gather numDigits='1' action='/heard'/>" + say("다음입니다.")}
    caller.dials(CITY)
    assert caller.listening_for == {"dtmf"}
    caller.says("일 번이요")
    caller.hears("다음입니다")
    assert city.of("/heard") == []


def test_silence_falls_through_unless_empty_results_are_wanted(city: City, caller: Caller) -> None:
    city.pages = {"/in": ask(actionOnEmptyResult="false") + say("듣지 못했습니다."), "/heard": ""}
    caller.dials(CITY)
    caller.waits()
    caller.hears("듣지 못했습니다")
    assert city.of("/heard") == []


def test_who_begins_after_the_time_out_is_heard_by_the_next_gather(city: City, listening: Caller) -> None:
    listening.says("여보세요", starts_after_s=6.0)
    results = [asked.params["SpeechResult"] for asked in city.of("/heard")]
    assert results == ["", "여보세요"]


def test_speech_is_cut_after_a_minute(city: City, listening: Caller) -> None:
    listening.does(Speak("가" * 700, lasts_s=120.0))
    assert len(heard_by_city(city)["SpeechResult"]) == 350


def test_an_unknown_confidence_is_left_out(city: City, listening: Caller) -> None:
    listening.says("네", confidence=None)
    assert "Confidence" not in heard_by_city(city)


def test_hanging_up_mid_sentence_makes_no_request(city: City, listening: Caller) -> None:
    listening.hangs_up(while_saying="저기 그러니까")
    assert listening.call.status == "completed"
    assert city.of("/heard") == []
    assert listening.transcript[-1].text == "저기 그러니까"


def test_hanging_up_in_a_prompt_nobody_listens_behind(city: City, caller: Caller) -> None:
    city.pages = {"/in": say(LONG) + say("끝까지 들어 주셔서 감사합니다.")}
    caller.hangs_up_during("안내 말씀")
    caller.dials(CITY)
    caller.does_not_hear("감사합니다")
    assert caller.call.status == "completed"
    assert 0 < caller.call.duration_s < 6


def test_hanging_up_while_the_question_is_asked(listening: Caller) -> None:
    listening.does(HangUp(1.0, during_prompt=True))
    assert listening.call.duration_s == 1


def test_a_pause_between_keys_ends_them(city: City, listening: Caller) -> None:
    listening.does(Press("123", every_s=6.0))
    assert heard_by_city(city)["Digits"] == "1"


def test_acting_when_nobody_listens_is_an_error_of_the_test(city: City, caller: Caller) -> None:
    city.pages = {"/in": say("안녕히 계세요.")}
    caller.dials(CITY)
    with pytest.raises(AssertionError, match="nobody listens"):
        caller.says("네")
