"""The migrations: they make what the models describe, keep data, and may be started by many at once."""

import multiprocessing
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel, select

from voicebot.errors import ConfigurationError, RecordError
from voicebot.records.calls import add_call, add_turn
from voicebot.records.database import open_database, transaction
from voicebot.records.schema import current, downgrade, newest, upgrade
from voicebot.records.tables import Direction, Site, SiteKind, Turn

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
def empty_engine(empty_database_url: str, secret_key: bytes):
    engine = open_database(empty_database_url, secret_key)
    yield engine
    engine.dispose()


def _fill(engine: Engine) -> None:
    with transaction(engine) as db:
        db.add(Site(id="bucheon", kind=SiteKind.CITY, name_ko="부천시"))
        call = add_call(
            db,
            direction=Direction.OUTBOUND,
            line="outreach",
            dialog="welfare_info",
            from_number="+82321234567",
            to_number="+821000000001",
            at=AT,
        )
        add_turn(db, call=call, step=0, at=AT, form="greeting", event="begin", said=["안녕하세요."])


def test_it_makes_exactly_the_schema_that_the_models_describe(empty_engine: Engine):
    upgrade(empty_engine)
    with empty_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_comparison_with_the_models_notices_a_missing_column(empty_engine: Engine):
    upgrade(empty_engine)
    with empty_engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE site DROP COLUMN phone")
    with empty_engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) != []


def test_it_knows_where_the_schema_stands(empty_engine: Engine):
    assert current(empty_engine) is None
    upgrade(empty_engine)
    assert current(empty_engine) == newest()
    downgrade(empty_engine, "base")
    assert current(empty_engine) is None


def test_upgrading_again_keeps_what_is_stored(empty_engine: Engine):
    upgrade(empty_engine)
    _fill(empty_engine)
    upgrade(empty_engine)
    with transaction(empty_engine) as db:
        assert db.exec(select(Turn)).one().said == ["안녕하세요."]


def test_it_goes_down_and_up_again_with_data_in_it(empty_engine: Engine):
    upgrade(empty_engine)
    _fill(empty_engine)
    downgrade(empty_engine, "base")
    assert inspect(empty_engine).get_table_names() in ([], ["alembic_version"])
    upgrade(empty_engine)
    _fill(empty_engine)


def test_foreign_keys_are_enforced_after_a_migration_in_the_same_process(empty_engine: Engine):
    upgrade(empty_engine)
    if empty_engine.dialect.name == "sqlite":
        with empty_engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_an_unknown_revision_is_named(empty_engine: Engine):
    with pytest.raises(RecordError, match="'9999'"):
        upgrade(empty_engine, "9999")


def test_a_database_that_does_not_answer_is_a_configuration_error(secret_key: bytes):
    engine = open_database("postgresql://nobody:hunter2@127.0.0.1:1/none", secret_key)
    with pytest.raises(ConfigurationError, match=r"127\.0\.0\.1:1") as caught:
        upgrade(engine)
    assert "hunter2" not in str(caught.value)
    engine.dispose()


def test_processes_that_upgrade_at_once_do_not_clash(empty_database_url: str, secret_key: bytes):
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_upgrade_in_process, args=(empty_database_url, secret_key)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]


def _upgrade_in_process(url: str, secret_key: bytes) -> None:
    engine = open_database(url, secret_key)
    upgrade(engine)
    engine.dispose()
