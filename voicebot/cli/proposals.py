"""``voicebot intents proposals``: decide which corrected sentences the ear may learn."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click
from sqlalchemy import Engine

from voicebot.app import open_records, require_schema
from voicebot.clock import SystemClock, in_seoul
from voicebot.config import load_settings
from voicebot.duty.examples import APPROVED, approve, reject, require_intent, require_words
from voicebot.nlu.intents.understand import understand_utterance
from voicebot.records.database import reading, transaction
from voicebot.records.proposals import proposals as list_proposals
from voicebot.records.proposals import propose_example
from voicebot.records.tables import ExampleProposal, ProposalState

_by = click.option("--by", required=True, help="Who decides it (a member of staff), for the audit trail.")


@click.group()
def proposals() -> None:
    """Sentences that were heard wrong: propose, approve or reject them. Nothing is learnt without a person."""


@proposals.command("list")
@click.option(
    "--state",
    type=click.Choice([*(state.value for state in ProposalState), "all"]),
    default=ProposalState.PROPOSED.value,
    show_default=True,
)
def list_(state: str) -> None:
    """List proposals, the oldest first."""
    with reading(_records()) as db:
        found = list_proposals(db, state=None if state == "all" else ProposalState(state))
        for proposal in found:
            click.echo(_line(proposal))
    if not found:
        click.echo(
            "There is none. A corrected ticket proposes one, or: voicebot intents proposals add TEXT MEANT"
        )


@proposals.command()
@click.argument("text")
@click.argument("meant")
@_by
def add(text: str, meant: str, by: str) -> None:
    """Propose TEXT as an example of the intent MEANT."""
    require_intent(meant)
    require_words(text)
    heard = understand_utterance(text)
    source = f"cli:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    with transaction(_records()) as db:
        proposal = propose_example(
            db,
            source=source,
            text=text,
            heard_as=heard.intent.id,
            meant=meant,
            actor=f"staff:{by}",
            at=SystemClock().now(),
        )
        click.echo(_line(proposal))


@proposals.command("approve")
@click.argument("number", type=int)
@click.option("--text", help="The wording to learn instead: without names, numbers and addresses.")
@click.option(
    "--names-nobody", is_flag=True, help="I have read it: what looks like a name or number is none."
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, dir_okay=False),
    default=APPROVED,
    help="The file of sentences it is added to. Default: intents/sentences/approved.jsonl",
)
@_by
def approve_(number: int, text: str | None, names_nobody: bool, into: Path, by: str) -> None:
    """Take proposal NUMBER into the sentences that are learnt."""
    now, actor = SystemClock().now(), f"staff:{by}"
    with transaction(_records()) as db:
        taken = approve(db, number, actor=actor, at=now, text=text, names_nobody=names_nobody, file=into)
        click.echo(_line(taken))
    click.echo(f"It stands in {into} and is learnt with: voicebot intents build")


@proposals.command("reject")
@click.argument("number", type=int)
@click.option("--note", help="Why, for whoever asks later.")
@_by
def reject_(number: int, note: str | None, by: str) -> None:
    """Leave proposal NUMBER out."""
    with transaction(_records()) as db:
        click.echo(_line(reject(db, number, actor=f"staff:{by}", at=SystemClock().now(), note=note)))


def _line(proposal: ExampleProposal) -> str:
    when = in_seoul(proposal.created_at).strftime("%Y-%m-%d %H:%M")
    heard = f"{proposal.heard_as} → " if proposal.heard_as else ""
    return f"{proposal.id:>5}  {when}  {proposal.state:9} {heard}{proposal.meant} | {proposal.text}"


def _records() -> Engine:
    engine = open_records(load_settings())
    require_schema(engine)
    return engine
