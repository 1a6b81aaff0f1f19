"""The telephone in the terminal, and people from script files."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.telephony.simulated.city import CITY, RESIDENT, City, ask, say
from voicebot.errors import DataFileError
from voicebot.telephony.simulated import (
    HangUp,
    Press,
    Silence,
    SimulatedExchange,
    Speak,
    TerminalPhone,
    read_script,
    scripted_person,
    typed,
)

PAGES = {"/in": ask(), "/heard": "<Redirect>/in</Redirect>"}


def test_typed_lines_are_words_keys_silence_and_hanging_up() -> None:
    assert list(typed(["네\n", "#12*\n", "\n", "#소리\n", "/끊기\n"])) == [
        Speak("네"),
        Press("12*"),
        Silence(),
        Speak("#소리"),
        HangUp(),
        HangUp(),
    ]


def test_a_conversation_in_the_terminal(city: City, exchange: SimulatedExchange) -> None:
    city.pages = {"/in": ask(), "/heard": lambda form: ask("더 있으신가요?")}
    output = io.StringIO()
    phone = TerminalPhone(exchange, RESIDENT, typed(io.StringIO("전입 신고요\n#1\n\n")), output)
    call = phone.dials(CITY)
    assert call.status == "completed"
    assert [
        (asked.params["SpeechResult"] if "SpeechResult" in asked.params else asked.params["Digits"])
        for asked in city.of("/heard")
    ] == [
        "전입 신고요",
        "1",
        "",
    ]
    shown = output.getvalue()
    assert "시청  무엇을 도와 드릴까요?" in shown
    assert "[듣고 있습니다: 말 또는 버튼]" in shown
    assert shown.rstrip().endswith("[통화가 끝났습니다.]")


def test_it_answers_a_call_that_rings(city: City, exchange: SimulatedExchange, client) -> None:  # type: ignore[no-untyped-def]
    city.pages = {"/in": say("안녕하세요.")}
    output = io.StringIO()
    phone = TerminalPhone(exchange, RESIDENT, typed([]), output)
    client.calls.create(to=RESIDENT, from_=CITY, url="http://city.test/in")
    call = phone.answers()
    assert call is not None
    assert call.is_over
    assert f"[전화가 옵니다: {CITY}]" in output.getvalue()


def test_a_script_says_presses_waits_and_hangs_up(
    city: City, exchange: SimulatedExchange, tmp_path: Path
) -> None:
    script = tmp_path / "script.yaml"
    script.write_text(
        "- say: 네\n- press: '1'\n  interrupting: true\n- wait: true\n"
        "- say: [{words: 전입 신고를, pause_s: 1}, {words: 하려고요}]\n  confidence: null\n- hang_up: true\n",
        encoding="utf-8",
    )
    city.pages = PAGES
    output = io.StringIO()
    call = TerminalPhone(exchange, RESIDENT, read_script(script), output, echoes=True).dials(CITY)
    assert call.is_over
    assert [asked.params.get("SpeechResult") for asked in city.of("/heard")] == [
        "네",
        None,
        "",
        "전입 신고를 하려고요",
    ]
    assert "나    네" in output.getvalue()
    line = exchange.dial_in("+821000000002", CITY, scripted_person(script))
    exchange.run()
    assert line.is_over


def test_a_wrong_script_is_refused_with_every_line(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("- say: 네\n- press: 일\n- shout: 네\n- say: 네\n  wait: true\n", encoding="utf-8")
    with pytest.raises(DataFileError) as refused:
        read_script(script)
    assert {problem.line for problem in refused.value.problems} == {2, 3, 4}
