"""How encrypted fields are found again: normalised, then hashed with the keys of the engine at hand."""

from __future__ import annotations

import unicodedata

from sqlmodel import Session

from voicebot.records.columns import keyring_of
from voicebot.records.encryption import Keyring


def keyring(db: Session) -> Keyring:
    """The keyring of the engine that this session works on."""
    return keyring_of(db.get_bind().dialect)


def phone_hash(db: Session, number: str) -> str:
    """The hash stored beside an E.164 number (``phone_number.number_hash``, ``call.other_hash``)."""
    return keyring(db).index("phone", number)


def phone_hashes(db: Session, number: str) -> list[str]:
    """Every hash that the number may be stored under while keys are being rotated."""
    return keyring(db).indexes("phone", number)


def normalise_name(name: str) -> str:
    """A name without what people write differently: spaces, letter case, decomposed Hangul (NFC)."""
    return "".join(unicodedata.normalize("NFC", name).split()).casefold()


def name_hash(db: Session, name: str) -> str:
    """The hash stored beside a person's name (``resident.name_hash``)."""
    return keyring(db).index("name", normalise_name(name))


def name_hashes(db: Session, name: str) -> list[str]:
    """Every hash that the name may be stored under while keys are being rotated."""
    return keyring(db).indexes("name", normalise_name(name))


def place_hash(db: Session, name: str) -> str:
    """The hash stored beside a place's name (``incident.place_key``); spaces do not matter."""
    return keyring(db).index("place", normalise_name(name))


def place_hashes(db: Session, name: str) -> list[str]:
    """Every hash that the place may be stored under while keys are being rotated."""
    return keyring(db).indexes("place", normalise_name(name))
