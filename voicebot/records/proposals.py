"""Sentences proposed for learning: proposed by a correction, decided by a person, every step audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from voicebot.errors import RecordConflict, RecordNotFound
from voicebot.records import audit
from voicebot.records.inserting import insert_unless_there
from voicebot.records.tables import ExampleProposal, ProposalState


def propose_example(
    db: Session, *, source: str, text: str, heard_as: str | None, meant: str, actor: str, at: datetime
) -> ExampleProposal:
    """Keep a sentence for a person to decide on. The same correction again gives the one that stands."""
    wanted = ExampleProposal(
        source=source, text=text, heard_as=heard_as, meant=meant, proposed_by=actor, created_at=at
    )
    if standing := _same(db, source, meant):
        return standing
    if insert_unless_there(db, wanted):
        detail = {"heard_as": heard_as, "meant": meant, "source": source}
        _audit(db, wanted, "example.proposed", actor, at, detail)
        return wanted
    standing = _same(db, source, meant)
    assert standing is not None
    return standing


def proposals(
    db: Session, *, state: ProposalState | None = ProposalState.PROPOSED, limit: int = 200
) -> Sequence[ExampleProposal]:
    """Those in a state (None: all), the oldest first."""
    query = select(ExampleProposal).order_by(col(ExampleProposal.id)).limit(limit)
    if state is not None:
        query = query.where(ExampleProposal.state == state)
    return db.exec(query).all()


def proposal_for_update(db: Session, proposal_id: int) -> ExampleProposal:
    """One proposal, locked until the transaction ends. Raises RecordNotFound."""
    query = select(ExampleProposal).where(ExampleProposal.id == proposal_id).with_for_update()
    found = db.exec(query).one_or_none()
    if found is None:
        raise RecordNotFound(f"no proposal {proposal_id}")
    return found


def decide(
    db: Session,
    proposal: ExampleProposal,
    *,
    state: ProposalState,
    actor: str,
    at: datetime,
    text: str | None = None,
    note: str | None = None,
) -> None:
    """Approve or reject. ``text`` replaces the wording (without names, for instance). Decided is decided: the same
    decision again changes nothing, another one raises RecordConflict."""
    if proposal.state == state:
        return
    if proposal.state is not ProposalState.PROPOSED:
        raise RecordConflict(f"proposal {proposal.id} was {proposal.state} by {proposal.decided_by} already")
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.note = state, actor, at, note
    if text is not None:
        proposal.text = text
    db.add(proposal)
    db.flush()
    _audit(db, proposal, f"example.{state}", actor, at, {"reworded": text is not None})


def _same(db: Session, source: str, meant: str) -> ExampleProposal | None:
    query = select(ExampleProposal).where(ExampleProposal.source == source, ExampleProposal.meant == meant)
    return db.exec(query).one_or_none()


def _audit(
    db: Session,
    proposal: ExampleProposal,
    action: str,
    actor: str,
    at: datetime,
    detail: Mapping[str, object],
) -> None:
    audit.record(db, at=at, actor=actor, action=action, subject=f"example:{proposal.id}", detail=detail)
