"""The morning digest: each routine ticket once, in its department's, at nine on a working day."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.duty.watch import put_ticket
from voicebot.clock import SEOUL, ManualClock
from voicebot.duty.digest_morning import Sent, digest_job, send_digests
from voicebot.duty.digests import NO_DEPARTMENT, Digest, digest_of, last_morning, mark, send, unsent
from voicebot.duty.postbox import FilePostbox, Postbox, file_name
from voicebot.errors import ConfigurationError
from voicebot.records.database import reading, transaction
from voicebot.records.tables import AuditEvent, Ticket, TicketState, Urgency

LAMPS = "도로관리과"
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=SEOUL)
NIGHT_BEFORE = TUESDAY - timedelta(hours=11)


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


@dataclass
class Shelf:
    """A postbox that counts, and that refuses while it is told to."""

    put_here: list[tuple[str, date]] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)

    def put(self, *, department: str, day: date, text: str) -> str:
        if department in self.refuses:
            raise ConfigurationError("the postbox is full")
        self.put_here.append((department, day))
        return f"shelf/{department}"


def routine(db: Session, at: datetime = NIGHT_BEFORE, **details: Any) -> Ticket:
    facts: dict[str, Any] = {"intent": "streetlight", "urgency": Urgency.ROUTINE, "department": LAMPS}
    return put_ticket(db, at, **(facts | details))


def store(engine: Engine, at: datetime = NIGHT_BEFORE, **details: Any) -> int:
    with transaction(engine) as db:
        ticket = routine(db, at, **details)
    assert ticket.id is not None
    return ticket.id


def round_at(engine: Engine, at: datetime, postbox: Postbox, department: str | None = None) -> Sent:
    return send_digests(
        engine, at=at, is_working_day=is_weekday, postbox=postbox, actor="system", department=department
    )


def test_a_digest_says_what_the_department_needs_and_no_more(db: Session) -> None:
    first = routine(
        db,
        place="부천역 남부광장\n앞",
        since="사흘 전부터",
        may_call_back=True,
        said="가로등이 깜빡여요",
        caller_hash="ab12",
    )
    second = routine(db, intent="tree_park", gu=None, dong=None, may_call_back=False, is_partial=True)
    routine(db, department="대중교통과")
    assert digest_of(db, LAMPS, TUESDAY) == (
        "[당직 민원] 도로관리과 · 2026년 11월 24일 화요일 09:00 · 2건\n"
        "\n"
        f"{first.id}번 가로등·보안등\n"
        "  장소: 원미구 중동 (부천역 남부광장 앞)\n"
        "  언제부터: 사흘 전부터\n"
        "  접수: 11월 23일 22:00\n"
        "  회신 전화: 원함\n"
        "\n"
        f"{second.id}번 가로수·공원\n"
        "  장소: 장소 미상\n"
        "  언제부터: 확인하지 못함\n"
        "  접수: 11월 23일 22:00\n"
        "  회신 전화: 원하지 않음\n"
        "  통화가 도중에 끊겨 확인하지 못한 내용이 있습니다.\n"
    )
    assert digest_of(db, "세정과", TUESDAY) is None
    assert first.digest_on is None


@pytest.mark.parametrize(
    "details",
    [
        {"urgency": Urgency.URGENT},
        {"urgency": Urgency.EMERGENCY},
        {"state": TicketState.DONE},
        {"state": TicketState.MERGED},
        {"state": TicketState.HANDED_OVER},
        {"digest_on": TUESDAY - timedelta(days=4)},
    ],
)
def test_what_others_look_after_is_not_in_it(db: Session, details: dict[str, Any]) -> None:
    routine(db, **details)
    assert digest_of(db, LAMPS, TUESDAY) is None


def test_each_department_gets_its_own_once(engine: Engine) -> None:
    ids = [store(engine), store(engine), store(engine, department="대중교통과")]
    store(engine, intent="department_request", urgency=Urgency.INFO, department=None)
    shelf = Shelf()
    sent = round_at(engine, TUESDAY, shelf)
    assert [digest.department for digest, _ in sent.delivered] == [NO_DEPARTMENT, "대중교통과", LAMPS]
    for minutes in (1, 5, 60 * 24):
        assert round_at(engine, TUESDAY + timedelta(minutes=minutes), shelf) == Sent()
    assert len(shelf.put_here) == 3
    with reading(engine) as db:
        lamp = db.get(Ticket, ids[0])
        assert lamp is not None
        assert lamp.digest_on == TUESDAY
        events = db.exec(select(AuditEvent).where(AuditEvent.action == "digest.sent")).all()
        assert {"tickets": ids[:2]} in [event.detail for event in events]


def test_nothing_goes_out_before_nine_nor_on_a_day_off(engine: Engine) -> None:
    friday_night = datetime(2026, 11, 20, 23, 0, tzinfo=SEOUL)
    store(engine, friday_night)
    shelf = Shelf()
    for at in (
        friday_night + timedelta(hours=10),  # Saturday
        friday_night + timedelta(hours=34),  # Sunday
        datetime(2026, 11, 23, 8, 59, 59, tzinfo=SEOUL),
    ):
        assert round_at(engine, at, shelf) == Sent()
    assert len(round_at(engine, datetime(2026, 11, 23, 9, 0, tzinfo=SEOUL), shelf).delivered) == 1
    assert shelf.put_here == [(LAMPS, date(2026, 11, 23))]


def test_after_a_long_stop_everything_goes_into_one_digest(engine: Engine) -> None:
    store(engine, TUESDAY - timedelta(days=6))
    store(engine, TUESDAY - timedelta(days=1))
    shelf = Shelf()
    assert len(round_at(engine, TUESDAY + timedelta(hours=5), shelf).delivered) == 1
    assert shelf.put_here == [(LAMPS, TUESDAY.date())]


def test_what_comes_after_the_digest_waits_for_the_next(engine: Engine) -> None:
    store(engine)
    shelf = Shelf()
    round_at(engine, TUESDAY, shelf)
    store(engine, TUESDAY + timedelta(minutes=30))
    store(engine, NIGHT_BEFORE)  # an urgent one of the night, corrected to routine at ten
    assert round_at(engine, TUESDAY + timedelta(hours=1), shelf) == Sent()
    round_at(engine, TUESDAY + timedelta(days=1), shelf)
    assert shelf.put_here == [(LAMPS, TUESDAY.date()), (LAMPS, TUESDAY.date() + timedelta(days=1))]
    with reading(engine) as db:
        assert unsent(db, at=TUESDAY + timedelta(days=1)) == []
        assert digest_of(db, LAMPS, TUESDAY + timedelta(days=1)) is None


def test_a_crash_between_marking_and_sending_is_made_up_for_even_the_next_day(engine: Engine) -> None:
    store(engine)
    with transaction(engine) as db:
        assert mark(db, morning=TUESDAY, at=TUESDAY, actor="system") == 1
    shelf = Shelf()
    round_at(engine, TUESDAY + timedelta(days=1), shelf)
    assert shelf.put_here == [(LAMPS, TUESDAY.date())]


def test_a_crash_after_delivery_leaves_one_file(engine: Engine, tmp_path: Path) -> None:
    store(engine)
    folder = tmp_path / "digests"
    postbox = FilePostbox(folder)
    digest = Digest(LAMPS, TUESDAY)
    with transaction(engine) as db:
        mark(db, morning=TUESDAY, at=TUESDAY, actor="system")
    with Session(engine) as db:
        assert send(db, digest=digest, postbox=postbox, at=TUESDAY, actor="system")
        db.rollback()  # killed before the commit
    round_at(engine, TUESDAY + timedelta(days=1), postbox)
    assert [path.name for path in folder.iterdir()] == ["2026-11-24_도로관리과.txt"]


def test_one_department_that_cannot_be_reached_does_not_hold_up_the_others(engine: Engine) -> None:
    store(engine)
    store(engine, department="대중교통과")
    shelf = Shelf(refuses={LAMPS})
    sent = round_at(engine, TUESDAY, shelf)
    assert [digest.department for digest, _ in sent.delivered] == ["대중교통과"]
    assert [why for _, why in sent.failed] == ["the postbox is full"]
    shelf.refuses.clear()
    round_at(engine, TUESDAY + timedelta(minutes=5), shelf)
    assert [name for name, _ in shelf.put_here] == ["대중교통과", LAMPS]


def test_only_the_department_asked_for_is_delivered_and_the_rest_is_not_lost(engine: Engine) -> None:
    store(engine)
    store(engine, department="대중교통과")
    shelf = Shelf()
    round_at(engine, TUESDAY, shelf, department="대중교통과")
    assert [name for name, _ in shelf.put_here] == ["대중교통과"]
    round_at(engine, TUESDAY, shelf)
    assert [name for name, _ in shelf.put_here] == ["대중교통과", LAMPS]


def test_workers_at_once_deliver_each_digest_once(engine: Engine) -> None:
    for name in (LAMPS, "대중교통과", "민원과"):
        store(engine, department=name)
    shelf, gate = Shelf(), Barrier(4)

    def run() -> None:
        gate.wait()
        assert not round_at(engine, TUESDAY, shelf).failed

    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(run) for _ in range(4)]:
            each.result()
    assert sorted(name for name, _ in shelf.put_here) == sorted([LAMPS, "대중교통과", "민원과"])


def test_the_worker_runs_it_by_the_clock(engine: Engine) -> None:
    store(engine)
    clock, shelf = ManualClock(TUESDAY - timedelta(minutes=5)), Shelf()
    job = digest_job(engine, clock, is_working_day=is_weekday, postbox=shelf)
    job.run()
    assert shelf.put_here == []
    clock.advance(300)
    job.run()
    job.run()
    assert len(shelf.put_here) == 1


def test_a_city_that_never_opens_sends_nothing(engine: Engine) -> None:
    store(engine)
    assert last_morning(TUESDAY, lambda _day: False) is None
    nothing = send_digests(
        engine, at=TUESDAY, is_working_day=lambda _day: False, postbox=Shelf(), actor="system"
    )
    assert nothing == Sent()


@given(st.integers(0, 700 * 24 * 60))
def test_the_last_morning_is_a_working_nine_o_clock_within_three_days(minutes: int) -> None:
    at = TUESDAY + timedelta(minutes=minutes)
    morning = last_morning(at, is_weekday)
    assert morning is not None
    assert morning <= at
    assert (morning.hour, morning.minute, is_weekday(morning.date())) == (9, 0, True)
    assert at - morning < timedelta(days=3)


def test_a_file_is_for_its_owner_and_holds_the_latest_text_whole(tmp_path: Path) -> None:
    postbox = FilePostbox(tmp_path / "var" / "digests")
    postbox.put(department=LAMPS, day=TUESDAY.date(), text="첫 판\n")
    where = Path(postbox.put(department=LAMPS, day=TUESDAY.date(), text="다음 판\n"))
    assert where.read_text(encoding="utf-8") == "다음 판\n"
    assert stat.S_IMODE(where.stat().st_mode) == 0o600
    assert list(where.parent.iterdir()) == [where]


@given(st.text(max_size=40))
def test_whatever_a_department_is_called_its_file_lies_in_the_folder(department: str) -> None:
    name = file_name(department, TUESDAY.date())
    assert Path(name).name == name
    assert name.startswith("2026-11-24_")
    assert name.endswith(".txt")


def test_a_folder_that_cannot_be_made_names_the_remedy(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ConfigurationError, match="make the folder writable"):
        FilePostbox(blocked / "digests").put(department=LAMPS, day=TUESDAY.date(), text="")
