"""The duty roster (당직 명부): who is on duty at a moment, in the order of calling. It reads a file, and no clock.

A duty day runs from 09:00 to 09:00: at three in the morning it is still the day before, and that day's officers and
stand-ins are on duty. Kinds of duty (day duty 일직, night duty 숙직): 부천시 지방공무원 당직 및 비상근무 규칙.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from voicebot.clock import SEOUL
from voicebot.config import PROJECT_ROOT
from voicebot.datafiles import read_yaml, validate
from voicebot.duty.roster_faults import faults, spans_of_day
from voicebot.duty.roster_file import KINDS_OF_DAY, KindOfDay, OfficerEntry, RosterFile
from voicebot.duty.working_hours import OPENS, is_holiday, local_time
from voicebot.errors import DataFileError

ROSTER = PROJECT_ROOT / "intents" / "city" / "roster.yaml"


@dataclass(frozen=True)
class Officer:
    """Somebody who can be called. ``phone``: E.164. Name and number stay out of the representation, and so out of logs."""

    id: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    role_ko: str


@dataclass(frozen=True)
class Shift:
    """One shift of the calendar, Seoul time, ``ends`` not included. ``officers`` in the order of calling, the situation
    room last."""

    name_ko: str
    starts: datetime
    ends: datetime
    officers: tuple[Officer, ...]


class Roster:
    """Who is on duty when. Somebody is, at every moment: `load_roster` takes no file with a gap."""

    def __init__(self, file: RosterFile) -> None:
        self._file = file
        self._officers = {entry.id: _officer(entry) for entry in file.officers}
        self.situation_room = _officer(file.situation_room)

    def on_duty(self, moment: datetime) -> tuple[Officer, ...]:
        """Whom to call at ``moment`` (aware), first to last: the shift's officers or their stand-ins, the situation
        room."""
        return self.shift_at(moment).officers

    def shift_at(self, moment: datetime) -> Shift:
        """The shift that ``moment`` (aware) falls into."""
        return next(shift for shift in self.shifts(_duty_day(moment), days=1) if moment < shift.ends)

    def shifts(self, first_day: date, *, days: int) -> Iterator[Shift]:
        """The shifts of so many duty days, the earliest first."""
        for day in (first_day + timedelta(days=number) for number in range(days)):
            for span in spans_of_day(self._file, kind_of_day(day)):
                entry = self._file.shifts[span.number]
                officers = self._chain(entry.officers, day)
                yield Shift(entry.name_ko, _at(day, span.starts), _at(day, span.ends), officers)

    def officer(self, officer_id: str) -> Officer | None:
        """The officer of that id, the situation room included; None when the file has none."""
        return self.situation_room if officer_id == self.situation_room.id else self._officers.get(officer_id)

    def _chain(self, names: tuple[str, ...], day: date) -> tuple[Officer, ...]:
        """A stand-in who is on the shift anyway is called once, at the earlier place."""
        present = dict.fromkeys(self._present(name, day) for name in names)
        return (*(self._officers[name] for name in present), self.situation_room)

    def _present(self, name: str, day: date) -> str:
        absences = (each for each in self._file.stand_ins if each.absent == name)
        return next((each.stand_in for each in absences if each.first_day <= day <= each.last_day), name)


def load_roster(path: Path = ROSTER, *, bot_numbers: Collection[str] = ()) -> Roster:
    """Read and check a roster. ``bot_numbers``: the city's own (E.164), at which no officer may be called.

    Raises DataFileError with every fault, its line and what to do.
    """
    document = read_yaml(path)
    file = validate(document, RosterFile)
    if problems := list(faults(document, file, bot_numbers=bot_numbers)):
        raise DataFileError(problems)
    return Roster(file)


def kind_of_day(day: date) -> KindOfDay:
    """What the roster calls ``day``: its weekday, or 공휴일."""
    return "공휴일" if is_holiday(day) else KINDS_OF_DAY[day.weekday()]


def _duty_day(moment: datetime) -> date:
    local = local_time(moment)
    return local.date() if local.time() >= OPENS else local.date() - timedelta(days=1)


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, OPENS, tzinfo=SEOUL) + timedelta(minutes=minutes)


def _officer(entry: OfficerEntry) -> Officer:
    return Officer(entry.id, entry.name, entry.phone, entry.role_ko)
