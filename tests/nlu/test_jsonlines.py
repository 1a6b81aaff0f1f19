"""Files of labelled sentences: every faulty line is told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from voicebot.errors import DataFileError
from voicebot.nlu.jsonlines import read_json_lines


def test_every_faulty_line_of_a_file_of_json_lines_is_told_at_once(tmp_path: Path) -> None:
    def named(row: dict[str, Any]) -> str:
        if "name" not in row:
            raise ValueError("'name' is missing")
        return str(row["name"])

    path = tmp_path / "some.jsonl"
    path.write_text('{"name": "큰방"}\n\n{"seats": 2}\nnot json\n[1]\n', encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_json_lines(path, named, "name the room")
    assert [(problem.line, problem.code, problem.remedy) for problem in caught.value.problems] == [
        (3, "wrong-line", "name the room"),
        (4, "wrong-line", "name the room"),
        (5, "wrong-line", "name the room"),
    ]
    path.write_text('{"name": "큰방"}\n\n{"name": "작은방"}\n', encoding="utf-8")
    assert read_json_lines(path, named, "") == ["큰방", "작은방"]
