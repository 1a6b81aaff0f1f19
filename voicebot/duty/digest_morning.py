"""The morning's round: marks and delivers the digests that are due, from the worker or from the terminal."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from voicebot.clock import Clock
from voicebot.duty.digests import Digest, IsWorkingDay, last_morning, mark, send, unsent
from voicebot.duty.postbox import Postbox
from voicebot.errors import VoicebotError
from voicebot.jobs.kinds import ScheduledJob
from voicebot.records.database import reading, transaction

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """What a run did: where each digest went, or why it could not."""

    delivered: tuple[tuple[Digest, str], ...] = ()
    failed: tuple[tuple[Digest, str], ...] = ()


def send_digests(
    engine: Engine,
    *,
    at: datetime,
    is_working_day: IsWorkingDay,
    postbox: Postbox,
    actor: str,
    department: str | None = None,
) -> Sent:
    """Mark and deliver what is due, one transaction for each digest. ``department``: deliver to this one only."""
    morning = last_morning(at, is_working_day)
    if morning is not None:
        with transaction(engine) as db:
            mark(db, morning=morning, at=at, actor=actor)
    with reading(engine) as db:
        due = [each for each in unsent(db, at=at) if department in (None, each.department)]
    delivered: list[tuple[Digest, str]] = []
    failed: list[tuple[Digest, str]] = []
    for digest in due:
        try:
            with transaction(engine) as db:
                where = send(db, digest=digest, postbox=postbox, at=at, actor=actor)
        except (VoicebotError, SQLAlchemyError) as error:
            _log.error("digest of %s for %s: %s", digest.day, digest.department, type(error).__name__)
            failed.append((digest, str(error) if isinstance(error, VoicebotError) else type(error).__name__))
            continue
        if where is not None:
            delivered.append((digest, where))
    return Sent(tuple(delivered), tuple(failed))


def digest_job(
    engine: Engine, clock: Clock, *, is_working_day: IsWorkingDay, postbox: Postbox
) -> ScheduledJob:
    """`send_digests` every five minutes: nine o'clock in Seoul is one of them, and whoever was down at nine catches up."""

    def run() -> None:
        send_digests(engine, at=clock.now(), is_working_day=is_working_day, postbox=postbox, actor="system")

    return ScheduledJob("send_digests", "*/5 * * * *", run)
