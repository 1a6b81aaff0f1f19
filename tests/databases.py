"""Throw-away databases for the tests: a migrated SQLite file to copy, a PostgreSQL database to empty."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import make_url
from sqlmodel import SQLModel

from voicebot.records.database import open_database
from voicebot.records.schema import upgrade

LOCAL_SERVERS = (
    "postgresql://root@127.0.0.1:5432/postgres",
    "postgresql://postgres@127.0.0.1:5432/postgres",
)


def find_postgres(local_servers: Sequence[str] = LOCAL_SERVERS) -> str:
    """A server on which databases may be made.

    Skips the test where none answers; fails it when one was promised (``VOICEBOT_TEST_POSTGRES_URL``) or
    demanded (``VOICEBOT_REQUIRE_POSTGRES=1``).
    """
    named = os.environ.get("VOICEBOT_TEST_POSTGRES_URL")
    for url in (named,) if named else local_servers:
        try:
            psycopg.connect(_for_psycopg(url), connect_timeout=2).close()
        except psycopg.OperationalError:
            continue
        return url
    if named or os.environ.get("VOICEBOT_REQUIRE_POSTGRES") == "1":
        pytest.fail("PostgreSQL is required for this run and does not answer", pytrace=False)
    pytest.skip("no PostgreSQL server answers")


@contextmanager
def new_postgres_database(server: str) -> Iterator[str]:
    """The URL of an empty database of its own, dropped at the end whoever is still connected."""
    name = f"voicebot_test_{secrets.token_hex(6)}"
    with psycopg.connect(_for_psycopg(server), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        admin.execute(
            f'ALTER DATABASE "{name}" SET synchronous_commit = off'
        )  # speed; nothing here must last
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def migrate(url: str, secret_key: bytes) -> None:
    """Bring the database at ``url`` to the newest schema and let go of it."""
    engine = open_database(url, secret_key)
    upgrade(engine)
    engine.dispose()


def empty_all_tables(url: str) -> None:
    """Delete every row: far quicker than TRUNCATE when the tables hold few."""
    deletions = "; ".join(
        f'DELETE FROM "{table.name}"' for table in reversed(SQLModel.metadata.sorted_tables)
    )
    with psycopg.connect(_for_psycopg(url)) as connection:
        connection.execute("SET lock_timeout = '10s'")
        connection.execute(deletions.encode())


def _for_psycopg(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
