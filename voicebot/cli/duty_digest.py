"""``voicebot duty digest``: the departments' morning digests, looked at or sent now."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from sqlalchemy import Engine

from voicebot.app import open_records, require_schema
from voicebot.clock import SystemClock
from voicebot.config import load_settings
from voicebot.duty.digest_morning import send_digests
from voicebot.duty.digests import digest_of, waiting
from voicebot.duty.postbox import DIGESTS, FilePostbox
from voicebot.duty.working_hours import is_working_day
from voicebot.records.database import reading


@click.command()
@click.option("--department", help="This one alone, e.g. 도로관리과. Default: all.")
@click.option(
    "--preview", is_flag=True, help="Print what the next digests would say; nothing is marked or sent."
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=DIGESTS,
    help="The folder the digests are written to. Default: var/digests",
)
def digest(department: str | None, preview: bool, into: Path) -> None:
    """Send the digests that are due: what came before 09:00 of the last working day, each ticket once.

    The worker does this by itself at nine. Running it again, or after the worker, sends nothing twice.
    """
    engine = _records()
    if preview:
        _preview(engine, department)
        return
    sent = send_digests(
        engine,
        at=SystemClock().now(),
        is_working_day=is_working_day,
        postbox=FilePostbox(into),
        actor="cli",
        department=department,
    )
    for each, where in sent.delivered:
        click.echo(f"{each.day}  {each.department}: {where}")
    for each, why in sent.failed:
        click.echo(f"{each.day}  {each.department}: not sent: {why}", err=True)
    if sent.failed:
        sys.exit(1)
    if not sent.delivered:
        click.echo("Nothing is due. See what waits with: voicebot duty digest --preview")


def _preview(engine: Engine, department: str | None) -> None:
    now = SystemClock().now()
    with reading(engine) as db:
        names = [department] if department else sorted(waiting(db, before=now))
        texts = [text for name in names if (text := digest_of(db, name, now))]
    click.echo("\n".join(texts).rstrip("\n") or "Nothing waits for a digest.")


def _records() -> Engine:
    engine = open_records(load_settings())
    require_schema(engine)
    return engine
