"""The throw-away databases themselves: a promised PostgreSQL that is missing must not pass unnoticed."""

import pytest
from sqlmodel import Session

from tests.databases import find_postgres
from voicebot.records.tables import Programme

NOBODY_LISTENS = "postgresql://root@127.0.0.1:1/postgres"


def test_a_promised_server_that_does_not_answer_fails_the_run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VOICEBOT_TEST_POSTGRES_URL", NOBODY_LISTENS)
    with pytest.raises(pytest.fail.Exception):
        find_postgres()


def test_a_demanded_server_that_does_not_answer_fails_the_run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("VOICEBOT_TEST_POSTGRES_URL", raising=False)
    monkeypatch.setenv("VOICEBOT_REQUIRE_POSTGRES", "1")
    with pytest.raises(pytest.fail.Exception):
        find_postgres(local_servers=(NOBODY_LISTENS,))


def test_without_a_promise_the_tests_on_postgresql_are_skipped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("VOICEBOT_TEST_POSTGRES_URL", raising=False)
    monkeypatch.delenv("VOICEBOT_REQUIRE_POSTGRES", raising=False)
    with pytest.raises(pytest.skip.Exception):
        find_postgres(local_servers=(NOBODY_LISTENS,))


@pytest.mark.parametrize("time", ["first", "second"])
def test_what_one_test_commits_the_next_does_not_see(db: Session, time: str):
    assert db.get(Programme, "left behind") is None
    db.add(Programme(id="left behind", name_ko="", category="", status=""))
    db.commit()
