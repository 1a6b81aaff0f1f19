"""Requests and follow-ups: one thing asked for twice is one thing to do."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from voicebot.clock import ManualClock
from voicebot.errors import RecordConflict, RecordNotFound
from voicebot.records import audit, calls, cases
from voicebot.records.database import transaction
from voicebot.records.tables import (
    Call,
    Direction,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    Priority,
    Programme,
    Site,
    SiteKind,
)


@pytest.fixture
def call(db: Session, clock: ManualClock) -> Call:
    db.add(Site(id="simgok2", kind=SiteKind.DONG, name_ko="심곡2동"))
    db.add(Site(id="jung4", kind=SiteKind.DONG, name_ko="중4동"))
    db.add(Programme(id="telecom", name_ko="통신요금 감면", category="telecom", status="current"))
    db.flush()
    return calls.add_call(
        db,
        direction=Direction.OUTBOUND,
        line="outreach",
        dialog="welfare_info",
        from_number="+82321234567",
        to_number="+821000000001",
        at=clock.now(),
    )


def ask(db: Session, clock: ManualClock, call: Call | None, **more: object) -> FollowUp:
    fields = {
        "site_id": "simgok2",
        "kind": FollowUpKind.CALL_BACK,
        "summary": "내일 오전에 다시 전화해 달라고 하심",
        "at": clock.now(),
        "call_id": call.id if call else None,
        **more,
    }
    return cases.open_follow_up(db, **fields)  # type: ignore[arg-type]


def test_one_programme_in_one_call_is_one_request(db: Session, clock: ManualClock, call: Call):
    first = cases.open_request(
        db, call_id=call.id, programme_id="telecom", at=clock.now(), said="네, 해 주세요"
    )
    again = cases.open_request(db, call_id=call.id, programme_id="telecom", at=clock.now(), said="예")
    assert again.id == first.id
    assert [request.said for request in cases.requests_of_call(db, call.id)] == ["네, 해 주세요"]


def test_a_request_for_a_programme_that_is_not_stored_is_a_conflict(engine: Engine, clock: ManualClock):
    with pytest.raises(RecordConflict), transaction(engine) as db:
        cases.open_request(db, call_id="none", programme_id="none", at=clock.now())


def test_a_follow_up_asked_for_again_is_the_same_one(db: Session, clock: ManualClock, call: Call):
    first = ask(db, clock, call)
    again = ask(db, clock, call, summary="또 말씀하심")
    assert again is first
    assert first.summary == "내일 오전에 다시 전화해 달라고 하심"


def test_a_graver_wish_raises_the_follow_up_and_adds_what_was_said(
    db: Session, clock: ManualClock, call: Call
):
    first = ask(db, clock, call, due_at=clock.now() + timedelta(days=2))
    soon = clock.now() + timedelta(hours=1)
    ask(db, clock, call, priority=Priority.AT_ONCE, summary="지금 많이 힘들다고 하심", due_at=soon)
    ask(db, clock, call, priority=Priority.TODAY, summary="오늘 중으로")
    db.commit()
    db.refresh(first)
    assert first.priority is Priority.AT_ONCE
    assert first.summary == "내일 오전에 다시 전화해 달라고 하심\n지금 많이 힘들다고 하심"
    assert first.due_at == soon


def test_a_graver_wish_opens_a_finished_follow_up_again(db: Session, clock: ManualClock, call: Call):
    done = ask(db, clock, call)
    cases.set_follow_up_state(db, follow_up=done, state=FollowUpState.DONE, actor="staff:1", at=clock.now())
    ask(db, clock, call)
    assert done.state is FollowUpState.DONE
    ask(db, clock, call, priority=Priority.TODAY)
    assert done.state is FollowUpState.OPEN


def test_kind_and_subject_tell_follow_ups_apart(db: Session, clock: ManualClock, call: Call):
    ids = {
        ask(db, clock, call).id,
        ask(db, clock, call, subject="telecom").id,
        ask(db, clock, call, kind=FollowUpKind.PROXY).id,
    }
    assert len(ids) == 3
    assert len(cases.follow_ups_of_call(db, call.id)) == 3


def test_follow_ups_without_a_call_are_never_merged(db: Session, clock: ManualClock, call: Call):
    assert ask(db, clock, None).id != ask(db, clock, None).id


def test_a_site_sees_its_own_work_gravest_then_due_then_oldest(db: Session, clock: ManualClock, call: Call):
    now = clock.now()
    wanted = {
        "later": ask(db, clock, call, subject="a", due_at=now + timedelta(days=3)),
        "undated": ask(db, clock, call, subject="b"),
        "undated, older": ask(db, clock, call, subject="c", at=now - timedelta(days=1)),
        "sooner": ask(db, clock, call, subject="d", due_at=now + timedelta(days=1)),
        "today": ask(db, clock, call, subject="e", priority=Priority.TODAY),
        "at once": ask(db, clock, call, subject="f", priority=Priority.AT_ONCE),
    }
    ask(db, clock, call, site_id="jung4", subject="g")
    order = ["at once", "today", "sooner", "later", "undated, older", "undated"]
    found = cases.follow_ups_of_site(db, site_id="simgok2")
    assert [row.id for row in found] == [wanted[name].id for name in order]
    assert len(cases.follow_ups_of_site(db, site_id=None)) == 7


def test_finished_work_is_left_out_unless_asked_for(db: Session, clock: ManualClock, call: Call):
    done = ask(db, clock, call)
    cases.set_follow_up_state(db, follow_up=done, state=FollowUpState.DONE, actor="staff:1", at=clock.now())
    assert cases.follow_ups_of_site(db, site_id="simgok2") == []
    assert cases.follow_ups_of_site(db, site_id="simgok2", states=[FollowUpState.DONE]) == [done]


def test_a_move_is_audited_and_one_outside_the_table_is_refused(db: Session, clock: ManualClock, call: Call):
    work = ask(db, clock, call)
    for state in (FollowUpState.IN_PROGRESS, FollowUpState.DONE, FollowUpState.DONE):
        cases.set_follow_up_state(db, follow_up=work, state=state, actor="staff:3", at=clock.now())
    with pytest.raises(RecordConflict, match="'done' cannot become 'in_progress'"):
        cases.set_follow_up_state(
            db, follow_up=work, state=FollowUpState.IN_PROGRESS, actor="staff:3", at=clock.now()
        )
    moves = [event.detail for event in audit.events_of(db, subject=f"follow_up:{work.id}")]
    assert moves == [{"from": "open", "to": "in_progress"}, {"from": "in_progress", "to": "done"}]


def test_an_unknown_follow_up_is_not_found(db: Session):
    with pytest.raises(RecordNotFound, match="follow-up 4711"):
        cases.get_follow_up(db, 4711)


def test_nothing_is_left_of_a_transaction_that_failed(
    engine: Engine, clock: ManualClock, call: Call, db: Session
):
    db.commit()
    with pytest.raises(RecordConflict), transaction(engine) as other:
        _ask_and_fail(other, clock, call)
    assert db.exec(select(FollowUp)).all() == []


def _ask_and_fail(db: Session, clock: ManualClock, call: Call) -> None:
    assert ask(db, clock, call).id is not None
    raise RecordConflict("made to fail after the follow-up was written")


def test_two_transactions_that_ask_at_once_leave_one_follow_up(
    engine: Engine, clock: ManualClock, call: Call, db: Session
):
    """The second is under way before the first has committed, so neither finds the other by looking."""
    db.commit()
    ids: list[int | None] = []

    def ask_too() -> None:
        with transaction(engine) as other:
            ids.append(ask(other, clock, call).id)

    second = threading.Thread(target=ask_too)
    with transaction(engine) as first:
        ids.append(ask(first, clock, call).id)
        second.start()
        second.join(0.3)
        assert second.is_alive()
    second.join(30)
    assert len(ids) == 2
    assert ids[0] == ids[1]
