"""Data files: every value knows its line, every fault its remedy, and no file can bring us down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from voicebot.datafiles import parse_yaml, read_model, read_yaml, validate
from voicebot.errors import DataFileError, Problem

HERE = Path("some.yaml")


class _Room(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    seats: int = 0


class _House(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rooms: list[_Room]


def _problems(text: str) -> list[Problem]:
    with pytest.raises(DataFileError) as caught:
        validate(parse_yaml(text, HERE), _House)
    return list(caught.value.problems)


def test_each_value_knows_its_line_and_what_is_not_there_the_line_around_it() -> None:
    document = parse_yaml("rooms:\n  - name: 큰방\n    seats: 3\n  - name: 작은방\n", HERE)
    assert document.data == {"rooms": [{"name": "큰방", "seats": 3}, {"name": "작은방"}]}
    assert document.line_of(("rooms", 0, "seats")) == 3
    assert document.line_of(("rooms", 1, "seats")) == 4
    assert document.line_of(("windows",)) == 1


def test_every_fault_of_a_file_is_told_at_once_with_its_line_and_remedy() -> None:
    problems = _problems("rooms:\n  - name: 1\n    seats: many\n    colour: red\n  - seats: 2\n")
    assert [(problem.line, problem.code) for problem in problems] == [
        (2, "wrong-value"),
        (3, "wrong-value"),
        (4, "unknown-key"),
        (5, "missing-key"),
    ]
    assert all(problem.remedy for problem in problems)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: [1,\nb: 2\n", "yaml-syntax", 2),
        ("a: 1\n\tb: 2\n", "yaml-syntax", 2),
        ("a: 'open\n", "yaml-syntax", 2),
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3),
        ("a: \x00\n", "yaml-syntax", None),
        ("a: !!python/object:os.system x\n", "yaml-syntax", 1),
        ("a: !cup tea\n", "yaml-syntax", 1),
        ("a: !!int tea\n", "yaml-syntax", 1),
        ("a: *nobody\n", "yaml-syntax", 1),
        ("a: &a [*a]\n", "yaml-syntax", 1),
        ("a: &a {b: *a}\n", "yaml-syntax", 1),
        ("base: &b {x: 1}\na:\n  <<: *b\n", "yaml-syntax", 3),
        ("? [a, b]\n: c\n", "yaml-syntax", 1),
        ("? {a: b}\n: c\n", "yaml-syntax", 1),
        ("a: 1\n---\nb: 2\n", "yaml-syntax", 2),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_place(text: str, code: str, line: int | None) -> None:
    with pytest.raises(DataFileError) as caught:
        parse_yaml(text, HERE)
    problem = caught.value.problems[0]
    assert (problem.path, problem.code) == (str(HERE), code)
    if line is not None:
        assert problem.line is not None
        assert abs(problem.line - line) <= 1  # the parser sees some faults only on the line after


def test_a_file_that_unfolds_without_end_is_refused() -> None:
    """Nine levels of nine aliases are a billion values in 300 bytes."""
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    with pytest.raises(DataFileError):
        parse_yaml("\n".join(levels), HERE)


def test_the_surprises_of_yaml_are_left_out() -> None:
    data: Any = parse_yaml("no: no\non: on\nyes: yes\nday: 2026-11-24\ntrue_: true\nnone: null\n", HERE).data
    assert data == {"no": "no", "on": "on", "yes": "yes", "day": "2026-11-24", "true_": True, "none": None}


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60)
@given(VALUES)
def test_what_was_written_is_read(value: Any) -> None:
    assert parse_yaml(yaml.safe_dump(value, allow_unicode=True), HERE).data == value


@given(st.text(alphabet=st.sampled_from("ab:-&*!<>?[]{}|'\"#%@, \n\t0"), max_size=60))
def test_any_text_is_read_or_refused_with_a_problem(text: str) -> None:
    try:
        parse_yaml(text, HERE)
    except DataFileError:
        return


def test_files_that_are_no_text_or_not_there_are_named(tmp_path: Path) -> None:
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "binary.yaml", tmp_path / "nowhere.yaml", tmp_path):
        with pytest.raises(DataFileError) as caught:
            read_yaml(path)
        (problem,) = caught.value.problems
        assert (problem.code, problem.path) == ("file-unreadable", str(path))
        assert problem.remedy


def test_a_good_file_becomes_its_model(tmp_path: Path) -> None:
    path = tmp_path / "house.yaml"
    path.write_text("\ufeffrooms:\n  - {name: 큰방, seats: 3}\n", encoding="utf-8")
    assert read_model(path, _House) == _House(rooms=[_Room(name="큰방", seats=3)])


def test_a_problem_reads_as_one_line() -> None:
    assert (
        str(Problem("a.yaml", 3, "wrong-value", "bad", "mend it")) == "a.yaml:3: wrong-value: bad → mend it"
    )
    assert str(Problem("a.yaml", None, "yaml-syntax", "bad")) == "a.yaml: yaml-syntax: bad"
