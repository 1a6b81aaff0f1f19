"""Fixtures for every room: a database of each kind, a session on it, a clock that stands still."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.city import City, found_city
from tests.databases import empty_all_tables, find_postgres, migrate, new_postgres_database
from tests.telephones import Telephones, telephones_for
from voicebot.clock import ManualClock
from voicebot.records.database import open_database

_SECRET_KEY = bytes(range(32))
BOTH_DATABASES = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def secret_key() -> bytes:
    """The house's secret in tests."""
    return _SECRET_KEY


@pytest.fixture
def clock() -> ManualClock:
    """Tuesday 24 November 2026, 10:00 in Seoul: inside every calling window."""
    return ManualClock(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema and no rows; copy it, never open it."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}", _SECRET_KEY)
    return path


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The URL of a server to make databases on; skips or fails where there is none."""
    return find_postgres()


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_server: str) -> Iterator[str]:
    """One database for the whole run, with the newest schema; `database_url` empties it for each test."""
    with new_postgres_database(postgres_server) as url:
        migrate(url, _SECRET_KEY)
        yield url


@pytest.fixture(params=BOTH_DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database without rows: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "voicebot.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite_file"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("migrated_postgres_url")
    empty_all_tables(url)
    return url


@pytest.fixture(params=BOTH_DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, of each kind: for tests of the migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with new_postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def engine(database_url: str, secret_key: bytes) -> Iterator[Engine]:
    """The opened, migrated, empty database."""
    engine = open_database(database_url, secret_key)
    yield engine
    engine.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A session on `engine`.

    On SQLite it holds the write lock from its first statement: ``db.commit()`` before another session writes.
    """
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def city(database_url: str, secret_key: bytes, clock: ManualClock) -> Iterator[City]:
    """The whole application on each kind of database, with 김말순 living in it."""
    city = found_city(database_url, secret_key, clock)
    yield city
    city.engine.dispose()


@pytest.fixture
def telephones(city: City, clock: ManualClock) -> Telephones:
    """The city with a carrier: whole calls in virtual time."""
    return telephones_for(city, clock)
