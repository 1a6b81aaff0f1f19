"""Linear models over features: scores for each class, how sure the best is, and which words spoke for it. Pure.

A score is the sum of (weight of a feature x its value), so every verdict can be taken apart again. Values are tf-idf,
made to length 1 in each group of features; the mean meaning of the content words is one group of its own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from voicebot.nlu.learnt.features import Reading
from voicebot.nlu.morphemes import Floats, nearness

GROUP_WEIGHTS = {"c": 1.0, "m": 1.0, "x": 0.7}
MEANING_WEIGHT = 0.5
"""How much each group counts; chosen on sentences that the models had not seen."""
_MOST_KNOWN = 20_000


@dataclass(frozen=True)
class Meanings:
    """Meaning of morphemes as vectors: their nearness to ``anchors``, turned by ``projection`` [anchors, d], less
    ``mean`` [d]. ``rarity``: idf of each known morpheme's number; ``unknown`` that of any other."""

    anchors: tuple[int, ...]
    projection: Floats
    mean: Floats
    rarity: Mapping[int, float]
    unknown: float
    _known: dict[int, Floats] = field(default_factory=dict, repr=False, compare=False)

    def vector(self, number: int) -> Floats:
        if (known := self._known.get(number)) is None:
            raw = nearness(number, self.anchors) @ self.projection - self.mean
            known = raw / (float(np.linalg.norm(raw)) + 1e-6)
            if len(self._known) < _MOST_KNOWN:
                self._known[number] = known
        return known

    def of(self, reading: Reading) -> Floats:
        """The weighted mean meaning of an utterance, of length 1 (or 0 without content words)."""
        total = np.zeros(self.projection.shape[1], np.float32)
        for morpheme in reading.spoken:
            total += self.rarity.get(morpheme.number, self.unknown) * self.vector(morpheme.number)
        return total / (float(np.linalg.norm(total)) + 1e-6)


@dataclass(frozen=True)
class Encoded:
    """A reading as numbers: ``values`` of the known features in ``columns``, and its ``meaning``, weighted."""

    columns: npt.NDArray[np.int64]
    values: Floats
    meaning: Floats


@dataclass(frozen=True)
class Encoder:
    """The features that are known (``columns`` by group and name), their rarity (idf), and the meanings."""

    columns: Mapping[str, int]
    rarity: Floats
    meanings: Meanings

    def encode(self, reading: Reading) -> Encoded:
        columns: list[int] = []
        values: list[float] = []
        for group, weight in GROUP_WEIGHTS.items():
            counts = Counter(
                column
                for feature in reading.features
                if feature.group == group and (column := self.columns.get(group + feature.name)) is not None
            )
            found = [(1.0 + math.log(count)) * float(self.rarity[column]) for column, count in counts.items()]
            norm = math.sqrt(sum(value * value for value in found)) or 1.0
            columns += counts
            values += [weight * value / norm for value in found]
        meaning = MEANING_WEIGHT * self.meanings.of(reading)
        return Encoded(np.array(columns, np.int64), np.array(values, np.float32), meaning)


@dataclass(frozen=True)
class Head:
    """One question that is asked of an encoded utterance: which of ``classes``?

    ``weights`` [features, classes], ``meaning_weights`` [d, classes], ``bias`` [classes]. ``calibration``: logistic
    weights of (1, best score, lead over the second, log of length) for the probability that the best is right.
    ``threshold``: the sum of ears from which on its emergencies raise the alarm (`voicebot.nlu.alarm`).
    """

    classes: tuple[str, ...]
    weights: Floats
    meaning_weights: Floats
    bias: Floats
    calibration: tuple[float, float, float, float]
    threshold: float = 0.0

    def scores(self, encoded: Encoded) -> Floats:
        """One score for each class, the higher the likelier."""
        total: Floats = (
            encoded.values @ self.weights[encoded.columns]
            + encoded.meaning @ self.meaning_weights
            + self.bias
        )
        return total

    def confidence(self, scores: Floats, length: int) -> float:
        """0-1: how often the best class was right when it stood like this, in sentences left out of the learning.

        ``length`` in syllables.
        """
        second, best = (float(score) for score in np.sort(scores)[-2:])
        signs = (1.0, best, best - second, math.log(1 + length))
        logit = sum(weight * sign for weight, sign in zip(self.calibration, signs, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True)
class Ear:
    """An encoder and the questions that can be asked of what it encodes, by name."""

    encoder: Encoder
    heads: Mapping[str, Head]

    def deciding_words(
        self, reading: Reading, encoded: Encoded, head: str, name: str, other: str, most: int = 3
    ) -> list[str]:
        """The words that speak most for one class against another, in the order of speaking.

        ``encoded``: the reading, by this ear's encoder.
        """
        asked = self.heads[head]
        sides = asked.weights[encoded.columns]
        ahead = sides[:, asked.classes.index(name)] - sides[:, asked.classes.index(other)]
        worth = dict(zip(encoded.columns.tolist(), (encoded.values * ahead).tolist(), strict=True))
        plain = reading.heard.plain
        shares = np.zeros(len(plain) + 1)
        for feature in reading.features:
            column = self.encoder.columns.get(feature.group + feature.name)
            if column is not None and feature.end > feature.start:
                shares[feature.start : feature.end] += worth[column] / (feature.end - feature.start)
        words, start = [], 0
        for word in plain.split(" "):
            words.append((float(shares[start : start + len(word)].sum()), start, word))
            start += len(word) + 1
        best = sorted((entry for entry in words if entry[0] > 0), reverse=True)[:most]
        return [word for _, _, word in sorted(best, key=lambda entry: entry[1])]
