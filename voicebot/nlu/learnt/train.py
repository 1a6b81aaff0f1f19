"""Learn an ear from labelled readings (scikit-learn's linear SVM). Deterministic: same data, same ear.

Confidence and thresholds are set on sentences left out of the learning, whole groups of like sentences at a time.
scikit-learn is slow to import and only needed to build, so it is imported where it is used.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from voicebot.nlu.learnt.features import Reading
from voicebot.nlu.learnt.linear import Ear, Encoder, Head, Meanings
from voicebot.nlu.learnt.skeletons import fold_numbers
from voicebot.nlu.morphemes import Floats, nearness

_ANCHORS, _DIMENSIONS = 400, 120
_SEEN_AT_LEAST = {"c": 2, "m": 1, "x": 1}
_SOFTNESS = 0.5  # C of the SVM
FOLDS = 4


HeldOut = npt.NDArray[np.float64]
"""[readings, sorted classes]: the scores of each reading by a model that has not seen its like."""


def learn(
    readings: Sequence[Reading], questions: Mapping[str, Sequence[str | None]], *, folds: int = FOLDS
) -> tuple[Ear, dict[str, HeldOut]]:
    """Learn one head for each question, of which the class of each reading is given (None: it teaches this head
    nothing). Also returns the scores of the cross-validation over ``folds`` that the confidence comes from, one row
    for each reading that has a class."""
    encoder = _encoder(readings)
    matrix = to_matrix(readings, encoder)
    numbers = np.array(fold_numbers([reading.heard.solid for reading in readings], folds))
    lengths = np.array([len(reading.heard.solid) for reading in readings])
    heads, held_out = {}, {}
    for question, given in questions.items():
        asked = np.array([place for place, name in enumerate(given) if name is not None])
        names, rows = np.array([given[place] for place in asked]), matrix[asked]
        held_out[question] = cross_validate(rows, names, numbers[asked])
        heads[question] = _head(rows, names, _calibrate(held_out[question], names, lengths[asked]))
    return Ear(encoder, heads), held_out


def _head(matrix: Any, names: npt.NDArray[Any], calibration: tuple[float, float, float, float]) -> Head:
    machine = _fit(matrix, names)
    pairs = machine.coef_.T if len(machine.classes_) > 2 else np.hstack([-machine.coef_.T, machine.coef_.T])
    bias = (
        machine.intercept_ if len(machine.classes_) > 2 else [-machine.intercept_[0], machine.intercept_[0]]
    )
    return Head(
        tuple(str(name) for name in machine.classes_),
        pairs[:-_DIMENSIONS].astype(np.float32),
        pairs[-_DIMENSIONS:].astype(np.float32),
        np.array(bias, np.float32),
        calibration,
    )


def _fit(matrix: Any, names: npt.NDArray[Any]) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=_SOFTNESS, random_state=0).fit(matrix, names)


def cross_validate(matrix: Any, names: npt.NDArray[Any], folds: Sequence[int] | npt.NDArray[Any]) -> HeldOut:
    """Scores [examples, sorted classes] of each example by a model that has not seen its fold."""
    classes = np.unique(names)
    scores = np.full((len(names), len(classes)), -9.0)
    numbers = np.array(folds)
    for fold in sorted(set(folds)):
        inside, outside = np.flatnonzero(numbers == fold), np.flatnonzero(numbers != fold)
        machine = _fit(matrix[outside], names[outside])
        judged = machine.decision_function(matrix[inside])
        judged = judged if judged.ndim > 1 else np.column_stack([-judged, judged])
        scores[np.ix_(inside, np.searchsorted(classes, machine.classes_))] = judged
    return scores


def to_matrix(readings: Sequence[Reading], encoder: Encoder) -> Any:
    """One sparse row for each reading: its known features, then its meaning."""
    from scipy import sparse

    rows = [encoder.encode(reading) for reading in readings]
    ends = np.cumsum([0, *(len(row.columns) for row in rows)])
    pieces = sparse.csr_matrix(
        (np.concatenate([row.values for row in rows]), np.concatenate([row.columns for row in rows]), ends),
        shape=(len(readings), len(encoder.columns)),
    )
    return sparse.hstack([pieces, sparse.csr_matrix(np.array([row.meaning for row in rows]))]).tocsr()


def _encoder(readings: Sequence[Reading]) -> Encoder:
    seen: Counter[tuple[str, str]] = Counter()
    for reading in readings:
        seen.update({(feature.group, feature.name) for feature in reading.features})
    kept = sorted(key for key, count in seen.items() if count >= _SEEN_AT_LEAST[key[0]])
    rarity = np.array([math.log((1 + len(readings)) / (1 + seen[key])) + 1 for key in kept], np.float32)
    return Encoder(
        {group + name: place for place, (group, name) in enumerate(kept)}, rarity, _meanings(readings)
    )


def _meanings(readings: Sequence[Reading]) -> Meanings:
    """Vectors from the nearness to the commonest content words: the directions in which these differ most."""
    seen: Counter[int] = Counter()
    for reading in readings:
        seen.update(morpheme.number for morpheme in reading.spoken)
    ranked = sorted(seen, key=lambda number: (-seen[number], number))
    anchors = tuple(ranked[:_ANCHORS])
    table = np.array([nearness(anchor, anchors) for anchor in anchors], np.float64)
    strengths, directions = np.linalg.eigh((table + table.T) / 2)
    best = np.argsort(-strengths)[:_DIMENSIONS]
    projection: Floats = (directions[:, best] / np.sqrt(np.maximum(strengths[best], 1e-3))).astype(np.float32)
    mean = np.mean([nearness(number, anchors) @ projection for number in ranked], axis=0)
    rarity = {number: math.log(len(readings) / (seen[number] + 1)) for number in ranked}
    return Meanings(anchors, projection, mean.astype(np.float32), rarity, math.log(len(readings)))


def _calibrate(
    scores: HeldOut, names: npt.NDArray[Any], lengths: npt.NDArray[Any]
) -> tuple[float, float, float, float]:
    from sklearn.linear_model import LogisticRegression

    ordered = np.sort(scores, axis=1)
    best, second = ordered[:, -1], ordered[:, -2]
    is_right = np.unique(names)[scores.argmax(axis=1)] == names
    if is_right.all() or not is_right.any():
        return (1.0, 1.0, 1.0, 0.0)
    signs = np.column_stack([best, best - second, np.log1p(lengths)])
    fitted = LogisticRegression(C=100.0, max_iter=1000).fit(signs, is_right)
    of_best, of_lead, of_length = fitted.coef_[0].tolist()
    return (float(fitted.intercept_[0]), of_best, of_lead, of_length)
