"""One answer understood: signs are found, weighed against the question, and the first act to handle is named. Pure."""

from __future__ import annotations

from voicebot.nlu.answers.acts import KOREAN, PRIORITY, Act, Answer, QuestionKind
from voicebot.nlu.answers.cues import Sign, find_signs, load_cues
from voicebot.nlu.answers.heard import Heard, listen
from voicebot.nlu.answers.polarity import Leaning, lean
from voicebot.nlu.answers.questions import Family, Question, read_question
from voicebot.nlu.emergency import hear_emergency


def understand_answer(text: str, *, question: str, question_kind: QuestionKind | str) -> Answer:
    """What ``text`` does as an answer to ``question``. Never raises; an unknown kind is guessed from the wording."""
    heard = listen(text)
    if not heard.solid:
        if "?" in text:
            return Answer(Act.REPEAT, 0.5, why=("물음표만 들림",))
        return Answer(Act.NOISE, 1.0, why=("아무 말도 들리지 않음",))
    asked = read_question(question, question_kind)
    signs = find_signs(heard, asked.kind.value, load_cues("answer_cues"))
    leaning = lean(heard, asked)
    scores, words = _weigh(heard, asked, signs, leaning)
    emergency = hear_emergency(text)
    if emergency:
        scores[Act.DISTRESS] = 9.0
        words[Act.DISTRESS] = emergency.why
    act, runner = _first(scores)
    sure = scores.get(act, 0.0) - scores.get(runner, 0.0) if runner else scores.get(act, 0.0)
    names = {sign.meaning for sign in signs}
    return Answer(
        act,
        max(0.05, min(0.99, 0.5 + 0.15 * sure)),
        (),
        act is Act.DISTRESS,
        "hold" in names,
        "machine" in names,
        (f"'{words.get(act, heard.plain)}' → {KOREAN[act]}",),
    )


def _weigh(
    heard: Heard, asked: Question, signs: list[Sign], leaning: Leaning
) -> tuple[dict[Act, float], dict[Act, str]]:
    scores: dict[Act, float] = {}
    words: dict[Act, str] = {}
    signs = signs + find_signs(heard, asked.kind.value, load_cues("content_cues"))
    for sign in signs:
        if sign.meaning in Act.__members__.values() or sign.meaning in {a.value for a in Act}:
            act = Act(sign.meaning)
            scores[act] = scores.get(act, 0.0) + sign.weight
            words.setdefault(act, sign.words)
    if leaning.act:
        scores[leaning.act] = leaning.weight
        words[leaning.act] = leaning.words
    if heard.asks and len(heard.solid) <= 2:
        scores[Act.REPEAT] = 5.0
    if asked.family is Family.CONTENT:
        scores[Act.INFORM] = scores.get(Act.INFORM, 0.0) + 0.5
    if asked.unfinished and len(heard.solid) <= 12 and not scores:
        scores[Act.BACKCHANNEL] = 3.0
    return scores, words


def _first(scores: dict[Act, float]) -> tuple[Act, Act | None]:
    if not scores:
        return Act.UNSURE, None
    present = [act for act in PRIORITY if scores.get(act, 0.0) >= 2.0]
    if not present:
        ordered = sorted(scores, key=lambda act: -scores[act])
        return ordered[0], ordered[1] if len(ordered) > 1 else None
    rest = sorted((act for act in scores if act is not present[0]), key=lambda act: -scores[act])
    return present[0], rest[0] if rest else None
