"""The emergency alarm: one for every utterance of every dialog, whatever else is understood of it. Pure.

It adds up three ears that miss different things: the lead of the likeliest emergency over the likeliest other class
(of intents at the duty desk, of acts in an answer), a head of its own that has heard both, and the written signs.
Its thresholds are set on sentences left out of the learning.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from voicebot.nlu.answers.acts import Act
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.learnt.linear import Ear, Encoded
from voicebot.nlu.morphemes import Floats

ACT, INTENT, EMERGENCY, POLARITY = "act", "intent", "emergency", "polarity"
"""The heads of the ear (`voicebot.nlu.ear`): what an answer does, what a caller reports, is it an emergency, is it a yes
or a no."""
FALSE_ALARMS = {ACT: 0.04, INTENT: 0.042}
"""The share of false alarms that is borne among calm sentences left out of the learning, many of them written to sound
alarming; the thresholds are set so. In ordinary answers it is about a tenth of it."""
_SIGN = 0.3
"""How much a written sign of an emergency counts beside what is learnt."""


def alarm(ear: Ear, encoded: Encoded, head: str, *, is_signed: bool) -> float:
    """How much an utterance sounds like an emergency; 0 and more raises the alarm. ``head``: `ACT` for an answer, `INTENT`
    for a report; ``is_signed``: a written sign was heard."""
    own, asked = ear.heads[EMERGENCY], ear.heads[head]
    score = float(own.scores(encoded)[own.classes.index("yes")])
    return alarm_of(asked.scores(encoded), score, asked.classes, is_signed=is_signed) - asked.threshold


def alarm_of(
    scores: Sequence[float] | Floats, own: float, classes: tuple[str, ...], *, is_signed: bool
) -> float:
    """The sum of the three ears, before any threshold. ``own``: the score of the emergency head."""
    urgent, held = urgent_among(classes), np.asarray(scores)
    lead = float(held[urgent].max() - held[~urgent].max())
    return lead + own + (_SIGN if is_signed else 0.0)


@cache
def urgent_among(classes: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """For each class (act or intent) whether it is an emergency."""
    intents = catalogue()
    return np.array(
        [name == Act.DISTRESS.value or (name in intents and intents[name].is_emergency) for name in classes]
    )


def threshold(alarms: npt.NDArray[np.float64], is_emergency: npt.NDArray[np.bool_], head: str) -> float:
    """The sum of ears from which on ``head`` raises the alarm, so that `FALSE_ALARMS` of the calm ones raise it."""
    return float(np.quantile(alarms[~is_emergency], 1 - FALSE_ALARMS[head]))
