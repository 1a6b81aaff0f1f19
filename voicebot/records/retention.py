"""Deletes what may no longer be kept: recordings past their date, and what was said in old calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, null, update
from sqlalchemy.engine import CursorResult
from sqlmodel import Session, col, select

from voicebot.records import audit
from voicebot.records.tables import Call, Recording, Turn


@dataclass(frozen=True)
class Deleted:
    """What was deleted. The carrier still holds ``recording_sids``: its copies must be deleted too."""

    recording_sids: tuple[str, ...] = ()
    turn_texts: int = 0


def delete_expired(db: Session, *, now: datetime, keep_texts_days: int) -> Deleted:
    """Delete recordings past ``delete_after``, and the texts of calls that ended ``keep_texts_days`` ago.

    A turn's row stays with its codes and times; its words, meaning, answer and the call's session go. Audited
    when anything went. Call it again until nothing comes back: a run that failed is simply repeated.
    """
    sids = tuple(db.exec(select(Recording.carrier_sid).where(col(Recording.delete_after) <= now)).all())
    db.execute(delete(Recording).where(col(Recording.carrier_sid).in_(sids)))
    deleted = Deleted(sids, _forget_texts(db, now - timedelta(days=keep_texts_days)))
    if deleted != Deleted():
        detail = {"recordings": len(sids), "turn_texts": deleted.turn_texts}
        audit.record(db, at=now, actor="system", action="retention.deleted", subject="calls", detail=detail)
    db.flush()
    return deleted


def _forget_texts(db: Session, before: datetime) -> int:
    over = select(Call.id).where(col(Call.ended_at) <= before)
    nothing = {"heard": null(), "meaning": null(), "said": null(), "twiml": null()}
    has_text = (
        col(Turn.heard).is_not(None) | col(Turn.said).is_not(None) | col(Turn.meaning).is_not(None)
    ) | col(Turn.twiml).is_not(None)
    result = db.execute(update(Turn).where(col(Turn.call_id).in_(over), has_text).values(**nothing))
    db.execute(update(Call).where(col(Call.ended_at) <= before).values(session=null()))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
