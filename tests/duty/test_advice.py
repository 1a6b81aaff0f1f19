"""What callers are answered at once: a text for every matter of information, fit to be spoken, faults told with lines."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from voicebot.config import PROJECT_ROOT, load_settings
from voicebot.duty.advice import ADVICE, load_advice, sentences_of
from voicebot.errors import DataFileError
from voicebot.korean.speakable import speakable
from voicebot.korean.spoken import phone
from voicebot.nlu.intents.catalogue import catalogue

ENVIRONMENT = {"VOICEBOT_SECRET_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
INFO = sorted(name for name, intent in catalogue().items() if intent.urgency == "info")
SHIPPED = load_advice()
GOOD = {"say": "평일 낮에 다시 전화해 주세요.", "source": ["https://city.example"], "as_of": "2026-11-24"}


def _file(tmp_path: Path, name: str = "power_cut", **changes: Any) -> Path:
    entries: dict[str, Any] = {info: copy.deepcopy(GOOD) for info in INFO}
    entries[name] = {**copy.deepcopy(GOOD), **changes}
    path = tmp_path / "advice.yaml"
    text = yaml.safe_dump({"advice": entries}, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("intent", INFO)
def test_every_matter_of_information_has_a_text_that_can_be_spoken_as_it_is(intent: str) -> None:
    text = SHIPPED.of(intent)
    assert text
    assert speakable(text) == text, "nothing is left for the synthesiser to guess at"
    assert not re.search("[0-9A-Za-z]", text)
    assert 1 <= len(sentences_of(text)) <= 3
    assert text.endswith((".", "?"))


def test_what_is_no_matter_of_information_is_not_answered_on_the_call() -> None:
    assert SHIPPED.of("fire") is None
    assert SHIPPED.of("no_such_intent") is None


def test_the_numbers_that_are_told_are_those_of_the_settings() -> None:
    settings = load_settings(PROJECT_ROOT / "config.yaml", ENVIRONMENT)
    assert settings.advice_path == ADVICE
    verify = SHIPPED.of("verify_call") or ""
    assert phone(settings.numbers.callback) in verify
    assert phone("1688-0624") in verify
    assert settings.numbers.outreach == "+8216880624"
    for intent in ("parking_lot", "city_facility", "department_request"):
        assert phone(settings.numbers.duty) in (SHIPPED.of(intent) or "")


@pytest.mark.parametrize(
    ("intent", "number"),
    [("night_medical_info", "119"), ("power_cut", "123"), ("out_of_scope", "110"), ("verify_call", "112")],
)
def test_the_number_that_helps_is_told_digit_by_digit(intent: str, number: str) -> None:
    assert phone(number) in (SHIPPED.of(intent) or "")


def test_a_number_that_an_intent_names_is_told_in_its_text() -> None:
    for name in INFO:
        if external := catalogue()[name].external:
            assert phone(external) in (SHIPPED.of(name) or ""), name


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"say": "119에 전화하시면 알려 드립니다."}, "say", "일일구"),
    ({"say": "응급의료포털 E-Gen에서 찾아 주세요."}, "say", "이젠"),
    ({"say": "전화해 주세요(평일만 됩니다)."}, "say", "as they are spoken"),
    ({"say": "평일 낮에 다시 전화해 주세요"}, "say", "full stop"),
    ({"say": "다시 전화해 주세요. " * 3 + "다시 전화해 주세요."}, "say", "at most 3"),
    ({"say": "그리고 " * 20 + "전화해 주세요."}, "say", "at most 60"),
    ({"say": "네."}, "say", "10 characters"),
    ({"say": 119}, "say", "quotes"),
    ({"source": []}, "source", "at least 1"),
    ({"source": "https://city.example"}, "source", "a list"),
    ({"as_of": "2026"}, "as_of", "form"),
    ({"colour": "red"}, "colour", "correct or remove"),
]


@pytest.mark.parametrize(("changes", "key", "remedy"), FAULTS)
def test_each_fault_is_told_with_file_line_and_remedy(
    tmp_path: Path, changes: dict[str, Any], key: str, remedy: str
) -> None:
    path = _file(tmp_path, **changes)
    with pytest.raises(DataFileError) as caught:
        load_advice(path)
    (problem,) = caught.value.problems
    assert problem.path == str(path)
    assert remedy in f"{problem.message} {problem.remedy}"
    assert problem.line is not None
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index("  power_cut:")
    assert start < problem.line - 1 < start + 7
    assert f"{key}:" in lines[problem.line - 1]


def test_a_text_without_a_source_is_not_taken(tmp_path: Path) -> None:
    path = _file(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace("    source:\n    - https://city.example\n", "", 1)
    )
    with pytest.raises(DataFileError, match="source' is missing"):
        load_advice(path)


def test_an_intent_without_a_text_is_named(tmp_path: Path) -> None:
    path = _file(tmp_path)
    text = path.read_text(encoding="utf-8").replace("  tax_fine:", "  tax_fines:")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_advice(path)
    told = {(problem.code, problem.line) for problem in caught.value.problems}
    line = text.splitlines().index("  tax_fines:") + 1
    assert told == {("unknown-intent", line), ("missing-advice", 1)}
    assert "'tax_fine' (세금·과태료)" in str(caught.value)
