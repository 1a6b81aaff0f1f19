"""What calls learn of people is kept, obeyed everywhere, and told to those who look after them."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from tests.city import CARRIER_SID, MALSUN, STRANGER, City
from tests.outreach.conftest import Act
from voicebot.calls.outgoing import CallOrder, order_call
from voicebot.clock import SEOUL
from voicebot.errors import CallNotAllowed
from voicebot.outreach.gate import hindrance
from voicebot.outreach.outcomes import GRAVITY, LABELS_KO, OUTCOME_OF_STATUS
from voicebot.outreach.reports import _moment
from voicebot.records import audit, people
from voicebot.records.calls import get_call
from voicebot.records.cases import follow_ups_of_call
from voicebot.records.database import reading, transaction
from voicebot.records.tables import Call, FollowUp, FollowUpKind, Priority, Resident


def _reason(city: City, number: str) -> str | None:
    """Why an order for this number is refused; None: it is taken (and undone here)."""
    with transaction(city.engine) as db:
        try:
            order_call(city.house.centre, db, CallOrder("welfare_info", number, "+8216880624", "test"))
        except CallNotAllowed as refusal:
            return refusal.reason
        finally:
            db.rollback()
    return None


def _hindered(city: City, call_id: str) -> str | None:
    with reading(city.engine) as db:
        return hindrance(db, get_call(db, call_id))


def _only(city: City, call_id: str) -> FollowUp:
    with reading(city.engine) as db:
        (follow_up,) = follow_ups_of_call(db, call_id)
        return follow_up


@pytest.mark.parametrize(
    ("action", "reason", "kind"),
    [
        ("opt_out", "opted_out", None),
        ("report_deceased", "deceased", FollowUpKind.DECEASED),
        ("report_moved", "moved", FollowUpKind.MOVED),
        ("report_wrong_person", "wrong_number", FollowUpKind.WRONG_PERSON),
    ],
)
def test_who_must_not_be_rung_is_not_rung_by_order_nor_by_what_was_ordered_before(
    city: City, act: Act, action: str, reason: str, kind: FollowUpKind | None
) -> None:
    waiting, call_id = city.order(), city.order()
    assert _hindered(city, waiting) is None
    for _ in range(2):
        act(call_id, action, heard="그렇다니까요")
    assert _reason(city, MALSUN) == reason
    assert _hindered(city, waiting) == reason
    with reading(city.engine) as db:
        kinds = [each.kind for each in follow_ups_of_call(db, call_id)]
        assert kinds == ([] if kind is None else [kind])
        assert len(audit.events_of(db, subject=f"resident:{city.resident_id}")) == 1


def test_a_wrong_number_condemns_the_telephone_not_the_person(city: City, act: Act) -> None:
    other = "+821000000077"
    with transaction(city.engine) as db:
        people.add_phone(db, resident=db.get_one(Resident, city.resident_id), number=other)
    act(city.order(), "report_wrong_person")
    assert _reason(city, MALSUN) == "wrong_number"
    assert _reason(city, other) is None


def test_the_dead_are_told_to_staff_today_and_never_rung_at_any_number(city: City, act: Act) -> None:
    call_id, other = city.order(), "+821000000077"
    with transaction(city.engine) as db:
        people.add_phone(db, resident=db.get_one(Resident, city.resident_id), number=other)
    act(call_id, "report_deceased", heard="지난달에 돌아가셨어요")
    follow_up = _only(city, call_id)
    assert follow_up.priority is Priority.TODAY
    assert "“지난달에 돌아가셨어요”" in follow_up.summary
    assert _reason(city, other) == "deceased"


def _ring_in(city: City, number: str, words: str) -> str:
    form = {"CallSid": CARRIER_SID, "From": number, "To": "+82326252869"}
    assert city.post("/voice/incoming", form).status_code == 200
    with reading(city.engine) as db:
        call_id = db.exec(select(Call)).one().id
    assert city.turn(call_id, 1, SpeechResult=words).status_code == 200
    return call_id


def test_a_caller_whom_nobody_knows_is_not_lost_when_she_wants_no_calls(city: City) -> None:
    call_id = _ring_in(city, STRANGER, "전화하지 마세요")
    follow_up = _only(city, call_id)
    assert (follow_up.site_id, follow_up.priority) == ("bucheon", Priority.TODAY)
    assert "전화하지 마세요" in follow_up.summary
    assert "010-0000-9999" in follow_up.summary
    assert _reason(city, STRANGER) == "opted_out"


def test_a_caller_who_hides_her_number_is_told_to_staff_too(city: City) -> None:
    call_id = _ring_in(city, "anonymous", "전화하지 마세요")
    assert "번호" in _only(city, call_id).summary
    assert _reason(city, MALSUN) is None


def test_one_of_two_who_share_a_telephone_wants_no_calls(city: City) -> None:
    """Nobody knows which of them: neither is rung there until a person has asked."""
    with transaction(city.engine) as db:
        husband = people.add_resident(db, site_id="simgok2", name="박영호")
        people.add_phone(db, resident=husband, number=MALSUN)
    call_id = _ring_in(city, MALSUN, "전화하지 마세요")
    assert "010-0000-0001" in _only(city, call_id).summary
    assert _reason(city, MALSUN) == "opted_out"


def test_a_stranger_rung_by_an_operator_is_not_rung_again_after_saying_no(city: City, act: Act) -> None:
    act(city.order(to=STRANGER), "opt_out")
    assert _reason(city, STRANGER) == "opted_out"
    assert _reason(city, MALSUN) is None


FINDINGS: list[tuple[str, dict[str, str], FollowUpKind, Priority, str]] = [
    ("report_proxy", {}, FollowUpKind.PROXY, Priority.ROUTINE, "본인께 안내하지 못했습니다"),
    ("report_suspicious", {}, FollowUpKind.SUSPICIOUS, Priority.ROUTINE, "사기"),
    ("report_hard_of_hearing", {}, FollowUpKind.HARD_OF_HEARING, Priority.ROUTINE, "문자나 방문"),
    ("report_unreached", {"reason": "voicemail"}, FollowUpKind.UNREACHED, Priority.ROUTINE, "음성사서함"),
    ("report_unreached", {"reason": "silence"}, FollowUpKind.UNREACHED, Priority.ROUTINE, "안부"),
    ("raise_distress", {}, FollowUpKind.DISTRESS, Priority.AT_ONCE, "지금 바로"),
    ("ask_call_back", {"reason": "human"}, FollowUpKind.PERSON_WANTED, Priority.TODAY, "직원과의 통화"),
    ("ask_call_back", {"reason": "busy"}, FollowUpKind.CALL_BACK, Priority.ROUTINE, "다시 전화"),
]


def test_each_finding_is_told_to_the_persons_own_office_with_what_was_said(city: City, act: Act) -> None:
    for action, arguments, kind, priority, words in FINDINGS:
        call_id = city.order()
        act(call_id, action, heard="말씀하신 그대로", **arguments)
        follow_up = _only(city, call_id)
        assert (follow_up.site_id, follow_up.resident_id) == ("simgok2", city.resident_id)
        assert (follow_up.kind, follow_up.priority) == (kind, priority), action
        assert words in follow_up.summary
        assert "“말씀하신 그대로”" in follow_up.summary
        assert follow_up.due_at is not None
        assert follow_up.due_at >= city.house.clock.now()


def test_distress_is_due_at_once(city: City, act: Act) -> None:
    call_id = city.order()
    act(call_id, "raise_distress")
    assert _only(city, call_id).due_at == city.house.clock.now()


def test_the_time_that_was_named_is_when_the_call_back_is_due(city: City, act: Act) -> None:
    call_id = city.order()
    act(call_id, "ask_call_back", reason="busy", when="내일 오후 세 시")
    follow_up = _only(city, call_id)
    assert follow_up.due_at == datetime(2026, 11, 25, 15, 0, tzinfo=SEOUL)
    assert "내일 오후 세 시" in follow_up.summary


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("내일 오후 세 시", datetime(2026, 11, 25, 15, 0, tzinfo=SEOUL)),
        ("내일", datetime(2026, 11, 25, 10, 0, tzinfo=SEOUL)),
        ("저녁 일곱 시", datetime(2026, 11, 24, 19, 0, tzinfo=SEOUL)),
        ("오후 두 시", datetime(2026, 11, 25, 14, 0, tzinfo=SEOUL)),
        ("한 시간 뒤에요", datetime(2026, 11, 24, 17, 0, tzinfo=SEOUL)),
        ("어제", None),
        ("오전", None),
        ("나중에요", None),
    ],
)
def test_a_call_back_is_never_due_in_the_past(said: str, moment: datetime | None) -> None:
    """Four in the afternoon: "two o'clock" is tomorrow's."""
    assert _moment(said, datetime(2026, 11, 24, 16, 0, tzinfo=SEOUL)) == moment


@given(
    st.sampled_from(["오늘", "내일", "모레", "어제", "다음 주 월요일", "이달 말", ""]),
    st.sampled_from(["새벽", "오전", "오후", "밤", ""]),
    st.sampled_from(["한 시", "열두 시", "열두 시 반", "24시", "자정", "정오", "삼십 분 뒤", ""]),
    st.integers(0, 23),
)
def test_whatever_time_is_named_it_lies_ahead_or_is_left_open(
    day: str, part: str, clock: str, hour: int
) -> None:
    now = datetime(2026, 11, 24, hour, 30, tzinfo=SEOUL)
    due = _moment(f"{day} {part} {clock}", now)
    assert due is None or due > now


def test_every_ending_of_the_carrier_has_its_weight_and_its_name() -> None:
    for outcome in OUTCOME_OF_STATUS.values():
        assert outcome in GRAVITY
    assert set(LABELS_KO) <= set(GRAVITY)
    assert len(set(GRAVITY)) == len(GRAVITY)
