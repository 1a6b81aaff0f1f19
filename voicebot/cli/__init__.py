"""The command ``voicebot``. Each command is a thin edge: it reads its arguments and calls a room."""

from __future__ import annotations

import importlib
import logging
import sys

import click

from voicebot.errors import DataFileError, VoicebotError

_COMMANDS = {
    "call": "voicebot.cli.call:call",
    "carrier": "voicebot.cli.carrier:carrier",
    "db": "voicebot.cli.db:db",
    "demo": "voicebot.cli.demo:demo",
    "dialogs": "voicebot.cli.dialogs:dialogs",
    "doctor": "voicebot.cli.doctor:doctor",
    "duty": "voicebot.cli.duty:duty",
    "intents": "voicebot.cli.intents:intents",
    "phone": "voicebot.cli.phone:phone",
    "residents": "voicebot.cli.residents:residents",
    "serve": "voicebot.cli.serve:serve",
    "understand": "voicebot.cli.understand:understand",
    "worker": "voicebot.cli.worker:worker",
}


class _Commands(click.Group):
    """Loads a command's module when it is asked for: `understand` need not wait for the job engine."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands)
@click.version_option(package_name="voicebot")
def voicebot() -> None:
    """A city's telephone voice-bot: it answers and places calls in Korean.

    Start with `voicebot demo` (or `make run`); `voicebot doctor` says what is missing.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


def main() -> None:
    """Run a command; what we raise on purpose becomes a message and an exit code, never a traceback."""
    try:
        voicebot(standalone_mode=True)
    except DataFileError as error:
        click.echo(f"{len(error.problems)} problem(s):", err=True)
        for problem in error.problems:
            click.echo(f"  {problem}", err=True)
        sys.exit(1)
    except VoicebotError as error:
        click.echo(f"voicebot: {error}", err=True)
        sys.exit(1)
    except _database_faults() as error:
        click.echo(f"voicebot: the database failed ({_first_line(error)}); run: voicebot doctor", err=True)
        sys.exit(1)


def _database_faults() -> type[Exception]:
    """Looked up only when something was raised: `understand` need not load SQLAlchemy."""
    from sqlalchemy.exc import DBAPIError

    return DBAPIError


def _first_line(error: Exception) -> str:
    """The driver's own words; the rest of SQLAlchemy's message is the statement."""
    return str(getattr(error, "orig", error)).splitlines()[0]
