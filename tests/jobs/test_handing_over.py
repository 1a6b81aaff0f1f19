from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from voicebot.clock import ManualClock
from voicebot.config import DatabaseSettings
from voicebot.errors import ConfigurationError
from voicebot.jobs import outbox
from voicebot.jobs.handing_over import HandOver, workflow_id_of
from voicebot.jobs.jobs_database import jobs_url_of, prepare_jobs_database
from voicebot.records.database import transaction
from voicebot.records.tables import OutboxItem


@pytest.fixture
def item(engine: Engine, clock: ManualClock) -> OutboxItem:
    with transaction(engine) as db:
        return outbox.put(db, kind="work", payload={"n": 1}, key="work:1", now=clock.now())


def test_it_never_fails_a_turn_when_the_engines_database_is_not_there(
    engine: Engine, jobs_url: str, item: OutboxItem, caplog: pytest.LogCaptureFixture
) -> None:
    desk = HandOver(engine, jobs_url)
    assert desk.hand_over([item.id]) == 0
    assert "left to the sweep" in caplog.text
    prepare_jobs_database(jobs_url)
    assert desk.hand_over([item.id]) == 1
    desk.close()


def test_it_never_holds_up_a_turn_when_the_engines_database_is_locked(
    engine: Engine, jobs_url: str, item: OutboxItem
) -> None:
    prepare_jobs_database(jobs_url)
    desk = HandOver(engine, jobs_url)
    other = create_engine(jobs_url.replace("postgresql:", "postgresql+psycopg:"))
    with other.connect() as connection:
        if other.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("LOCK TABLE dbos.workflow_status IN ACCESS EXCLUSIVE MODE")
        start = time.monotonic()
        assert desk.hand_over([item.id]) == 0
        assert time.monotonic() - start < 2
        connection.rollback()
    other.dispose()
    assert desk.hand_over([item.id, item.id, None]) == 1
    assert desk.hand_over([item]) == 1
    desk.close()


def test_it_never_fails_a_turn_when_no_server_answers(
    engine: Engine, item: OutboxItem, caplog: pytest.LogCaptureFixture
) -> None:
    desk = HandOver(engine, "postgresql://nobody@127.0.0.1:1/nothing")
    assert desk.hand_over([item.id]) == 0
    assert "OperationalError" in caplog.text


def test_it_opens_nothing_when_there_is_nothing_to_hand_over(engine: Engine, tmp_path: Path) -> None:
    desk = HandOver(engine, f"sqlite:///{tmp_path / 'jobs.db'}")
    assert desk.hand_over([]) == 0
    assert not (tmp_path / "jobs.db").exists()


def test_its_ids_tell_the_rows_of_a_new_database_from_those_of_an_old_one(clock: ManualClock) -> None:
    old = OutboxItem(id=7, kind="work", key="work:1", created_at=clock.now())
    clock.advance(0.001)
    new = OutboxItem(id=7, kind="work", key="work:1", created_at=clock.now())
    assert workflow_id_of(old) == workflow_id_of(old.model_copy())
    assert workflow_id_of(old).startswith("outbox-7-")
    assert workflow_id_of(old) != workflow_id_of(new)


@pytest.mark.parametrize(
    ("url", "jobs_url", "expected"),
    [
        ("sqlite:////srv/voicebot.db", None, "sqlite:////srv/voicebot-jobs.db"),
        ("postgresql://city@db/voicebot", None, "postgresql://city@db/voicebot"),
        ("sqlite:////srv/voicebot.db", "sqlite:////srv/other.db", "sqlite:////srv/other.db"),
    ],
)
def test_the_engines_database_lies_beside_the_main_one(url: str, jobs_url: str | None, expected: str) -> None:
    assert jobs_url_of(DatabaseSettings(url=url, jobs_url=jobs_url)) == expected


def test_it_names_the_setting_when_there_is_no_file_to_lie_beside() -> None:
    with pytest.raises(ConfigurationError, match=r"database\.jobs_url"):
        jobs_url_of(DatabaseSettings(url="sqlite:///:memory:"))
    with pytest.raises(ConfigurationError, match="cannot be made or migrated"):
        prepare_jobs_database("sqlite:////proc/nowhere/jobs.db")
