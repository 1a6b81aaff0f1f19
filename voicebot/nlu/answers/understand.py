"""One answer understood: evidence is weighed against the question, and the first act to handle is named. Pure."""

from __future__ import annotations

import math

from voicebot.nlu.answers.acts import KOREAN, PRIORITY, Act, Answer, QuestionKind
from voicebot.nlu.answers.likeness import Likeness, ear
from voicebot.nlu.answers.questions import read_question
from voicebot.nlu.answers.weigh import Evidence, weigh
from voicebot.nlu.emergency import Emergency, hear_emergency
from voicebot.nlu.heard import listen

_PRESENT = 2.0  # from this weight on an act counts as said
_RANK = {act: place for place, act in enumerate(PRIORITY)}
# These three are readings of one thing, so the weightier wins; so does small talk against content.
_READINGS = frozenset(
    {Act.AFFIRM, Act.DENY, Act.UNSURE, Act.INFORM, Act.OFF_TOPIC, Act.BACKCHANNEL, Act.THANKS_BYE}
)

_MILDER_THAN_INSULT = frozenset({Act.WHO, Act.REPEAT, Act.WRONG_PERSON})


def understand_answer(
    text: str, *, question: str, question_kind: QuestionKind | str, likeness: Likeness | None = None
) -> Answer:
    """What ``text`` does as an answer to ``question``. Never raises; an unknown kind is guessed from the wording.

    ``likeness`` replaces the ear learnt from all data (for cross-validation).
    """
    heard = listen(text)
    if not heard.solid:
        return Answer(Act.NOISE, 1.0, why=("아무 말도 들리지 않음",))
    asked = read_question(question, question_kind)
    evidence = weigh(heard, asked, likeness or ear())
    act, runner_up = choose(evidence)
    emergency = hear_emergency(text)
    if emergency is None and act is Act.DISTRESS and evidence.cues.get(act, 0.0) < _PRESENT:
        act, runner_up = runner_up or Act.UNSURE, act  # likeness alone calls nobody out
    if emergency is not None and may_be_distress(emergency, act, evidence):
        act, runner_up = Act.DISTRESS, act
    return Answer(
        act,
        confidence(act, runner_up, evidence, emergency, len(heard.solid)),
        _also(act, evidence),
        act is Act.DISTRESS,
        "hold" in evidence.marks,
        "machine" in evidence.marks,
        _why(act, runner_up, evidence, emergency, heard.plain),
    )


def choose(evidence: Evidence) -> tuple[Act, Act | None]:
    """The act to handle first, and the runner-up."""
    acts = sorted(
        set(evidence.cues) | set(evidence.likely), key=lambda act: (-evidence.total(act), _RANK[act])
    )
    said = [act for act in acts if evidence.cues.get(act, 0.0) >= _PRESENT]
    requests = sorted((act for act in said if act not in _READINGS), key=_RANK.__getitem__)
    readings = [act for act in said if act in _READINGS]
    first = _first_request(requests, evidence) or (readings[0] if readings else acts[0])
    if first is not Act.THANKS_BYE and evidence.cues.get(Act.THANKS_BYE, 0.0) >= 3.0 and first in _READINGS:
        first = Act.THANKS_BYE
    rest = [act for act in acts if act is not first]
    return first, rest[0] if rest else None


def _first_request(requests: list[Act], evidence: Evidence) -> Act | None:
    """By priority, unless a later one is said much more plainly."""
    if not requests:
        return None
    first = requests[0]
    if first in _MILDER_THAN_INSULT and evidence.cues.get(Act.ABUSIVE, 0.0) >= 2.5:
        return Act.ABUSIVE
    for other in requests[1:]:
        if evidence.cues[first] < 3.0 <= evidence.cues[other]:
            first = other
    return first


def may_be_distress(emergency: Emergency, act: Act, evidence: Evidence) -> bool:
    """Whether the emergency check outranks what else was heard: always, but for television and insults."""
    if act is Act.NOISE and evidence.cues.get(Act.NOISE, 0.0) >= 3.0:
        return emergency.kind == "suicide"
    return not (act is Act.ABUSIVE and emergency.kind == "violence" and "죽" in emergency.why)


# Logistic weights, fitted on 540 sentences that were new to the cues when they were first judged; moved 0.9 to the
# careful side so that of the answers at 0.8 and above about one in thirty is wrong.
_BARE_WORD = 0.95  # "네", "아니요" and nothing else
_PLAIN = 0.85  # one plain cue in at most _SHORT syllables and no rival: 0.9 were right
_SHORT = 8
_SHORT_CLAUSE = 14
_CONSTANT, _CUED, _LIKELY, _PER_TEN_SYLLABLES, _RIVAL_CUE, _RIVAL_LIKELY = 1.0, 2.1, 2.2, -0.9, -0.3, -1.6


def confidence(
    act: Act, runner_up: Act | None, evidence: Evidence, emergency: Emergency | None, length: int
) -> float:
    """0–1: high when cue and likeness agree, low in long stories and with a near rival. ``length`` in syllables."""
    likely = evidence.likely.get(act, 0.0)
    if act is Act.DISTRESS and emergency is not None:
        return 0.9 if likely >= 0.06 else 0.78
    cue = evidence.cues.get(act, 0.0)
    if evidence.leaning.bare and act in (Act.AFFIRM, Act.DENY, Act.WRONG_PERSON):
        return _BARE_WORD
    logit = (
        _CONSTANT
        + _CUED * (1.0 if cue >= 2.5 else 0.5 if cue >= _PRESENT else 0.0)
        + _LIKELY * math.log(likely + 0.02)
        + _PER_TEN_SYLLABLES * min(length, 40) / 10
    )
    if runner_up is not None:
        logit += _RIVAL_CUE * min(evidence.cues.get(runner_up, 0.0), 3.0)
        logit += _RIVAL_LIKELY * math.log(evidence.likely.get(runner_up, 0.0) + 0.02)
    fitted = 1.0 / (1.0 + math.exp(-logit))
    is_alone = runner_up is None or evidence.cues.get(runner_up, 0.0) < 1.0
    if evidence.leaning.agreed and act is evidence.leaning.act and is_alone:
        return max(fitted, _PLAIN)
    opposites = {act, runner_up} == {Act.AFFIRM, Act.DENY}
    if opposites and evidence.leaning.clear and length <= _SHORT_CLAUSE and act is evidence.leaning.act:
        # The words that likeness goes by are the same in "받고 있어요" and "안 받고 있어요"; the content tells.
        return max(fitted, _PLAIN)
    plain = cue >= 2.5 and length <= _SHORT and is_alone
    return max(fitted, _PLAIN) if plain and likely >= 0.05 else fitted


def _also(act: Act, evidence: Evidence) -> tuple[Act, ...]:
    if act is Act.WRONG_PERSON and evidence.is_mere_no:
        return (Act.DENY,)
    said = [
        other
        for other, weight in evidence.cues.items()
        if other is not act and weight >= _PRESENT and {act, other} != {Act.AFFIRM, Act.DENY}
    ]
    return tuple(sorted(said, key=_RANK.__getitem__)[:1])


def _why(
    act: Act, runner_up: Act | None, evidence: Evidence, emergency: Emergency | None, plain: str
) -> tuple[str, ...]:
    if act is Act.DISTRESS and emergency is not None:
        reasons = [emergency.why]
    elif act in evidence.words:
        reasons = [f"'{evidence.words[act]}' → {KOREAN[act]}"]
    else:
        reasons = [f"'{plain}' → 비슷한 말로 보아 {KOREAN[act]}"]
    if runner_up is not None:
        reasons.append(f"그다음 후보: {KOREAN[runner_up]}")
    return tuple(reasons)
