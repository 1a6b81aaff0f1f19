"""The learnt ear for answers: which act an answer sounds like, from labelled sentences and all that cues say of it.

Yes and no are learnt as what they say about the thing asked, so that "없어요" is one class in "불편하세요?" (deny) and
in "불편한 점 없으세요?" (affirm).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np

from voicebot.nlu.answers.acts import Act
from voicebot.nlu.answers.questions import Question, read_question
from voicebot.nlu.answers.weigh import Evidence, weigh
from voicebot.nlu.cues import DATA
from voicebot.nlu.emergency import hear_emergency
from voicebot.nlu.heard import Heard, listen
from voicebot.nlu.intents.catalogue import INTENTS, catalogue
from voicebot.nlu.intents.sentences import read_file
from voicebot.nlu.jsonlines import read_json_lines
from voicebot.nlu.learnt.features import Feature, Reading, read
from voicebot.nlu.learnt.linear import Ear
from voicebot.nlu.learnt.store import kept_ear
from voicebot.nlu.learnt.train import learn

HEAD = "act"
_SHARPNESS = 5.0  # how fast a better score becomes a higher share
_STRONG = 2.5
_SHORT = 6  # syllables: such an answer is also learnt as a whole
# The cues were written with these files in view, so there they seem never to err: they teach without the cues.
_TUNED = ("answers.jsonl", "answers_more.jsonl")
_WRITTEN = ("answers_written.jsonl",)
# What callers of the duty desk say in distress, residents say to any question.
_DISTRESS = ("suicide", "welfare_crisis", "medical", "abuse_report")
_ANY_QUESTION = (
    ("요즘 어떻게 지내세요?", "open"),
    ("요즘 불편하신 데가 있으세요?", "problem_check"),
    ("통신비 할인을 신청해 드릴까요?", "offer"),
    ("불편한 점은 없으시죠?", "negative_question"),
    ("통화를 녹음해도 괜찮으시겠어요?", "consent"),
)


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


def likely_acts(reading: Reading, question: Question, ear: Ear) -> tuple[dict[Act, float], float]:
    """How likely each act is (adds up to 1 at most), and how sure the likeliest (0-1)."""
    head = ear.heads[HEAD]
    scores = head.scores(ear.encoder.encode(reading))
    meant = [act_of(name, question) for name in head.classes]
    scores = np.where([act is not None for act in meant], scores, scores.min())
    shares = np.exp(_SHARPNESS * (scores - scores.max()))
    shares /= shares.sum()
    likely: dict[Act, float] = {}
    for act, share in zip(meant, shares.tolist(), strict=True):
        if act is not None:
            likely[act] = likely.get(act, 0.0) + share
    return likely, head.confidence(scores, len(reading.heard.solid))


def read_rows(names: Iterable[str]) -> list[dict[str, Any]]:
    """The labelled answers that the project learns from (``voicebot/nlu/data/README.md``)."""
    remedy = 'write {"question": …, "question_kind": …, "text": …, "act": …}'
    return [row for name in names for row in read_json_lines(DATA / name, dict, remedy)]


def _distress_rows() -> list[dict[str, Any]]:
    """What the duty desk's callers say in distress, as answers to questions of all kinds."""
    said = [sentence.text for path in _distress_files() for sentence in read_file(path, catalogue())]
    return [
        {"question": question, "question_kind": kind, "text": text, "act": Act.DISTRESS.value}
        for text, (question, kind) in zip(said, cycle(_ANY_QUESTION), strict=False)
    ]


def _distress_files() -> list[Path]:
    return [INTENTS / "sentences" / f"{name}.jsonl" for name in _DISTRESS]


def learn_ear(rows: Iterable[tuple[dict[str, Any], bool]]) -> Ear:
    """Learn from labelled answers, each with whether the cues may be heard in it; empty answers teach nothing."""
    readings, names = [], []
    for row, with_cues in rows:
        text, heard = row["text"], listen(row["text"])
        if not heard.solid:
            continue
        question = read_question(row["question"], row["question_kind"])
        evidence = weigh(heard, question) if with_cues else None
        is_signed = with_cues and hear_emergency(text) is not None
        readings.append(hear_answer(text, question, evidence, is_signed=is_signed))
        names.append(class_of(Act(row["act"]), question))
    return learn(readings, {HEAD: names})[0]


@cache
def answer_ear() -> Ear:
    """The ear, read from ``var/models`` or built there at first use (half a minute)."""
    files = [*DATA.glob("*.yaml"), *(DATA / name for name in (*_TUNED, *_WRITTEN)), *_distress_files()]

    def build() -> Ear:
        tuned = [(row, False) for row in read_rows(_TUNED)]
        written = [(row, True) for row in [*read_rows(_WRITTEN), *_distress_rows()]]
        return learn_ear([*tuned, *written])

    return kept_ear("answers", files, build)
