"""<Dial>: ring other numbers and put the call through; or take the first call of a queue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.telephony.simulated.grammar import TwimlFault, Verb
from voicebot.telephony.simulated.lines import Callback, CallOptions, Line, Source
from voicebot.telephony.simulated.placing import ring
from voicebot.telephony.simulated.queueing import dial_queue
from voicebot.telephony.simulated.recording_verbs import callback_of
from voicebot.telephony.simulated.signals import CallEnds, LiveUpdate
from voicebot.telephony.simulated.talking import LegEnded, talk
from voicebot.telephony.simulated.timeline import Await, Script

if TYPE_CHECKING:
    from voicebot.telephony.simulated.exchange import SimulatedExchange
    from voicebot.telephony.simulated.interpreter import Interpreter


@dataclass(frozen=True)
class LegAnswered:
    """A dialled leg is ready to be put through."""

    leg: Line


def dial(interpreter: Interpreter, verb: Verb) -> Script[Source | None]:
    """Without an action, the next verb runs when the conversation is over (§1.4)."""
    action = interpreter.resolve(verb.get("action")) if "action" in verb.attributes else None
    if verb.children and verb.children[0].tag == "Queue":
        params = yield from dial_queue(interpreter, verb, verb.children[0].text)
    else:
        params = yield from _dial_numbers(interpreter, verb)
    if action is None:
        return None
    return Source(action, verb.get("method", "POST").upper(), tuple(params.items()))


def _dial_numbers(interpreter: Interpreter, verb: Verb) -> Script[dict[str, str]]:
    caller_id = _caller_id(interpreter, verb)
    nouns = list(verb.children) or [Verb("Number", {}, verb.text, (), (verb.text,))]
    for noun in nouns:
        if not re.fullmatch(r"\+[1-9]\d{6,14}", noun.text):
            raise TwimlFault(13223, f"<Dial> of '{noun.text}', which is not a number in E.164")
    in_turn = [[noun] for noun in nouns] if verb.flag("sequential", False) else [nouns]
    params: dict[str, str] = {}
    for group in in_turn:
        legs = [_leg(interpreter, verb, noun, caller_id) for noun in group]
        try:
            answered = yield from _first_to_answer(legs)
            if answered:
                return (yield from _put_through(interpreter, verb, answered, legs))
        finally:
            for leg in legs:
                interpreter.exchange.hang_up(leg, "completed" if leg.answered_at else "no-answer", by="bot")
        params = _outcome(legs[-1], is_bridged=False)
    return params


def _caller_id(interpreter: Interpreter, verb: Verb) -> str:
    line, own = interpreter.line, interpreter.exchange.own_numbers
    shown = verb.get("callerId") or line.from_number
    if shown not in {line.from_number, line.to_number, *own}:
        raise TwimlFault(13214, f"callerId {shown} is neither of this call nor one of the account's numbers")
    return shown


def _leg(interpreter: Interpreter, verb: Verb, noun: Verb, caller_id: str) -> Line:
    exchange = interpreter.exchange
    url, callback = noun.get("url"), noun.get("statusCallback")
    whisper = Source(interpreter.resolve(url), noun.get("method", "POST").upper()) if url else None
    events = frozenset(noun.get("statusCallbackEvent", "completed").split())
    options = CallOptions(
        source=whisper or Source(),
        callback=Callback(
            interpreter.resolve(callback), noun.get("statusCallbackMethod", "POST").upper(), events
        )
        if callback
        else None,
        ring_timeout_s=verb.integer("timeout", 30),
    )
    leg = exchange.new_leg(interpreter.line, caller_id, noun.text, options)
    interpreter.note("carrier", f"{noun.text} 번으로 전화를 겁니다")
    leg.process = exchange.timeline.spawn(_live(interpreter, leg, whisper))
    return leg


def _live(interpreter: Interpreter, leg: Line, whisper: Source | None) -> Script[None]:
    """A leg's life: ring, whisper, talk until it is hung up (or sent to TwiML of its own)."""
    exchange, parent = interpreter.exchange, interpreter.line
    try:
        yield from ring(exchange, leg)
        exchange.answer(leg)
        if whisper:
            yield from interpreter.on(leg).run(whisper)
        if parent.process:
            parent.process.wake(LegAnswered(leg))
        while True:
            yield Await()
    except CallEnds as end:
        exchange.end(leg, end.status)
    except LiveUpdate as update:
        yield from _run_own(exchange, interpreter.on(leg), update)
    if parent.process:
        parent.process.wake(LegEnded(leg))


def _run_own(exchange: SimulatedExchange, interpreter: Interpreter, update: LiveUpdate) -> Script[None]:
    try:
        yield from interpreter.run(update.source)
        exchange.end(interpreter.line, "completed")
    except CallEnds as end:
        exchange.end(interpreter.line, end.status)


def _first_to_answer(legs: Sequence[Line]) -> Script[Line | None]:
    waiting = list(legs)
    while waiting:
        event = yield Await()
        if isinstance(event, LegAnswered) and event.leg in waiting:
            return event.leg
        if isinstance(event, LegEnded) and event.leg in waiting:
            waiting.remove(event.leg)
    return None


def _put_through(
    interpreter: Interpreter, verb: Verb, leg: Line, legs: Sequence[Line]
) -> Script[dict[str, str]]:
    exchange, line = interpreter.exchange, interpreter.line
    for other in legs:
        if other is not leg:
            exchange.hang_up(other, "no-answer" if not other.answered_at else "completed", by="bot")
    records = verb.get("record", "do-not-record").lower() not in ("do-not-record", "false")
    recording = None
    if records:
        recording = exchange.recordings.start(line, "DialVerb", callback_of(interpreter, verb))
    try:
        begun_s = exchange.timeline.seconds()
        yield from talk(interpreter, leg, verb.integer("timeLimit", 14_400))
        talked_s = exchange.timeline.seconds() - begun_s
    finally:
        if recording:
            exchange.recordings.stop(recording)
    params = _outcome(leg, is_bridged=True) | {"DialCallDuration": str(round(talked_s))}
    if recording:
        params["RecordingUrl"] = exchange.recording_url(recording.sid)
    return params


def _outcome(leg: Line, *, is_bridged: bool) -> dict[str, str]:
    return {
        "DialCallStatus": "completed" if is_bridged else leg.status,
        "DialCallSid": leg.sid,
        "DialBridged": "true" if is_bridged else "false",
    }
