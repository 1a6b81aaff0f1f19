"""From what the carrier delivered to what the dialog hears: the understanding is asked, the keys are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from voicebot.dialog import Event, Expectation, FieldKind, Heard
from voicebot.nlu import Act, Answer, understand_answer
from voicebot.nlu.values import understand_value

_DOUBTFUL_BELOW = 0.35
_CAPPED_AT = 0.45
"""A recogniser that doubts its own words makes an answer one to ask for again. Zero means "not told":
several recognisers send it with perfect results."""


class Delivery(StrEnum):
    """What kind of request the carrier made."""

    BEGIN = "begin"
    ANSWER = "answer"
    TRANSFER = "transfer"


@dataclass(frozen=True)
class Delivered:
    """A webhook's content, read but not yet understood."""

    kind: Delivery
    speech: str = ""
    keys: str = ""
    confidence: float | None = None
    """The recogniser's, 0 to 1; often absent."""
    was_transfer_answered: bool = False
    token: str | None = None
    """The carrier's idempotency token: the same on every retry of one request."""


@dataclass(frozen=True)
class Understood:
    """The event for the dialog, and what the turn's record keeps of how it came about."""

    heard: Heard
    answer: Answer | None = None


def understand(
    delivered: Delivered, expected: Expectation | None, *, answered_by: str | None, local_now: datetime
) -> Understood:
    """``local_now``: Asia/Seoul, for "tomorrow", "in an hour". ``answered_by``: the carrier's detection."""
    if delivered.kind is Delivery.BEGIN:
        return Understood(Heard(Event.BEGIN))
    if delivered.kind is Delivery.TRANSFER:
        event = Event.TRANSFER_ANSWERED if delivered.was_transfer_answered else Event.TRANSFER_UNANSWERED
        return Understood(Heard(event))
    if delivered.keys:
        return Understood(_keys(delivered.keys, expected, local_now))
    if delivered.speech.strip():
        return _speech(delivered, expected, answered_by, local_now)
    return Understood(Heard(_event_of_silence(answered_by)))


def _event_of_silence(answered_by: str | None) -> Event:
    """A machine that the carrier heard, and then nobody: a mailbox. Detection alone is never enough."""
    is_machine = answered_by is not None and answered_by.startswith(("machine", "fax"))
    return Event.MACHINE if is_machine else Event.SILENCE


def _speech(
    delivered: Delivered, expected: Expectation | None, answered_by: str | None, local_now: datetime
) -> Understood:
    question = asked_in(expected.question) if expected else ""
    kind = expected.question_kind if expected else "open"
    answer = understand_answer(delivered.speech, question=question, question_kind=kind)
    if answer.machine and not answer.emergency:
        return Understood(Heard(Event.MACHINE, text=delivered.speech), answer)
    value = _value(delivered.speech, expected, local_now) if expected else None
    heard = Heard(
        Event.SPEECH,
        text=delivered.speech,
        act=_act(answer).value,
        also=tuple(act.value for act in answer.also),
        confidence=_confidence(answer.confidence, delivered.confidence),
        recognised=delivered.confidence,
        value=value,
        emergency=answer.emergency,
        hold=answer.hold,
    )
    return Understood(heard, answer)


def _act(answer: Answer) -> Act:
    """A mere no to a name does not say that the number is wrong, which could not be taken back: family may have
    picked up. The dialog goes on as after any other no."""
    is_mere_no = answer.act is Act.WRONG_PERSON and Act.DENY in answer.also
    return Act.DENY if is_mere_no else answer.act


def asked_in(prompt: str) -> str:
    """The question itself, without the keys that are named after it: answers are judged against the question."""
    questions = re.findall(r"[^.!?]*\?", prompt)
    return str(questions[-1]).strip() if questions else prompt


def _confidence(understanding: float, recogniser: float | None) -> float:
    if recogniser is not None and 0 < recogniser < _DOUBTFUL_BELOW:
        return min(understanding, _CAPPED_AT)
    return understanding


_VALUE_KIND = {
    FieldKind.NUMBER: "number",
    FieldKind.DIGITS: "digits",
    FieldKind.DATE: "date",
    FieldKind.TIME: "time",
    FieldKind.CHOICE: "choice",
}


def _value(text: str, expected: Expectation, local_now: datetime) -> Any:
    kind = _VALUE_KIND.get(expected.field.kind)
    if kind is None:
        return None
    options = [option.say for option in expected.field.options] or None
    value = understand_value(kind, text, reference=local_now, options=options, question=expected.question)
    # "Any time" is no time that a slot could hold; among options the dialog asks again by itself.
    return None if expected.field.kind is FieldKind.TIME and value == "any" else value


def _keys(keys: str, expected: Expectation | None, local_now: datetime) -> Heard:
    pressed = keys.rstrip("#") or keys
    value = _typed_value(pressed, expected.field.kind, local_now) if expected else None
    return Heard(Event.KEYS, keys=pressed, value=value)


def _typed_value(keys: str, kind: FieldKind, local_now: datetime) -> Any:
    """What typed figures mean: digits as they are, a number, MMDD the next such day, HHMM; None: nothing."""
    if not keys.isdecimal():
        return None
    if kind is FieldKind.DIGITS:
        return keys
    if kind is FieldKind.NUMBER:
        return int(keys)
    if len(keys) != 4:
        return None
    first, second = int(keys[:2]), int(keys[2:])
    if kind is FieldKind.TIME:
        return f"{first:02}:{second:02}" if first < 24 and second < 60 else None
    return _next_day(first, second, local_now.date()) if kind is FieldKind.DATE else None


def _next_day(month: int, day: int, today: date) -> str | None:
    for year in range(today.year, today.year + 9):  # a 29 February is at most eight years away
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate >= today:
            return candidate.isoformat()
    return None
