"""Is this the secret that the records were written with? Asked before anything is looked up in them.

With another secret nothing fails at once: the keyed hashes simply find nobody, neither the resident nor the
refusal to be called.
"""

from __future__ import annotations

from sqlalchemy import Engine
from sqlmodel import select

from voicebot.errors import ConfigurationError, EncryptionError
from voicebot.records.database import reading
from voicebot.records.tables import Call, Resident


def require_key(engine: Engine) -> None:
    """Raises ConfigurationError when what is stored cannot be read with the present secret."""
    try:
        with reading(engine) as db:
            for table in (Resident, Call):
                db.exec(select(table).limit(1)).first()
    except EncryptionError as error:
        raise ConfigurationError(
            f"{error}; set VOICEBOT_SECRET_KEY to the secret that this database was filled with"
        ) from error
