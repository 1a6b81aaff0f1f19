"""What people propose that the understanding should learn; nothing is learnt before a person approves it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from voicebot.records.columns import EncryptedText, UtcDateTime, closed_set
from voicebot.records.tables.base import Record


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class ExampleProposal(Record, table=True):
    """A sentence that was taken for one intent and meant another. One for each source and meaning."""

    __tablename__ = "example_proposal"
    __table_args__ = (UniqueConstraint("source", "meant"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str
    """Where it comes from: ``ticket:<number>``, ``cli:<hash of the text>``."""
    text: str = Field(sa_type=EncryptedText("example_proposal.text"))
    """What the caller said; after approval, what is learnt."""
    heard_as: str | None = None
    """The intent that was understood."""
    meant: str
    """The intent that a person says it is."""
    state: ProposalState = Field(
        default=ProposalState.PROPOSED, sa_type=closed_set(ProposalState), index=True
    )
    note: str | None = Field(default=None, sa_type=EncryptedText("example_proposal.note"))
    """Why it was decided so."""
    proposed_by: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
