"""The closed sets of the understanding of answers: the dialogue acts, the kinds of question, one verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What a resident's answer does. Labelling rules: ``voicebot/nlu/data/README.md``."""

    AFFIRM = "affirm"
    DENY = "deny"
    UNSURE = "unsure"
    REPEAT = "repeat"
    SLOWER = "slower"
    LOUDER = "louder"
    HUMAN = "human"
    STOP = "stop"
    LATER = "later"
    WRONG_PERSON = "wrong_person"
    PROXY = "proxy"
    DECEASED = "deceased"
    WHO = "who"
    SUSPICIOUS = "suspicious"
    DISTRESS = "distress"
    INFORM = "inform"
    BACKCHANNEL = "backchannel"
    THANKS_BYE = "thanks_bye"
    OFF_TOPIC = "off_topic"
    ABUSIVE = "abusive"
    NOISE = "noise"


class QuestionKind(StrEnum):
    """What kind of question the bot asked; a yes is judged against it."""

    OFFER = "offer"
    CONSENT = "consent"
    IDENTITY = "identity"
    PROBLEM_CHECK = "problem_check"
    NEGATIVE_QUESTION = "negative_question"
    OPEN = "open"
    REPORT = "report"
    """What is the matter? The caller of the duty desk tells it; the alarm listens as it does for reports."""
    SURVEY_COUNT = "survey_count"
    TIME_CHOICE = "time_choice"


KOREAN: dict[Act, str] = {
    Act.AFFIRM: "긍정",
    Act.DENY: "부정",
    Act.UNSURE: "모름",
    Act.REPEAT: "다시",
    Act.SLOWER: "천천히",
    Act.LOUDER: "크게",
    Act.HUMAN: "사람 연결",
    Act.STOP: "수신 거부",
    Act.LATER: "나중에",
    Act.WRONG_PERSON: "본인 아님",
    Act.PROXY: "대리",
    Act.DECEASED: "사망",
    Act.WHO: "누구",
    Act.SUSPICIOUS: "의심",
    Act.DISTRESS: "위기",
    Act.INFORM: "내용 답변",
    Act.BACKCHANNEL: "맞장구",
    Act.THANKS_BYE: "인사",
    Act.OFF_TOPIC: "딴 얘기",
    Act.ABUSIVE: "폭언",
    Act.NOISE: "잡음",
}

# Of two acts in one answer the bot must handle this one first (data README, rule 2).
PRIORITY: tuple[Act, ...] = (
    Act.DISTRESS,
    Act.DECEASED,
    Act.WRONG_PERSON,
    Act.STOP,
    Act.HUMAN,
    Act.SUSPICIOUS,
    Act.WHO,
    Act.PROXY,
    Act.LOUDER,
    Act.SLOWER,
    Act.REPEAT,
    Act.LATER,
    Act.ABUSIVE,
    Act.NOISE,
    Act.BACKCHANNEL,
    Act.AFFIRM,
    Act.DENY,
    Act.UNSURE,
    Act.INFORM,
    Act.THANKS_BYE,
    Act.OFF_TOPIC,
)


@dataclass(frozen=True)
class Answer:
    """What one answer does.

    ``confidence`` 0–1; ``also`` a second act said in the same breath; ``emergency`` a person must take over at
    once; ``hold`` "잠깐만요", wait: not an answer; ``machine`` a mailbox or call-screening greeting; ``why`` the
    words that decided, in Korean for a duty officer, the runner-up last.
    """

    act: Act
    confidence: float
    also: tuple[Act, ...] = ()
    emergency: bool = False
    hold: bool = False
    machine: bool = False
    why: tuple[str, ...] = ()
