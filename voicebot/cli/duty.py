"""``voicebot duty``: the duty desk from the terminal, over the services that the console uses."""

from __future__ import annotations

import importlib

import click

_COMMANDS: dict[str, str] = {
    "announce": "voicebot.cli.duty_announce:announce",
    "board": "voicebot.cli.duty_board:board_",
    "digest": "voicebot.cli.duty_digest:digest",
    "keys": "voicebot.cli.duty_keys:keys",
    "roster": "voicebot.cli.duty_roster:roster",
    "ticket": "voicebot.cli.duty_ticket:ticket",
}


class _Commands(click.Group):
    """Loads a verb's module when it is asked for."""

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
def duty() -> None:
    """The duty desk: tickets, officers on shift, announcements."""
