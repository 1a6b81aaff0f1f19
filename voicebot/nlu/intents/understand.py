"""One utterance at the duty desk understood: the matter, how sure, the rest in the same breath, emergency, place.

Always names its best guess; whether that is sure enough is the dialog's decision. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from voicebot.nlu.alarm import INTENT, may_sound, report_alarm, urgent_among
from voicebot.nlu.ear import ear
from voicebot.nlu.emergency import Emergency, hear_emergency
from voicebot.nlu.intents.catalogue import Intent, catalogue
from voicebot.nlu.intents.clauses import adds_a_matter, clauses
from voicebot.nlu.intents.deciding import deciding_phrase
from voicebot.nlu.intents.earlier import asks_about_earlier
from voicebot.nlu.learnt.features import Reading, read
from voicebot.nlu.learnt.linear import Encoded
from voicebot.nlu.morphemes import Floats
from voicebot.nlu.places import PlaceFound, find_place, is_only_a_place

UNCLEAR = "unclear"
_SURELY = 0.4
"""Alarm (see `voicebot.nlu.alarm`) from which an emergency outranks a routine matter as the intent."""
_ONLY_A_PLACE, _TOO_LITTLE = 0.9, 0.5
_ALSO = 0.6
"""Confidence from which another matter, in a clause that adds one, is named beside the first."""
_SHARPNESS = 5.0  # how fast a lower score becomes a smaller share, for the alternatives


@dataclass(frozen=True)
class Utterance:
    """``intent`` the best guess, ``confidence`` 0-1 that it is right, ``alternatives`` the others, likeliest first
    with their shares, ``also`` other matters of the same breath, ``emergency`` whether a person must take over now,
    ``kind`` of emergency (see `voicebot.nlu.emergency`), ``place`` with its district and dong, ``department`` that
    gets the ticket, ``is_about_earlier`` whether it asks what became of an earlier report, ``why`` in Korean for a duty
    officer, the runner-up last."""

    text: str
    intent: Intent
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    also: tuple[str, ...] = ()
    emergency: bool = False
    kind: str | None = None
    place: PlaceFound | None = None
    is_about_earlier: bool = False
    why: tuple[str, ...] = field(default=())

    @property
    def gu(self) -> str | None:
        return self.place.gu if self.place else None

    @property
    def dong(self) -> str | None:
        return self.place.dong if self.place else None

    @property
    def department(self) -> str | None:
        return self.intent.department_in(self.gu)


def understand_utterance(text: str) -> Utterance:
    """What a caller wants. Never raises."""
    intents = catalogue()
    reading = read(text)
    if not reading.heard.solid:
        return Utterance(text, intents[UNCLEAR], 1.0, why=("아무 말도 들리지 않음",))
    signs, place = hear_emergency(text), find_place(text)
    if signs is None and is_only_a_place(text, place):
        return Utterance(text, intents[UNCLEAR], _ONLY_A_PLACE, place=place, why=("장소만 말씀하심",))
    verdict = judge(reading, is_signed=signs is not None)
    is_certain = signs is not None and signs.is_certain
    is_earlier = asks_about_earlier(reading.heard.solid)
    is_danger = verdict.alarm >= 0 or (not is_earlier and intents[verdict.best].is_emergency)
    if is_danger and signs is None and not may_sound(text, place):
        return Utterance(
            text, intents[UNCLEAR], _TOO_LITTLE, verdict.alternatives, place=place, why=("몇 마디뿐임",)
        )
    is_alarm = is_certain or is_danger
    return Utterance(
        text,
        intents[verdict.best],
        verdict.confidence,
        verdict.alternatives,
        _also(reading, verdict),
        is_alarm,
        _kind(verdict, signs) if is_alarm else None,
        place,
        is_earlier,
        _why(reading, verdict, is_alarm, signs),
    )


@dataclass(frozen=True)
class Verdict:
    """``best`` class, ``confidence``, ``alternatives``, ``alarm`` (see `voicebot.nlu.alarm`), and what they were read from."""

    best: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    alarm: float
    encoded: Encoded


def judge(reading: Reading, *, is_signed: bool) -> Verdict:
    """Ask both heads; an emergency that is surely heard comes before any routine matter. ``is_signed``: a written sign
    of one was heard."""
    encoded = ear().encoder.encode(reading)
    head = ear().heads[INTENT]
    scores = head.scores(encoded)
    alarmed = report_alarm(ear(), reading.heard.plain, reading, is_signed=is_signed)
    if alarmed > _SURELY:
        scores = _lift_emergencies(scores, head.classes)
    order = np.argsort(-scores, kind="stable")
    confidence = head.confidence(scores, len(reading.heard.solid))
    shares = np.exp(_SHARPNESS * (scores[order[1:]] - scores[order[1]]))
    shares *= (1.0 - confidence) / float(shares.sum())
    alternatives = tuple(
        (head.classes[place], float(share)) for place, share in zip(order[1:], shares, strict=True)
    )
    return Verdict(head.classes[order[0]], confidence, alternatives, alarmed, encoded)


def _lift_emergencies(scores: Floats, classes: tuple[str, ...]) -> Floats:
    """A routine matter that scored best changes its place with the best emergency (labelling rule 2)."""
    urgent = urgent_among(classes)
    best = int(np.argmax(scores))
    if urgent[best]:
        return scores
    chosen = int(np.argmax(np.where(urgent, scores, -np.inf)))
    lifted = scores.copy()
    lifted[best], lifted[chosen] = scores[chosen], scores[best]
    return lifted


def _also(reading: Reading, verdict: Verdict) -> tuple[str, ...]:
    """Other matters that have a clause of their own, in the order of speaking; never an emergency."""
    parts = clauses(reading.heard.plain)
    if len(parts) < 2:
        return ()
    found = []
    for part in parts:
        if not adds_a_matter(part):
            continue
        other = judge(read(part), is_signed=False)
        is_other = other.best not in (verdict.best, UNCLEAR, "out_of_scope", "human_request", "abusive")
        if is_other and other.confidence >= _ALSO and not catalogue()[other.best].is_emergency:
            found.append(other.best)
    return tuple(dict.fromkeys(found))


_KIND_OF = {
    "crime": "violence",
    "abuse_report": "abuse",
    "missing_person": "missing",
    "traffic_accident": "crash",
}


def _kind(verdict: Verdict, signs: Emergency | None) -> str:
    """What kind of emergency: by the words if they say so, since a wrong kind names a wrong number; else by likeness."""
    if signs is not None:
        return signs.kind
    intents = catalogue()
    names = [verdict.best, *(name for name, _ in verdict.alternatives)]
    first = next(name for name in names if intents[name].is_emergency)
    return _KIND_OF.get(first, first)


def _why(reading: Reading, verdict: Verdict, is_alarm: bool, signs: Emergency | None) -> tuple[str, ...]:
    intents = catalogue()
    runner_up = verdict.alternatives[0][0]
    phrase = deciding_phrase(verdict.best, reading.heard)
    words = (
        [phrase]
        if phrase
        else ear().deciding_words(reading, verdict.encoded, INTENT, verdict.best, runner_up)
    )
    named = ", ".join(f"'{word}'" for word in words) or "말의 전체 흐름"
    reasons = [f"{named} → {intents[verdict.best].name_ko}"]
    if is_alarm:
        reasons.insert(0, f"긴급: {signs.why}" if signs else "긴급: 위급한 상황을 알리는 말과 비슷함")
    reasons.append(f"그다음 후보: {intents[runner_up].name_ko}")
    return tuple(reasons)
