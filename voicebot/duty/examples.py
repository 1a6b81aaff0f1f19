"""Sentences that the ear heard wrong become examples, when a person says so. Nothing is learnt by itself.

Approved sentences stand in ``intents/sentences/approved.jsonl``, a file like the others: it is reviewed, kept with the
project, and learnt when the ears are built the next time. It must name nobody, so a sentence with what looks like a
number, a name or an exact address is not taken as it is.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from voicebot.errors import RecordConflict, VoicebotError
from voicebot.nlu.intents.catalogue import INTENTS, catalogue
from voicebot.nlu.intents.sentences import read_file
from voicebot.records.proposals import decide, proposal_for_update
from voicebot.records.tables import ExampleProposal, ProposalState

APPROVED = INTENTS / "sentences" / "approved.jsonl"

_FIGURES = "[0-9영공일이삼사오육륙칠팔구]"
_PERSONAL = (
    (re.compile(rf"(?:{_FIGURES}[ -]*){{6,}}"), "번호"),
    (re.compile(rf"{_FIGURES}+ ?동 ?{_FIGURES}+ ?호|[0-9]+ ?번지|[0-9]+-[0-9]+|[0-9]+ 다시 [0-9]+"), "주소"),
    (re.compile("(?:제|내|저희|우리)[가-힣 ]{0,8}(?:이름|성함)[은이]? ?[가-힣]{2,4}"), "이름"),
    (re.compile("[가-힣]{2,4} ?(?:이라고 ?하는|라고 ?합니다|라고 ?해요|씨[가는를의 ])"), "이름"),
)


def looks_personal(text: str) -> str | None:
    """What in a sentence may point to somebody, in Korean (번호, 주소, 이름); None when nothing does. Prefers a false
    alarm: a person reads the sentence anyway."""
    return next((name for pattern, name in _PERSONAL if pattern.search(text)), None)


def require_intent(name: str) -> None:
    """Raises VoicebotError for a name that is no intent."""
    if name not in catalogue():
        raise VoicebotError(f"'{name}' is no intent; the names are those of the files in intents/")


def approve(
    db: Session,
    proposal_id: int,
    *,
    actor: str,
    at: datetime,
    text: str | None = None,
    file: Path = APPROVED,
) -> ExampleProposal:
    """Take a sentence into the file, in ``text``'s wording if given. Done twice, or after a crash, it stands there once.

    Raises RecordNotFound, RecordConflict (decided otherwise, or it may name somebody).
    """
    proposal = proposal_for_update(db, proposal_id)
    wording = " ".join((text or proposal.text).split())
    if (what := looks_personal(wording)) is not None:
        raise RecordConflict(
            f"the sentence may tell who it is about ({what}); give it without that: --text '…'"
        )
    require_intent(proposal.meant)
    decide(db, proposal, state=ProposalState.APPROVED, actor=actor, at=at, text=wording)
    # The file comes last: if the commit fails after it, approving again finds the line and leaves it.
    _write_down(proposal.text, proposal.meant, file)
    return proposal


def reject(
    db: Session, proposal_id: int, *, actor: str, at: datetime, note: str | None = None
) -> ExampleProposal:
    """Leave a sentence out. Raises RecordNotFound, RecordConflict (approved already)."""
    proposal = proposal_for_update(db, proposal_id)
    decide(db, proposal, state=ProposalState.REJECTED, actor=actor, at=at, note=note)
    return proposal


def _write_down(text: str, intent: str, file: Path) -> None:
    there = read_file(file, catalogue()) if file.exists() else []
    if any((line.text, line.intent) == (text, intent) for line in there):
        return
    line = json.dumps({"text": text, "intent": intent}, ensure_ascii=False)
    with file.open("a", encoding="utf-8") as out:
        out.write(line + "\n")
