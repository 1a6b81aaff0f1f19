"""How well answers are understood, measured on labelled sentences; the floors lie a little under what was measured.

Cross-validation leaves whole groups of like sentences out of the likeness. The cues were written with these
sentences in view, so the figures say how much is kept, not how a new caller fares (docs and report say that).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from voicebot.nlu import Act, Answer, understand_answer
from voicebot.nlu.answers.likeness import Likeness, example, learn, read_rows
from voicebot.nlu.heard import listen

FRESH = Path(__file__).parent / "data" / "answers_fresh.jsonl"
FOLDS = 5
Judged = list[tuple[dict[str, Any], Answer]]


def judge(row: dict[str, Any], likeness: Likeness | None = None) -> Answer:
    return understand_answer(
        row["text"], question=row["question"], question_kind=row["question_kind"], likeness=likeness
    )


def fold_of(rows: list[dict[str, Any]]) -> list[int]:
    """Sentences that share a third of their 3-grams fall into one fold."""
    grams = [_grams(row["text"]) for row in rows]
    group = list(range(len(rows)))
    for place, own in enumerate(grams):
        for before in range(place):
            if len(own & grams[before]) > 0.3 * len(own | grams[before]):
                group[place] = group[before]
                break
    return [number * 7919 % FOLDS for number in group]


def _grams(text: str) -> set[str]:
    solid = listen(text).solid
    return {solid[start : start + 3] for start in range(len(solid) - 2)} or {solid}


@pytest.fixture(scope="module")
def held_out() -> Judged:
    rows = read_rows()
    folds = fold_of(rows)
    judged: Judged = []
    for fold in range(FOLDS):
        likeness = learn(example(row) for row, its in zip(rows, folds, strict=True) if its != fold)
        judged += [(row, judge(row, likeness)) for row, its in zip(rows, folds, strict=True) if its == fold]
    return judged


@pytest.fixture(scope="module")
def fresh() -> Judged:
    return [(row, judge(row)) for row in map(json.loads, FRESH.read_text(encoding="utf-8").splitlines())]


def share_right(judged: Judged) -> float:
    return sum(row["act"] == answer.act for row, answer in judged) / len(judged)


def test_it_names_the_act_of_sentences_left_out_of_the_likeness(held_out: Judged) -> None:
    assert share_right(held_out) >= 0.95


def test_it_names_the_act_of_sentences_never_learnt_from(fresh: Judged) -> None:
    assert share_right(fresh) >= 0.95


def test_it_seldom_takes_a_yes_for_a_no(held_out: Judged, fresh: Judged) -> None:
    yes_or_no = [(row, answer) for row, answer in held_out + fresh if row["act"] in ("affirm", "deny")]
    confused = [
        row for row, answer in yes_or_no if answer.act != row["act"] and answer.act in (Act.AFFIRM, Act.DENY)
    ]
    assert len(confused) <= 0.025 * len(yes_or_no)


def test_it_hears_distress_nearly_always(held_out: Judged, fresh: Judged) -> None:
    distressed = [answer.emergency for row, answer in held_out + fresh if row["act"] == "distress"]
    assert sum(distressed) >= 0.98 * len(distressed)


def test_it_seldom_calls_a_person_out_for_nothing(held_out: Judged, fresh: Judged) -> None:
    calm = [answer.emergency for row, answer in held_out + fresh if row["act"] != "distress"]
    assert sum(calm) <= 0.01 * len(calm)


def test_it_is_right_when_it_is_sure(held_out: Judged, fresh: Judged) -> None:
    sure = [(row, answer) for row, answer in held_out + fresh if answer.confidence >= 0.8]
    assert len(sure) >= 300
    assert share_right(sure) >= 0.97
