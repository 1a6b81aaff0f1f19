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
from voicebot.nlu.heard import listen
from voicebot.nlu.intents.catalogue import INTENTS, catalogue
from voicebot.nlu.intents.sentences import read_file
from voicebot.records.proposals import decide, proposal_for_update
from voicebot.records.tables import ExampleProposal, ProposalState

APPROVED = INTENTS / "sentences" / "approved.jsonl"

_FIGURES = "[0-9영공일이삼사오육륙칠팔구십백천만]"
_SURNAMES = "[김이박최정강조윤장임한오서신권황안송류유홍전고문손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소]"
_PERSONAL = (
    (re.compile(rf"(?:{_FIGURES}[ -]*){{6,}}"), "번호"),
    (re.compile(rf"{_FIGURES}+ ?동 ?{_FIGURES}+ ?호|[0-9]+ ?번지|[0-9]+-[0-9]+|[0-9]+ 다시 [0-9]+"), "주소"),
    (re.compile("(?:제|내|저희|우리)[가-힣 ]{0,8}(?:이름|성함)[은이]? ?[가-힣]{2,4}"), "이름"),
    (
        re.compile(rf"(?:^| ){_SURNAMES}[가-힣]{{2}}(?:입니다|이에요|예요|이라고|라고|이가|이는)(?: |$)"),
        "이름",
    ),
    (
        re.compile(
            rf"(?:엄마|아빠|어머니|아버지|할머니|할아버지|남편|아내|아들|딸) {_SURNAMES}[가-힣]{{1,3}}[가이는은을를] "
        ),
        "이름",
    ),
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


def require_words(text: str) -> None:
    """Raises VoicebotError for a sentence without a word: it could not be learnt, and would stop the learning of all."""
    if not listen(text).solid:
        raise VoicebotError("there is no word in the sentence")


def approve(
    db: Session,
    proposal_id: int,
    *,
    actor: str,
    at: datetime,
    text: str | None = None,
    names_nobody: bool = False,
    file: Path = APPROVED,
) -> ExampleProposal:
    """Take a sentence into the file, in ``text``'s wording if given. Done twice, or after a crash, it stands there once.

    ``names_nobody``: a person has read it and what looks like a name is none. Raises RecordNotFound, RecordConflict
    (decided otherwise, or it may name somebody), VoicebotError (no word in it).
    """
    proposal = proposal_for_update(db, proposal_id)
    wording = " ".join((text or proposal.text).split())
    require_words(wording)
    if not names_nobody and (what := looks_personal(wording)) is not None:
        raise RecordConflict(
            f"the sentence may tell who it is about ({what}); give it without that: --text '…', "
            "or, if it names nobody: --names-nobody"
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
