"""One event through dialog and line: the step, the actions it asks for, the step after each, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voicebot.calls.centre import LineDialog
from voicebot.dialog import (
    Command,
    Dialog,
    End,
    Event,
    Heard,
    Perform,
    RememberPace,
    Say,
    Session,
    step,
)
from voicebot.errors import DialogError
from voicebot.records import people
from voicebot.records.calls import record_outcome
from voicebot.records.work import CallWork

_MOST_ACTIONS = 50


@dataclass(frozen=True)
class Reply:
    """What one event led to: the session after it, and what the carrier must now do."""

    session: Session
    commands: tuple[Command, ...]

    def sentences(self) -> list[str]:
        """Everything said, in order."""
        return [
            spoken.text for command in self.commands if isinstance(command, Say) for spoken in command.prompts
        ]


def converse(dialog: Dialog, line: LineDialog, session: Session, heard: Heard, work: CallWork) -> Reply:
    """Take an event to its end. Actions run in ``work``'s transaction, where the dialog puts them.

    Raises DialogError for an action that the line does not have.
    """
    spoken: list[Command] = []
    event = heard
    for _ in range(_MOST_ACTIONS):
        session, commands = step(dialog, session, event)
        result: Mapping[str, Any] | None = None
        for command in commands:
            match command:
                case Perform():
                    result = _perform(line, command, work)
                case RememberPace():
                    _remember(command, work)
                case End():
                    _end(line, command, work)
                    spoken.append(command)
                case _:
                    spoken.append(command)
        if session.awaiting_action is None:
            return Reply(session, tuple(spoken))
        event = Heard(Event.ACTION_DONE, result=result or {})
    raise DialogError(f"dialog '{dialog.dialog}' performs one action after another without end")


def _perform(line: LineDialog, command: Perform, work: CallWork) -> Mapping[str, Any] | None:
    action = line.actions.get(command.action)
    if action is None:
        raise DialogError(f"the line has no action '{command.action}'")
    return action.run(work, command.arguments)


def _remember(command: RememberPace, work: CallWork) -> None:
    resident = work.resident()
    if resident is not None:
        pace = command.pace
        people.remember_pace(
            work.db,
            resident=resident,
            pace={
                "rate_percent": pace.rate_percent,
                "extra_pause_s": pace.extra_pause_s,
                "louder": pace.louder,
                "keypad_only": pace.keypad_only,
            },
        )


def _end(line: LineDialog, command: End, work: CallWork) -> None:
    gravity = gravity_with(line.gravity, command.outcome)
    record_outcome(work.db, call_id=work.call.id, code=command.outcome, at=work.now, gravity=gravity)


def gravity_with(gravity: Sequence[str], code: str) -> Sequence[str]:
    """An outcome of an official's own weighs as much as ``informed``: more than not being reached."""
    if code in gravity:
        return gravity
    place = gravity.index("informed") + 1 if "informed" in gravity else len(gravity)
    return (*gravity[:place], code, *gravity[place:])
