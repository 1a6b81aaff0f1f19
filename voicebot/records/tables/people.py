"""Residents: who may be rung, where, and what they are entitled to. Personal fields are encrypted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from voicebot.records.columns import EncryptedText, UtcDateTime, closed_set
from voicebot.records.tables.base import Record


class Household(Record, table=True):
    """People who live together; some entitlements belong to the household, not the person."""

    __tablename__ = "household"

    id: int | None = Field(default=None, primary_key=True)
    site_id: str = Field(foreign_key="site.id", index=True)
    """The dong office that looks after it."""
    external_id: str | None = Field(default=None, unique=True)
    """The id in the city's own register, given by the import."""
    address: str | None = Field(default=None, sa_type=EncryptedText("household.address"))
    size: int | None = None
    classes: list[str] = Field(default_factory=list, sa_type=JSON)
    """Entitlement classes of kind household (welfare catalogue), e.g. ``single_parent``."""
    uses_gas_heating: bool | None = None
    """취사난방용 (True), 취사용 only (False), unknown (None)."""


class Resident(Record, table=True):
    """A person the city may ring."""

    __tablename__ = "resident"

    id: int | None = Field(default=None, primary_key=True)
    site_id: str = Field(foreign_key="site.id", index=True)
    household_id: int | None = Field(default=None, foreign_key="household.id", index=True)
    external_id: str | None = Field(default=None, unique=True)
    """The id in the city's own register, given by the import; importing it again changes this resident."""
    name: str = Field(sa_type=EncryptedText("resident.name"))
    name_hash: str = Field(index=True)
    birth_date: str | None = Field(default=None, sa_type=EncryptedText("resident.birth_date"))
    """ISO date."""
    classes: list[str] = Field(default_factory=list, sa_type=JSON)
    """Entitlement classes of kind status or person."""
    pace: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """What the person's last calls taught: rate_percent, extra_pause_s, louder, keypad_only."""
    opted_out_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deceased_reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    moved_reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PhoneNumber(Record, table=True):
    """One of a resident's numbers, in order of preference (1 first)."""

    __tablename__ = "phone_number"
    __table_args__ = (UniqueConstraint("resident_id", "number_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id", index=True)
    number: str = Field(sa_type=EncryptedText("phone_number.number"))
    """E.164."""
    number_hash: str = Field(index=True)
    preference: int = 1
    holder: str | None = None
    """Who answers at it when it is not the resident, in one Korean word: 딸, 아들, 이웃. No name."""
    is_wrong: bool = False
    """Somebody there said that the resident cannot be reached at it."""


class UseState(StrEnum):
    USING = "using"
    REQUESTED = "requested"
    DECLINED = "declined"


class ProgrammeUse(Record, table=True):
    """What a resident does with a programme; what is absent is unused as far as the city knows."""

    __tablename__ = "programme_use"

    resident_id: int = Field(foreign_key="resident.id", primary_key=True)
    programme_id: str = Field(foreign_key="programme.id", primary_key=True)
    state: UseState = Field(sa_type=closed_set(UseState))
    source: str
    """``import`` or ``call:<call id>``."""
    since: datetime = Field(sa_type=UtcDateTime)
