"""Everything that can be wrong with a dialog, found before anybody is rung. Each has a stable code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from voicebot.dialog.checks import acting, emptiness, ending, lengths, listening, reaching, slot_use, speaking
from voicebot.dialog.checks.case import ActionSignature, Case, Check
from voicebot.dialog.loading import LoadedDialog, dialog_files, load_dialog
from voicebot.errors import DataFileError, Problem

__all__ = ["ActionSignature", "check_dialog", "check_folder"]

_CHECKS: tuple[Check, ...] = (
    *reaching.ALL,
    *listening.ALL,
    *slot_use.ALL,
    *emptiness.ALL,
    *acting.ALL,
    *speaking.ALL,
    *lengths.ALL,
    *ending.ALL,
)


def check_dialog(loaded: LoadedDialog, actions: Mapping[str, ActionSignature] | None) -> list[Problem]:
    """Every problem of one dialog, in the order of the file. ``actions`` None: they are not judged."""
    case = Case(loaded, actions)
    found = {problem for check in _CHECKS for problem in check(case)}
    return sorted(found, key=lambda problem: (problem.line or 0, problem.code, problem.message))


def check_folder(path: Path, actions: Mapping[str, ActionSignature] | None) -> list[Problem]:
    """Every problem of every dialog in a folder, faults of form included."""
    problems: list[Problem] = []
    for file in dialog_files(path):
        try:
            problems += check_dialog(load_dialog(file), actions)
        except DataFileError as error:
            problems += error.problems
    return problems
