"""Whatever a person does: the call ends, in exactly one way, and nothing breaks."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.telephony.simulated.city import ACCOUNT, BASE, CITY, TOKEN, City, ask, say
from voicebot.clock import ManualClock
from voicebot.telephony.simulated import (
    Faults,
    HangUp,
    Press,
    ScriptedPerson,
    Silence,
    SimulatedExchange,
    Speak,
    WsgiTransport,
)
from voicebot.telephony.simulated.gathering import Terms, outcome_of
from voicebot.telephony.simulated.lines import TERMINAL

seconds = st.floats(0, 30, allow_nan=False)
words = st.text("네아니요 요청합니다", min_size=1, max_size=20)
parts = st.lists(st.tuples(words, seconds), min_size=1, max_size=4)
actions = st.one_of(
    st.just(Silence()),
    st.builds(
        Speak,
        st.one_of(words, parts),
        seconds,
        confidence=st.none() | st.floats(0, 1),
        during_prompt=st.booleans(),
        hangs_up=st.booleans(),
    ),
    st.builds(Press, st.text("0123456789*#", min_size=1, max_size=6), seconds, during_prompt=st.booleans()),
    st.builds(HangUp, seconds, st.booleans()),
)
chance = st.sampled_from([0.0, 0.5, 1.0])
faults = st.builds(
    Faults,
    status_duplicated=chance,
    status_reordered=chance,
    status_delayed=chance,
    status_lost=chance,
    turn_duplicated=chance,
    turn_response_lost=st.sampled_from([0.0, 0.2]),
    recogniser_empty=chance,
    confidence_omitted=chance,
)
PAGES = [
    ask() + "<Redirect>/in</Redirect>",
    ask("번호를 누르세요.", numDigits="2", input="dtmf", speechTimeout=None, actionOnEmptyResult="false"),  # type: ignore[arg-type]
    ask("말씀하세요.", input="speech", bargeIn="false"),
    "<Record action='/heard' timeout='2'/>" + ask(),
    say("안내입니다.") + "<Redirect>/heard</Redirect>",
    "<Dial action='/heard' timeout='5'>+82326252119</Dial>",
    "<Enqueue waitUrl='/wait' action='/heard'>duty</Enqueue>",
    "<Pay/>",
    "<Hangup/>",
]


@settings(max_examples=60, deadline=None)
@given(
    script=st.lists(actions, max_size=6),
    pages=st.lists(st.sampled_from(PAGES), min_size=1, max_size=5),
    faults=faults,
    seed=st.integers(0, 99),
)
def test_every_call_ends_in_exactly_one_terminal_status(
    script: list[object], pages: list[str], faults: Faults, seed: int
) -> None:
    documents = iter(pages)
    city = City(
        {
            "/in": lambda form: next(documents, say("안녕히 계세요.")),
            "/heard": lambda form: next(documents, say("안녕히 계세요.")),
            "/wait": lambda form: say("기다려 주세요.") + "<Pause length='600'/>",
            "/status": "",
        }
    )
    clock = ManualClock(datetime(2026, 11, 24, tzinfo=UTC))
    exchange = SimulatedExchange(
        ACCOUNT, TOKEN, clock=clock, transport=WsgiTransport(city.app()), faults=faults, seed=seed
    )
    exchange.own(CITY, f"{BASE}/in", status_callback=f"{BASE}/status")
    person = ScriptedPerson(lines=script, finally_=HangUp())  # type: ignore[arg-type]
    line = exchange.dial_in("+821000000001", CITY, person)
    assert exchange.run_until(lambda: line.is_over and line.callbacks_under_way == 0)
    exchange.run()
    for each in exchange.lines.values():
        assert [status for status in each.statuses if status in TERMINAL] == [each.status]
    moments = [spoken.at for spoken in line.transcript]
    assert moments == sorted(moments)
    assert all(asked.is_signed for asked in city.asked)


@settings(max_examples=200, deadline=None)
@given(
    action=actions,
    prompt_s=seconds,
    terms=st.builds(
        Terms,
        by_key=st.booleans(),
        by_speech=st.booleans(),
        timeout_s=st.integers(1, 20).map(float),
        speech_timeout_s=st.integers(1, 9).map(float),
        num_digits=st.none() | st.integers(1, 4),
        finish_key=st.sampled_from(["#", "*", ""]),
        may_barge_in=st.booleans(),
    ),
)
def test_a_gather_hears_only_what_it_listens_for_and_ends_in_time(
    action: object, prompt_s: float, terms: Terms
) -> None:
    outcome = outcome_of(action, terms, prompt_s)  # type: ignore[arg-type]
    assert outcome.kind != "speech" or terms.by_speech
    assert outcome.kind != "keys" or (terms.by_key and outcome.text)
    assert outcome.said_s >= 0
    assert outcome.ends_s <= prompt_s + terms.timeout_s * 8 + 60 + terms.speech_timeout_s
    if outcome.kind == "empty":
        assert outcome.ends_s <= prompt_s + terms.timeout_s + 1e-6
    if terms.num_digits and outcome.kind == "keys":
        assert len(outcome.text) <= terms.num_digits
