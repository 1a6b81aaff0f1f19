"""The labelled answers that the ear is learnt from: ``voicebot/nlu/data/answers*.jsonl`` (rules in the README there)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from voicebot.nlu.answers.acts import Act
from voicebot.nlu.cues import DATA
from voicebot.nlu.intents.catalogue import INTENTS, catalogue
from voicebot.nlu.intents.sentences import read_file
from voicebot.nlu.jsonlines import read_json_lines

# The cues were written with these files in view, so there they seem never to err: they teach without the cues.
_TUNED = ("answers.jsonl", "answers_more.jsonl")
# What callers of the duty desk say in distress, residents say to any question.
_DISTRESS = ("suicide", "welfare_crisis", "medical", "abuse_report")
_ANY_QUESTION = (
    ("요즘 어떻게 지내세요?", "open"),
    ("요즘 불편하신 데가 있으세요?", "problem_check"),
    ("통신비 할인을 신청해 드릴까요?", "offer"),
    ("불편한 점은 없으시죠?", "negative_question"),
    ("통화를 녹음해도 괜찮으시겠어요?", "consent"),
)


@dataclass(frozen=True)
class AnswerExample:
    """``with_cues``: whether what the written cues say of it is learnt too."""

    question: str
    question_kind: str
    text: str
    act: Act
    with_cues: bool = True

    @property
    def is_emergency(self) -> bool:
        return self.act is Act.DISTRESS


def files() -> list[Path]:
    """The files that the examples are read from."""
    return [*sorted(DATA.glob("answers*.jsonl")), *_distress_files()]


def read_examples() -> list[AnswerExample]:
    """Every answer to learn from. Raises DataFileError naming file and line."""
    found: list[AnswerExample] = []
    for path in sorted(DATA.glob("answers*.jsonl")):
        with_cues = path.name not in _TUNED
        found += read_json_lines(
            path,
            lambda row, with_cues=with_cues: _example(row, with_cues),  # type: ignore[misc]
            'write {"question": …, "question_kind": …, "text": …, "act": …}',
        )
    return [*found, *_distress()]


def _example(row: dict[str, Any], with_cues: bool) -> AnswerExample:
    return AnswerExample(row["question"], row["question_kind"], row["text"], Act(row["act"]), with_cues)


def _distress() -> Iterator[AnswerExample]:
    """What the duty desk's callers say in distress, as answers to questions of all kinds."""
    said = [sentence.text for path in _distress_files() for sentence in read_file(path, catalogue())]
    for text, (question, kind) in zip(said, cycle(_ANY_QUESTION), strict=False):
        yield AnswerExample(question, kind, text, Act.DISTRESS)


def _distress_files() -> list[Path]:
    return [INTENTS / "sentences" / f"{name}.jsonl" for name in _DISTRESS]
