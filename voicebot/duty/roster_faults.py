"""What can be wrong in a duty roster though each line of it is well written: nobody on duty, two at once, strangers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from voicebot.datafiles import Document
from voicebot.duty.roster_file import KINDS_OF_DAY, KindOfDay, RosterFile, ShiftEntry, StandInEntry, time_of
from voicebot.duty.working_hours import OPENS
from voicebot.errors import Problem
from voicebot.records.phones import display_phone

_DAY = 24 * 60


@dataclass(frozen=True)
class _Span:
    """Part of a duty day in minutes since it began, at 09:00."""

    starts: int
    ends: int
    number: int = -1
    """Which of the file's shifts."""


@dataclass(frozen=True)
class _Hole:
    """Hours of a kind of day at which nobody is on duty, or two shifts are."""

    place: tuple[str | int, ...]
    code: str
    told: str
    remedy: str


def faults(document: Document, file: RosterFile, *, bot_numbers: Collection[str] = ()) -> Iterator[Problem]:
    """Every fault with its line. ``bot_numbers``: the city's own (E.164), at which no officer answers."""
    yield from _people(document, file, bot_numbers)
    yield from _strangers(document, file)
    yield from _stand_ins(document, file)
    yield from _hours(document, file)


def spans_of_day(file: RosterFile, kind: KindOfDay) -> list[_Span]:
    """The shifts of such a day in the order of their beginnings."""
    spans = (_span(shift, number) for number, shift in enumerate(file.shifts) if kind in shift.days)
    return sorted(spans, key=lambda span: span.starts)


def _span(shift: ShiftEntry, number: int) -> _Span:
    return _Span(_minutes(shift.starts), _minutes(shift.ends) or _DAY, number)


def _minutes(written: str) -> int:
    clock = time_of(written)
    return ((clock.hour - OPENS.hour) * 60 + clock.minute - OPENS.minute) % _DAY


def _clock(minutes: int) -> str:
    since_midnight = (minutes + OPENS.hour * 60 + OPENS.minute) % _DAY
    return f"{since_midnight // 60:02d}:{since_midnight % 60:02d}"


def _people(document: Document, file: RosterFile, bot_numbers: Collection[str]) -> Iterator[Problem]:
    ids: set[str] = set()
    phones: set[str] = set()
    entries = [(("officers", number), entry) for number, entry in enumerate(file.officers)]
    for place, entry in [*entries, (("situation_room",), file.situation_room)]:
        if entry.id in ids:
            told = f"'{entry.id}' is the id of two officers"
            yield document.problem((*place, "id"), "duplicate-officer", told, "give each an id of their own")
        if entry.phone in phones:
            told = f"two officers have {display_phone(entry.phone)}: the next in the chain would be the same telephone"
            yield document.problem((*place, "phone"), "duplicate-phone", told, "give each their own number")
        if entry.phone in bot_numbers:
            told = f"{display_phone(entry.phone)} is answered by this bot"
            yield document.problem(
                (*place, "phone"), "own-number", told, "give a number that a person answers"
            )
        ids.add(entry.id)
        phones.add(entry.phone)


def _strangers(document: Document, file: RosterFile) -> Iterator[Problem]:
    known = {entry.id for entry in file.officers}
    for number, shift in enumerate(file.shifts):
        for position, name in enumerate(shift.officers):
            place = ("shifts", number, "officers", position)
            if name == file.situation_room.id:
                told = f"'{name}' is called last on every shift"
                yield document.problem(place, "situation-room", told, "take it out of this list")
            elif name not in known:
                yield _unknown(document, place, name)
            if name in shift.officers[:position]:
                told = f"'{name}' stands in this shift twice"
                yield document.problem(place, "duplicate-officer", told, "keep the first")
    for number, entry in enumerate(file.stand_ins):
        for key in ("absent", "stand_in"):
            if (name := getattr(entry, key)) not in known:
                yield _unknown(document, ("stand_ins", number, key), name)


def _unknown(document: Document, place: tuple[str | int, ...], name: str) -> Problem:
    told = f"'{name}' is no officer of this file"
    return document.problem(
        place, "unknown-officer", told, "write an id that stands under officers, or add them"
    )


def _stand_ins(document: Document, file: RosterFile) -> Iterator[Problem]:
    for number, entry in enumerate(file.stand_ins):
        place = ("stand_ins", number)
        if entry.last_day < entry.first_day:
            told = f"the absence ends on {entry.last_day}, before it begins"
            yield document.problem((*place, "last_day"), "wrong-period", told, "write the later day last")
        if entry.absent == entry.stand_in:
            told = f"'{entry.absent}' cannot stand in for themselves"
            yield document.problem((*place, "stand_in"), "wrong-stand-in", told, "name another officer")
        for other in file.stand_ins[:number]:
            if other.absent == entry.absent and _meet(entry, other):
                told = f"'{entry.absent}' is absent twice at the same time"
                yield document.problem(
                    (*place, "absent"), "duplicate-absence", told, "give each day one stand-in"
                )
        for other in file.stand_ins:
            if other.absent == entry.stand_in != entry.absent and _meet(entry, other):
                told = f"'{entry.stand_in}' is absent then, too"
                yield document.problem((*place, "stand_in"), "wrong-stand-in", told, "name another officer")


def _meet(one: StandInEntry, other: StandInEntry) -> bool:
    return one.first_day <= other.last_day and other.first_day <= one.last_day


def _hours(document: Document, file: RosterFile) -> Iterator[Problem]:
    """Each kind of day may follow each other, so each must be covered by itself from 09:00 to 09:00."""
    whole = [number for number, shift in enumerate(file.shifts) if _is_within_a_day(_span(shift, number))]
    for number, shift in enumerate(file.shifts):
        if number not in whole:
            told = f"'{shift.name_ko}' ({shift.starts}-{shift.ends}) runs over {_clock(0)}, when the duty day changes"
            yield document.problem(
                ("shifts", number, "ends"), "wrong-hours", told, f"split it at {_clock(0)}"
            )
    if len(whole) == len(file.shifts):
        yield from _cover(document, file)


def _is_within_a_day(span: _Span) -> bool:
    return span.starts < span.ends


def _cover(document: Document, file: RosterFile) -> Iterator[Problem]:
    """One problem for the same hours of several kinds of day."""
    days: dict[_Hole, list[str]] = {}
    for kind in KINDS_OF_DAY:
        for hole in _holes(file, kind):
            days.setdefault(hole, []).append(kind)
    for hole, kinds in days.items():
        told = f"{', '.join(kinds)}: {hole.told}"
        yield document.problem(hole.place, hole.code, told, hole.remedy)


def _holes(file: RosterFile, kind: KindOfDay) -> Iterator[_Hole]:
    last = _Span(0, 0)
    """The one that ends latest so far: a long shift may hold several short ones."""
    for span in [*spans_of_day(file, kind), _Span(_DAY, _DAY)]:
        if last.ends < span.starts:
            told = f"nobody is on duty from {_clock(last.ends)} to {_clock(span.starts)}"
            yield _Hole(
                ("shifts",), "not-covered", told, "add these hours, or these days to a shift that has them"
            )
        if last.ends > span.starts:
            names = " / ".join(file.shifts[each.number].name_ko for each in (last, span))
            told = f"two shifts at {_clock(span.starts)} ({names})"
            remedy = "let one begin when the other ends, or take these days out of one"
            yield _Hole(("shifts", span.number, "starts"), "overlap", told, remedy)
        last = max(last, span, key=lambda each: each.ends)
