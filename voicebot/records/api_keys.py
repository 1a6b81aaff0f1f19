"""Keys of the programs that may use the city's interfaces. Only hashes are kept; a key is shown once, when it is made.

A key is 256 bits of chance, so one round of SHA-256 hides it: there is no list of likely keys to try.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from voicebot.errors import RecordConflict, RecordNotFound, VoicebotError
from voicebot.records import audit
from voicebot.records.inserting import insert_unless_there
from voicebot.records.tables import ApiKey

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_PREFIX = "vbk_"
"""So that a key is recognised where it does not belong (a log, a repository)."""


def add_key(db: Session, *, name: str, at: datetime, actor: str) -> str:
    """Make a key for the program called ``name`` and give it: it cannot be read again.

    Raises VoicebotError for a name that is not fit, RecordConflict for one that was ever used: the audit
    trail names programs, and one name must not mean two of them.
    """
    if not _NAME.fullmatch(name):
        raise VoicebotError(
            f"'{name}' is no name for a key; write 1 to 40 small letters, digits and hyphens, e.g. saeol-1"
        )
    key = _PREFIX + secrets.token_urlsafe(32)
    if not insert_unless_there(db, ApiKey(name=name, key_hash=_hash_of(key), created_at=at)):
        raise RecordConflict(f"there is or was a key '{name}'; take another name, e.g. {name[:38]}-2")
    audit.record(db, at=at, actor=actor, action="api_key.added", subject=f"api_key:{name}")
    return key


def find_key(db: Session, *, key: str) -> ApiKey | None:
    """The record of a key that is in force; None for unknown and revoked ones."""
    query = select(ApiKey).where(ApiKey.key_hash == _hash_of(key), col(ApiKey.revoked_at).is_(None))
    return db.exec(query).one_or_none()


def list_keys(db: Session) -> Sequence[ApiKey]:
    """All keys that there ever were, by name."""
    return db.exec(select(ApiKey).order_by(col(ApiKey.name))).all()


def revoke_key(db: Session, *, name: str, at: datetime, actor: str) -> ApiKey:
    """Take a key out of force, at once and for good; again changes nothing. Raises RecordNotFound."""
    found = db.exec(select(ApiKey).where(ApiKey.name == name).with_for_update()).one_or_none()
    if found is None:
        raise RecordNotFound(f"there is no key '{name}'; see: voicebot duty keys list")
    if found.revoked_at is None:
        found.revoked_at = at
        audit.record(db, at=at, actor=actor, action="api_key.revoked", subject=f"api_key:{name}")
    return found


def _hash_of(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
