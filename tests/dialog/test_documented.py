"""docs/dialogs.md tells everything: every key of a file, every code, every filter, every kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from voicebot.dialog import model
from voicebot.dialog.checks.codes import CODES
from voicebot.dialog.checks.ending import CATCHABLE
from voicebot.dialog.scripted.script import Kind, Script, Step
from voicebot.dialog.templates import FILTERS, PARTICLES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dialogs.md").read_text(encoding="utf-8")
MODELS: list[type[BaseModel]] = [
    *(model.Dialog, model.Form, model.Prompt, model.FieldSpec, model.SlotSpec, model.Option),
    *(model.ActionCall, model.TransferSpec, model.OutcomeSpec, model.Link, model.Phrases, Script, Step),
]


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_of_the_checks_is_explained(code: str) -> None:
    assert re.search(rf"^\| [^|]*`{code}`", PAGE, re.MULTILINE)


def test_no_code_is_explained_that_does_not_exist() -> None:
    tables = PAGE[PAGE.index("## What the checks say") :]
    first_cells = re.findall(r"^\| (`[^|]*) \|", tables, re.MULTILINE)
    written = {code for cell in first_cells for code in re.findall(r"`([a-z-]+)`", cell)}
    assert written == set(CODES) | codes_in("voicebot/datafiles.py", "voicebot/dialog/loading.py")


def test_every_code_of_reading_and_of_scripted_calls_is_explained() -> None:
    codes = codes_in(
        "voicebot/datafiles.py", "voicebot/dialog/loading.py", "voicebot/dialog/scripted/running.py"
    )
    assert len(codes) > 10
    assert {code for code in codes if f"`{code}`" not in PAGE} == set()


def codes_in(*paths: str) -> set[str]:
    """The texts in these files that look like codes."""
    sources = "".join((ROOT / path).read_text(encoding="utf-8") for path in paths)
    return set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', sources)) - {"utf-8"}


@pytest.mark.parametrize("part", MODELS, ids=lambda part: part.__name__)
def test_every_key_is_explained(part: type[BaseModel]) -> None:
    keys = {field.alias or name for name, field in part.model_fields.items()}
    keys = {{"hangs_up": "hangs up"}.get(key, key) for key in keys}
    assert {key for key in keys if not re.search(rf"`[^`]*\b{key}\b[^`]*`", PAGE)} == set()


@pytest.mark.parametrize(
    "words",
    [
        [kind.value for kind in model.FieldKind],
        [each.value for each in model.Bargein],
        list(FILTERS),
        list(PARTICLES),
        sorted(CATCHABLE),
        [kind.value for kind in Kind],
        list(model.FieldSpec.model_fields["question_kind"].annotation.__args__),  # type: ignore[union-attr]
        list(model.Dialog.model_fields["line"].annotation.__args__),  # type: ignore[union-attr]
    ],
    ids=["kinds", "bargein", "filters", "particles", "catches", "steps", "question kinds", "lines"],
)
def test_every_word_that_may_be_used_is_named(words: list[str]) -> None:
    assert [word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", PAGE)] == []
