"""``voicebot duty roster``: who is on duty now and on the coming days; a wrong file is told with file and line."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import click

from voicebot.clock import SEOUL, SystemClock, in_seoul
from voicebot.config import Settings, load_settings
from voicebot.duty.roster import Officer, Roster, Shift, load_roster
from voicebot.duty.working_hours import holiday_ko
from voicebot.korean.spoken import WEEKDAYS_KO
from voicebot.records.phones import display_phone


class _Moment(click.ParamType[datetime]):
    """A moment of the city's wall clock, ``2026-12-25 03:00``; aware."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return datetime.strptime(str(value), "%Y-%m-%d %H:%M").replace(tzinfo=SEOUL)
        except ValueError:
            self.fail(f"'{value}' is no moment; write it like \"2026-12-25 03:00\" (Seoul)", param, ctx)


@click.command()
@click.option("--at", "at", type=_Moment(), help='Another moment than now, e.g. "2026-12-25 03:00" (Seoul).')
@click.option(
    "--days", type=click.IntRange(0, 366), default=7, show_default=True, help="How many days ahead."
)
def roster(at: datetime | None, days: int) -> None:
    """Who is on duty now, in the order of calling, and on the coming days and nights.

    The file is the setting duty.roster (intents/city/roster.yaml); its faults are listed with their lines.
    """
    held = read_roster(load_settings())
    moment = in_seoul(at or SystemClock().now())
    for line in (*_now(held, moment), "", *_coming(held, moment, days)):
        click.echo(line)


def read_roster(settings: Settings) -> Roster:
    """The settings' roster; no officer in it may be called at a number that the bot itself answers."""
    own = {str(number) for number in settings.numbers.model_dump().values()}
    return load_roster(settings.roster_path, bot_numbers=own)


def _now(held: Roster, moment: datetime) -> list[str]:
    shift = held.shift_at(moment)
    first = f"On duty at {moment:%Y-%m-%d %H:%M} ({_day(moment.date())}): {shift.name_ko}, until {shift.ends:%H:%M}"
    return [first, *(_called(number, officer) for number, officer in enumerate(shift.officers, start=1))]


def _called(number: int, officer: Officer) -> str:
    return f"  {number}. {display_phone(officer.phone)}  {officer.name} ({officer.role_ko})"


def _coming(held: Roster, moment: datetime, days: int) -> list[str]:
    if not days:
        return []
    end = moment + timedelta(days=days)
    shifts = held.shifts(moment.date() - timedelta(days=1), days=days + 2)
    coming = [_line(shift) for shift in shifts if moment < shift.starts <= end]
    return [f"The coming {days} day(s):", *coming]


def _line(shift: Shift) -> str:
    names = " → ".join(officer.name for officer in shift.officers)
    hours = f"{shift.starts:%H:%M}-{shift.ends:%H:%M}"
    return f"  {shift.starts:%Y-%m-%d} {hours}  {shift.name_ko} ({_day(shift.starts.date())}): {names}"


def _day(day: date) -> str:
    """금, or 금, 기독탄신일."""
    weekday = WEEKDAYS_KO[day.weekday()][0]
    holiday = holiday_ko(day)
    return f"{weekday}, {holiday}" if holiday else weekday
