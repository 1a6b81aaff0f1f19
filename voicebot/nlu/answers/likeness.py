"""A small statistical ear: which act an answer sounds like, learnt from the labelled sentences beside the code.

Each class is the mean of its sentences' n-grams (tf-idf centroids, compared by cosine). It is built in about a tenth
of a second at first use, the same every time, and needs no library. Cues overrule it; it breaks ties and hears what
no cue foresaw.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from voicebot.nlu.answers.acts import Act
from voicebot.nlu.answers.questions import Question, read_question
from voicebot.nlu.cues import DATA
from voicebot.nlu.heard import Heard, listen

_SHARPNESS = 14.0  # how fast a better cosine becomes a higher probability; set by cross-validation
Example = tuple[Heard, Question, str]


def class_of(act: Act, question: Question) -> str:
    """Yes and no are learnt as what they say about the thing asked, so that "없어요" is one class in
    "불편하세요?" (deny) and "불편한 점 없으세요?" (affirm)."""
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


def features(heard: Heard, question: Question) -> set[str]:
    """Words and n-grams of two to four sounds, and the kind of question."""
    solid = f"^{heard.solid}$"
    grams = {solid[start : start + size] for size in (2, 3, 4) for start in range(len(solid) - size + 1)}
    grams.update(f"w:{word}" for word in heard.words)
    grams.add(f"kind:{question.kind.value}")
    grams.add(f"long:{min(len(heard.solid) // 6, 6)}")
    if question.unfinished:
        grams.add("unfinished")
    return grams


@dataclass(frozen=True)
class Likeness:
    """Per feature: its rarity, and its weight in each class that holds it. Build with `learn`."""

    classes: tuple[str, ...]
    rarity: dict[str, float]
    weights: dict[str, tuple[tuple[int, float], ...]]

    def __call__(self, heard: Heard, question: Question) -> dict[Act, float]:
        """How likely each act is, by likeness alone; adds up to 1 at most."""
        cosines = [0.0] * len(self.classes)
        square = 0.0
        for feature in features(heard, question):
            if (rarity := self.rarity.get(feature)) is not None:
                square += rarity * rarity
                for place, weight in self.weights[feature]:
                    cosines[place] += rarity * weight
        norm = math.sqrt(square) or 1.0
        powers = [math.exp(_SHARPNESS * cosine / norm) for cosine in cosines]
        whole = sum(powers)
        likely: dict[Act, float] = {}
        for name, power in zip(self.classes, powers, strict=True):
            if (act := act_of(name, question)) is not None:
                likely[act] = likely.get(act, 0.0) + power / whole
        return likely


def learn(examples: Iterable[Example]) -> Likeness:
    """Learn from (answer, question, class). Deterministic: the order of the examples decides nothing but rounding."""
    rows = [(features(heard, question), name) for heard, question, name in examples]
    seen = Counter(feature for grams, _ in rows for feature in grams)
    rarity = {feature: math.log(1 + len(rows) / count) for feature, count in seen.items()}
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for grams, name in rows:
        norm = math.sqrt(sum(rarity[feature] ** 2 for feature in grams))
        for feature in sorted(grams):
            sums[name][feature] += rarity[feature] / norm
    classes = tuple(sorted(sums))
    weights: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, name in enumerate(classes):
        norm = math.sqrt(sum(value * value for value in sums[name].values()))
        for feature, value in sums[name].items():
            weights[feature].append((place, value / norm))
    return Likeness(classes, rarity, {feature: tuple(found) for feature, found in weights.items()})


def example(row: dict[str, Any]) -> Example:
    """One row of ``answers.jsonl`` as an example."""
    question = read_question(row["question"], row["question_kind"])
    return listen(row["text"]), question, class_of(Act(row["act"]), question)


def read_rows() -> list[dict[str, Any]]:
    """The labelled answers that the project learns from (``voicebot/nlu/data/README.md``)."""
    names = ("answers.jsonl", "answers_more.jsonl")
    files = [DATA / name for name in names if (DATA / name).exists()]
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@cache
def ear() -> Likeness:
    """The likeness learnt from all labelled answers, built once in a process."""
    return learn(map(example, read_rows()))
