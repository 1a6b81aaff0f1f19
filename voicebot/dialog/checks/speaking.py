"""Whether what is said is lawful, and fit for a synthesiser's mouth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicebot.dialog.checks.case import Case
from voicebot.dialog.model import Bargein
from voicebot.errors import Problem
from voicebot.korean import speakable

_NOT_SPOKEN = re.compile(r"[0-9A-Za-z]+")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def legal_notices(case: Case) -> Iterator[Problem]:
    for place, _, _, prompt in case.prompts():
        if prompt.legal and prompt.bargein is not Bargein.NEVER:
            yield case.problem(
                place,
                "interruptible-legal-notice",
                f"a notice that the law requires can be interrupted (bargein: {prompt.bargein})",
                "set 'bargein: never'",
            )


def discloses_first(case: Case) -> Iterator[Problem]:
    """That a machine is calling is said before anything else (인공지능기본법 제31조: 사전 고지)."""
    form = case.dialog.forms.get(case.dialog.first)
    if form is not None and not any(prompt.legal and prompt.if_ is None for prompt in form.prompt):
        yield case.problem(
            ("forms", case.dialog.first),
            "no-legal-notice-first",
            f"the first form '{case.dialog.first}' does not disclose that an AI is speaking",
            "begin with a prompt that says so, with 'legal: true' and 'bargein: never'",
        )


def unspeakable(case: Case) -> Iterator[Problem]:
    texts = [(place, prompt.text) for place, _, _, prompt in case.prompts()]
    for name, form in case.dialog.forms.items():
        for number, option in enumerate(form.field.options if form.field else ()):
            texts.append((("forms", name, "field", "options", number, "say"), option.say))
    for place, text in texts:
        found = _NOT_SPOKEN.search(_PLACEHOLDER.sub(" ", text))
        if found is not None:
            yield case.problem(
                place,
                "unspeakable-text",
                f"'{found[0]}' is left to the synthesiser to read as it likes",
                f"write it in words ({speakable(found[0])}), or use a slot with a filter ({{slot:won}})",
            )


def prompt_ids(case: Case) -> Iterator[Problem]:
    """One id is one recording: it cannot say two things."""
    texts: dict[str, str] = {}
    for place, where, number, prompt in case.prompts():
        id_ = case.dialog.prompt_id(where, number, prompt)
        if texts.setdefault(id_, prompt.text) != prompt.text:
            yield case.problem(
                place,
                "duplicate-prompt-id",
                f"prompt id '{id_}' stands for another text already",
                "give it an id of its own",
            )


ALL = (legal_notices, discloses_first, unspeakable, prompt_ids)
