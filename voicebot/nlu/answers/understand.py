"""One answer understood: evidence is weighed against the question, and the first act to handle is named. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.nlu.alarm import ACT, INTENT, POLARITY, alarm, may_sound, report_alarm
from voicebot.nlu.answers.acts import KOREAN, PRIORITY, Act, Answer, QuestionKind
from voicebot.nlu.answers.likeness import hear_answer, likely_acts, without_question
from voicebot.nlu.answers.questions import Question, read_question
from voicebot.nlu.answers.weigh import Evidence, weigh
from voicebot.nlu.ear import ear
from voicebot.nlu.emergency import Emergency, hear_emergency
from voicebot.nlu.heard import listen
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.intents.earlier import asks_about_earlier
from voicebot.nlu.learnt.features import Reading
from voicebot.nlu.places import find_place

_PRESENT = 2.0  # from this weight on an act counts as said
_RANK = {act: place for place, act in enumerate(PRIORITY)}
_BY_FORM = 4.0  # so much weighs only what form tells: "뭐?", a mailbox, one sound over and over
_PLAIN_REQUEST, _HEARD_TOO = 3.0, 0.02
_REQUESTS = frozenset({Act.DECEASED, Act.WRONG_PERSON, Act.STOP, Act.HUMAN})
_NO_MATTER = frozenset({"unclear", "out_of_scope", "human_request", "abusive"})
_NEAR_DISTRESS = frozenset({"welfare_crisis", "welfare_inquiry"})
_HESITATES, _LOUD = (
    -0.6,
    0.3,
)  # alarms, chosen on sentences kept apart: 97 % of emergencies at 0.7 % of ordinary answers
_A_MATTER = 0.5  # confidence from which a report is one, whatever act it sounds like
_BESIDE_YES_OR_NO = (Act.THANKS_BYE, Act.BACKCHANNEL, Act.INFORM, Act.WRONG_PERSON)
# "아니요 괜찮아요 고마워요": thanks beside a yes or no do not hide it.


def understand_answer(text: str, *, question: str, question_kind: QuestionKind | str) -> Answer:
    """What ``text`` does as an answer to ``question``. Never raises; an unknown kind is guessed from the wording."""
    heard = listen(text)
    if not heard.solid:
        return Answer(Act.NOISE, 1.0, why=("아무 말도 들리지 않음",))
    asked = read_question(question, question_kind)
    evidence = weigh(heard, asked)
    sign = hear_emergency(text)
    verdict = _judge(hear_answer(text, asked, evidence, is_signed=sign is not None), asked, sign)
    evidence.hear(verdict.likely)
    plain = plainly_said(evidence)
    act, runner_up = choose(evidence, plain)
    if verdict.is_report:
        act, runner_up = Act.INFORM, act
    if verdict.is_alarm and may_be_distress(sign, act, evidence):
        act, runner_up = Act.DISTRESS, act
    sure = verdict.sure
    if act in (Act.AFFIRM, Act.DENY):
        sure = min(sure, verdict.sure_of_polarity)
    return Answer(
        act,
        confidence(act, evidence, plain, sure),
        _also(act, evidence),
        act is Act.DISTRESS,
        "hold" in evidence.marks,
        "machine" in evidence.marks,
        _why(act, runner_up, evidence, sign, heard.plain),
    )


@dataclass(frozen=True)
class _Verdict:
    """What the learnt ear says: the acts but distress with their shares, how often the likeliest was right, the alarm."""

    likely: dict[Act, float]
    sure: float
    is_alarm: bool
    sure_of_polarity: float
    """How often yes and no were told apart rightly when they sounded like this."""
    is_report: bool
    """Asked what is the matter, the caller tells one; "약국이 어디예요" then asks for no name."""


def _judge(reading: Reading, asked: Question, sign: Emergency | None) -> _Verdict:
    head, polarity = ear().heads[ACT], ear().heads[POLARITY]
    encoded, length = ear().encoder.encode(reading), len(reading.heard.solid)
    scores = head.scores(encoded)
    likely = likely_acts(scores, head.classes, asked)
    likely.pop(Act.DISTRESS)  # the alarm alone decides on it
    told = _told(reading, is_signed=sign is not None)
    if asked.kind is QuestionKind.REPORT:
        is_alarm, is_report = told.alarm >= 0, told.is_report
    else:
        is_alarm, is_report = _alarms(alarm(ear(), encoded, ACT, is_signed=sign is not None), told), False
    if sign is not None and sign.is_certain:
        is_alarm = True
    elif is_alarm and sign is None and not may_sound(reading.heard.plain, find_place(reading.heard.plain)):
        is_alarm = False
    return _Verdict(
        likely,
        head.confidence(scores, length),
        is_alarm,
        polarity.confidence(polarity.scores(encoded), length),
        is_report,
    )


@dataclass(frozen=True)
class _Told:
    """The utterance heard as a report, whatever was asked: its ``alarm`` (see `voicebot.nlu.alarm`), whether one of the
    city's matters is heard in it, and whether that is surely a calm one."""

    alarm: float
    is_report: bool
    is_surely_calm: bool


def _told(reading: Reading, *, is_signed: bool) -> _Told:
    plain = without_question(reading)
    encoded = ear().encoder.encode(plain)
    head = ear().heads[INTENT]
    scores = head.scores(encoded)
    best, sure = head.classes[int(scores.argmax())], head.confidence(scores, len(reading.heard.solid))
    is_matter = best not in _NO_MATTER and sure >= _A_MATTER
    return _Told(
        report_alarm(ear(), reading.heard.plain, plain, is_signed=is_signed),
        is_matter or asks_about_earlier(reading.heard.solid),
        is_matter and best not in _NEAR_DISTRESS and not catalogue()[best].is_emergency,
    )


def _alarms(of_answer: float, told: _Told) -> bool:
    """Whether an answer raises the alarm. A surely calm matter ("킥보드가 쓰러져 있어요"), which the ear for answers has not
    learnt, needs both ears; where the ear for answers hesitates, a loud one for reports decides."""
    if of_answer >= 0:
        return told.alarm >= 0 or not told.is_surely_calm
    return of_answer >= _HESITATES and told.alarm >= _LOUD


def choose(evidence: Evidence, plain: Act | None) -> tuple[Act, Act | None]:
    """The act to handle first, and the runner-up. ``plain``: what is `plainly_said`."""
    acts = sorted(
        set(evidence.cues) | set(evidence.likely), key=lambda act: (-evidence.total(act), _RANK[act])
    )
    first = plain or _first_request(evidence) or acts[0]
    if (
        first is Act.ABUSIVE
        and first not in evidence.cues
        and evidence.leaning.clear
        and evidence.leaning.act
    ):
        first = (
            evidence.leaning.act
        )  # likeness alone ("아 니요괜찮습 니 다") calls nobody abusive who clearly answers
    rest = [act for act in acts if act is not first]
    return first, rest[0] if rest else None


def _first_request(evidence: Evidence) -> Act | None:
    """Of several requests said in so many words the first to handle (data README, rule 2)."""
    requests = [
        act
        for act, weight in evidence.cues.items()
        if weight >= _PLAIN_REQUEST and act in _REQUESTS and evidence.likely.get(act, 0.0) >= _HEARD_TOO
    ]
    return min(requests, key=_RANK.__getitem__, default=None)


def plainly_said(evidence: Evidence) -> Act | None:
    """What needs no learnt ear: nothing but a yes or no, a yes or no whose content agrees, a mailbox, a "뭐?"."""
    leaning = evidence.leaning
    if leaning.doubtful and set(evidence.cues) <= {Act.UNSURE}:
        return Act.UNSURE
    by_form = [act for act, weight in evidence.cues.items() if weight >= _BY_FORM]
    if by_form:
        return min(by_form, key=_RANK.__getitem__)
    if evidence.is_mere_no and evidence.cues.get(Act.WRONG_PERSON, 0.0) >= _PRESENT:
        return Act.WRONG_PERSON
    others = [
        act
        for act, weight in evidence.cues.items()
        if weight >= _PRESENT and act not in (leaning.act, *_BESIDE_YES_OR_NO)
    ]
    if (leaning.bare or leaning.agreed) and leaning.act is not None and not others:
        if evidence.cues.get(Act.WRONG_PERSON, 0.0) >= _PRESENT:
            return Act.WRONG_PERSON
        return leaning.act if leaning.act in evidence.cues else None  # "네" while the bot speaks is no yes
    return None


def may_be_distress(sign: Emergency | None, act: Act, evidence: Evidence) -> bool:
    """Whether the alarm outranks what else was heard: always, but for television and insults."""
    if act is Act.NOISE and evidence.cues.get(Act.NOISE, 0.0) >= 3.0:
        return sign is not None and sign.kind == "suicide"
    return not (act is Act.ABUSIVE and sign is not None and sign.kind == "violence" and "죽" in sign.why)


_BARE_WORD = 0.95  # "네", "아니요" and nothing else
_PLAIN = 0.85  # a yes or no whose content agrees: nine in ten were right
_DOUBTFUL = 0.4  # a bare "아니요" to "없으시죠?" may mean either
_ALARMED = 0.8  # about so many alarms are right among answers of which a fifth only sounds like one


def confidence(act: Act, evidence: Evidence, plain: Act | None, sure: float) -> float:
    """0-1. ``plain``: what is `plainly_said`; ``sure``: how often the learnt ear was right when it heard like this."""
    if act is Act.DISTRESS:
        return max(_ALARMED, sure)
    likely = evidence.likely.get(act, 0.0)
    if evidence.leaning.doubtful and act in (Act.AFFIRM, Act.DENY, Act.UNSURE):
        return min(sure, _DOUBTFUL)
    if plain is act:
        return _BARE_WORD if evidence.leaning.bare or act is not evidence.leaning.act else max(_PLAIN, sure)
    best = max(evidence.likely.values(), default=0.0)
    return sure if likely >= best else min(sure, 0.5)


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
