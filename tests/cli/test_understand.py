"""``voicebot understand``: one object in, one out, in order, whatever comes in between."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import Run
from voicebot.nlu.values import KINDS

SEOUL_NOW = "2026-11-24T10:00:00+09:00"


def _lines(*objects: Any) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects).encode()


def _read(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.split("\n") if line]


def test_answers_keep_their_order_and_what_else_they_carried(run: Run) -> None:
    texts = ["네", "아니요", "네"]
    given = [
        {
            "question": "김말순 님 되시나요?",
            "question_kind": "identity",
            "text": text,
            "n": n,
            "메모": {"a": [1]},
        }
        for n, text in enumerate(texts)
    ]
    ran = run("understand", "answer", stdin=_lines(*given))
    read = _read(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert [{name: each[name] for name in given[0]} for each in read] == given
    for each in read:
        assert isinstance(each["act"], str)
        assert 0 <= each["confidence"] <= 1
        assert each["emergency"] is False
    assert "메모" in ran.out  # readable, not escaped


def test_values_keep_their_order_and_what_else_they_carried(run: Run) -> None:
    given = [
        {"kind": "count", "text": "세 명이요", "reference": SEOUL_NOW, "id": "a"},
        {"kind": "day", "text": "내일이요", "reference": SEOUL_NOW, "id": "b"},
        {"kind": "choice", "text": "두 번째 거요", "reference": {"options": ["오전", "오후"]}, "id": "c"},
    ]
    ran = run("understand", "value", stdin=_lines(*given))
    read = _read(ran.out)
    assert ran.code == 0
    assert [each["id"] for each in read] == ["a", "b", "c"]
    assert [each["value"] for each in read][:2] == [3, "2026-11-25"]


BAD = [
    b"{\n",
    b"[1]\n",
    b"null\n",
    b'"words"\n',
    b"\xff\xfe\n",
    b"[" * 100_000 + b"\n",
    b'{"text": ' + b"9" * 5000 + b"}\n",
    b"{} {}\n",
]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("what", ["answer", "value"])
def test_a_line_that_cannot_be_read_stops_nothing(run: Run, what: str, bad: bytes) -> None:
    good = _lines({"text": "네", "kind": "count", "n": 1})
    ran = run("understand", what, stdin=good + bad + good)
    first, second, third = _read(ran.out)
    assert ran.code == 1
    assert first == third
    assert first["n"] == 1
    assert second["line"] == 2
    assert second["error"]
    assert "line 2:" in ran.err


@pytest.mark.parametrize(
    "faulty",
    [
        {"kind": "colour", "text": "빨강", "n": 7},
        {"kind": None, "text": "빨강", "n": 7},
        {"text": "빨강", "n": 7},
        {"kind": "day", "text": "내일", "reference": "yesterday", "n": 7},
        {"kind": "choice", "text": "빨강", "reference": {"options": 5}, "n": 7},
        {"kind": ["day"], "text": "내일", "n": 7},
    ],
)
def test_an_object_that_cannot_be_understood_keeps_what_it_carried(run: Run, faulty: dict[str, Any]) -> None:
    ran = run("understand", "value", stdin=_lines(faulty))
    (read,) = _read(ran.out)
    assert read["n"] == 7
    assert read["text"] == faulty["text"]
    if "error" in read:
        assert ran.code == 1
    else:
        assert "value" in read


def test_lone_halves_of_letters_come_out_as_they_went_in(run: Run) -> None:
    ran = run("understand", "answer", stdin=b'{"text": "\\ud55c\\ud83d", "id": "\\ud83d"}\n')
    (read,) = _read(ran.out)
    assert read["id"] == "\ud83d"
    assert ran.code == 0


def test_empty_lines_are_passed_over_and_nothing_in_is_nothing_out(run: Run) -> None:
    assert run("understand", "answer", stdin=b"\n  \n").out == ""
    assert run("understand", "answer", stdin=b"").code == 0
    ran = run("understand", "answer", stdin=b'\n{"text": "\xeb\x84\xa4"}')  # no newline at the end
    assert len(_read(ran.out)) == 1


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = dict.fromkeys(("text", "question", "question_kind", "kind", "reference", "other"), JSON)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(objects=st.lists(st.fixed_dictionaries({}, optional=FIELDS), max_size=4), kind=st.sampled_from(KINDS))
def test_whatever_the_objects_hold_as_many_come_out_as_went_in(
    run: Run, objects: list[dict[str, Any]], kind: str
) -> None:
    for what, given_objects in (("answer", objects), ("value", [{"kind": kind, **each} for each in objects])):
        ran = run("understand", what, stdin=_lines(*given_objects))
        read = _read(ran.out)
        assert len(read) == len(given_objects)
        for before, after in zip(given_objects, read, strict=True):
            assert after.get("other") == before.get("other")
