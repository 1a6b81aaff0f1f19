"""The job engine's own database: where it lies, how it is made, and who may work on it. DBOS owns its tables.

SQLite: a file beside the house's own, in WAL mode. PostgreSQL: the same database, schema ``dbos``.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from pathlib import Path
from typing import Any, Protocol

import psycopg
from dbos import DBOS
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import SQLAlchemyError

from voicebot.config import DatabaseSettings
from voicebot.errors import ConfigurationError

PATIENCE_S = 0.5
"""A turn waits this long at most for the engine's database; what fails is left to the sweep."""


def jobs_url_of(database: DatabaseSettings) -> str:
    """``database.jobs_url``, or by default the file beside the main one, or the same PostgreSQL database."""
    if database.jobs_url:
        return database.jobs_url
    url = make_url(database.url)
    if url.get_backend_name() != "sqlite":
        return database.url
    if not url.database or url.database == ":memory:":
        raise ConfigurationError(
            "database.jobs_url: durable jobs need a file; set it to sqlite:///var/jobs.db"
        )
    path = Path(url.database)
    return f"sqlite:///{path.with_name(f'{path.stem}-jobs{path.suffix}')}"


def prepare_jobs_database(jobs_url: str) -> None:
    """Make or migrate the engine's database; `voicebot db upgrade` and every worker's start do it.

    Raises ConfigurationError.
    """
    url = make_url(jobs_url)
    try:
        if url.get_backend_name() == "sqlite":
            assert url.database
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            _switch_to_wal(url)
        DBOS.migrate(plain_url(jobs_url))
    except (SQLAlchemyError, OSError) as error:
        raise ConfigurationError(
            f"the jobs database {url.render_as_string(hide_password=True)} cannot be made or migrated "
            f"({type(error).__name__}); check database.jobs_url, and that the server runs or the folder may "
            "be written"
        ) from error


def open_for_handing_over(jobs_url: str) -> Engine:
    """A small engine for the processes that only hand work over: it fails soon rather than hold up a turn."""
    url = make_url(jobs_url)
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": PATIENCE_S, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    wait_ms = int(PATIENCE_S * 1000)
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=4,
        max_overflow=4,
        pool_timeout=PATIENCE_S,  # and no ping before use: that would cost every hand-over a round trip
        connect_args={
            "connect_timeout": 2,
            "options": f"-c statement_timeout={wait_ms} -c lock_timeout={wait_ms}",
        },
    )


def plain_url(jobs_url: str) -> str:
    """Without a driver's name, as DBOS wants it (it recognises ``sqlite`` by the first letters)."""
    url = make_url(jobs_url)
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)


class WorkerName(Protocol):
    """A worker's name, taken for as long as its process lives."""

    def release(self) -> None: ...


def take_worker_name(jobs_url: str, name: str) -> WorkerName:
    """Take ``name`` on this jobs database, or raise ConfigurationError when a living worker has it.

    The engine recovers at launch what ran under its own name, so two living workers of one name would do
    each other's half-done jobs over again. Both locks fall when the process dies, however it dies.
    """
    url = make_url(jobs_url)
    return _FileLock(url, name) if url.get_backend_name() == "sqlite" else _AdvisoryLock(jobs_url, name)


class _FileLock:
    def __init__(self, url: URL, name: str) -> None:
        path = Path(f"{url.database}.{name}.lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._file)
            raise _name_is_taken(name) from error

    def release(self) -> None:
        os.close(self._file)


class _AdvisoryLock:
    def __init__(self, jobs_url: str, name: str) -> None:
        digest = hashlib.sha256(f"voicebot worker {name}".encode()).digest()
        self._number = int.from_bytes(digest[:8], signed=True)
        self._connection = psycopg.connect(plain_url(jobs_url), autocommit=True, keepalives_idle=30)
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (self._number,)).fetchone()
        if row is None or not row[0]:
            self._connection.close()
            raise _name_is_taken(name)

    def release(self) -> None:
        # The server notices a closed connection only after a while; the next start must not find the name taken.
        with contextlib.suppress(psycopg.OperationalError):
            self._connection.execute("SELECT pg_advisory_unlock(%s)", (self._number,))
        self._connection.close()


def _name_is_taken(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"a worker named '{name}' is running on this jobs database already; "
        "stop it first, or start this one under another name (voicebot worker --name NAME)"
    )


def _switch_to_wal(url: URL) -> None:
    """The mode stays in the file. Without it every reader of the queue blocks the writers."""
    engine = create_engine(url, connect_args={"timeout": 30})
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = "IMMEDIATE"
    # A power cut may lose the last hand-overs. The outbox rows are unmarked then, and the sweep repeats them.
    connection.execute("PRAGMA synchronous=NORMAL").close()
    connection.execute("PRAGMA foreign_keys=ON").close()
