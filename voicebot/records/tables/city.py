"""The city's own side: sites, their staff, and the welfare programmes that requests refer to."""

from __future__ import annotations

from enum import StrEnum

from sqlmodel import Field

from voicebot.records.columns import EncryptedText, closed_set
from voicebot.records.tables.base import Record


class SiteKind(StrEnum):
    CITY = "city"
    DISTRICT = "district"
    """구."""
    DONG = "dong"
    DEPARTMENT = "department"
    """A welfare department of the city or of a 구."""
    HEALTH_CENTRE = "health_centre"
    """보건소, 치매안심센터."""
    WELFARE_CENTRE = "welfare_centre"
    """복지관."""


class Site(Record, table=True):
    """An office that owns residents and gets follow-ups: the city, 3 districts, 37 dongs, centres."""

    __tablename__ = "site"

    id: str = Field(primary_key=True)
    """Short and stable, e.g. ``bucheon``, ``wonmi``, ``simgok1``."""
    kind: SiteKind = Field(sa_type=closed_set(SiteKind))
    name_ko: str
    parent_id: str | None = Field(default=None, foreign_key="site.id", index=True)
    phone: str | None = None
    """The office's public number, E.164; null where it is not known."""


class Staff(Record, table=True):
    """A person who works at a site."""

    __tablename__ = "staff"

    id: int | None = Field(default=None, primary_key=True)
    site_id: str = Field(foreign_key="site.id", index=True)
    name: str = Field(sa_type=EncryptedText("staff.name"))
    role: str
    """social_worker, duty_officer, campaign_officer, auditor."""
    phone: str | None = Field(default=None, sa_type=EncryptedText("staff.phone"))


class Programme(Record, table=True):
    """A welfare programme, kept so that requests can refer to it after the catalogue changes."""

    __tablename__ = "programme"

    id: str = Field(primary_key=True)
    name_ko: str
    category: str
    status: str
