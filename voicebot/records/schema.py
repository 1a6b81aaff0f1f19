"""Makes the database's schema and moves it between versions (Alembic). Several processes may try at once.

One transaction does the whole move: it holds the lock that keeps others out, and a failed move leaves the
database as it was.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from voicebot.errors import ConfigurationError, RecordError

_MIGRATIONS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 5_617_203_481
"""An arbitrary number that every voicebot process asks PostgreSQL for before it migrates."""
_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps the running migration in module globals."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to ``revision``; nothing happens when it is there. Raises RecordError."""
    with _moving(engine) as config, _named_faults(revision):
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to ``revision`` (``base``: no tables at all). Raises RecordError."""
    with _moving(engine) as config, _named_faults(revision):
        command.downgrade(config, revision)


def current(engine: Engine) -> str | None:
    """The schema's revision; None for an empty database. Raises ConfigurationError when unreachable."""
    with _reachable(engine), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision that this program was written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _moving(engine: Engine) -> Iterator[Config]:
    """A configuration whose connection holds the lock, inside one transaction, committed at the end."""
    config = _config()
    with _ONE_AT_A_TIME, _reachable(engine), engine.connect() as connection:
        _let_go_of_foreign_keys(connection)
        connection.detach()  # a SQLite connection without foreign keys must not go back to the pool
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
            config.attributes["connection"] = connection
            yield config
            _check_foreign_keys(connection)


def _let_go_of_foreign_keys(connection: Connection) -> None:
    """Rebuilding a SQLite table drops the old one, which would take the rows that refer to it along."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RecordError(f"the migration would leave rows of '{broken[0]}' that refer to nothing")


@contextmanager
def _reachable(engine: Engine) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        place = engine.url.render_as_string(hide_password=True)
        reason = str(error.orig).splitlines()[0]
        raise ConfigurationError(
            f"the database {place} does not answer: {reason}; check database.url, and that the server runs "
            "or the folder may be written"
        ) from error


@contextmanager
def _named_faults(revision: str) -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        raise RecordError(
            f"the schema cannot be moved to '{revision}': {error}; is the program older than the database?"
        ) from error
