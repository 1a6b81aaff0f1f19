"""Hands outbox items to the job engine, from any process, under ids that make doing it twice harmless.

What runs inside a turn must be short and must never fail it: one read, one small transaction.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterable, Sequence
from datetime import UTC

from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions
from dbos import error as dbos_errors
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from voicebot.jobs.jobs_database import open_for_handing_over
from voicebot.records.database import reading
from voicebot.records.tables import OutboxItem

APPLICATION = "voicebot"
APPLICATION_VERSION = "1"
"""Fixed on purpose: DBOS recovers only what ran under its own version, and its default is a hash of the
code. Work is one step looked up by id, so new code may finish what old code began."""
OUTBOX_WORKFLOW = "outbox_item"
SERIALIZER = DBOSPortableJSONSerializer()
"""JSON instead of the default pickle: nothing in that database can run code here."""

_log = logging.getLogger(__name__)


def workflow_id_of(item: OutboxItem) -> str:
    """The engine's id for an item: its row, and a fingerprint against a database that was made anew."""
    seed = f"{item.key}|{item.created_at.astimezone(UTC).isoformat()}"
    return f"outbox-{item.id}-{hashlib.sha256(seed.encode()).hexdigest()[:12]}"


def enqueue_options(kind: str, workflow_id: str, delay_s: float | None = None) -> EnqueueOptions:
    """Where an attempt goes: the queue of its kind, now or in ``delay_s`` seconds."""
    options = EnqueueOptions(
        workflow_name=OUTBOX_WORKFLOW,
        queue_name=kind,
        workflow_id=workflow_id,
        app_version=APPLICATION_VERSION,
        application_name=APPLICATION,
    )
    if delay_s is not None:
        options["delay_seconds"] = delay_s
    return options


class HandOver:
    """The way from a committed transaction to the engine. One per process; threads may share it.

    ``engine``: the house's database; ``jobs_url``: the engine's (`jobs_database.jobs_url_of`). Nothing is
    connected before the first use, so a server may make one before it forks.
    """

    def __init__(self, engine: Engine, jobs_url: str) -> None:
        self._engine = engine
        self._jobs_url = jobs_url
        self._opening = threading.Lock()
        self._opened: tuple[Engine, DBOSClient] | None = None

    def hand_over(self, items: Iterable[OutboxItem | int | None]) -> int:
        """Give committed items, or ids of them, to the engine and say how many it has now. Never raises.

        Items save the look-up that ids need. A failure is logged and left to the sweep: the item stays
        unmarked in the outbox.
        """
        given = [item for item in items if item is not None]
        if not given:
            return 0
        try:
            found = self._look_up(given)
            self.enqueue(found)
        except (SQLAlchemyError, dbos_errors.DBOSException, OSError) as error:
            _log.warning("%d outbox items are left to the sweep: %s", len(given), type(error).__name__)
            return 0
        return len(found)

    def enqueue(self, items: Sequence[OutboxItem]) -> None:
        """All of these in one transaction of the engine's database. Raises what goes wrong.

        Not through ``DBOSClient.enqueue``: that one waits without end for a locked or missing database.
        """
        jobs, client = self._open()
        with jobs.begin() as connection:
            for item in items:
                client.enqueue_in_transaction(
                    connection, enqueue_options(item.kind, workflow_id_of(item)), item.id, item.kind, 1
                )

    def _look_up(self, given: Sequence[OutboxItem | int]) -> Sequence[OutboxItem]:
        items = [item for item in given if isinstance(item, OutboxItem)]
        ids = [item for item in given if isinstance(item, int)]
        if ids:
            with reading(self._engine) as db:
                items.extend(db.exec(select(OutboxItem).where(col(OutboxItem.id).in_(ids))).all())
        return items

    def close(self) -> None:
        with self._opening:
            if self._opened:
                jobs, client = self._opened
                client.destroy()
                jobs.dispose()
                self._opened = None

    def _open(self) -> tuple[Engine, DBOSClient]:
        with self._opening:
            if self._opened is None:
                jobs = open_for_handing_over(self._jobs_url)
                client = DBOSClient(
                    system_database_engine=jobs,
                    serializer=SERIALIZER,
                    application_name=APPLICATION,
                    lazy=True,
                )
                self._opened = (jobs, client)
            return self._opened
