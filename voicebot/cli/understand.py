"""``voicebot understand``: line-oriented JSON filters over the understanding of Korean answers and values."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click

from voicebot.nlu import understand_answer_line
from voicebot.nlu.values import understand_value_line


@click.group()
def understand() -> None:
    """Read JSON objects, one a line, and write each back with what was understood.

    Order and unknown fields are kept. Empty lines are passed over. A line that cannot be read stops nothing:
    it is answered by an object with `error`, and the exit code is 1.
    """


@understand.command()
def answer() -> None:
    """`question`, `question_kind`, `text` → adds `act`, `confidence`, `emergency`."""
    _filter(understand_answer_line)


@understand.command()
def utterance() -> None:
    """`text` → adds `intent`, `confidence`, `alternatives`, `also`, `emergency`, `place`, `gu`, `dong`, `department`."""
    from voicebot.nlu.intents.lines import understand_utterance_line

    _filter(understand_utterance_line)


@understand.command()
def value() -> None:
    """`kind`, `text`, `reference` → adds `value`."""
    _filter(understand_value_line)


def _filter(understand_line: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    faults = 0
    for number, line in enumerate(sys.stdin.buffer, 1):  # bytes: one line that is no UTF-8 must not end all
        if not line.strip():
            continue
        given: dict[str, Any] = {}
        try:
            given = _object(line)
            result = understand_line(given)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            faults += 1
            result = {**given, "error": str(error), "line": number}
            click.echo(f"line {number}: {error}", err=True)
        sys.stdout.buffer.write(_line(result))
        sys.stdout.buffer.flush()
    if faults:
        sys.exit(1)


def _object(line: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(
            f"not UTF-8 (byte {error.start + 1}); write one JSON object a line in UTF-8"
        ) from error
    except json.JSONDecodeError as error:
        raise ValueError(
            f"not JSON ({error.msg} at character {error.pos + 1}); write one object a line"
        ) from error
    if not isinstance(parsed, dict):
        raise ValueError("not a JSON object; write one object a line")
    return parsed


def _line(result: dict[str, Any]) -> bytes:
    """Korean as it is; only what UTF-8 cannot hold (half a surrogate pair) is escaped, as it came in."""
    try:
        return (json.dumps(result, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:
        return (json.dumps(result) + "\n").encode()
