"""Everything that understanding reads, read before the first caller: what is read at first use makes that caller wait."""

from __future__ import annotations

from voicebot.nlu.answers.questions import read_question
from voicebot.nlu.answers.understand import understand_answer
from voicebot.nlu.answers.weigh import weigh
from voicebot.nlu.ear import ear
from voicebot.nlu.emergency import hear_emergency
from voicebot.nlu.heard import listen
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.intents.deciding import deciding_phrase
from voicebot.nlu.intents.understand import understand_utterance
from voicebot.nlu.places import find_place

_SAID = "중동 골목에 가로등이 나갔어요"


def read_files() -> None:
    """The ears and all that is written, without the analyser, whose threads would not survive a fork: for the process
    that the server's workers are forked from. They share it, and one that takes a dead one's place is ready sooner."""
    catalogue()
    ear()
    weigh(listen(_SAID), read_question("여보세요?", "identity"))
    hear_emergency(_SAID)
    find_place(_SAID)
    deciding_phrase("streetlight", listen(_SAID))


def wake() -> None:
    """All of it, for the process that understands."""
    read_files()
    understand_answer("네", question="여보세요?", question_kind="identity")
    understand_answer(_SAID, question="무슨 일로 전화하셨어요?", question_kind="report")
    understand_utterance(_SAID)
