"""``voicebot residents``: the city's register into the records."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from voicebot.app import open_records, require_schema
from voicebot.clock import SystemClock
from voicebot.config import load_settings
from voicebot.outreach.lifting import lift_opt_outs
from voicebot.records.database import transaction
from voicebot.records.phones import normalise_phone
from voicebot.records.residents_import import ImportReport, import_residents
from voicebot.welfare.catalogue import load_catalogue


@click.group()
def residents() -> None:
    """Residents of the city."""


@residents.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check and count, write nothing.")
@click.option("--keep-good", is_flag=True, help="Import the rows without faults even if others have some.")
def import_(file: Path, dry_run: bool, keep_good: bool) -> None:
    """Add and change residents by FILE (CSV, UTF-8 or CP949).

    Columns: external_id, name, birth_date, phones, site, address, household, classes, household_classes,
    household_size, uses_gas_heating, programmes_in_use. Several values in one cell are separated by `;`.
    Importing a file twice changes nothing.
    """
    catalogue = load_catalogue()
    known = {each.id: each.kind for each in catalogue.vocabulary.classes}
    household = {name for name, kind in known.items() if kind == "household"}
    engine = open_records(load_settings())
    require_schema(engine)
    report = import_residents(
        engine,
        file,
        clock=SystemClock(),
        known_classes=set(known) - household,
        known_household_classes=household,
        dry_run=dry_run,
        keep_good=keep_good,
    )
    _tell(report, keep_good=keep_good)


@residents.command()
@click.argument("number")
@click.option("--by", required=True, help="Who decided it (a member of staff), for the audit trail.")
def allow(number: str, by: str) -> None:
    """Take back the refusal of calls to NUMBER: it was misheard, or they have changed their mind."""
    try:
        e164 = normalise_phone(number)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="NUMBER") from error
    engine = open_records(load_settings())
    require_schema(engine)
    with transaction(engine) as db:
        lifted = lift_opt_outs(db, number=e164, at=SystemClock().now(), actor=f"staff:{by}")
    click.echo(f"{lifted} refusal(s) taken back." if lifted else "Nobody at this number has refused calls.")


def _tell(report: ImportReport, *, keep_good: bool) -> None:
    for problem in (*report.problems, *report.notes):
        click.echo(str(problem), err=True)
    verb = "would be" if report.dry_run else "were"
    click.echo(f"{report.added} {verb} added, {report.changed} changed, {report.unchanged} unchanged.")
    if report.problems:
        tail = (
            "the other rows were imported"
            if keep_good
            else "nothing was imported; mend them and run it again"
        )
        click.echo(f"{len(report.problems)} fault(s): {tail}.", err=True)
        sys.exit(1)
