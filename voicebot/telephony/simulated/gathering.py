"""<Gather>: what a person does, and what of it the carrier hears.

Rules (§1.2): speech and keys stop a nested prompt (unless ``bargeIn="false"``, then what comes before its end is
lost); silence is counted from the end of the prompt; a pause as long as ``speechTimeout`` ends an answer; the
first of keys and speech wins; speech is cut after 60 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from voicebot.telephony.simulated.grammar import Verb
from voicebot.telephony.simulated.lines import Source
from voicebot.telephony.simulated.persons import Action, HangUp, Heard, Moment, Press, Speak
from voicebot.telephony.simulated.prompts import items_of
from voicebot.telephony.simulated.signals import CallEnds
from voicebot.telephony.simulated.timeline import Await, Pause, Script

if TYPE_CHECKING:
    from voicebot.telephony.simulated.interpreter import Interpreter

LONGEST_SPEECH_S = 60.0
AUTO_PAUSE_S = 0.7
"""``speechTimeout="auto"`` stops at the first pause."""
Part = tuple[str, float, float]


@dataclass(frozen=True)
class Terms:
    """How one <Gather> listens. Seconds."""

    by_key: bool
    by_speech: bool
    timeout_s: float
    speech_timeout_s: float
    num_digits: int | None
    finish_key: str
    may_barge_in: bool

    @classmethod
    def of(cls, verb: Verb) -> Terms:
        inputs = verb.get("input", "dtmf").split()
        timeout = verb.integer("timeout", 5)
        pause = verb.get("speechTimeout", str(timeout))
        return cls(
            by_key="dtmf" in inputs,
            by_speech="speech" in inputs,
            timeout_s=timeout,
            speech_timeout_s=AUTO_PAUSE_S if pause == "auto" else float(pause),
            num_digits=int(verb.get("numDigits")) if "numDigits" in verb.attributes else None,
            finish_key=verb.get("finishOnKey", "#"),
            may_barge_in=verb.flag("bargeIn", True),
        )

    @property
    def inputs(self) -> frozenset[str]:
        return frozenset(name for name, on in (("dtmf", self.by_key), ("speech", self.by_speech)) if on)


@dataclass(frozen=True)
class Outcome:
    """How a <Gather> ended: ``ends_s`` seconds after it (and its prompt) began."""

    kind: Literal["empty", "speech", "keys", "hangup"]
    ends_s: float
    text: str = ""
    confidence: float | None = None
    finish_key: str = ""
    said: str = ""
    """What the person said or pressed, heard or not, for the transcript."""
    said_s: float = 0.0
    rest: tuple[float, tuple[Part, ...], float | None] | None = None
    """What the person goes on to say when the carrier no longer listens (from second ``rest[0]`` on)."""


def outcome_of(action: Action, terms: Terms, prompt_s: float, earliest_s: float = 0.0) -> Outcome:
    """What comes of ``action``. ``earliest_s``: when it was decided, for people who act in real time."""
    silence_s = prompt_s + terms.timeout_s
    if isinstance(action, Speak):
        base = 0.0 if action.during_prompt else prompt_s
        start_s = max(earliest_s, base + action.starts_after_s)
        return _spoken(action.parts(), start_s, action.confidence, action.hangs_up, terms, prompt_s)
    if isinstance(action, Press):
        base = 0.0 if action.during_prompt else prompt_s
        return _pressed(action, max(earliest_s, base + action.starts_after_s), terms, prompt_s)
    if isinstance(action, HangUp):
        at_s = max(earliest_s, (0.0 if action.during_prompt else prompt_s) + action.after_s)
        if at_s <= silence_s:
            return Outcome("hangup", at_s)
    return Outcome("empty", silence_s)


def _spoken(
    parts: Sequence[Part],
    start_s: float,
    confidence: float | None,
    hangs_up: bool,
    terms: Terms,
    prompt_s: float,
) -> Outcome:
    everything = " ".join(words for words, _, _ in parts)
    whole_s = start_s + sum(seconds + pause for _, seconds, pause in parts[:-1]) + parts[-1][1]
    silence_s = prompt_s + terms.timeout_s
    if not terms.by_speech:
        kind: Literal["hangup", "empty"] = "hangup" if hangs_up and whole_s < silence_s else "empty"
        return Outcome(kind, whole_s if kind == "hangup" else silence_s, said=everything, said_s=start_s)
    if not terms.may_barge_in and start_s < prompt_s:
        start_s, parts = _after(parts, start_s, prompt_s)
    if not parts:
        return Outcome("empty", silence_s, said=everything, said_s=start_s)
    if start_s > silence_s:
        return Outcome("empty", silence_s, rest=(start_s, tuple(parts), confidence))
    heard, end_s, rest = _listen(parts, start_s, terms.speech_timeout_s)
    if hangs_up and not rest:
        return Outcome("hangup", min(whole_s, end_s), said=everything, said_s=start_s)
    late = (rest[0], rest[1], confidence) if rest else None
    return Outcome("speech", end_s, heard, confidence, said=heard, said_s=start_s, rest=late)


def _after(parts: Sequence[Part], start_s: float, from_s: float) -> tuple[float, list[Part]]:
    """The parts that begin at ``from_s`` or later, and when the first of them does."""
    left = list(parts)
    while left and start_s < from_s:
        _, seconds, pause = left.pop(0)
        start_s += seconds + pause
    return start_s, left


def _listen(
    parts: Sequence[Part], start_s: float, pause_limit_s: float
) -> tuple[str, float, tuple[float, tuple[Part, ...]] | None]:
    """The words until the first pause that is too long: (text, end of listening, what comes later)."""
    words, at_s = [], start_s
    for number, (text, seconds, pause) in enumerate(parts):
        if at_s + seconds - start_s > LONGEST_SPEECH_S:
            words.append(text[: max(1, int(len(text) * (start_s + LONGEST_SPEECH_S - at_s) / seconds))])
            return " ".join(words).strip(), start_s + LONGEST_SPEECH_S, None
        words.append(text)
        at_s += seconds
        if number + 1 < len(parts) and pause >= pause_limit_s:
            return " ".join(words), at_s + pause_limit_s, (at_s + pause, tuple(parts[number + 1 :]))
        if number + 1 < len(parts):
            at_s += pause
    return " ".join(words), at_s + pause_limit_s, None


def _pressed(action: Press, start_s: float, terms: Terms, prompt_s: float) -> Outcome:
    silence_s = prompt_s + terms.timeout_s
    if not terms.by_key or start_s > silence_s:
        return Outcome("empty", silence_s, said=f"#{action.keys}", said_s=min(start_s, silence_s))
    digits, at_s = "", start_s
    for number, key in enumerate(action.keys):
        key_s = start_s + number * action.every_s
        if not terms.may_barge_in and key_s < prompt_s:
            continue
        if digits and key_s - at_s > terms.timeout_s:
            break
        at_s = key_s
        if terms.finish_key and key == terms.finish_key:
            return Outcome("keys" if digits else "empty", at_s, digits, None, key, f"#{action.keys}", start_s)
        digits += key
        if terms.num_digits and len(digits) >= terms.num_digits:
            return Outcome("keys", at_s, digits, said=f"#{action.keys}", said_s=start_s)
    if not digits:
        return Outcome("empty", silence_s, said=f"#{action.keys}", said_s=start_s)
    return Outcome("keys", at_s + terms.timeout_s, digits, said=f"#{action.keys}", said_s=start_s)


def gather(interpreter: Interpreter, verb: Verb) -> Script[Source | None]:
    """Play the prompt, listen, and go to the action; or fall through when there is nothing to tell."""
    action_url = interpreter.resolve(verb.get("action"))
    terms = Terms.of(verb)
    items = yield from items_of(interpreter, verb.children)
    outcome = yield from _listen_to_person(interpreter, terms, items)
    if outcome.kind == "hangup":
        raise CallEnds(by="person")
    is_empty = outcome.kind == "empty"
    if outcome.kind == "speech" and interpreter.exchange.strikes("recogniser_empty"):
        is_empty = True
    if is_empty and not verb.flag("actionOnEmptyResult", False):
        return None
    params = _params(interpreter, verb, terms, outcome, is_empty)
    return Source(action_url, verb.get("method", "POST").upper(), tuple(params.items()))


def _params(
    interpreter: Interpreter, verb: Verb, terms: Terms, outcome: Outcome, is_empty: bool
) -> dict[str, str]:
    if is_empty:
        empty = {"msg": "Gather End"}
        if terms.by_key:
            empty |= {"Digits": "", "FinishedOnKey": outcome.finish_key}
        if terms.by_speech:
            empty |= {"SpeechResult": "", "Language": verb.get("language", "en-US")}
        return empty
    if outcome.kind == "keys":
        return {"Digits": outcome.text, "FinishedOnKey": outcome.finish_key, "msg": "Gather End"}
    params = {"SpeechResult": outcome.text, "Language": verb.get("language", "en-US")}
    if outcome.confidence is not None and not interpreter.exchange.strikes("confidence_omitted"):
        params["Confidence"] = str(outcome.confidence)
    return params


def _listen_to_person(interpreter: Interpreter, terms: Terms, items: list[Heard]) -> Script[Outcome]:
    line, timeline = interpreter.line, interpreter.exchange.timeline
    begun_s = timeline.seconds()
    prompt_s = sum(item.seconds for item in items)
    for item in items:
        interpreter.note_heard(item)
    outcome = _still_speaking(interpreter, terms, prompt_s)
    if outcome is None:
        heard = (*line.unheard, *(item for item in items if item.kind != "pause"))
        line.unheard.clear()
        moment = Moment(line.sid, heard, terms.inputs, terms.timeout_s, terms.num_digits, line.turns)
        action, decided_s = yield from decide(interpreter, moment)
        # Somebody who types may take longer than the timeout: then silence is counted from their decision.
        outcome = outcome_of(action, terms, max(prompt_s, decided_s), decided_s)
    else:
        line.unheard += [item for item in items if item.kind != "pause"]
    passed_s = timeline.seconds() - begun_s
    said_s = min(max(outcome.said_s, passed_s), max(outcome.ends_s, passed_s))
    yield Pause(said_s - passed_s)
    if outcome.said:
        interpreter.note("person", outcome.said)
    yield Pause(max(0.0, outcome.ends_s - said_s))
    if outcome.rest:
        rest_s, parts, confidence = outcome.rest
        line.late_speech = (begun_s + rest_s, parts, confidence)
    return outcome


def _still_speaking(interpreter: Interpreter, terms: Terms, prompt_s: float) -> Outcome | None:
    """What the person goes on to say after the carrier cut them off before, if anything is left of it."""
    line = interpreter.line
    if line.late_speech is None:
        return None
    (from_s, parts, confidence), line.late_speech = line.late_speech, None
    start_s, left = _after(parts, from_s - interpreter.exchange.timeline.seconds(), 0.0)
    if not left:
        return None
    return _spoken(left, start_s, confidence, False, terms, prompt_s)


def decide(interpreter: Interpreter, moment: Moment) -> Script[tuple[Action, float]]:
    """The person's action and when it was taken; if they are undecided, wait until somebody acts for them.

    On a virtual clock no time passes meanwhile. In real time the prompt plays and may be interrupted; the
    carrier then waits as long as it takes, because somebody is typing.
    """
    line, timeline = interpreter.line, interpreter.exchange.timeline
    line.turns += 1
    action = line.person.turn(moment)
    if action is not None:
        return action, 0.0
    begun_s = timeline.seconds()
    line.is_listening, line.listening_for = True, moment.listening_for
    try:
        action = None
        while action is None:
            woken = yield Await()
            action = woken if isinstance(woken, Action) else None
    finally:
        line.is_listening = False
    decided_s = timeline.seconds() - begun_s
    return action, decided_s if decided_s > 0 else 0.0
