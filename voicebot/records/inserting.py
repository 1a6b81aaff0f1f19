"""Inserting a row that another process may have inserted first."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from voicebot.records.tables.base import Record


def insert_unless_there(db: Session, row: Record) -> bool:
    """Insert unless a unique constraint says that it is there: False. Every other fault stays a fault."""
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError as error:
        if "unique" not in str(error.orig).lower():
            raise
        return False
    return True
