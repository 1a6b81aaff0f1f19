"""Column types that behave alike on every database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import StatementError
from sqlmodel import Session, col, select

from voicebot.records import audit
from voicebot.records.database import transaction
from voicebot.records.tables import AuditEvent, Site, SiteKind, TextMessage

SEOUL_NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))


def test_a_moment_comes_back_as_the_same_moment_in_utc(engine: Engine):
    with transaction(engine) as db:
        audit.record(db, at=SEOUL_NOON, actor="system", action="a", subject="s")
    with transaction(engine) as db:
        at = db.exec(select(AuditEvent.at)).one()
    assert at == SEOUL_NOON
    assert at.tzinfo is UTC


def test_moments_are_compared_by_time_not_by_their_zone(db: Session):
    audit.record(db, at=SEOUL_NOON, actor="system", action="a", subject="s")
    db.flush()
    for minutes, found in ((-1, 0), (1, 1)):
        limit = SEOUL_NOON.astimezone(UTC) + timedelta(minutes=minutes)
        assert len(db.exec(select(AuditEvent).where(col(AuditEvent.at) < limit)).all()) == found


def test_a_naive_moment_is_refused(db: Session):
    audit.record(db, at=SEOUL_NOON.replace(tzinfo=None), actor="system", action="a", subject="s")
    with pytest.raises(StatementError, match="naive datetime"):
        db.flush()


def test_closed_sets_are_stored_by_their_values(db: Session):
    db.add(Site(id="jung4", kind=SiteKind.DONG, name_ko="중4동"))
    db.flush()
    assert db.connection().exec_driver_sql("SELECT kind FROM site").scalar() == "dong"
    assert db.exec(select(Site.kind)).one() is SiteKind.DONG


def test_a_word_outside_the_closed_set_is_refused(db: Session):
    db.add(Site(id="jung4", kind="village", name_ko="중4동"))
    with pytest.raises(StatementError, match="village"):
        db.flush()


def test_a_row_shows_nothing_of_whom_it_is_about():
    now = datetime(2026, 11, 24, tzinfo=UTC)
    text = TextMessage(
        kind="notice", to_number="+821000000001", body="김말순 님께", created_at=now, updated_at=now
    )
    shown = f"{text!r} {text}"
    assert "김말순" not in shown
    assert "0000001" not in shown
