"""A call's life around its TwiML: queue, ring, answer, machine detection, end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.telephony.simulated.lines import Line
from voicebot.telephony.simulated.persons import NotReached, PicksUp, Ring
from voicebot.telephony.simulated.signals import CallEnds, LiveUpdate
from voicebot.telephony.simulated.timeline import Pause, Script

if TYPE_CHECKING:
    from voicebot.telephony.simulated.exchange import SimulatedExchange

SET_UP_S = 1.0
"""From dialling to the first ring."""
RING_BUFFER_S = 5.0
"""Twilio lets it ring about five seconds longer than the Timeout asked for."""
HUMAN_DECIDED_S = 2.0
MACHINE_DECIDED_S = 4.0
BEEP_S = 0.5


def place(exchange: SimulatedExchange, line: Line, wait_s: float) -> Script[None]:
    """A call placed by REST, from the queue to its end."""
    try:
        yield Pause(wait_s)
        line.queue_ms = round(wait_s * 1000)
        answer = yield from ring(exchange, line)
        exchange.answer(line)
        if line.options.machine_detection:
            yield from _detect_machine(exchange, line, answer)
        source = line.options.source
        yield from exchange.interpreter(line).run(source)
        exchange.end(line, "completed")
    except CallEnds as end:
        exchange.end(line, end.status)
    except LiveUpdate as update:
        yield from _go_on(exchange, line, update)


def _go_on(exchange: SimulatedExchange, line: Line, update: LiveUpdate) -> Script[None]:
    """An update that came before the call's own TwiML had begun."""
    try:
        if not line.answered_at:
            yield from ring(exchange, line)
            exchange.answer(line)
        yield from exchange.interpreter(line).run(update.source)
        exchange.end(line, "completed")
    except CallEnds as end:
        exchange.end(line, end.status)


def receive(exchange: SimulatedExchange, line: Line) -> Script[None]:
    """A call to one of the city's numbers: the first request comes while it rings."""
    exchange.set_status(line, "ringing")
    try:
        yield from exchange.interpreter(line).run(line.options.source)
        exchange.end(line, "completed")
    except CallEnds as end:
        unanswered = line.answered_at is None and end.status == "completed"
        exchange.end(line, "no-answer" if unanswered else end.status)


def ring(exchange: SimulatedExchange, line: Line) -> Script[PicksUp]:
    """Ring until somebody answers. Raises CallEnds with busy, no-answer or failed."""
    exchange.set_status(line, "initiated")
    yield Pause(SET_UP_S)
    answer = line.person.rung(Ring(line.sid, line.from_number, line.to_number))
    limit_s = line.options.ring_timeout_s + RING_BUFFER_S
    if isinstance(answer, PicksUp) or answer.rings:
        exchange.set_status(line, "ringing")
    wait_s = limit_s if answer.after_s is None else min(limit_s, answer.after_s)
    yield Pause(wait_s)
    if isinstance(answer, NotReached):
        raise CallEnds(answer.status if answer.after_s is None or answer.after_s <= limit_s else "no-answer")
    if answer.after_s > limit_s:
        raise CallEnds("no-answer")
    return answer


def _detect_machine(exchange: SimulatedExchange, line: Line, answer: PicksUp) -> Script[None]:
    """Held up until decided; or, asynchronously, reported later while the TwiML runs."""
    waits_for_end = line.options.machine_detection == "DetectMessageEnd"
    if answer.machine:
        found = "machine_end_beep" if waits_for_end else "machine_start"
        after_s = answer.greeting_s + BEEP_S if waits_for_end else MACHINE_DECIDED_S
    else:
        found, after_s = "human", HUMAN_DECIDED_S
    if line.options.async_amd:
        exchange.timeline.spawn(_report_machine(exchange, line, found, after_s))
        yield Pause(0)
    else:
        yield Pause(after_s)
        line.answered_by, line.machine_ms = found, round(after_s * 1000)


def _report_machine(exchange: SimulatedExchange, line: Line, found: str, after_s: float) -> Script[None]:
    yield Pause(after_s)
    if line.is_over:
        return
    line.answered_by, line.machine_ms = found, round(after_s * 1000)
    callback = line.options.amd_callback
    if callback:
        told = {
            "CallSid": line.sid,
            "AccountSid": line.account_sid,
            "AnsweredBy": found,
            "MachineDetectionDuration": str(line.machine_ms),
        }
        exchange.reporter.send(line, callback, told)
