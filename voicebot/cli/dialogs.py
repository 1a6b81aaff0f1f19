"""``voicebot dialogs``: check, draw and try the conversations before anybody is rung."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from voicebot.cli.lines import act_scripted, actions_of, understand_scripted
from voicebot.config import PROJECT_ROOT
from voicebot.dialog.reporting import Report, report_check, report_draw, report_test

_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=PROJECT_ROOT / "dialogs",
    show_default="dialogs/",
    help="Where the dialogs lie.",
)


@click.group()
def dialogs() -> None:
    """Conversations: check, draw and try them. How to write one: docs/dialogs.md."""


@dialogs.command()
@_FOLDER
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check(folder: Path, as_json: bool) -> None:
    """Report every problem of every dialog at once, with file, line and code."""
    _say(report_check(folder, actions_of, as_json=as_json))


@dialogs.command()
@click.argument("names", nargs=-1)
@_FOLDER
@click.option("--into", type=click.Path(path_type=Path), default=Path("var/drawings"), show_default=True)
@click.option("--as", "kind", type=click.Choice(["svg", "mermaid"]), default="svg", show_default=True)
@click.option("--coverage", is_flag=True, help="Mark what no scripted call has tried.")
def draw(
    names: tuple[str, ...], folder: Path, into: Path, kind: Literal["svg", "mermaid"], coverage: bool
) -> None:
    """Draw NAMES (all, if none are given) as pictures."""
    _say(
        report_draw(
            folder, into, kind=kind, names=names, with_coverage=coverage, understand=understand_scripted
        )
    )


@dialogs.command()
@click.argument("names", nargs=-1)
@_FOLDER
def test(names: tuple[str, ...], folder: Path) -> None:
    """Play the scripted calls of NAMES (all, if none are given); tell what none of them tried."""
    _say(report_test(folder, understand_scripted, names=names, act=act_scripted))


def _say(report: Report) -> None:
    click.echo(report.text)
    sys.exit(report.status)
