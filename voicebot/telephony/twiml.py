"""The dialog's commands in TwiML, built with the SDK. Nothing here decides; it only says it in XML.

Barge-in: what may not be interrupted is said before any <Gather>; what only a key may interrupt sits in a
keypad <Gather> of its own, which falls through; the question itself sits in the <Gather> that awaits the
answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from twilio.twiml.voice_response import Gather, Say, VoiceResponse

from voicebot.config import SpeechSettings
from voicebot.dialog import (
    Bargein,
    Command,
    End,
    Listen,
    Pace,
    RecordCall,
    Spoken,
    Transfer,
)
from voicebot.dialog import Say as SayCommand

_MOST_HINTS, _LONGEST_HINT = 500, 100
"""Twilio's limits for Gather hints."""
_KEYPAD_GAP_S = 1
"""After a prompt that keys may interrupt, the shortest wait that TwiML knows before the next."""
_TYPING_GAP_S = 3
"""The same wait also ends a row of figures: nobody types four of them within a second of each other."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, however it is escaped (its production 2, Char)."""


@dataclass(frozen=True)
class Addresses:
    """Where the carrier goes next; all absolute."""

    turn: str
    """The action of whatever is awaited."""
    recording: str
    """Reports about a recording."""


@dataclass(frozen=True)
class Desk:
    """Where a transfer rings, and which of the city's numbers it shows."""

    number: str
    shows: str
    ring_timeout_s: int
    whisper: str | None = None
    """The address of what whoever picks up hears before the caller is put through."""


@dataclass
class _Line:
    """A sentence waiting to be put where its barge-in allows."""

    spoken: Spoken
    pace: Pace


def render(
    commands: Sequence[Command], addresses: Addresses, speech: SpeechSettings, desks: dict[str, Desk]
) -> str:
    """The TwiML document for one turn's commands. What nothing follows ends with a hang-up."""
    response = VoiceResponse()
    lines: list[_Line] = []
    is_open = False
    for command in commands:
        match command:
            case SayCommand():
                lines += [_Line(spoken, command.pace) for spoken in command.prompts]
            case Listen():
                _listen(response, lines, command, addresses, speech)
                lines, is_open = [], True
            case Transfer():
                _say_all(response, lines, speech)
                _dial(response, desks[command.to], addresses)
                lines, is_open = [], True
            case RecordCall():
                _say_all(response, lines, speech)
                _record(response, addresses, start=command.start)
                lines = []
            case End():
                _say_all(response, lines, speech)
                response.hangup()
                return str(response)
    _say_all(response, lines, speech)
    if not is_open:
        response.hangup()
    return str(response)


def nothing() -> str:
    """An empty document: the call goes on as it is."""
    return str(VoiceResponse())


_TAKES_IT_KO = "받으시려면 일 번을 눌러 주세요."
_TAKING_S = 6


def whisper(text: str, accepted: str, speech: SpeechSettings) -> str:
    """A sentence for whoever picks up a transferred call, and the question whether they take it. Without a key, as with a
    mailbox, the caller goes on to the next; ``accepted``: the address that then connects the two."""
    response = VoiceResponse()
    gather = Gather(input="dtmf", num_digits=1, timeout=_TAKING_S, action=accepted, method="POST")
    for sentence in (text, _TAKES_IT_KO):
        if sentence:
            gather.append(_say(sentence, Pace(), speech))
    response.append(gather)
    response.hangup()
    return str(response)


def apology(text: str, speech: SpeechSettings) -> str:
    """A sentence and a hang-up: for what cannot be answered otherwise."""
    response = VoiceResponse()
    response.append(_say(text, Pace(), speech))
    response.hangup()
    return str(response)


def _listen(
    response: VoiceResponse, lines: list[_Line], listen: Listen, addresses: Addresses, speech: SpeechSettings
) -> None:
    unstoppable, by_key, by_speech = _split(lines)
    _say_all(response, unstoppable, speech)
    if by_key:
        keypad = Gather(
            input="dtmf",
            action=addresses.turn,
            method="POST",
            num_digits=listen.most_digits,
            finish_on_key="#",
            timeout=_KEYPAD_GAP_S if listen.most_digits == 1 else _TYPING_GAP_S,
        )
        _say_all(keypad, by_key, speech)
        response.append(keypad)
    gather = _gather(listen, addresses, speech)
    _say_all(gather, by_speech, speech)
    response.append(gather)


def _split(lines: list[_Line]) -> tuple[list[_Line], list[_Line], list[_Line]]:
    """Up to the last sentence that nothing interrupts; then up to the last that only keys do; the rest."""
    first = _last(lines, Bargein.NEVER)
    second = max(first, _last(lines, Bargein.KEYPAD))
    return lines[:first], lines[first:second], lines[second:]


def _last(lines: list[_Line], bargein: Bargein) -> int:
    return max((place for place, line in enumerate(lines, 1) if line.spoken.bargein is bargein), default=0)


def _gather(listen: Listen, addresses: Addresses, speech: SpeechSettings) -> Gather:
    timeout = (listen.timeout_s or speech.timeout_s) + listen.pace.extra_pause_s
    if not listen.by_speech:
        return Gather(
            input="dtmf",
            action=addresses.turn,
            method="POST",
            num_digits=listen.most_digits,
            finish_on_key="#",
            timeout=timeout,
            action_on_empty_result=True,
        )
    return Gather(
        input="dtmf speech",
        action=addresses.turn,
        method="POST",
        num_digits=listen.most_digits,
        finish_on_key="#",
        timeout=timeout,
        speech_timeout=str((listen.speech_timeout_s or speech.speech_timeout_s) + listen.pace.extra_pause_s),
        speech_model=speech.speech_model,
        language=speech.language,
        hints=_hints(listen.hints) or None,
        profanity_filter=False,
        action_on_empty_result=True,
    )


def _hints(hints: Sequence[str]) -> str:
    fitting = (_NOT_XML.sub("", hint).replace(",", " ").strip()[:_LONGEST_HINT] for hint in hints)
    return ",".join([hint for hint in dict.fromkeys(fitting) if hint][:_MOST_HINTS])


def _dial(response: VoiceResponse, desk: Desk, addresses: Addresses) -> None:
    dial = response.dial(
        action=addresses.turn, method="POST", timeout=desk.ring_timeout_s, caller_id=desk.shows
    )
    dial.number(desk.number, url=desk.whisper, method="POST" if desk.whisper else None)


def _record(response: VoiceResponse, addresses: Addresses, *, start: bool) -> None:
    if start:
        response.start().recording(
            recording_status_callback=addresses.recording,
            recording_status_callback_event="in-progress completed absent",
        )
    else:
        response.stop().add_child("Recording")


def _say_all(parent: VoiceResponse | Gather, lines: Sequence[_Line], speech: SpeechSettings) -> None:
    for line in lines:
        parent.append(_say(line.spoken.text, line.pace, speech))


def _say(text: str, pace: Pace, speech: SpeechSettings) -> Say:
    text = _NOT_XML.sub("", text)
    if pace.rate_percent == 100 and not pace.louder:
        return Say(text, voice=speech.voice, language=speech.language)
    say = Say(voice=speech.voice, language=speech.language)
    say.prosody(
        text,
        rate=f"{pace.rate_percent}%" if pace.rate_percent != 100 else None,
        volume="loud" if pace.louder else None,
    )
    return say
