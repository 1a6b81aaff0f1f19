"""Holding a name until the transaction ends: for what must be one without a unique constraint that says so."""

from __future__ import annotations

import hashlib

from sqlalchemy import text
from sqlmodel import Session

_HOLD = text("SELECT pg_advisory_xact_lock(:key)")


def hold_name(db: Session, name: str) -> None:
    """Wait until nobody else's transaction holds ``name``, then hold it to the end of this one.

    PostgreSQL takes an advisory lock; a SQLite transaction holds the only write lock anyway. Two names are always
    to be held in the same order.
    """
    if db.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        db.execute(_HOLD, {"key": key})
