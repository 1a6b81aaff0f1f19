"""Column types of our own: encrypted text and JSON, and moments that are aware UTC on every database.

The keyring travels with the engine's dialect (see `database.open_database`), so that no module holds a key.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Enum, LargeBinary
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator

from voicebot.errors import EncryptionError
from voicebot.records.encryption import Keyring

_ATTRIBUTE = "voicebot_keyring"


def attach_keyring(dialect: Dialect, keyring: Keyring) -> None:
    """Give the keyring to every encrypted column of the engine that owns ``dialect``."""
    setattr(dialect, _ATTRIBUTE, keyring)


def keyring_of(dialect: Dialect) -> Keyring:
    """The keyring attached to this dialect. Raises EncryptionError when none is."""
    keyring = getattr(dialect, _ATTRIBUTE, None)
    if keyring is None:
        raise EncryptionError("this engine has no keyring; open it with records.database.open_database")
    assert isinstance(keyring, Keyring)
    return keyring


class EncryptedText(TypeDecorator[str]):
    """Text that is ciphertext in the database. ``purpose``: "table.column", authenticated with the value."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring_of(dialect).encrypt(self.purpose, value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring_of(dialect).decrypt(self.purpose, bytes(value))


class EncryptedJSON(TypeDecorator[Any]):
    """A JSON value that is ciphertext in the database. Replace it whole: changes inside are not tracked."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return keyring_of(dialect).encrypt(self.purpose, json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(keyring_of(dialect).decrypt(self.purpose, bytes(value)))


def closed_set(of: type[StrEnum]) -> Enum:
    """A column of an enum's values as plain text: a new member needs no migration on any database."""
    return Enum(
        of,
        native_enum=False,
        create_constraint=False,
        validate_strings=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC. A naive one is refused: it would mean nothing."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime given to the records; use an aware one")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
