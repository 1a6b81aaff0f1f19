"""What a resident's answer does: dialogue acts judged against the question that was asked. Pure."""

from voicebot.nlu.answers.acts import Act, Answer, QuestionKind
from voicebot.nlu.answers.understand import understand_answer

__all__ = ["Act", "Answer", "QuestionKind", "understand_answer"]
