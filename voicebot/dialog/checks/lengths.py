"""Whether what is said in one go is short enough to be kept in mind until the question comes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from voicebot.datafiles import Place
from voicebot.dialog.checks.case import Case
from voicebot.dialog.graph import Edge, Shape, Way
from voicebot.dialog.model import Prompt, Rung
from voicebot.dialog.slots import ExpressionError
from voicebot.dialog.templates import fill
from voicebot.errors import Problem

SYLLABLES_PER_SECOND = 6.5
"""An announcer's Korean on the telephone, pauses included."""
LONGEST_S = 20
"""What is said in one go: longer, and elders have lost the beginning when the question comes."""
_MOST_SYLLABLES = int(LONGEST_S * SYLLABLES_PER_SECOND)
_LONGEST_WAY_SHOWN = 10
_QUESTION_AGAIN = "the question again"
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def too_long(case: Case) -> Iterator[Problem]:
    """Counted from a person's answer to the next question or end, forms passed through included."""
    speech = _Speech(case)
    for place, said, start in _beginnings(case):
        way, count = speech.longest_from(start) if start in case.graph.forms else ((), 0)
        total = speech.of(said) + count
        if total > _MOST_SYLLABLES:
            where = " → ".join(way)
            yield case.problem(
                place,
                "prompt-too-long",
                f"{total / SYLLABLES_PER_SECOND:.0f} s are said in one go ({where or 'this rung'})",
                f"keep it under {LONGEST_S} s ({_MOST_SYLLABLES} syllables): shorten, or ask in between",
            )


def _beginnings(case: Case) -> Iterator[tuple[Place, tuple[Prompt, ...], str]]:
    """Where speech begins: the first form, every target of an answer or event, every rung."""
    starts = {case.dialog.first} | {
        edge.target for edge in case.graph.edges if edge.way not in (Way.GOTO, Way.RETURN, *_LADDER_WAYS)
    }
    for start in case.graph.forms:
        if start in starts:
            yield ("forms", start), (), start
    for place, rung in _rungs(case):
        for target in [branch.goto for branch in rung.goto or ()] or [""]:
            yield place, rung.prompt, target


_LADDER_WAYS = (Way.NOINPUT, Way.NOMATCH)


def _rungs(case: Case) -> Iterator[tuple[Place, Rung]]:
    for ladder in ("noinput", "nomatch"):
        yield from (((ladder, number), rung) for number, rung in enumerate(getattr(case.dialog, ladder)))
        for name, form in case.dialog.forms.items():
            for number, rung in enumerate(getattr(form, ladder) or ()):
                yield ("forms", name, ladder, number), rung


class _Speech:
    """Counts syllables, with the slots' examples filled in."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._longest: dict[str, tuple[str, int]] = {}
        self.examples: Mapping[str, Any] = {
            name: spec.initial if spec.example is None else spec.example
            for name, spec in case.dialog.slots.items()
        }
        questions = [name for name, shape in case.graph.forms.items() if shape is Shape.QUESTION]
        self.longest_question = max(
            (
                self.of([each for each in case.dialog.forms[name].prompt if not each.once])
                for name in questions
            ),
            default=0,
        )

    def of(self, prompts: Sequence[Prompt]) -> int:
        """The most that can be said of these: conditions as the examples have them, or one of the others."""
        always = sum(self._count(prompt) for prompt in prompts if self._holds(prompt))
        fixed = sum(self._count(prompt) for prompt in prompts if prompt.if_ is None)
        others = [self._count(prompt) for prompt in prompts if not self._holds(prompt)]
        return max(always, fixed + max(others, default=0))

    def longest_from(self, form: str) -> tuple[tuple[str, ...], int]:
        """The wordiest way from a form to the next question, transfer or end. A way back counts as none
        (`circles` reports it), so each form is weighed once, however many ways lead to it."""
        for name in self._after_what_follows(form):
            self._longest[name] = self._weigh(name)
        way, (following, count) = [form], self._longest[form]
        while following in self._longest and following not in way and len(way) < _LONGEST_WAY_SHOWN:
            way.append(following)
            following = self._longest[following][0]
        return (*way, *([following] if following == _QUESTION_AGAIN else [])), count

    def _weigh(self, form: str) -> tuple[str, int]:
        """What is best said next ("" for nothing), and the syllables from here on."""
        here = self.of(self.case.dialog.forms[form].prompt)
        if self.case.graph.forms[form] is Shape.RETURN:
            return _QUESTION_AGAIN, here + self.longest_question
        onward = [
            (edge.target, self._longest[edge.target][1])
            for edge in self._gotos(form)
            if edge.target in self._longest
        ]
        following, count = max(onward, key=lambda each: each[1], default=("", 0))
        return following, here + count

    def _after_what_follows(self, form: str) -> Iterator[str]:
        """The forms not weighed yet that gotos lead to, each after those that it leads to itself."""
        if form in self._longest:
            return
        begun, open_ways = {form}, [(form, iter(self._gotos(form)))]
        while open_ways:
            name, edges = open_ways[-1]
            for edge in edges:
                if edge.target not in begun and edge.target not in self._longest:
                    begun.add(edge.target)
                    open_ways.append((edge.target, iter(self._gotos(edge.target))))
                    break
            else:
                open_ways.pop()
                yield name

    def _gotos(self, form: str) -> list[Edge]:
        return [
            edge
            for edge in self.case.graph.out_of(form)
            if edge.way is Way.GOTO and edge.target in self.case.graph.forms
        ]

    def _holds(self, prompt: Prompt) -> bool:
        if prompt.if_ is None:
            return True
        try:
            return bool(prompt.if_.evaluate(self.examples))
        except ExpressionError:
            return False

    def _count(self, prompt: Prompt) -> int:
        try:
            text = fill(prompt.text, self.examples)
        except ExpressionError:
            text = _PLACEHOLDER.sub("", prompt.text)
        return syllables(text)


def syllables(text: str) -> int:
    """Korean syllables in a text as it is spoken."""
    return sum("가" <= character <= "힣" for character in text)


ALL = (too_long,)
