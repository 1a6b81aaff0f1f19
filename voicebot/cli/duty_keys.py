"""``voicebot duty keys``: which programs may use the city's interfaces."""

from __future__ import annotations

import click
from sqlalchemy import Engine

from voicebot.app import open_records, require_schema
from voicebot.clock import SystemClock, in_seoul
from voicebot.config import load_settings
from voicebot.records.api_keys import add_key, list_keys, revoke_key
from voicebot.records.database import reading, transaction
from voicebot.records.tables import ApiKey

_ACTOR = "cli"


@click.group()
def keys() -> None:
    """Keys for the city's other programs (Open311, docs/interfaces.md)."""


@keys.command()
@click.argument("name")
def add(name: str) -> None:
    """Make a key for the program NAME and show it, this once.

    NAME: small letters, digits and hyphens. It stands in the audit trail beside what the program does.
    """
    with transaction(_records()) as db:
        key = add_key(db, name=name, at=SystemClock().now(), actor=_ACTOR)
    click.echo(key)
    click.echo(f"This is the key of '{name}'. Hand it over safely: only its hash is kept.", err=True)


@keys.command("list")
def list_() -> None:
    """List the keys by name; the keys themselves are not kept."""
    with reading(_records()) as db:
        found = list_keys(db)
        for key in found:
            click.echo(_line(key))
    if not found:
        click.echo("There is none. Make one with: voicebot duty keys add NAME")


@keys.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Take the key of the program NAME out of force, at once and for good."""
    with transaction(_records()) as db:
        click.echo(_line(revoke_key(db, name=name, at=SystemClock().now(), actor=_ACTOR)))


def _line(key: ApiKey) -> str:
    made = in_seoul(key.created_at).strftime("%Y-%m-%d %H:%M")
    if key.revoked_at is None:
        return f"{key.name:40}  made {made}  in force"
    return f"{key.name:40}  made {made}  revoked {in_seoul(key.revoked_at):%Y-%m-%d %H:%M}"


def _records() -> Engine:
    engine = open_records(load_settings())
    require_schema(engine)
    return engine
