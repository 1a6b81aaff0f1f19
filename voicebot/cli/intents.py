"""``voicebot intents``: check the catalogue of intents, measure how well they are heard, build the ear."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from voicebot.cli.proposals import proposals
from voicebot.errors import DataFileError, Problem
from voicebot.nlu.ear import ear
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.intents.evaluate import evaluate, figures, read_rows, regressions
from voicebot.nlu.intents.sentences import read_sentences
from voicebot.nlu.intents.understand import understand_utterance


@click.group()
def intents() -> None:
    """What residents ring the duty desk about: the catalogue in intents/. Explained in docs/understanding.md."""


intents.add_command(proposals)


@intents.command()
def check() -> None:
    """Read every file of intents/ and report all its problems with file and line."""
    known = catalogue()
    sentences = read_sentences(known)
    click.echo(f"{len(known)} intents, {len(sentences)} labelled sentences: no problem found")


@intents.command()
def build() -> None:
    """Learn the ear from the labelled sentences now, rather than at the first call (a little over a minute).

    It is kept in var/models and built again whenever a sentence or the analyser changes.
    """
    click.echo(f"{len(ear().encoder.columns)} features, ready")


@intents.command("eval")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--against",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Kept figures (the output of --json): exit 1 if something became worse by more than half a point.",
)
@click.option("--wrong", is_flag=True, help="List every sentence that was heard wrong.")
def evaluate_file(file: Path, as_json: bool, against: Path | None, wrong: bool) -> None:
    """Measure how FILE (JSON lines: text, intent, …) is understood.

    Accuracy, macro-F1, confusions, emergency recall and false alarms, calibration, places, each style.
    """
    judged = evaluate(read_rows(file), understand_utterance)
    found = figures(judged)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _table(found))
    for one in judged if wrong else []:
        if not one.is_right:
            click.echo(
                f"{one.row['intent']} → {one.heard.intent.id} {one.heard.confidence:.2f} | {one.row['text']}"
            )
    if against is not None and (worse := regressions(found, _kept(against))):
        click.echo("worse than the kept figures:\n  " + "\n  ".join(worse), err=True)
        sys.exit(1)


def _kept(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        problem = Problem(
            str(path), None, "wrong-file", str(error), "write it with: voicebot intents eval FILE --json"
        )
        raise DataFileError([problem]) from error
    return dict(kept)


def _table(found: dict[str, Any]) -> str:
    lines = [f"{name:20} {value}" for name, value in found.items() if not isinstance(value, dict | list)]
    lines += ["", "by style"] + [f"  {style:18} {share}" for style, share in found["styles"].items()]
    lines += ["", "most often confused (meant → heard)"]
    lines += [f"  {pair['meant']} → {pair['heard']}: {pair['count']}" for pair in found["confusions"]]
    return "\n".join(lines)
