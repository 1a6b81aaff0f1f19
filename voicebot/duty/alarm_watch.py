"""The worker's watch over alarms: one transaction for each that is due, so that one fault holds up no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from voicebot.clock import Clock
from voicebot.duty.alarm_chain import ChainAt
from voicebot.duty.alarms import due_alarms, escalate_one
from voicebot.errors import VoicebotError
from voicebot.jobs.kinds import ScheduledJob
from voicebot.records.database import reading, transaction
from voicebot.records.tables import OutboxItem

_log = logging.getLogger(__name__)


def alarm_watch(
    engine: Engine,
    clock: Clock,
    *,
    chain_at: ChainAt,
    accept_within_s: int,
    hand_over: Callable[[Iterable[OutboxItem]], object],
) -> ScheduledJob:
    """`watch_alarms` every minute."""

    def run() -> None:
        watch_alarms(engine, clock, chain_at=chain_at, accept_within_s=accept_within_s, hand_over=hand_over)

    return ScheduledJob("watch_alarms", "* * * * *", run)


def watch_alarms(
    engine: Engine,
    clock: Clock,
    *,
    chain_at: ChainAt,
    accept_within_s: int,
    hand_over: Callable[[Iterable[OutboxItem]], object],
) -> None:
    """Bring every alarm that is due one step further. What fails stays due and is tried again the next minute."""
    with reading(engine) as db:
        due = due_alarms(db, at=clock.now())
    for alarm_id in due:
        try:
            with transaction(engine) as db:
                items = escalate_one(
                    db,
                    alarm_id=alarm_id,
                    at=clock.now(),
                    chain_at=chain_at,
                    accept_within_s=accept_within_s,
                )
        except (VoicebotError, SQLAlchemyError) as error:
            _log.error("alarm %s could not go on: %s", alarm_id, type(error).__name__)
            continue
        hand_over(items)
