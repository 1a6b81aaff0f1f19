"""The learnt ear for answers: which act an answer sounds like, from labelled sentences and all that cues say of it.

Yes and no are learnt as what they say about the thing asked, so that "없어요" is one class in "불편하세요?" (deny) and
in "불편한 점 없으세요?" (affirm).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from voicebot.nlu.answers.acts import Act
from voicebot.nlu.answers.questions import Question
from voicebot.nlu.answers.weigh import Evidence
from voicebot.nlu.heard import Heard
from voicebot.nlu.learnt.features import Feature, Reading, read
from voicebot.nlu.morphemes import Floats

_SHARPNESS = 5.0  # how fast a better score becomes a higher share
_STRONG = 2.5
_SHORT = 6  # syllables: such an answer is also learnt as a whole


def class_of(act: Act, question: Question) -> str:
    """The class that an act is learnt as, for this question."""
    if act not in (Act.AFFIRM, Act.DENY):
        return act.value
    is_so = (act is Act.AFFIRM) != question.inverted
    return f"{question.family.value}{'+' if is_so else '-'}"


def act_of(name: str, question: Question) -> Act | None:
    """The act that a class means for this question; None if it speaks to another family of questions."""
    if name[-1] not in "+-":
        return Act(name)
    if name[:-1] != question.family.value:
        return None
    return Act.AFFIRM if (name[-1] == "+") != question.inverted else Act.DENY


def polarity_of(name: str | None) -> str | None:
    """``+`` or ``-`` of a class that says yes or no of the thing asked; None of any other."""
    return name[-1] if name and name[-1] in "+-" else None


def hear_answer(text: str, question: Question, evidence: Evidence | None, *, is_signed: bool) -> Reading:
    """An answer's features: its words, the same words beside the kind of question, and what the cues say.

    ``evidence`` None: without the cues. ``is_signed``: a written sign of an emergency was heard (a cue too).
    """
    reading = read(text)
    added = [*_of_question(reading.heard, question)]
    if evidence is not None:
        added += _of_cues(question, evidence)
        if is_signed:
            added.append(Feature("x", "emergency"))
    crossed = [
        Feature("x", f"{question.family.value}:{feature.name}")
        for feature in reading.features
        if feature.group == "m"
    ]
    return replace(reading, features=(*reading.features, *added, *crossed))


def without_question(reading: Reading) -> Reading:
    """The words alone, as a report is heard: nothing of the question, nothing of the cues."""
    return replace(reading, features=tuple(feature for feature in reading.features if feature.group != "x"))


def _of_question(heard: Heard, question: Question) -> Iterator[Feature]:
    names = [
        f"kind:{question.kind.value}",
        f"family:{question.family.value}:{question.inverted}",
        f"long:{min(len(heard.solid) // 5, 8)}",
    ]
    if len(heard.solid) <= _SHORT:
        names += [f"all:{heard.solid}", f"all:{question.family.value}:{heard.solid}"]
    for name, holds in (
        ("unfinished", question.unfinished),
        ("closing", question.closing),
        ("asks", heard.asks),
    ):
        if holds:
            names.append(name)
    return (Feature("x", name) for name in names)


def _of_cues(question: Question, evidence: Evidence) -> Iterator[Feature]:
    for act, weight in evidence.cues.items():
        name = class_of(act, question)
        yield Feature("x", f"cue:{name}")
        if weight >= _STRONG:
            yield Feature("x", f"strong:{name}")
    leaning = evidence.leaning
    if leaning.act is not None:
        name = class_of(leaning.act, question)
        yield Feature("x", f"lean:{name}")
        if leaning.bare:
            yield Feature("x", f"bare:{name}")
        if leaning.clear:
            yield Feature("x", f"clear:{name}")
    if leaning.doubtful:
        yield Feature("x", "doubtful")
    yield from (Feature("x", f"mark:{mark}") for mark in sorted(evidence.marks))


def likely_acts(scores: Floats, classes: Sequence[str], question: Question) -> dict[Act, float]:
    """How likely each act is for this question (adds up to 1 at most), from the scores of the classes."""
    meant = [act_of(name, question) for name in classes]
    speaking = np.where([act is not None for act in meant], scores, scores.min())
    shares = np.exp(_SHARPNESS * (speaking - speaking.max()))
    shares /= shares.sum()
    likely: dict[Act, float] = {}
    for act, share in zip(meant, shares.tolist(), strict=True):
        if act is not None:
            likely[act] = likely.get(act, 0.0) + share
    return likely
