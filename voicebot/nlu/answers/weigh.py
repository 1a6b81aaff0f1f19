"""Evidence for each act, added up: cues, the leaning to yes or no, likeness, and what the question allows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from voicebot.nlu.answers.acts import Act, QuestionKind
from voicebot.nlu.answers.names import another_name
from voicebot.nlu.answers.near import nearest
from voicebot.nlu.answers.polarity import Leaning, lean, without_denied
from voicebot.nlu.answers.questions import Question
from voicebot.nlu.cues import Sign, find_signs, load_cues
from voicebot.nlu.heard import Heard, fold

_SAYS_NOT_ME = re.compile("아[니닌뇨녀님이입]|안이|틀|다르|달라|노")
_NO_MORE_CALLS = re.compile("다시는|이런전화|끊|나한테|저한테|앞으로")
_ACTS = {act.value: act for act in Act}
# How much the learnt ear counts beside cues: they only settle what it leaves open.
_LIKENESS = 16.0
_SAYS_SO = 3.0  # a cue of this weight tells by itself ("잘못 거셨어요")
_HOLD_ONLY = 8  # syllables; "네 잠깐만요" is only a wait


@dataclass
class Evidence:
    """What speaks for each act. ``cues`` from words alone, ``likely`` by likeness, ``words`` to quote, ``marks`` the
    other meanings heard (hold, machine). ``is_wrong_number``: a plain cue says so; ``is_mere_no``: there is no more
    than a no, or another name: family may be speaking."""

    cues: dict[Act, float] = field(default_factory=dict)
    likely: dict[Act, float] = field(default_factory=dict)
    words: dict[Act, str] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    ruled_out: set[Act] = field(default_factory=set)
    leaning: Leaning = field(default_factory=lambda: Leaning(None, 0.0, ""))
    is_mere_no: bool = False
    is_wrong_number: bool = False

    def add(self, act: Act, weight: float, words: str = "") -> None:
        """Add a sign. The strongest counts whole, further ones half a point: they often say the same thing."""
        before = self.cues.get(act, 0.0)
        self.cues[act] = max(before, weight) + (0.5 if before and weight else 0.0)
        if words:
            self.words.setdefault(act, words)

    def rule_out(self, act: Act) -> None:
        """The answer cannot do this, whatever it sounds like."""
        self.cues.pop(act, None)
        self.ruled_out.add(act)

    def hear(self, likely: dict[Act, float]) -> None:
        """Take in what the learnt ear heard."""
        self.likely = {act: share for act, share in likely.items() if act not in self.ruled_out}

    def total(self, act: Act) -> float:
        return self.cues.get(act, 0.0) + _LIKENESS * self.likely.get(act, 0.0)


def weigh(heard: Heard, question: Question) -> Evidence:
    """Gather what the words of an answer tell; ``likely`` is the learnt ear's to add."""
    evidence = Evidence()
    said = without_denied(heard)
    for name in ("answer_cues", "content_cues"):
        for sign in find_signs(said, question.kind.value, load_cues(name)):
            if sign.meaning == Act.WRONG_PERSON and sign.weight <= 2.0 and not question.about_person:
                continue  # a wrong year of birth is a no, not another person (data README, rule 6)
            _take(evidence, sign)
            evidence.is_wrong_number |= sign.meaning == Act.WRONG_PERSON and sign.weight >= _SAYS_SO
    evidence.leaning = lean(heard, question)
    _take_leaning(evidence, heard, question)
    evidence.is_mere_no = _SAYS_NOT_ME.search(heard.solid) is not None and not evidence.is_wrong_number
    _take_name(evidence, heard, question)
    if all(weight < 2.0 for weight in evidence.cues.values()) and (near := nearest(heard, question)):
        evidence.add(near[0], 2.2, near[1])
    _take_form(evidence, heard, question)
    return evidence


def _take(evidence: Evidence, sign: Sign) -> None:
    act = _ACTS.get(sign.meaning)
    if act is None:
        evidence.marks.add(sign.meaning)
    else:
        evidence.add(act, sign.weight, sign.words)


def _take_leaning(evidence: Evidence, heard: Heard, question: Question) -> None:
    leaning = evidence.leaning
    if leaning.act is None:
        return
    is_about_it = question.about_others or question.about_receiving
    if is_about_it and leaning.act is Act.DENY and not _NO_MORE_CALLS.search(heard.solid):
        # "연락하지 마세요" forbids calling the children, "안 받아요" says what is not received: no refusal of calls.
        evidence.rule_out(Act.STOP)
    weight = leaning.weight
    if evidence.cues.get(Act.UNSURE, 0.0) >= 3.0:
        weight -= 1.5  # "해야 할지 안 해야 할지 모르겠어": the yes and no in it are not said
    if question.about_person and leaning.act is Act.DENY:
        if _SAYS_NOT_ME.search(leaning.words):
            evidence.add(Act.WRONG_PERSON, weight, leaning.words)  # data README, rule 6
        return
    evidence.add(leaning.act, weight, leaning.words)


def _take_name(evidence: Evidence, heard: Heard, question: Question) -> None:
    """Another name than the one asked for is a no, however friendly it sounds."""
    if other := another_name(heard.plain, question.name):
        evidence.is_mere_no = not evidence.is_wrong_number
        evidence.rule_out(Act.AFFIRM)
        evidence.add(Act.WRONG_PERSON, 2.5, other)


def _take_form(evidence: Evidence, heard: Heard, question: Question) -> None:
    """What the shape of question and answer tells without any word."""
    if (heard.asks and len(heard.solid) <= 2) or heard.asks_first:
        evidence.add(Act.REPEAT, 5.0, heard.plain)
    if (len(heard.words) >= 4 and len(set(heard.words)) == 1) or _stutters(heard.solid):
        evidence.add(Act.NOISE, 4.0, heard.plain)
    if "machine" in evidence.marks:
        evidence.add(Act.NOISE, 5.0, heard.plain)  # nobody to talk with yet
        for act in [act for act in evidence.cues if act is not Act.NOISE]:
            del evidence.cues[act]
    if "hold" in evidence.marks and len(heard.solid) <= _HOLD_ONLY:
        evidence.add(Act.BACKCHANNEL, 2.5, heard.plain)
    if question.kind is QuestionKind.OPEN:
        evidence.add(Act.INFORM, 0.4 if question.unfinished else 0.8)
    if question.unfinished and _only_listens(evidence):
        evidence.cues.pop(Act.AFFIRM, None)
        evidence.add(Act.BACKCHANNEL, 3.0 if len(heard.solid) <= 16 else 1.0, heard.plain)
    if question.closing and Act.THANKS_BYE in evidence.cues:
        evidence.add(Act.THANKS_BYE, 5.0)
    if question.kind is QuestionKind.NEGATIVE_QUESTION and evidence.leaning.doubtful:
        evidence.add(Act.UNSURE, 2.0, evidence.leaning.words)


def _stutters(solid: str) -> bool:
    """One sound over and over that is no yes: "으으으", "삐삐삐"."""
    return len(solid) >= 3 and len(set(solid)) == 1 and solid[0] not in fold("네예응어음아오")


_YIELDING = {Act.AFFIRM, Act.BACKCHANNEL, Act.INFORM, Act.UNSURE, Act.OFF_TOPIC}


def _only_listens(evidence: Evidence) -> bool:
    """Nothing but yes, "aha" and "go on" was said."""
    return all(act in _YIELDING or weight < 2.0 for act, weight in evidence.cues.items())
