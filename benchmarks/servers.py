"""What the benchmarks of the server share: a throw-away database, and the bare app that they measure against."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

BARE = """
import os
import random
from flask import Flask, Response, request
from sqlalchemy import create_engine, event, text
app = Flask(__name__)
engine = create_engine(os.environ["BARE_URL"])
if engine.dialect.name == "sqlite":
    @event.listens_for(engine, "connect")
    def prepare(connection, _):
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}").close()
@app.post("/row")
def row():
    with engine.begin() as connection:
        connection.execute(text("insert into row (call_sid, said) values (:sid, :said)"),
                           {"sid": request.form["CallSid"], "said": request.form.get("SpeechResult", "")})
    return Response("<Response><Hangup/></Response>", mimetype="text/xml")
"""
"""Commits one row for each request, and nothing else. Run it as ``bare_app:app`` with ``BARE_URL``."""


@contextmanager
def throwaway_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, SQLite in ``folder`` or PostgreSQL's, gone at the end."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'benchmark.db'}"
        return
    name = f"voicebot_benchmark_{secrets.token_hex(4)}"
    server = os.environ.get("VOICEBOT_TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/postgres")
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"create database {name}")
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}"
        finally:
            admin.execute(f"drop database {name} with (force)")


def make_bare(folder: Path, url: str) -> str:
    """The bare app's file in ``folder`` and its table beside ``url``. Gives ``BARE_URL``."""
    from sqlalchemy import create_engine, text

    (folder / "bare_app.py").write_text(BARE, encoding="utf-8")
    if url.startswith("sqlite"):
        bare = url.replace("benchmark.db", "bare.db")
    else:
        bare = url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(bare)
    key = "integer primary key" if engine.dialect.name == "sqlite" else "serial primary key"
    with engine.begin() as connection:
        connection.execute(text(f"create table row (id {key}, call_sid text, said text)"))
    engine.dispose()
    return bare
