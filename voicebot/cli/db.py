"""``voicebot db``: make and migrate the database."""

from __future__ import annotations

import click

from voicebot.app import open_records, prepare_database
from voicebot.config import load_settings
from voicebot.records import schema


@click.group()
def db() -> None:
    """Make the database and move it between versions."""


@db.command()
def upgrade() -> None:
    """Make the database, or bring it to this version. Safe to run again, and from several machines."""
    engine = prepare_database(load_settings())
    click.echo(f"The database is at version {schema.current(engine)}.")


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="This removes tables and what is in them. Go on?")
def downgrade(revision: str) -> None:
    """Take the database back to REVISION (`base`: nothing left)."""
    engine = open_records(load_settings())
    schema.downgrade(engine, revision)
    click.echo(f"The database is at version {schema.current(engine) or 'none'}.")


@db.command()
def version() -> None:
    """Say which version the database has, and which one this program needs."""
    engine = open_records(load_settings())
    click.echo(f"database: {schema.current(engine) or 'none'}; program: {schema.newest()}")
