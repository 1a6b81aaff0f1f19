"""``voicebot duty board`` and ``voicebot duty ticket``: what an officer does in the terminal at night."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import Run
from tests.duty.reporters import report
from voicebot.clock import ManualClock, SystemClock
from voicebot.duty.incidents import join_incident
from voicebot.records import audit
from voicebot.records.database import open_database, reading, transaction
from voicebot.records.proposals import proposals
from voicebot.records.tables import Ticket, TicketState

SAID = "부천역 앞 가로등이 꺼졌어요"


@pytest.fixture
def house(
    tmp_path: Path, migrated_sqlite_file: Path, monkeypatch: pytest.MonkeyPatch, secret_key: bytes
) -> Engine:
    """The command's own database."""
    path = tmp_path / "voicebot.db"
    shutil.copyfile(migrated_sqlite_file, path)
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", f"sqlite:///{path}")
    return open_database(f"sqlite:///{path}", secret_key)


@pytest.fixture
def number(house: Engine) -> str:
    """A reported lamp."""
    return _reported(house, "streetlight", said=SAID, place="부천역 앞", gu="원미구")


def _reported(house: Engine, intent: str, **details: str) -> str:
    clock = ManualClock(SystemClock().now())
    with transaction(house) as db:
        ticket = report(db, clock, intent, **details)
        join_incident(db, ticket, at=clock.now())
        return str(ticket.id)


def _ticket(house: Engine, number: str) -> Ticket:
    with reading(house) as db:
        ticket = db.get(Ticket, int(number))
        assert ticket is not None
        return ticket


def test_an_empty_board_says_so(run: Run, house: Engine) -> None:
    ran = run("duty", "board")
    assert (ran.code, ran.err) == (0, "")
    assert "신고가 없습니다" in ran.out
    assert run("duty", "board", "--json").out == ""


def test_the_board_shows_place_and_state_and_no_words(run: Run, house: Engine, number: str) -> None:
    fire = _reported(house, "fire", said="불이 났어요", place="역곡역")
    ran = run("duty", "board", "--by", "kim")
    header, first, second = ran.out.splitlines()
    assert header.split() == ["긴급도", "번호", "상태", "경과", "장소", "내용", "담당"]
    assert first.split() == ["!!", "긴급", fire, "접수", "방금", "역곡역", "화재", "재난안전과"]
    assert second.split()[:3] == ["일반", number, "접수"]
    assert "원미구 부천역 앞" in second
    assert "꺼졌어요" not in ran.out
    with reading(house) as db:
        (event,) = audit.events_of(db, subject="duty")
        assert (event.action, event.actor) == ("board.viewed", "staff:kim")
        assert event.detail == {"tickets": [int(fire), int(number)]}


def test_the_board_for_programs_is_one_object_a_line(run: Run, house: Engine, number: str) -> None:
    (line,) = run("duty", "board", "--json", "--department", "도로관리과").out.splitlines()
    row = json.loads(line)
    assert (row["number"], row["state"], row["urgency"]) == (int(number), "new", "routine")
    assert (row["place"], row["callers"]) == ("부천역 앞", 1)
    assert "said" not in row


def test_states_choose_what_the_board_shows(run: Run, house: Engine, number: str) -> None:
    run("duty", "ticket", number, "--done", "--by", "kim")
    assert "신고가 없습니다" in run("duty", "board").out
    assert "처리 완료" in run("duty", "board", "--state", "done", "--state", "rejected").out
    assert "처리 완료" in run("duty", "board", "--state", "all").out


def test_looking_at_a_ticket_shows_its_words_and_is_audited(run: Run, house: Engine, number: str) -> None:
    _reported(house, "streetlight", number="+821000000012", place="부천역")
    ran = run("duty", "ticket", number, "--by", "kim")
    assert ran.code == 0, ran.err
    for shown in (SAID, "원미구 부천역 앞", "도로관리과", "접수", "(2명)", "call:"):
        assert shown in ran.out, shown
    with reading(house) as db:
        event = audit.events_of(db, subject=f"ticket:{number}")[-1]
        assert (event.action, event.actor) == ("ticket.viewed", "staff:kim")


def test_nobody_looks_without_saying_who(run: Run, house: Engine, number: str) -> None:
    ran = run("duty", "ticket", number)
    assert ran.code == 2
    assert "--by" in ran.err
    assert SAID not in ran.out


def test_a_ticket_goes_its_way(run: Run, house: Engine, number: str) -> None:
    for arguments, state in (
        (["--accept"], TicketState.ACCEPTED),
        (["--start"], TicketState.IN_PROGRESS),
        (["--hand-over", "교통정책과"], TicketState.HANDED_OVER),
        (["--done"], TicketState.DONE),
        (["--reopen", "--note", "또 꺼짐"], TicketState.IN_PROGRESS),
        (["--reject", "--note", "사유지"], TicketState.REJECTED),
    ):
        ran = run("duty", "ticket", number, *arguments, "--by", "kim")
        assert ran.code == 0, ran.err
        assert SAID not in ran.out
        assert _ticket(house, number).state is state
    assert _ticket(house, number).department == "교통정책과"
    shown = run("duty", "ticket", number, "--by", "lee").out
    assert "접수 → 담당자 확인" in shown
    assert "처리 중 → 처리 불가: 사유지" in shown


def test_starting_what_is_done_is_not_reopening_it(run: Run, house: Engine, number: str) -> None:
    run("duty", "ticket", number, "--done", "--by", "kim")
    ran = run("duty", "ticket", number, "--start", "--note", "시작", "--by", "lee")
    assert ran.code == 1
    assert "--reopen" in ran.err
    assert _ticket(house, number).state is TicketState.DONE
    other = _reported(house, "waste")
    assert "it is open" in run("duty", "ticket", other, "--reopen", "--note", "x", "--by", "lee").err


def test_the_second_to_accept_is_told_who_was_first(run: Run, house: Engine, number: str) -> None:
    run("duty", "ticket", number, "--accept", "--by", "kim")
    ran = run("duty", "ticket", number, "--accept", "--by", "lee")
    assert ran.code == 1
    assert "by staff:kim" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--reject"], 1, "reason"),
        (["--hand-over", "도로과"], 1, "도로관리과"),
        (["--correct", "street_lamp"], 1, "no intent"),
        (["--merge-into", "4711"], 1, "no ticket 4711"),
        (["--note", " "], 1, "empty"),
        (["--accept", "--done"], 2, "one thing at a time"),
        (["--merge-into", "99999999999"], 2, "range"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    run: Run, house: Engine, number: str, arguments: list[str], code: int, message: str
) -> None:
    ran = run("duty", "ticket", number, *arguments, "--by", "kim")
    assert ran.code == code
    assert message in ran.err
    assert _ticket(house, number).state is TicketState.NEW


def test_an_unknown_ticket_is_an_error(run: Run, house: Engine) -> None:
    ran = run("duty", "ticket", "4711", "--by", "kim")
    assert (ran.code, ran.err.strip()) == (1, "voicebot: no ticket 4711")


def test_a_correction_reroutes_and_proposes(run: Run, house: Engine, number: str) -> None:
    ran = run("duty", "ticket", number, "--correct", "traffic_signal", "--note", "신호등임", "--by", "kim")
    assert ran.code == 0, ran.err
    assert "교통정책과" in ran.out
    with reading(house) as db:
        assert [(one.meant, one.proposed_by) for one in proposals(db)] == [("traffic_signal", "staff:kim")]


def test_merging_and_notes_stand_in_the_history(run: Run, house: Engine, number: str) -> None:
    other = _reported(house, "streetlight", place="부천역")
    assert run("duty", "ticket", other, "--merge-into", number, "--by", "kim").code == 0
    assert run("duty", "ticket", number, "--note", "내일 교체", "--by", "kim").code == 0
    shown = run("duty", "ticket", number, "--by", "kim").out
    assert f"#{other} 합침" in shown
    assert "추가: 내일 교체" in shown


def test_help_names_every_action(run: Run) -> None:
    shown = run("duty", "ticket", "--help").out
    for option in ("--accept", "--start", "--hand-over", "--done", "--reject", "--reopen", "--merge-into"):
        assert option in shown
    assert {"board", "ticket"} <= set(run("duty", "--help").out.split())
