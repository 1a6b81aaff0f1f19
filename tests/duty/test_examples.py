"""Corrected sentences: proposed, decided by a person, written down once, and never with anybody's name."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from voicebot.clock import ManualClock
from voicebot.duty.examples import APPROVED, approve, looks_personal, reject
from voicebot.errors import RecordConflict, RecordNotFound
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.intents.sentences import read_file
from voicebot.records import audit
from voicebot.records.database import transaction
from voicebot.records.proposals import proposals, propose_example
from voicebot.records.tables import ExampleProposal, ProposalState

SAID = "골목에 세워 둔 차가 석 달째 그대로예요"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "approved.jsonl"


def propose(db: Session, clock: ManualClock, text: str = SAID, source: str = "ticket:1") -> ExampleProposal:
    return propose_example(
        db,
        source=source,
        text=text,
        heard_as="illegal_parking",
        meant="abandoned_vehicle",
        actor="staff:7",
        at=clock.now(),
    )


def lines(file: Path) -> list[tuple[str, str]]:
    return [(one.text, one.intent) for one in read_file(file, catalogue())]


def test_the_same_correction_twice_is_one_proposal(engine: Engine, clock: ManualClock) -> None:
    for _ in range(2):
        with transaction(engine) as db:
            propose(db, clock)
    with transaction(engine) as db:
        assert [(one.text, one.meant) for one in proposals(db)] == [(SAID, "abandoned_vehicle")]


def test_nothing_is_written_before_a_person_approves(db: Session, clock: ManualClock, file: Path) -> None:
    propose(db, clock)
    assert not file.exists()
    assert not APPROVED.exists() or SAID not in APPROVED.read_text(encoding="utf-8")


def test_an_approved_sentence_can_be_learnt_from_and_leaves_the_list(
    db: Session, clock: ManualClock, file: Path
) -> None:
    proposal = propose(db, clock)
    assert proposal.id is not None
    approve(db, proposal.id, actor="staff:9", at=clock.now(), file=file)
    assert lines(file) == [(SAID, "abandoned_vehicle")]
    assert not proposals(db)
    events = audit.events_of(db, subject=f"example:{proposal.id}")
    assert [(event.action, event.actor) for event in events] == [
        ("example.proposed", "staff:7"),
        ("example.approved", "staff:9"),
    ]
    assert SAID not in str([event.detail for event in events])


def test_a_commit_that_fails_after_the_file_was_written_does_not_double_the_line(
    engine: Engine, clock: ManualClock, file: Path
) -> None:
    with transaction(engine) as db:
        number = propose(db, clock).id
    assert number is not None
    with Session(engine) as session:
        approve(session, number, actor="staff:9", at=clock.now(), file=file)
        session.rollback()  # the commit failed
    with transaction(engine) as db:
        assert [one.id for one in proposals(db)] == [number]
        approve(db, number, actor="staff:9", at=clock.now(), file=file)
        approve(db, number, actor="staff:9", at=clock.now(), file=file)
    assert lines(file) == [(SAID, "abandoned_vehicle")]


def test_a_rejected_sentence_stays_out(db: Session, clock: ManualClock, file: Path) -> None:
    proposal = propose(db, clock)
    assert proposal.id is not None
    reject(db, proposal.id, actor="staff:9", at=clock.now(), note="불법 주차가 맞음")
    assert proposals(db, state=ProposalState.REJECTED)[0].note == "불법 주차가 맞음"
    with pytest.raises(RecordConflict, match="rejected by staff:9"):
        approve(db, proposal.id, actor="staff:8", at=clock.now(), file=file)
    assert not file.exists()


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("제 번호가 공일공 일이삼사에 오육칠팔이에요", "번호"),
        ("010-1234-5678로 전화 주세요", "번호"),
        ("중동 101동 1203호인데 시끄러워요", "주소"),
        ("괴안동 20 다시 7 가로등이요", "주소"),
        ("제 이름은 김순자예요", "이름"),
        ("박영수 씨가 쓰레기를 버려요", "이름"),
    ],
)
def test_a_sentence_that_may_name_somebody_is_not_taken_as_it_is(
    db: Session, clock: ManualClock, file: Path, said: str, what: str
) -> None:
    proposal = propose(db, clock, said)
    assert proposal.id is not None
    with pytest.raises(RecordConflict, match=what):
        approve(db, proposal.id, actor="staff:9", at=clock.now(), file=file)
    approve(db, proposal.id, actor="staff:9", at=clock.now(), text="가로등이 꺼졌어요", file=file)
    assert lines(file) == [("가로등이 꺼졌어요", "abandoned_vehicle")]


@pytest.mark.parametrize(
    "said", [SAID, "가로등 두 개가 나갔어요", "밤 열두 시 반인데 공사를 해요", "역곡 일동 골목이요"]
)
def test_an_ordinary_sentence_names_nobody(said: str) -> None:
    assert looks_personal(said) is None


def test_an_unknown_number_says_so(db: Session, clock: ManualClock, file: Path) -> None:
    with pytest.raises(RecordNotFound, match="no proposal 4711"):
        approve(db, 4711, actor="staff:9", at=clock.now(), file=file)
