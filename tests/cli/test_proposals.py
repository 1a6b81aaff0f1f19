"""``voicebot intents proposals``: from a sentence heard wrong to a line that is learnt."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def database(tmp_path: Path, migrated_sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "voicebot.db"
    shutil.copyfile(migrated_sqlite_file, path)
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", f"sqlite:///{path}")


def test_an_empty_list_says_how_to_propose(run: Run) -> None:
    ran = run("intents", "proposals", "list")
    assert ran.code == 0
    assert "voicebot intents proposals add" in ran.out


def test_a_sentence_is_proposed_listed_and_approved(run: Run, tmp_path: Path) -> None:
    into = tmp_path / "approved.jsonl"
    said = "골목에 세워 둔 차가 석 달째 그대로예요"
    added = run("intents", "proposals", "add", said, "abandoned_vehicle", "--by", "7")
    assert added.code == 0, added.err
    listed = run("intents", "proposals", "list")
    assert f"abandoned_vehicle | {said}" in listed.out
    number = listed.out.split()[0]
    approved = run("intents", "proposals", "approve", number, "--by", "9", "--into", str(into))
    assert approved.code == 0, approved.err
    assert "voicebot intents build" in approved.out
    assert into.read_text(encoding="utf-8").count(said) == 1
    assert said not in run("intents", "proposals", "list").out
    assert "approved" in run("intents", "proposals", "list", "--state", "all").out


def test_a_rejected_sentence_cannot_be_approved(run: Run, tmp_path: Path) -> None:
    run("intents", "proposals", "add", "가로등이 꺼졌어요", "noise_construction", "--by", "7")
    assert run("intents", "proposals", "reject", "1", "--by", "9", "--note", "가로등이 맞음").code == 0
    ran = run("intents", "proposals", "approve", "1", "--by", "9", "--into", str(tmp_path / "a.jsonl"))
    assert ran.code == 1
    assert "rejected by staff:9" in ran.err


def test_an_unknown_intent_names_the_remedy(run: Run) -> None:
    ran = run("intents", "proposals", "add", "가로등이 꺼졌어요", "street_lamp", "--by", "7")
    assert ran.code == 1
    assert "files in intents/" in ran.err
