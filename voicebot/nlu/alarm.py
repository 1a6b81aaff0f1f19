"""The emergency alarm: one for every utterance of every dialog, whatever else is understood of it. Pure.

It adds up three ears that miss different things: the lead of the likeliest emergency over the likeliest other class
(of intents at the duty desk, of acts in an answer), a head of its own that has heard both, and the written signs.
Its thresholds are set on sentences left out of the learning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from voicebot.nlu.answers.acts import Act
from voicebot.nlu.emergency import hear_emergency
from voicebot.nlu.heard import listen, without_fillers
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.learnt.features import Reading, read
from voicebot.nlu.learnt.linear import Ear, Encoded
from voicebot.nlu.morphemes import Floats
from voicebot.nlu.places import PlaceFound, is_only_a_place

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


def report_alarm(ear: Ear, text: str, reading: Reading, *, is_signed: bool) -> float:
    """The alarm of an utterance heard as a report; small words before it ("네", "여보세요") hide nothing. ``reading``: that of
    ``text``."""
    whole = alarm(ear, ear.encoder.encode(reading), INTENT, is_signed=is_signed)
    core = without_fillers(text)
    if core == text:
        return whole
    signed = hear_emergency(core) is not None
    return max(whole, alarm(ear, ear.encoder.encode(read(core)), INTENT, is_signed=signed))


_SAYS_LITTLE = 6  # syllables
_ONLY_SINCE = re.compile(
    "^[가-힣0-9]{1,9}(?:부터|째|전에|밤에|낮에|새벽에)(?:요|예|유|여|라예|이요|입니다|구만|인데요)?$"
)


def may_sound(text: str, place: PlaceFound | None) -> bool:
    """Whether the learnt alarm may sound for an utterance without a written sign: not for a few syllables ("없어요"), a
    mere place ("송내동이요") or a mere time ("오늘 아침부터요"), of which likeness tells nothing."""
    solid = listen(text).solid
    return len(solid) > _SAYS_LITTLE and not _ONLY_SINCE.match(solid) and not is_only_a_place(text, place)


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
