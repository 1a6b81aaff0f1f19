"""Files of labelled sentences, one JSON object a line, every faulty line told with its number."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from voicebot.datafiles import read_text
from voicebot.errors import DataFileError, Problem

Row = TypeVar("Row")


def read_json_lines(path: Path, parse: Callable[[dict[str, Any]], Row], remedy: str) -> list[Row]:
    """What ``parse`` makes of the object on each line; empty lines are passed over.

    ``parse`` raises ValueError with what is wrong; ``remedy`` says how to write a line. Raises DataFileError (codes
    ``file-unreadable``, ``wrong-line``) with every faulty line.
    """
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(parse(_object(line)))
        except ValueError as error:
            problems.append(Problem(str(path), number, "wrong-line", str(error), remedy))
    if problems:
        raise DataFileError(problems)
    return rows


def _object(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg}") from error
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    return row
