"""<Enqueue>, <Leave> and <Dial><Queue>: callers who wait, and who takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voicebot.telephony.simulated.grammar import TwimlFault, Verb
from voicebot.telephony.simulated.lines import Line, Source
from voicebot.telephony.simulated.recording_verbs import tell_after_hang_up
from voicebot.telephony.simulated.signals import CallEnds, LeavesQueue, TakenFromQueue
from voicebot.telephony.simulated.talking import LegEnded, talk
from voicebot.telephony.simulated.timeline import Await, Pause, Script

if TYPE_CHECKING:
    from voicebot.telephony.simulated.interpreter import Interpreter

WAITING_VERBS = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
_SHORTEST_WAIT_S = 1.0
"""A waiting document that takes no time is not asked for again at once."""


@dataclass
class Queue:
    """One queue: who waits (in order), since when, and who waits to take somebody."""

    sid: str
    waiting: list[Line] = field(default_factory=list)
    since_s: dict[str, float] = field(default_factory=dict)
    takers: list[Line] = field(default_factory=list)


def enqueue(interpreter: Interpreter, verb: Verb) -> Script[Source | None]:
    """Wait until taken, hung up, sent elsewhere, or until the waiting document leaves."""
    line, exchange = interpreter.line, interpreter.exchange
    action = interpreter.resolve(verb.get("action")) if "action" in verb.attributes else None
    method = verb.get("method", "POST").upper()
    queue = exchange.queue(verb.text)
    wait_url = interpreter.resolve(verb.get("waitUrl")) if verb.get("waitUrl") else None
    wait_source = Source(wait_url, verb.get("waitUrlMethod", "POST").upper()) if wait_url else None
    begun_s = exchange.timeline.seconds()
    queue.waiting.append(line)
    queue.since_s[line.sid] = begun_s
    for taker in queue.takers:
        if taker.process:
            taker.process.wake(queue)
    params = {"QueueSid": queue.sid}
    try:
        params["QueueResult"] = yield from _wait(interpreter, queue, wait_source)
    except CallEnds:
        params |= {"QueueResult": "hangup", "QueueTime": str(round(exchange.timeline.seconds() - begun_s))}
        if action:
            yield from tell_after_hang_up(interpreter, Source(action, method), params)
        raise
    finally:
        _forget(queue, line)
    params["QueueTime"] = str(round(exchange.timeline.seconds() - begun_s))
    return Source(action, method, tuple(params.items())) if action else None


def _wait(interpreter: Interpreter, queue: Queue, wait_source: Source | None) -> Script[str]:
    try:
        if wait_source is None:
            while True:
                yield Await()
        return (yield from _wait_with_document(interpreter, queue, wait_source))
    except LeavesQueue:
        return "leave"
    except TakenFromQueue as taken:
        _forget(queue, interpreter.line)
        interpreter.note("carrier", f"{taken.partner.person_number} 번과 연결되었습니다")
        return (yield from _talk_until_let_go(interpreter.line, taken.partner))


def _talk_until_let_go(line: Line, partner: Line) -> Script[str]:
    """The side that was taken: how long it lasts is the taker's business, unless this side hangs up."""
    try:
        while True:
            event = yield Await()
            if isinstance(event, LegEnded) and event.leg is partner:
                return "bridged"
    finally:
        if partner.process:
            partner.process.wake(LegEnded(line))


def _wait_with_document(interpreter: Interpreter, queue: Queue, wait_source: Source) -> Script[str]:
    timeline, source = interpreter.exchange.timeline, wait_source
    while True:
        begun_s = timeline.seconds()
        told = _position(queue, interpreter.line, begun_s)
        verbs = yield from interpreter.fetch(
            Source(source.url, source.method, (*source.params, *told.items()), source.twiml)
        )
        _check(verbs)
        source = (yield from interpreter.execute(verbs)) or wait_source
        yield Pause(_SHORTEST_WAIT_S if timeline.seconds() == begun_s else 0.0)


def _check(verbs: Sequence[Verb]) -> None:
    for verb in verbs:
        if verb.tag not in WAITING_VERBS:
            raise TwimlFault(12200, f"<{verb.tag}> is not known in the TwiML of a waitUrl")


def _position(queue: Queue, line: Line, now_s: float) -> dict[str, str]:
    waits = [now_s - since_s for since_s in queue.since_s.values()]
    return {
        "QueuePosition": str(queue.waiting.index(line) + 1 if line in queue.waiting else 0),
        "QueueSid": queue.sid,
        "QueueTime": str(round(now_s - queue.since_s.get(line.sid, now_s))),
        "AvgQueueTime": str(round(sum(waits) / len(waits)) if waits else 0),
        "CurrentQueueSize": str(len(queue.waiting)),
    }


def _forget(queue: Queue, line: Line) -> None:
    if line in queue.waiting:
        queue.waiting.remove(line)
    queue.since_s.pop(line.sid, None)


def leave(interpreter: Interpreter, verb: Verb) -> Script[Source | None]:
    """Leave the queue; the verb after <Enqueue>, or its action, comes next."""
    yield Pause(0)
    raise LeavesQueue


def dial_queue(interpreter: Interpreter, verb: Verb, name: str) -> Script[dict[str, str]]:
    """Take the first caller of a queue, or wait ``timeout`` seconds for one."""
    line, exchange = interpreter.line, interpreter.exchange
    queue = exchange.queue(name)
    if not queue.waiting:
        yield from _wait_for_caller(interpreter, queue, verb.integer("timeout", 30))
    if not queue.waiting:
        return {"DialCallStatus": "no-answer", "DialBridged": "false", "QueueSid": queue.sid}
    partner = queue.waiting[0]
    _forget(queue, partner)
    if partner.process:
        partner.process.throw(TakenFromQueue(line))
    begun_s = exchange.timeline.seconds()
    try:
        yield from talk(interpreter, partner, verb.integer("timeLimit", 14_400))
    finally:
        if partner.process:
            partner.process.wake(LegEnded(line))
    return {
        "DialCallStatus": "completed",
        "DialCallSid": partner.sid,
        "DialCallDuration": str(round(exchange.timeline.seconds() - begun_s)),
        "DialBridged": "true",
        "QueueSid": queue.sid,
    }


def _wait_for_caller(interpreter: Interpreter, queue: Queue, timeout_s: float) -> Script[None]:
    timeline, line = interpreter.exchange.timeline, interpreter.line
    queue.takers.append(line)
    until_s = timeline.seconds() + timeout_s
    try:
        while not queue.waiting and (left_s := until_s - timeline.seconds()) > 0:
            yield Await(left_s)
    finally:
        queue.takers.remove(line)
