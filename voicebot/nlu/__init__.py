"""What people say on the phone, understood: dialogue acts, emergencies, spoken values. Pure."""

from voicebot.nlu.answers.acts import KOREAN as ACTS_KO
from voicebot.nlu.answers.acts import Act, Answer, QuestionKind
from voicebot.nlu.answers.lines import understand_answer_line
from voicebot.nlu.answers.understand import understand_answer
from voicebot.nlu.emergency import Emergency, hear_emergency

__all__ = [
    "ACTS_KO",
    "Act",
    "Answer",
    "Emergency",
    "QuestionKind",
    "hear_emergency",
    "understand_answer",
    "understand_answer_line",
]
