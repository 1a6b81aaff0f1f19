"""What an official may write into the duty roster (``intents/city/roster.yaml``): its keys and their form."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from voicebot.config import TimeOfDay
from voicebot.records.phones import normalise_phone

KindOfDay = Literal["월", "화", "수", "목", "금", "토", "일", "공휴일"]
KINDS_OF_DAY: tuple[KindOfDay, ...] = ("월", "화", "수", "목", "금", "토", "일", "공휴일")
"""Monday first, as `date.weekday` counts. A public holiday is a 공휴일, whatever its weekday."""


def _as_day(written: object) -> object:
    if not isinstance(written, str):
        return written
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise ValueError(f'"{written}" is no day; write YYYY-MM-DD in quotes, e.g. "2026-12-24"') from error


Name = Annotated[str, Field(min_length=1, max_length=40)]
Day = Annotated[date, BeforeValidator(_as_day)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OfficerEntry(_Part):
    """Somebody who is called. ``phone``: as Koreans write it or E.164; kept as E.164."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    name: Name
    phone: Annotated[str, AfterValidator(normalise_phone)]
    role_ko: Name


class ShiftEntry(_Part):
    """Who is on duty from ``starts`` to ``ends`` on such days, in the order of calling. One that ends at or before its
    start ends the next morning; it belongs to the day on which it starts."""

    name_ko: Name
    days: tuple[KindOfDay, ...] = Field(min_length=1)
    starts: TimeOfDay
    ends: TimeOfDay
    officers: tuple[str, ...] = Field(min_length=1)


class StandInEntry(_Part):
    """Who takes an absent officer's place in the shifts that start on these days, the last one included."""

    absent: str
    stand_in: str
    first_day: Day
    last_day: Day


class RosterFile(_Part):
    officers: tuple[OfficerEntry, ...] = Field(min_length=1)
    situation_room: OfficerEntry
    """Called last, on every shift."""
    shifts: tuple[ShiftEntry, ...] = Field(min_length=1)
    stand_ins: tuple[StandInEntry, ...] = ()


def time_of(written: TimeOfDay) -> time:
    return time.fromisoformat(written)
