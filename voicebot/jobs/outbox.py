"""The outbox: work that a transaction sets going, written in that same transaction. No engine is known here.

A row lives or dies with the change that asked for it. It is handed over after the commit
(`handing_over.HandOver`); what a crash left behind is found by the sweep (`pending`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from voicebot.records.tables import OutboxItem

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def put(db: Session, *, kind: str, payload: Mapping[str, Any], key: str, now: datetime) -> OutboxItem:
    """Ask for work once: the same ``key`` gives the item that is there already, also under a race.

    ``payload``: ids only, as integers or short strings; jobs look everything else up. Raises ValueError
    for anything that might be personal (spaces, Korean, telephone numbers).
    """
    _refuse_personal(payload)
    values = {"kind": kind, "payload": dict(payload), "key": key, "created_at": now}
    db.execute(_insert_once(db).values(values))
    return db.exec(select(OutboxItem).where(OutboxItem.key == key)).one()


def pending(db: Session, *, created_before: datetime, limit: int = 500) -> Sequence[OutboxItem]:
    """Items that no engine has taken yet, oldest first. Younger ones are still on their own way there."""
    query = (
        select(OutboxItem)
        .where(col(OutboxItem.handed_over_at).is_(None), col(OutboxItem.created_at) < created_before)
        .order_by(col(OutboxItem.id))
        .limit(limit)
    )
    return db.exec(query).all()


def mark_handed_over(db: Session, item_ids: Iterable[int], now: datetime) -> None:
    """Note that the engine has these; the first time stays."""
    db.execute(
        update(OutboxItem)
        .where(col(OutboxItem.id).in_(list(item_ids)), col(OutboxItem.handed_over_at).is_(None))
        .values(handed_over_at=now)
        .execution_options(synchronize_session=False)
    )


def _insert_once(db: Session) -> Insert:
    """PostgreSQL waits here for a rival transaction with the same key; SQLite has one writer anyway."""
    if db.get_bind().dialect.name == "postgresql":
        return postgresql.insert(OutboxItem).on_conflict_do_nothing(index_elements=["key"])
    return sqlite.insert(OutboxItem).on_conflict_do_nothing(index_elements=["key"])


def _refuse_personal(payload: Mapping[str, Any]) -> None:
    for name, value in payload.items():
        if not (isinstance(value, int) or (isinstance(value, str) and _ID.fullmatch(value))):
            raise ValueError(f"outbox payload '{name}' is not an id; put the id there and look the rest up")
