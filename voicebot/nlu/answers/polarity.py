"""Yes or no: judged by what the question states, content before the word, the last word before the first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from voicebot.datafiles import read_yaml
from voicebot.nlu.answers.acts import Act
from voicebot.nlu.answers.questions import Family, Question
from voicebot.nlu.cues import DATA, Sign, compile_patterns, find_signs, load_cues
from voicebot.nlu.heard import Heard, fold


def _words(name: str) -> frozenset[str]:
    return frozenset(map(fold, read_yaml(DATA / "yes_no_words.yaml").data[name].split()))


_YES, _NO = _words("affirming"), _words("denying")
_FILLER = _words("breath") | _words("thanks")
# "하기 싫은 게 아니라", "안 하겠다는 게 아니고": what the speaker says it is not.
_DENIED = compile_patterns(
    [
        "[가-힣]{0,14}(게|것이|건|것은|것도|거는|거|라서|서|지만)(가|요)? ?(아니|아녀|아이)(라|고|구|고요|지만)(요|예)?",
        "(어머니|아버지|엄마|아빠|할머니|딸|아들)(가|이) ?아니(라|고)(요)?",
    ]
)


_ONE_SIDED = 2.0
"""Content of both kinds settles for less (`_settle`)."""


@dataclass(frozen=True)
class Leaning:
    """``act`` affirm, deny or None; ``weight`` how strongly; ``words`` that decided; ``doubtful``: a bare no to a
    negative question; ``bare``: nothing but the word was said; ``clear``: what was said has content that speaks
    one way only, and no yes or no against it."""

    act: Act | None
    weight: float
    words: str
    doubtful: bool = False
    bare: bool = False
    clear: bool = False
    agreed: bool = False
    """A yes or no was said, and the content says the same."""


def lean(heard: Heard, question: Question) -> Leaning:
    """Which way an answer leans, before the other acts are heard."""
    word, word_is_yes = _last_yes_or_no(heard)
    content, is_true = _content(without_denied(heard), question)
    if content is not None:
        affirms = is_true != question.inverted
        agrees = word is None or word_is_yes == affirms or question.inverted
        return Leaning(
            Act.AFFIRM if affirms else Act.DENY,
            content.weight + (0.5 if agrees else 0.0),
            content.words,
            clear=agrees and content.weight >= _ONE_SIDED,
            agreed=word is not None and word_is_yes == affirms and content.weight >= _ONE_SIDED,
        )
    if word is None:
        return Leaning(None, 0.0, "")
    if question.family is Family.CONTENT:
        return Leaning(None, 0.0, word)
    if question.inverted and not word_is_yes:
        return Leaning(None, 0.0, word, doubtful=True)
    bare = all(fold(said) in _YES | _NO | _FILLER for said in heard.words) or bool(_glued(heard)[0])
    strength = 2.5 if len(heard.solid) <= 6 or bare else 1.2
    return Leaning(Act.AFFIRM if word_is_yes else Act.DENY, strength, word, bare=bare)


def _last_yes_or_no(heard: Heard) -> tuple[str | None, bool]:
    """The last of the yes and no words that open an answer ("네 아니 아니요" is no)."""
    last: tuple[str | None, bool] = (None, False)
    for word in heard.words:
        sound = fold(word)
        if sound in _YES:
            # "어", "아" before something else are breath, not consent
            if sound in {"어", "에", "야"} and len(heard.words) > 1:
                continue
            last = (word, True)
        elif sound in _NO:
            if sound == "아니" and len(heard.words) > 1 and last[0] is None and word is not heard.words[-1]:
                last = (word, False)
                continue
            last = (word, False)
        elif sound not in _FILLER:
            break
    if last[0] is None:
        last = _glued(heard)
    return last


_GLUED_YES = re.compile(fold("^(네|예|응|넵)(네|예|응|에|요)*$"))
_GLUED_NO = re.compile(fold("^(아니|아뇨|안이)(요|오|야|에요|유|여|라고|라고요|예)*$"))


def _glued(heard: Heard) -> tuple[str | None, bool]:
    """ "네네네", "아니요아니요", "아니 오": short answers with other spacing."""
    if _GLUED_YES.match(heard.solid):
        return heard.plain, True
    if _GLUED_NO.match(heard.solid) or heard.solid in _NO:
        return heard.plain, False
    if heard.solid in _YES:
        return heard.plain, True
    return None, False


def without_denied(heard: Heard) -> Heard:
    """The answer without what the speaker says it is not; unchanged if nothing would be left."""
    found = _DENIED.search(heard.solid)
    if found is None or len(heard.solid) - found.end() < 2:
        return heard
    kept = heard.solid[: found.start()] + heard.solid[found.end() :]
    places = heard.places[: found.start()] + heard.places[found.end() :]
    return Heard(heard.plain, kept, places, heard.asks)


_PAIRS = {
    Family.ACCEPT: ("accept", "refuse"),
    Family.PROBLEM: ("problem", "fine"),
    Family.STATUS: ("done", "not_done"),
}


def _content(heard: Heard, question: Question) -> tuple[Sign | None, bool]:
    """The content sign that decides, and whether it says that the thing asked about is so."""
    if question.family is Family.CONTENT:
        return None, False
    signs = find_signs(heard, question.kind.value, load_cues("polarity_cues"))
    true_name, false_name = _PAIRS[question.family]
    true = max((s for s in signs if s.meaning == true_name), key=lambda s: s.weight, default=None)
    false = max((s for s in signs if s.meaning == false_name), key=lambda s: s.weight, default=None)
    if question.lacking and true and not false and re.search("많|남[아았]|넉넉", true.words):
        return true, False
    if question.lacking and false and re.search("[없읎]", false.words):
        return false, True
    if true and false and true.weight != false.weight and question.family is Family.STATUS:
        return (true, True) if true.weight > false.weight else (false, False)
    if true and false:
        return _settle(true, false)
    if true:
        return true, True
    return false, False


def _settle(true: Sign, false: Sign) -> tuple[Sign, bool]:
    """Both ways in one answer: the later one speaks ("했는데 안 할래")."""
    is_so = true.start > false.start
    sign = true if is_so else false
    return Sign(sign.meaning, sign.weight - 1.0, sign.words, sign.start), is_so
