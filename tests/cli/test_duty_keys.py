"""``voicebot duty keys``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from voicebot.records.api_keys import find_key
from voicebot.records.database import open_database, reading


@pytest.fixture(autouse=True)
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", database_url)


def test_a_key_is_made_listed_and_revoked(run: Run, database_url: str, secret_key: bytes) -> None:
    empty = run("duty", "keys", "list")
    assert (empty.code, "voicebot duty keys add" in empty.out) == (0, True)
    made = run("duty", "keys", "add", "saeol")
    assert made.code == 0, made.err
    key = made.out.strip()
    assert "only its hash" in made.err
    engine = open_database(database_url, secret_key)
    with reading(engine) as db:
        assert find_key(db, key=key) is not None
    assert "in force" in run("duty", "keys", "list").out
    assert key not in run("duty", "keys", "list").out
    assert run("duty", "keys", "revoke", "saeol").code == 0
    with reading(engine) as db:
        assert find_key(db, key=key) is None
    engine.dispose()
    assert "revoked" in run("duty", "keys", "list").out


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [(("add", "새올"), "small letters"), (("revoke", "nobody"), "keys list")],
)
def test_what_cannot_be_done_says_why(run: Run, arguments: tuple[str, ...], remedy: str) -> None:
    ran = run("duty", "keys", *arguments)
    assert (ran.code, remedy in ran.err) == (1, True)


def test_a_database_that_is_not_made_names_the_command(run: Run, tmp_path: Path) -> None:
    ran = run("duty", "keys", "list", VOICEBOT_DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    assert (ran.code, "voicebot db upgrade" in ran.err) == (1, True)
