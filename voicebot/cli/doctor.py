"""``voicebot doctor``: what is missing, and the command that mends it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click
from sqlalchemy.exc import DBAPIError

from voicebot.app import is_demo_city, open_records
from voicebot.cli.duty_roster import read_roster
from voicebot.clock import SystemClock
from voicebot.config import Settings, is_on_this_machine, load_settings
from voicebot.dialog.loading import DialogShelf
from voicebot.duty.advice import load_advice
from voicebot.errors import VoicebotError
from voicebot.records import schema


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``remedy`` empty: it is well."""

    what: str
    state: str
    remedy: str = ""


@click.command()
def doctor() -> None:
    """Look at settings, database, dialogs and carrier; say what is missing and how to mend it."""
    findings = list(_look())
    for finding in findings:
        mark = "✗" if finding.remedy else "✓"
        click.echo(f"{mark} {finding.what}: {finding.state}")
        if finding.remedy:
            click.echo(f"    → {finding.remedy}")
    if any(finding.remedy for finding in findings):
        sys.exit(1)


def _look() -> Iterator[Finding]:
    try:
        settings = load_settings()
    except VoicebotError as error:
        yield Finding("settings", "cannot be used", str(error))
        return
    yield Finding("settings", "read")
    for look in (_database, _dialogs, _carrier, _signatures, _desks, _duty):
        yield _carefully(look, settings)


def _carefully(look: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return look(settings)
    except VoicebotError as error:
        return Finding(look.__name__.strip("_"), str(error), "mend what is named here")
    except DBAPIError as error:
        remedy = (
            "see that database.url (or VOICEBOT_DATABASE_URL) names a voicebot database, and that it is whole"
        )
        return Finding(look.__name__.strip("_"), str(error.orig).splitlines()[0], remedy)


def _database(settings: Settings) -> Finding:
    engine = open_records(settings)
    revision = schema.current(engine)
    if revision != schema.newest():
        return Finding(
            "database", f"version {revision or 'none'}, {schema.newest()} is needed", "voicebot db upgrade"
        )
    return Finding("database", f"version {revision}" + (", demo city" if is_demo_city(engine) else ""))


def _dialogs(settings: Settings) -> Finding:
    shelf = DialogShelf(settings.dialogs_path)
    names = [shelf.get(name).dialog for name in shelf.names()]
    missing = sorted(set(settings.dialog_of_line.values()) - set(names))
    if missing:
        return Finding("dialogs", f"dialog_of_line names {missing}, which do not exist", "mend config.yaml")
    return Finding("dialogs", ", ".join(names))


def _carrier(settings: Settings) -> Finding:
    where = settings.carrier_url or "Twilio"
    if not settings.secrets.twilio_account_sid or not settings.secrets.auth_tokens():
        return Finding(
            "carrier",
            f"{settings.carrier.kind} at {where}, no account",
            "set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
        )
    return Finding("carrier", f"{settings.carrier.kind} at {where}")


def _signatures(settings: Settings) -> Finding:
    url = settings.public_url
    if settings.carrier.kind == "twilio" and is_on_this_machine(url) and not settings.carrier.api_base_url:
        return Finding("public_url", url, "set public_url to the address at which Twilio reaches this server")
    return Finding("public_url", url)


def _desks(settings: Settings) -> Finding:
    answered_by_bot = {settings.numbers.duty, settings.numbers.outreach, settings.numbers.callback}
    circular = [name for name in ("staff", "situation_room") if settings.desk(name) in answered_by_bot]
    if circular:
        return Finding(
            "desks", f"{circular} ring numbers that this bot answers", "set desks.* to people's telephones"
        )
    return Finding(
        "desks", f"staff {settings.desk('staff')}, situation room {settings.desk('situation_room')}"
    )


def _duty(settings: Settings) -> Finding:
    """The files that officials edit, and the secrets that the settings name."""
    officers = read_roster(settings).on_duty(SystemClock().now())
    load_advice(settings.advice_path)
    for name in settings.duty.names_of_secrets():
        settings.secret(name)
    return Finding("duty", f"{len(officers)} to call now, the situation room included")
