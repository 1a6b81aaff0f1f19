"""A whole call from a resident: what is asked of the app, in which order, and what the resident hears."""

from __future__ import annotations

import time

import pytest
from flask import Response

from tests.telephony.simulated.city import BASE, CITY, City, ask, say, twiml
from voicebot.clock import ManualClock
from voicebot.telephony.simulated import Caller, SimulatedExchange


def test_it_asks_while_ringing_and_goes_on_in_progress(city: City, caller: Caller) -> None:
    city.pages = {"/in": ask(), "/heard": say("안녕히 계세요.")}
    caller.dials(CITY)
    caller.hears("무엇을 도와")
    caller.says("전입 신고요", confidence=0.75)
    first, second = city.asked[:2]
    assert (first.path, first.method, first.params["CallStatus"]) == ("/in", "POST", "ringing")
    assert second.params["CallStatus"] == "in-progress"
    assert second.params["SpeechResult"] == "전입 신고요"
    assert second.params["Confidence"] == "0.75"
    assert {"CallSid", "AccountSid", "From", "To", "Direction", "ApiVersion", "Caller", "Called"} <= set(
        first.params
    )
    assert caller.call.is_over
    assert caller.call.statuses == ["ringing", "in-progress", "completed"]


def test_it_signs_every_request_and_names_itself(
    city: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    exchange.own(CITY, f"{BASE}/in?dept=%EC%A0%84&x=a%2Fb", status_callback=f"{BASE}/status")
    city.pages = {
        "/in": f'<Redirect method="GET">{BASE}/next?step=1&amp;q=%41</Redirect>',
        "/next": say("네."),
        "/status": "",
    }
    caller.dials(CITY)
    assert [asked.path for asked in city.asked] == ["/in", "/next", "/status"]
    assert all(asked.is_signed for asked in city.asked)
    assert all(asked.headers["User-Agent"] == "TwilioProxy/1.1" for asked in city.asked)
    assert all(asked.headers["I-Twilio-Idempotency-Token"] for asked in city.asked)


def test_its_last_report_carries_duration_time_and_number(city: City, caller: Caller) -> None:
    city.pages = {"/in": "<Pause length='30'/>", "/status": ""}
    caller.dials(CITY)
    (report,) = city.of("/status")
    assert report.params["CallStatus"] == "completed"
    assert report.params["CallDuration"] == "30"
    assert report.params["SequenceNumber"] == "0"
    assert report.params["CallbackSource"] == "call-progress-events"
    assert report.params["Timestamp"] == "Tue, 24 Nov 2026 01:00:30 +0000"


def test_three_minutes_take_well_under_a_second(city: City, caller: Caller, clock: ManualClock) -> None:
    city.pages = {
        "/in": ask(timeout="10") + "<Redirect/>".replace("/>", ">/in</Redirect>"),
        "/heard": "<Redirect>/in</Redirect>",
    }
    begun, real = clock.now(), time.perf_counter()
    caller.dials(CITY)
    while (clock.now() - begun).total_seconds() < 180:
        caller.waits()
    caller.hangs_up()
    assert time.perf_counter() - real < 1.0
    assert caller.call.duration_s >= 180


def test_it_keeps_cookies_within_a_call_only(city: City, caller: Caller) -> None:
    def answer(params: dict[str, str]) -> Response:
        response = twiml("<Redirect>/next</Redirect>")
        response.set_cookie("seat", "7")
        return response

    city.pages = {"/in": answer, "/next": say("네.")}
    caller.dials(CITY)
    caller.dials(CITY)
    assert [asked.headers.get("Cookie") for asked in city.asked if asked.path != "/status"] == [
        None,
        "seat=7",
        None,
        "seat=7",
    ]


def test_it_resolves_relative_addresses_against_the_document(
    city: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    exchange.own(CITY, f"{BASE}/voice/in")
    city.pages = {
        "/voice/in": ask(action="turns/1"),
        "/voice/turns/1": "<Redirect>../end</Redirect>",
        "/voice/end": say("끝."),
    }
    caller.dials(CITY)
    caller.presses("1")
    assert [asked.path for asked in city.asked] == ["/voice/in", "/voice/turns/1", "/voice/end"]


def test_a_redirect_turns_post_into_get_and_drops_what_was_heard(city: City, caller: Caller) -> None:
    city.pages = {
        "/in": ask(),
        "/heard": lambda params: Response(status=302, headers={"Location": "/moved"}),
        "/moved": say("네."),
    }
    caller.dials(CITY)
    caller.says("네")
    (moved,) = city.of("/moved")
    assert moved.method == "GET"
    assert "CallSid" in moved.params
    assert "SpeechResult" not in moved.params


def test_the_eleventh_redirect_is_one_too_many(
    city: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    city.pages = {"/in": Response(status=307, headers={"Location": "/in"})}
    caller.dials(CITY)
    assert len(city.of("/in")) == 11
    assert exchange.debugger[0].code == 11215


def test_reject_ends_the_call_unanswered(city: City, caller: Caller) -> None:
    city.pages = {"/in": "<Reject reason='busy'/>"}
    caller.dials(CITY)
    assert caller.call.statuses == ["ringing", "busy"]
    assert caller.call.duration_s == 0


def test_two_documents_that_redirect_to_each_other_come_to_an_end(city: City, caller: Caller) -> None:
    city.pages = {"/in": "<Redirect>/next</Redirect>", "/next": "<Redirect>/in</Redirect>"}
    caller.dials(CITY)
    assert caller.call.status == "completed"


def test_a_missing_phrase_is_told_with_the_whole_call(city: City, caller: Caller) -> None:
    city.pages = {"/in": ask("말씀해 주세요.")}
    caller.dials(CITY)
    assert caller.hears("말씀해주세요") == "말씀해 주세요."
    with pytest.raises(AssertionError, match="말씀해 주세요"):
        caller.hears("안녕하세요")


def test_an_audio_answer_is_played_and_plain_text_read(city: City, caller: Caller) -> None:
    city.pages = {"/in": Response("안내 말씀입니다.", mimetype="text/plain")}
    caller.dials(CITY)
    caller.hears("안내 말씀")
    assert caller.call.status == "completed"


def test_recorded_prompts_are_fetched_unsigned_and_heard_by_their_words(
    city: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    sound = b"RIFF\x00\x00\x00\x00WAVEfmt \x12\x00\x00\x00"
    sound += b"\x07\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00\x00\x00"
    sound += b"data\x80\x3e\x00\x00" + b"\x7f" * 16000
    exchange.text_of_audio = lambda url: "안녕하십니까." if url.endswith("/hello.wav") else None
    city.pages = {
        "/in": "<Play>/hello.wav</Play><Play>/hello.wav</Play>",
        "/hello.wav": Response(sound, mimetype="audio/wav"),
    }
    caller.dials(CITY)
    assert caller.heard == ["안녕하십니까.", "안녕하십니까."]
    assert caller.call.duration_s == 4
    (fetched,) = city.of("/hello.wav")
    assert fetched.params == {}
    assert "X-Twilio-Signature" not in fetched.headers
