"""Saying things: <Say>, <Play> and <Pause>, alone or inside a <Gather>."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

from voicebot.telephony.simulated.grammar import TwimlFault, Verb, spoken_text
from voicebot.telephony.simulated.persons import HangUp, Heard, Moment
from voicebot.telephony.simulated.signals import CallEnds
from voicebot.telephony.simulated.speech_timing import break_seconds, rate_percent, speaking_seconds
from voicebot.telephony.simulated.timeline import Pause, Script

if TYPE_CHECKING:
    from voicebot.telephony.simulated.interpreter import Interpreter

MOST_LOOPS = 1000
_AUDIO = ("audio/", "application/octet-stream")
_BYTES_PER_S = 8000
"""What is no readable WAV is taken for 8 kHz mu-law."""


def say_seconds(verb: Verb, rate: float = 100.0) -> float:
    """How long a <Say> (or an SSML part of it) takes."""
    if verb.tag == "break":
        return break_seconds(verb.attributes.get("time"), verb.attributes.get("strength"))
    if verb.tag == "sub" and "alias" in verb.attributes:
        return speaking_seconds(verb.attributes["alias"], rate)
    if verb.tag == "prosody" and "rate" in verb.attributes:
        rate = rate_percent(verb.attributes["rate"])
    return sum(
        speaking_seconds(part, rate) if isinstance(part, str) else say_seconds(part, rate)
        for part in verb.mixed
    )


def wav_seconds(data: bytes) -> float:
    """The length of a WAV of any encoding, from its header; of anything else, estimated from its size."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return len(data) / _BYTES_PER_S
    place, byte_rate = 12, _BYTES_PER_S
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        if name == b"fmt " and place + 20 <= len(data):
            byte_rate = struct.unpack_from("<I", data, place + 16)[0] or _BYTES_PER_S
        if name == b"data":
            return float(min(size, len(data) - place - 8)) / byte_rate
        place += 8 + size + size % 2
    return 0.0


def items_of(interpreter: Interpreter, verbs: Sequence[Verb]) -> Script[list[Heard]]:
    """What the verbs will let be heard; audio is fetched first, as the carrier does."""
    items = []
    for verb in verbs:
        items.append((yield from _item_of(interpreter, verb)))
    return items


def _item_of(interpreter: Interpreter, verb: Verb) -> Script[Heard]:
    loops = min(MOST_LOOPS, verb.integer("loop", 1) or MOST_LOOPS)
    if verb.tag == "Pause":
        return Heard("pause", "", seconds=float(verb.integer("length", 1)))
    if verb.tag == "Say":
        return Heard("say", spoken_text(verb), seconds=say_seconds(verb) * loops)
    if "digits" in verb.attributes:
        return Heard("pause", "", seconds=0.5 * len(verb.get("digits")))
    url = interpreter.resolve(verb.text)
    seconds = yield from _audio_seconds(interpreter, url)
    text = interpreter.exchange.text_of_audio(url) or url
    return Heard("play", text, url, seconds * loops)


def _audio_seconds(interpreter: Interpreter, url: str) -> Script[float]:
    """The length of an audio file; fetched once (the carrier caches media)."""
    known = interpreter.exchange.media_seconds
    if url not in known:
        courier = interpreter.exchange.courier
        final, response = yield from courier.fetch("media", "GET", url, {}, interpreter.line.cookies)
        if not response.content_type.startswith(_AUDIO):
            raise TwimlFault(13420, f"<Play> of {response.content_type or 'no content type'}: {final}")
        known[url] = wav_seconds(response.body)
    return known[url]


def play_out(interpreter: Interpreter, verb: Verb) -> Script[None]:
    """A prompt that nobody listens behind. What is said or pressed meanwhile is lost; hanging up is not."""
    line = interpreter.line
    item = yield from _item_of(interpreter, verb)
    interpreter.note_heard(item)
    heard = () if item.kind == "pause" else (item,)
    action = line.person.overhears(Moment(line.sid, heard, frozenset(), turn=line.turns)) if heard else None
    if isinstance(action, HangUp) and action.after_s < item.seconds:
        yield Pause(action.after_s)
        raise CallEnds(by="person")
    yield Pause(item.seconds)
    if heard:
        line.unheard.append(item)
