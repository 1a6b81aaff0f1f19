"""<Record>, <Start><Recording> and <Stop><Recording>."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from voicebot.telephony.simulated.gathering import decide
from voicebot.telephony.simulated.grammar import Verb
from voicebot.telephony.simulated.lines import Callback, Source
from voicebot.telephony.simulated.persons import Action, HangUp, Moment, Press, Speak
from voicebot.telephony.simulated.signals import CallEnds
from voicebot.telephony.simulated.timeline import Pause, Script
from voicebot.telephony.simulated.webhook import WebhookFailed

if TYPE_CHECKING:
    from voicebot.telephony.simulated.interpreter import Interpreter

BEEP_S = 0.5
ANY_KEY = "1234567890*#"


def callback_of(interpreter: Interpreter, verb: Verb) -> Callback | None:
    """The recordingStatusCallback of a verb."""
    url = verb.get("recordingStatusCallback")
    if not url:
        return None
    events = frozenset(verb.get("recordingStatusCallbackEvent", "completed").split())
    method = verb.get("recordingStatusCallbackMethod", "POST").upper()
    return Callback(interpreter.resolve(url), method, events)


def start(interpreter: Interpreter, verb: Verb) -> Script[Source | None]:
    """Record the whole call from here on; the document goes on at once."""
    noun = verb.children[0]
    interpreter.exchange.recordings.start(
        interpreter.line,
        "StartCallRecordingTwiML",
        callback_of(interpreter, noun),
        noun.get("track", "both"),
        2 if noun.get("channels") == "dual" else 1,
    )
    yield Pause(0)
    return None


def stop(interpreter: Interpreter, verb: Verb) -> Script[Source | None]:
    """Stop what <Start> or REST began to record."""
    for recording in interpreter.exchange.recordings.running(interpreter.line):
        interpreter.exchange.recordings.stop(recording)
    yield Pause(0)
    return None


@dataclass(frozen=True)
class Taken:
    """What a <Record> took down: when it ended, the speech in it (from, to), and what ended it."""

    ends_s: float
    speech: tuple[float, float] | None = None
    said: str = ""
    key: str = ""
    why: Literal["silence", "key", "length", "hangup"] = "silence"


def taken_from(action: Action, timeout_s: float, longest_s: float, keys: str) -> Taken:
    """What comes of ``action``. ``timeout_s`` 0: silence never ends the recording."""
    quiet_s = min(longest_s, timeout_s) if timeout_s else longest_s
    if isinstance(action, Speak) and action.starts_after_s <= quiet_s:
        return _speech(action, timeout_s or longest_s, longest_s, keys)
    if isinstance(action, Press) and action.starts_after_s <= quiet_s:
        for number, key in enumerate(action.keys):
            if key in keys:
                at_s = action.starts_after_s + number * action.every_s
                return Taken(min(at_s, longest_s), key=key, said=f"#{action.keys}", why="key")
    if isinstance(action, HangUp) and action.after_s <= quiet_s:
        return Taken(action.after_s, why="hangup")
    return Taken(quiet_s, why="silence" if quiet_s < longest_s else "length")


def _speech(action: Speak, timeout_s: float, longest_s: float, keys: str) -> Taken:
    begins_s = at_s = action.starts_after_s
    words: list[str] = []
    parts = action.parts()
    for number, (text, seconds, pause) in enumerate(parts):
        words.append(text)
        at_s += seconds
        if at_s >= longest_s:
            return Taken(longest_s, (begins_s, longest_s), " ".join(words), why="length")
        if number + 1 < len(parts):
            if pause >= timeout_s:
                return Taken(min(longest_s, at_s + timeout_s), (begins_s, at_s), " ".join(words))
            at_s += pause
    said = " ".join(words)
    if action.hangs_up:
        return Taken(at_s, (begins_s, at_s), said, why="hangup")
    for key in action.then_presses:
        if key in keys:
            return Taken(min(longest_s, at_s + 0.5), (begins_s, at_s), said, key, "key")
    return Taken(min(longest_s, at_s + timeout_s), (begins_s, at_s), said)


def record(interpreter: Interpreter, verb: Verb) -> Script[Source | None]:
    """Take down what the person says. An empty recording makes no request: the next verb runs (§1.3)."""
    action_url = interpreter.resolve(verb.get("action"))
    callback = callback_of(interpreter, verb)
    line, exchange = interpreter.line, interpreter.exchange
    yield Pause(BEEP_S if verb.flag("playBeep", True) else 0.0)
    recording = exchange.recordings.start(line, "RecordVerb", callback, "inbound")
    try:
        taken = yield from _take(interpreter, verb)
    except CallEnds:
        exchange.recordings.stop(recording)
        raise
    trims = verb.get("trim", "trim-silence") != "do-not-trim"
    kept_s = taken.speech[1] - taken.speech[0] if taken.speech else 0.0
    exchange.recordings.stop(recording, kept_s if trims or not kept_s else taken.ends_s)
    if not kept_s and taken.why != "hangup":
        return None
    params = {
        "RecordingUrl": exchange.recording_url(recording.sid),
        "RecordingSid": recording.sid,
        "RecordingDuration": str(round(recording.duration_s)),
    }
    method = verb.get("method", "POST").upper()
    if taken.why == "hangup":
        yield from tell_after_hang_up(interpreter, Source(action_url, method), {**params, "Digits": "hangup"})
        raise CallEnds(by="person")
    if taken.key:
        params["Digits"] = taken.key
    return Source(action_url, method, tuple(params.items()))


def _take(interpreter: Interpreter, verb: Verb) -> Script[Taken]:
    line, timeline = interpreter.line, interpreter.exchange.timeline
    begun_s = timeline.seconds()
    moment = Moment(
        line.sid, tuple(line.unheard), frozenset({"record"}), verb.integer("timeout", 5), turn=line.turns
    )
    line.unheard.clear()
    action, decided_s = yield from decide(interpreter, moment)
    keys = verb.get("finishOnKey", ANY_KEY)
    taken = taken_from(action, verb.integer("timeout", 5), verb.integer("maxLength", 3600), keys)
    if taken.speech:
        yield Pause(taken.speech[0])
    if taken.said:
        interpreter.note("person", taken.said)
    yield Pause(max(0.0, begun_s + decided_s + taken.ends_s - timeline.seconds()))
    return taken


def tell_after_hang_up(interpreter: Interpreter, source: Source, params: dict[str, str]) -> Script[None]:
    """The request that some verbs still make when the person has hung up; its answer is not executed."""
    line, exchange = interpreter.line, interpreter.exchange
    exchange.end(line, "completed")
    everything = {**line.standard_params(), **params}
    line.callbacks_under_way += 1
    try:
        yield from exchange.courier.fetch("turn", source.method, source.url, everything, line.cookies)
    except WebhookFailed as failure:
        exchange.log_error(line, failure.code, str(failure), failure.url)
    finally:
        line.callbacks_under_way -= 1
