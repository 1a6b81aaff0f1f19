"""What the carrier does not execute: refused under Twilio's code, then the fallback, else an apology."""

from __future__ import annotations

import pytest
from flask import Response

from tests.telephony.simulated.city import BASE, CITY, City, ask, say
from voicebot.telephony.simulated import Caller, SimulatedExchange, WebhookRequest, WsgiTransport
from voicebot.telephony.simulated.grammar import TwimlFault, parse_twiml

REFUSED = [
    ("<Pay/>", 12200),
    ("<Connect><Stream url='wss://x'/></Connect>", 12200),
    ("<Refer/>", 12200),
    ("<say>네</say>", 12200),
    ("<Say lang='ko-KR'>네</Say>", 12200),
    ("<Say>안녕하세요</Say>", 13520),
    ("<Say voice='Polly.Seoyeon'>안녕하세요</Say>", 13520),
    ("<Say language='ko-KR'></Say>", 13520),
    ("<Say language='ko-KR'><prosody speed='1'>네</prosody></Say>", 12200),
    (f"<Say language='ko-KR'>{'가' * 4097}</Say>", 13520),
    ("<Gather speechTimeout='auto' speechModel='googlev2_telephony' input='speech'/>", 13327),
    ("<Gather speechTimeout='2.5' input='speech'/>", 13327),
    ("<Gather timeout='soon'/>", 13313),
    ("<Gather numDigits='0'/>", 13314),
    ("<Gather finishOnKey='12'/>", 13310),
    ("<Gather input='voice'/>", 12200),
    ("<Gather speechModel='best' input='speech'/>", 13335),
    ("<Gather><Hangup/></Gather>", 13320),
    ("<Gather><Play digits='1'/></Gather>", 13320),
    (f"<Gather hints='{'가' * 101}'/>", 12200),
    ("<Gather maxSpeechTime='5'/>", 12200),
    ("<Record transcribe='true'/>", 12200),
    ("<Record maxLength='long'/>", 13612),
    ("<Dial callerId='city hall'>+82212345678</Dial>", 13214),
    ("<Dial timeout='-1'>+82212345678</Dial>", 13212),
    ("<Dial><Client>desk</Client></Dial>", 12200),
    ("<Dial/>", 12200),
    ("<Pause length='1.5'/>", 13810),
    ("<Redirect/>", 12200),
    ("<Start><Stream/></Start>", 12200),
    ("Hello", 12200),
]


@pytest.mark.parametrize(("verbs", "code"), REFUSED)
def test_it_refuses_what_it_does_not_know(verbs: str, code: int) -> None:
    with pytest.raises(TwimlFault) as refused:
        parse_twiml(f"<Response>{verbs}</Response>")
    assert refused.value.code == code


@pytest.mark.parametrize(
    "document",
    [
        "",
        " <?xml version='1.0'?><Response/>",
        "\n<Response/>",
        "<Response>",
        "<Answer/>",
        "<!DOCTYPE a><Response/>",
        "네",
    ],
)
def test_what_is_no_document_is_a_parse_failure(document: str) -> None:
    with pytest.raises(TwimlFault) as refused:
        parse_twiml(document)
    assert refused.value.code == 12100


def test_more_than_64_kb_are_refused() -> None:
    with pytest.raises(TwimlFault) as refused:
        parse_twiml("<Response>" + say("가" * 1000) * 30 + "</Response>")
    assert refused.value.code == 11750


def test_ssml_is_spoken_at_its_rate_and_with_its_breaks(city: City, caller: Caller) -> None:
    words = "가" * 65
    slow = f"<Say language='ko-KR'><prosody rate='50%'>{words}</prosody><break time='2s'/>끝</Say>"
    city.pages = {"/in": slow}
    caller.dials(CITY)
    assert caller.heard == [f"{words} 끝"]
    assert caller.call.duration_s == pytest.approx(20 + 2, abs=1)


@pytest.fixture
def with_fallback(exchange: SimulatedExchange, city: City) -> City:
    exchange.own(CITY, f"{BASE}/in", fallback_url=f"{BASE}/fallback", status_callback=f"{BASE}/status")
    city.pages = {"/fallback": say("죄송합니다. 다시 걸어 주세요."), "/status": ""}
    return city


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<Pay/>", 12200),
        (Response("<Response/>", mimetype="application/json"), 12300),
        (Response("x", status=500), 11200),
        (Response("x", status=404), 11200),
        (Response("<Response>", mimetype="text/xml"), 12100),
        (Response("<Response>" + " " * 65536 + "</Response>", mimetype="text/xml"), 11750),
    ],
)
def test_a_failing_document_goes_to_the_fallback_with_its_code(
    with_fallback: City, caller: Caller, exchange: SimulatedExchange, page: Response | str, code: int
) -> None:
    with_fallback.pages["/in"] = page
    caller.dials(CITY)
    caller.hears("다시 걸어")
    (fallback,) = with_fallback.of("/fallback")
    assert (fallback.params["ErrorCode"], fallback.params["ErrorUrl"]) == (str(code), f"{BASE}/in")
    assert fallback.is_signed
    (entry,) = exchange.debugger
    assert (entry.code, entry.url, entry.call_sid) == (code, f"{BASE}/in", caller.call.sid)


def test_a_failing_action_goes_there_too(with_fallback: City, caller: Caller) -> None:
    with_fallback.pages |= {"/in": ask(), "/heard": Response(status=500)}
    caller.dials(CITY)
    caller.says("네")
    caller.hears("다시 걸어")


def test_without_a_fallback_an_application_error_is_said_and_the_call_ends(
    city: City, caller: Caller
) -> None:
    city.pages = {"/in": "<Pay/>"}
    caller.dials(CITY)
    caller.hears("application error")
    assert caller.call.status == "completed"


def test_a_failing_fallback_ends_the_call(
    with_fallback: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    with_fallback.pages |= {"/in": "<Pay/>", "/fallback": "<Pay/>"}
    caller.dials(CITY)
    caller.hears("application error")
    assert len(exchange.debugger) == 2


def test_fifteen_seconds_are_the_limit(
    transport: WsgiTransport, exchange: SimulatedExchange, with_fallback: City, caller: Caller
) -> None:
    with_fallback.pages["/in"] = say("늦었습니다.")
    transport.takes_s = lambda r: 16.0 if r.url.endswith("/in") else 0.0
    caller.dials(CITY)
    caller.does_not_hear("늦었습니다")
    assert caller.transcript[0].at == pytest.approx(15.0)
    assert exchange.debugger[0].code == 11200


def test_a_lost_answer_is_asked_for_again_with_the_same_token_where_the_fragment_says_so(
    transport: WsgiTransport, exchange: SimulatedExchange, city: City, caller: Caller
) -> None:
    exchange.own(CITY, f"{BASE}/in#rc=2&rp=ct,rt&rt=4000")
    answers = iter([5.0, 5.0, 0.0])
    city.pages = {"/in": say("안녕하세요.")}
    transport.takes_s = lambda request: next(answers)
    caller.dials(CITY)
    caller.hears("안녕하세요")
    tokens = {asked.headers["I-Twilio-Idempotency-Token"] for asked in city.asked}
    assert (len(city.asked), len(tokens)) == (3, 1)
    assert all(asked.is_signed for asked in city.asked), "the fragment is neither sent nor signed"
    assert caller.transcript[0].at == pytest.approx(8.0)


def test_a_server_error_is_not_asked_again_by_default(city: City, caller: Caller) -> None:
    city.pages = {"/in": Response(status=500)}
    caller.dials(CITY)
    assert len(city.of("/in")) == 1


def test_retries_stop_when_the_total_time_is_used_up(
    transport: WsgiTransport, exchange: SimulatedExchange, city: City, caller: Caller
) -> None:
    exchange.own(CITY, f"{BASE}/in#rc=5&rp=all&rt=6000")
    city.pages = {"/in": say("안녕하세요.")}
    waited: list[float] = []

    def never(request: WebhookRequest) -> float:
        waited.append(request.read_s)
        return 99.0

    transport.takes_s = never
    caller.dials(CITY)
    assert waited == [6.0, 6.0, 3.0]


def test_a_relative_action_in_inline_twiml_is_refused(
    exchange: SimulatedExchange, caller: Caller, client
) -> None:  # type: ignore[no-untyped-def]
    client.calls.create(to=caller.number, from_=CITY, twiml=f"<Response>{ask(action='/heard')}</Response>")
    caller.answers()
    assert [entry.code for entry in exchange.debugger] == [11100]
