"""One conversation with a dialog, step by step, for tests: what was said, asked for and done at each step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from voicebot.dialog import (
    Command,
    Dialog,
    End,
    Event,
    Heard,
    Listen,
    Perform,
    Say,
    Session,
    begin,
    load_dialog,
    step,
)
from voicebot.dialog.scripted import ActPurely

DIALOGS = Path(__file__).parents[2] / "dialogs"


@cache
def welfare_info() -> Dialog:
    return load_dialog(DIALOGS / "welfare_info.yaml").dialog


def examples(dialog: Dialog) -> dict[str, Any]:
    return {name: spec.example for name, spec in dialog.slots.items() if spec.given}


class Conversation:
    """Begins at once; the results that actions give are those of ``results``, else those of ``act``."""

    def __init__(
        self,
        dialog: Dialog,
        results: Mapping[str, Mapping[str, Any]] | None = None,
        act: ActPurely | None = None,
        **given: Any,
    ) -> None:
        self.dialog, self.results = dialog, results or {}
        self.act: ActPurely = act or (lambda _action, _arguments: {})
        self.session: Session = begin(dialog, {**examples(dialog), **given})
        self.commands: tuple[Command, ...] = ()
        self.take(Heard(Event.BEGIN))

    def take(self, heard: Heard) -> Conversation:
        self.session, self.commands = step(self.dialog, self.session, heard)
        while self.session.awaiting_action is not None:
            asked = self.performed[-1]
            result = self.results.get(asked.action) or self.act(asked.action, asked.arguments)
            self.session, more = step(self.dialog, self.session, Heard(Event.ACTION_DONE, result=result))
            self.commands = (*self.commands, *more)
        return self

    def says(self, act: str, text: str = "말씀", **more: Any) -> Conversation:
        return self.take(Heard(Event.SPEECH, text=text, act=act, **more))

    def presses(self, keys: str, value: Any = None) -> Conversation:
        return self.take(Heard(Event.KEYS, keys=keys, value=value))

    def is_silent(self) -> Conversation:
        return self.take(Heard(Event.SILENCE))

    def hangs_up(self) -> Conversation:
        return self.take(Heard(Event.HANGUP))

    @property
    def said(self) -> list[str]:
        return [
            each.text for command in self.commands if isinstance(command, Say) for each in command.prompts
        ]

    @property
    def performed(self) -> list[Perform]:
        return [command for command in self.commands if isinstance(command, Perform)]

    @property
    def listening(self) -> Listen | None:
        return next((command for command in self.commands if isinstance(command, Listen)), None)

    @property
    def end(self) -> End | None:
        return next((command for command in self.commands if isinstance(command, End)), None)
