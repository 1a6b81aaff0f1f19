"""Calls that come in are written down once, for whoever is certainly calling, and tell nothing of anybody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlmodel import select

from tests.calls.talk import said
from tests.city import CARRIER_SID, MALSUN, STRANGER, City
from voicebot.calls.incoming import receive_call
from voicebot.records import people
from voicebot.records.calls import get_call, outcome_of
from voicebot.records.cases import follow_ups_of_call
from voicebot.records.database import reading, transaction
from voicebot.records.tables import Call, Direction, FollowUpKind


def _receive(city: City, number: str = MALSUN, sid: str = CARRIER_SID) -> str:
    return receive_call(
        city.house.centre,
        carrier_sid=sid,
        from_number=number,
        to_number="+82326252869",
        line="callback",
        dialog="callback",
    )


def test_deliveries_at_the_same_moment_are_one_call(city: City) -> None:
    together = Barrier(4)

    def deliver(_number: int) -> str:
        together.wait()
        return _receive(city)

    with ThreadPoolExecutor(4) as threads:
        ids = set(threads.map(deliver, range(4)))
    with reading(city.engine) as db:
        (call,) = db.exec(select(Call)).all()
    assert ids == {call.id}
    assert (call.direction, call.status, call.placement) == (Direction.INBOUND, "ringing", None)


def test_the_caller_is_known_by_a_number_that_is_hers_alone(city: City) -> None:
    numbers = {"a": MALSUN, "b": STRANGER, "c": "anonymous", "d": "", "e": "sip:1000@exchange"}
    owners = {}
    for sid, number in numbers.items():
        with reading(city.engine) as db:
            owners[sid] = get_call(db, _receive(city, number, sid)).resident_id
    assert owners == {"a": city.resident_id, "b": None, "c": None, "d": None, "e": None}
    with transaction(city.engine) as db:
        husband = people.add_resident(db, site_id="simgok2", name="박영호")
        people.add_phone(db, resident=husband, number=MALSUN)
    with reading(city.engine) as db:
        assert get_call(db, _receive(city, MALSUN, "f")).resident_id is None


def test_whoever_rings_is_told_nothing_of_a_resident(city: City) -> None:
    """The number shown is no proof of who is calling."""
    answer = city.post("/voice/incoming", {"CallSid": CARRIER_SID, "From": MALSUN, "To": "+82326252869"})
    with reading(city.engine) as db:
        call_id = db.exec(select(Call)).one().id
    everything = said(answer.data) + said(city.turn(call_id, 1, SpeechResult="누구세요?").data)
    assert "말순" not in everything


def test_a_message_left_reaches_the_callers_own_office(city: City) -> None:
    city.post("/voice/incoming", {"CallSid": CARRIER_SID, "From": MALSUN, "To": "+82326252869"})
    with reading(city.engine) as db:
        call_id = db.exec(select(Call)).one().id
    city.turn(call_id, 1, Digits="1")
    city.turn(call_id, 2, SpeechResult="집 앞 가로등이 나갔어요")
    city.report(call_id, "completed", 3)
    with reading(city.engine) as db:
        (follow_up,) = follow_ups_of_call(db, call_id)
        assert (follow_up.kind, follow_up.site_id) == (FollowUpKind.MESSAGE, "simgok2")
        assert "집 앞 가로등이 나갔어요" in follow_up.summary
        outcome = outcome_of(db, call_id)
        assert outcome is not None
        assert outcome.code == "message_left"
