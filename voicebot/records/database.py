"""Opens the database, SQLite or PostgreSQL, and gives out transactions. No query lives here.

A SQLite transaction takes the write lock at its start (``BEGIN IMMEDIATE``): two processes then queue for
it instead of both reading and one failing when it wants to write. Keep transactions short, and do nothing
slow inside one: many writers of one file wait for each other (p99 of 180 ms and more, measured with 16).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError
from sqlmodel import Session

from voicebot.errors import ConfigurationError, RecordConflict
from voicebot.records.columns import attach_keyring
from voicebot.records.encryption import Keyring

BUSY_TIMEOUT_S = 30
_ONE_WAIT_MS = 5
"""SQLite itself waits in steps that grow to 100 ms, which leaves the lock idle between two turns. In waits of
5 ms its steps stay at 1 and 2 ms; `_begin_sqlite` waits as often as it takes."""
_READING = "voicebot_reading"
_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}",  # first: the switch to WAL may itself have to wait
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",  # in WAL a killed process loses nothing, a power cut the last commits
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={_ONE_WAIT_MS}",
)


def open_database(url: str, secret_key: bytes | Sequence[bytes], *, echo: bool = False) -> Engine:
    """The engine for ``url`` with the keyring attached; nothing is connected or created but the folder.

    ``url``: ``sqlite:///path`` or ``postgresql://…`` (psycopg 3). ``secret_key``: the house's secret, or
    several during a rotation: the first encrypts, all decrypt. Raises ConfigurationError.
    """
    parsed = _parse(url)
    backend = parsed.get_backend_name()
    engine = _open_sqlite(parsed, echo) if backend == "sqlite" else _open_postgresql(parsed, echo)
    attach_keyring(engine.dialect, Keyring([secret_key] if isinstance(secret_key, bytes) else secret_key))
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session that commits at the end and rolls back on any error. Objects stay readable afterwards.

    Raises RecordConflict when the database refuses what was written (a duplicate, a missing reference).
    """
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except IntegrityError as error:
        raise RecordConflict(f"the database refused the change: {_reason(error)}") from error


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for pages and reports that only read: on SQLite it never waits for the write lock."""
    with Session(engine.execution_options(**{_READING: True}), expire_on_commit=False) as session:
        yield session


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(
            f"database.url '{url}' is not a database URL; write sqlite:///var/voicebot.db or postgresql://…"
        ) from error
    backend = parsed.get_backend_name()
    if backend in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise ConfigurationError(f"database.url: '{backend}' is not supported; use sqlite or postgresql")
    return parsed


def _open_sqlite(url: URL, echo: bool) -> Engine:
    if url.database and url.database != ":memory:":
        _make_folder(Path(url.database).parent)
    engine = create_engine(
        url,
        echo=echo,
        hide_parameters=True,  # errors are logged, and parameters may be personal
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"the folder {folder} of the database cannot be made ({error.strerror}); check database.url"
        ) from error


def _open_postgresql(url: URL, echo: bool) -> Engine:
    return create_engine(
        url,
        echo=echo,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=10,
        max_overflow=20,
        pool_pre_ping=True,  # a restarted server or a firewall's idle limit must not fail the next turn
        pool_recycle=1800,
        connect_args={"connect_timeout": 10},
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_sqlite` does
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(_READING, False):
        connection.exec_driver_sql("BEGIN")
        return
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
        else:
            return


def _reason(error: IntegrityError) -> str:
    """The driver's first line only: the rest may hold values of personal columns."""
    return str(error.orig).splitlines()[0]
