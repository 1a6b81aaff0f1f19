"""What callers of the duty desk hear first during a flood or a power cut: put up by staff, silent again by itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from voicebot.errors import RecordNotFound, VoicebotError
from voicebot.korean import speakable
from voicebot.records import audit
from voicebot.records.tables import Announcement

SPOKEN_AT_MOST = 2
"""Whoever calls in an emergency must not listen to a list."""
LONGEST_TEXT = 150
"""Syllables and signs as spoken: about half a minute."""
A_DAY = timedelta(days=1)
LONGEST = timedelta(days=14)
"""With ``is_long``. What lasts longer is no announcement but the city's state."""

_HANGUL = re.compile("[가-힣]")
_ENDS_A_SENTENCE = re.compile(r"[.!?…]$")


def words_of(text: str) -> str:
    """The text as it will be spoken: one line, every figure in words, a full stop at its end.

    Raises VoicebotError for what cannot be spoken.
    """
    line = " ".join(unicodedata.normalize("NFKC", text).split())
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "So") for sign in line):
        raise VoicebotError("the announcement holds signs that cannot be spoken; write words alone")
    words = speakable(line)
    if not _HANGUL.search(words):
        raise VoicebotError("the announcement holds no Korean; callers would hear nothing they understand")
    if re.search("https?:|www[.]|[A-Za-z]{12,}", words):
        raise VoicebotError("an address cannot be spoken; say where to call or look in words")
    words = words if _ENDS_A_SENTENCE.search(words) else f"{words}."
    if len(words) > LONGEST_TEXT:
        raise VoicebotError(
            f"the announcement is {len(words)} signs long as spoken, {LONGEST_TEXT} is the most; shorten it"
        )
    return words


def check_end(until: datetime, at: datetime, *, is_long: bool) -> None:
    """Raises VoicebotError for an end that is past, or so far off that it was probably mistyped."""
    if until <= at:
        raise VoicebotError("the announcement would have ended already; give an end in the future")
    if until - at > LONGEST:
        raise VoicebotError(f"an announcement lasts {LONGEST.days} days at most; give an earlier end")
    if until - at > A_DAY and not is_long:
        raise VoicebotError("the announcement would last more than a day; if that is meant, say so: --long")


def announce(
    db: Session,
    *,
    text: str,
    until: datetime,
    at: datetime,
    actor: str,
    place: str | None = None,
    is_long: bool = False,
) -> Announcement:
    """Put an announcement up at once. One with the same words that still stands gets the new end instead.

    Raises VoicebotError when it may not be spoken as it is (`words_of`, `check_end`).
    """
    words = words_of(text)
    check_end(until, at, is_long=is_long)
    standing = next((each for each in standing_at(db, at, for_update=True) if each.text == words), None)
    if standing is not None:
        return _extend(db, standing, until=until, place=place, at=at, actor=actor)
    new = Announcement(text=words, place=place, starts_at=at, ends_at=until, created_by=actor)
    db.add(new)
    db.flush()
    _note(db, new, "announcement.put_up", at, actor, until=until.isoformat())
    return new


def withdraw(db: Session, *, announcement_id: int, at: datetime, actor: str) -> bool:
    """Take an announcement down. False: it was over already. Raises RecordNotFound."""
    query = select(Announcement).where(Announcement.id == announcement_id).with_for_update()
    found = db.exec(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise RecordNotFound(f"no announcement {announcement_id}; look with: voicebot duty announce --list")
    if found.withdrawn_at is not None or found.ends_at <= at:
        return False
    found.withdrawn_at = at
    db.add(found)
    _note(db, found, "announcement.withdrawn", at, actor)
    return True


def standing_at(db: Session, at: datetime, *, for_update: bool = False) -> Sequence[Announcement]:
    """The announcements in force at a moment, the newest first."""
    query = select(Announcement).where(
        col(Announcement.ends_at) > at,
        col(Announcement.starts_at) <= at,
        col(Announcement.withdrawn_at).is_(None),
    )
    query = query.order_by(col(Announcement.starts_at).desc(), col(Announcement.id).desc())
    return db.exec(query.with_for_update() if for_update else query).all()


def current(db: Session, at: datetime) -> tuple[str, ...]:
    """The texts that a caller hears first at a moment: the newest first, two at most, each once."""
    texts = dict.fromkeys(each.text for each in standing_at(db, at))  # put up twice at the same time
    return tuple(texts)[:SPOKEN_AT_MOST]


def _extend(
    db: Session, standing: Announcement, *, until: datetime, place: str | None, at: datetime, actor: str
) -> Announcement:
    standing.ends_at, standing.place = until, place or standing.place
    db.add(standing)
    _note(db, standing, "announcement.end_changed", at, actor, until=until.isoformat())
    return standing


def _note(
    db: Session, announcement: Announcement, action: str, at: datetime, actor: str, **detail: Any
) -> None:
    subject = f"announcement:{announcement.id}"
    audit.record(db, at=at, actor=actor, action=action, subject=subject, detail=detail)
    db.flush()
