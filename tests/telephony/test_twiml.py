"""The dialog's commands in TwiML, read as XML: what may interrupt what, pace, transfer, recording, hang-up."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.config import SpeechSettings
from voicebot.dialog import (
    Bargein,
    Command,
    End,
    Listen,
    Pace,
    RecordCall,
    RememberPace,
    Say,
    Spoken,
    Transfer,
)
from voicebot.telephony.twiml import Addresses, Desk, apology, render

AT = Addresses("https://bot.example/voice/calls/x/turns/2", "https://bot.example/voice/calls/x/recording")
SPEECH = SpeechSettings()
DESKS = {
    "staff": Desk("+82323259999", "+8216880624", 25),
    "situation_room": Desk("+82323258888", "+8216880624", 25),
}


def _root(*commands: Command) -> Element:
    document = render(commands, AT, SPEECH, DESKS)
    assert document.startswith("<?xml")  # a blank in front is a parse failure at the carrier (12100)
    return ElementTree.fromstring(document)


def _say(*texts: str, bargein: Bargein = Bargein.SPEECH, pace: Pace | None = None) -> Say:
    return Say(tuple(Spoken(f"p{text}", text, bargein) for text in texts), pace or Pace())


def _listen(**changes: object) -> Listen:
    parts: dict[str, object] = {
        **{"form": "f", "question": "q", "by_speech": True, "most_digits": 1, "hints": ("네", "아니요")},
        **{"timeout_s": None, "speech_timeout_s": None, "pace": Pace()},
    }
    return Listen(**{**parts, **changes})  # type: ignore[arg-type]


def _tags(root: Element) -> list[str]:
    return [child.tag for child in root]


def _texts(parent: Element) -> list[str]:
    return ["".join(say.itertext()) for say in parent.iter("Say")]


@given(st.lists(st.sampled_from(list(Bargein)), max_size=8))
def test_every_sentence_is_said_once_in_order_and_interrupted_by_no_more_than_it_allows(
    bargeins: list[Bargein],
) -> None:
    spoken = tuple(Spoken(f"p{n}", f"문장 {n}", bargein) for n, bargein in enumerate(bargeins))
    root = _root(Say(spoken, Pace()), _listen())
    assert _texts(root) == [each.text for each in spoken]
    allowed = {each.text: each.bargein for each in spoken}
    for text in (say.text for say in root.findall("Say")):
        assert text in allowed  # uninterruptible: more than some need, never less
    for gather in root.findall("Gather"):
        for text in _texts(gather):
            assert allowed[text] is not Bargein.NEVER
            assert gather.get("input") == "dtmf" or allowed[text] is Bargein.SPEECH
    last = root[-1]
    assert last.tag == "Gather"
    assert last.get("actionOnEmptyResult") == "true"
    assert len(root.findall("Gather")) <= 2


def test_what_only_keys_may_interrupt_falls_through_to_the_question() -> None:
    root = _root(
        _say("고지", bargein=Bargein.NEVER), _say("안내", bargein=Bargein.KEYPAD), _say("질문"), _listen()
    )
    assert _tags(root) == ["Say", "Gather", "Gather"]
    keypad, question = root.findall("Gather")
    assert (keypad.get("input"), keypad.get("action"), keypad.get("numDigits")) == ("dtmf", AT.turn, "1")
    assert keypad.get("actionOnEmptyResult") is None
    assert keypad.get("timeout") == "1"
    assert (_texts(keypad), _texts(question)) == (["안내"], ["질문"])


def test_figures_typed_into_an_explanation_are_not_cut_off_after_a_second() -> None:
    """The timeout is also the pause between two keys, and elders type slowly."""
    root = _root(_say("안내", bargein=Bargein.KEYPAD), _say("질문"), _listen(most_digits=4))
    keypad = root.findall("Gather")[0]
    assert keypad.get("numDigits") == "4"
    assert int(keypad.get("timeout", "0")) >= 3


def test_an_answer_is_awaited_as_the_carrier_needs_it() -> None:
    gather = _root(_say("질문"), _listen())[0]
    assert dict(gather.attrib) == {
        "input": "dtmf speech",
        "action": AT.turn,
        "method": "POST",
        "timeout": "8",
        "speechTimeout": "3",
        "speechModel": "googlev2_telephony",
        "language": "ko-KR",
        "numDigits": "1",
        "finishOnKey": "#",
        "hints": "네,아니요",
        "profanityFilter": "false",
        "actionOnEmptyResult": "true",
    }


@given(
    st.integers(0, 3),
    st.none() | st.integers(1, 60),
    st.none() | st.integers(1, 10),
    st.none() | st.integers(1, 9),
)
def test_every_timeout_is_a_whole_positive_number(
    extra: int, timeout: int | None, speech_timeout: int | None, digits: int | None
) -> None:
    """``auto`` cuts slow speakers off, and with a speech model the carrier refuses it."""
    listen = _listen(
        timeout_s=timeout, speech_timeout_s=speech_timeout, most_digits=digits, pace=Pace(extra_pause_s=extra)
    )
    gather = _root(listen)[0]
    assert gather.get("timeout") == str((timeout or 8) + extra)
    assert gather.get("speechTimeout") == str((speech_timeout or 3) + extra)
    assert gather.get("numDigits") == (None if digits is None else str(digits))


def test_by_keypad_alone_nothing_of_speech_is_asked_for() -> None:
    gather = _root(_say("질문"), _listen(by_speech=False, most_digits=None))[0]
    assert gather.get("input") == "dtmf"
    assert not {"speechTimeout", "speechModel", "hints", "numDigits"} & set(gather.attrib)
    assert (gather.get("finishOnKey"), gather.get("actionOnEmptyResult")) == ("#", "true")


@given(st.lists(st.text(max_size=130), max_size=5), st.integers(0, 600))
def test_hints_stay_within_the_carriers_limits(odd: list[str], count: int) -> None:
    hints = (*(hint for hint in odd if hint.isprintable()), *(f"말 {n}" for n in range(count)))
    sent = _root(_listen(hints=hints))[0].get("hints")
    entries = sent.split(",") if sent else []
    assert len(entries) <= 500
    assert all(len(entry.strip()) > 0 and len(entry) <= 100 for entry in entries)
    assert len(set(entries)) == len(entries)


@pytest.mark.parametrize(
    ("pace", "prosody"),
    [
        (Pace(), None),
        (Pace(extra_pause_s=2, keypad_only=True), None),
        (Pace(rate_percent=85), {"rate": "85%"}),
        (Pace(louder=True), {"volume": "loud"}),
        (Pace(rate_percent=70, louder=True), {"rate": "70%", "volume": "loud"}),
    ],
)
def test_the_persons_pace_is_spoken(pace: Pace, prosody: dict[str, str] | None) -> None:
    say = _root(_say("천천히", pace=pace), End("informed"))[0]
    assert (say.get("language"), say.get("voice")) == ("ko-KR", "Google.ko-KR-Neural2-A")
    assert _texts(say) == ["천천히"]
    slowed = say.find("prosody")
    assert (None if slowed is None else dict(slowed.attrib)) == prosody


def test_a_transfer_rings_the_desk_under_the_citys_number_and_comes_back() -> None:
    root = _root(_say("연결합니다", bargein=Bargein.NEVER), Transfer("situation_room"))
    assert _tags(root) == ["Say", "Dial"]
    dial = root[1]
    assert dict(dial.attrib) == {
        "action": AT.turn,
        "method": "POST",
        "timeout": "25",
        "callerId": "+8216880624",
    }
    assert [number.text for number in dial.iter("Number")] == ["+82323258888"]


def test_recording_starts_after_the_words_before_it_and_may_be_stopped() -> None:
    root = _root(_say("먼저"), RecordCall(start=True), _say("다음"), RecordCall(start=False), End("informed"))
    assert _tags(root) == ["Say", "Start", "Say", "Stop", "Hangup"]
    recording = root.find("Start/Recording")
    assert recording is not None
    assert recording.get("recordingStatusCallback") == AT.recording
    assert recording.get("recordingStatusCallbackEvent") == "in-progress completed absent"
    assert root.find("Stop/Recording") is not None


@given(st.lists(st.sampled_from(["say", "remember", "record"]), max_size=4))
def test_what_awaits_nothing_ends_with_a_hang_up(kinds: list[str]) -> None:
    """Also when nothing is left to say: an empty document would end the call without our knowing."""
    made: dict[str, Command] = {
        "say": _say("말"),
        "remember": RememberPace(Pace()),
        "record": RecordCall(start=True),
    }
    assert _root(*(made[kind] for kind in kinds))[-1].tag == "Hangup"


def test_nothing_follows_the_end() -> None:
    assert _tags(_root(_say("끝"), End("informed"), _say("더"), _listen())) == ["Say", "Hangup"]


@given(st.text(max_size=60))
def test_whatever_is_said_gives_a_document_that_can_be_read_back(text: str) -> None:
    """Names come from registers: a stray control character must not make the carrier drop the call."""
    for pace in (Pace(), Pace(louder=True)):
        root = _root(_say(text, pace=pace), _listen(hints=(text,)))
        for say in root.iter("Say"):
            assert say.get("language") == "ko-KR"
            assert say.get("voice")


def test_an_apology_is_said_and_ends_the_call() -> None:
    root = ElementTree.fromstring(apology("죄송합니다 <&>", SPEECH))
    assert _tags(root) == ["Say", "Hangup"]
    assert _texts(root) == ["죄송합니다 <&>"]
