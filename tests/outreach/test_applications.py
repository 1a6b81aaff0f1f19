"""What answers about a programme leave in the records: requests, uses, follow-ups, one text."""

from __future__ import annotations

from sqlmodel import select

from tests.calls.talk import TO_FIRST_OFFER, press
from tests.city import City
from tests.outreach.conftest import Act
from voicebot.records.calls import get_call
from voicebot.records.cases import follow_ups_of_call, requests_of_call
from voicebot.records.database import reading, transaction
from voicebot.records.people import use_programme, uses_of
from voicebot.records.tables import FollowUpKind, OutboxItem, Priority, Resident, TextMessage, UseState


def _programme(city: City) -> str:
    """Some programme of the shipped catalogue."""
    return next(iter(city.house.catalogue.programmes))


def test_a_wish_to_apply_is_a_request_for_the_persons_own_office_with_their_words(
    city: City, act: Act
) -> None:
    call_id, programme = city.order(), _programme(city)
    for _ in range(2):
        act(call_id, "request_application", heard="네, 꼭 좀 해 주세요", programme=programme)
    with reading(city.engine) as db:
        (request,) = requests_of_call(db, call_id)
        (follow_up,) = follow_ups_of_call(db, call_id)
        assert (request.programme_id, request.said) == (programme, "네, 꼭 좀 해 주세요")
        assert request.resident_id == follow_up.resident_id == city.resident_id
        assert follow_up.site_id == "simgok2"
        assert (follow_up.kind, follow_up.subject) == (FollowUpKind.APPLICATION, programme)
        assert (follow_up.priority, follow_up.request_id) == (Priority.TODAY, request.id)
        assert "“네, 꼭 좀 해 주세요”" in follow_up.summary
        assert city.house.catalogue.programmes[programme].name_ko in follow_up.summary
        assert uses_of(db, db.get_one(Resident, city.resident_id)) == {programme: UseState.REQUESTED}


def test_what_a_person_has_or_does_not_want_is_not_offered_again(city: City, act: Act) -> None:
    welfare, clock = city.house.welfare, city.house.clock

    def offered() -> list[str]:
        with reading(city.engine) as db:
            resident = db.get_one(Resident, city.resident_id)
            return [offer.programme_id for offer in welfare.offers(db, resident, clock.now().date())]

    first, second, third = offered()
    call_id = city.order()
    act(call_id, "note_already_receiving", programme=first)
    act(call_id, "note_declined", programme=second)
    act(call_id, "request_application", programme=third)
    assert not {first, second, third} & set(offered())


def test_an_answer_against_the_records_is_looked_at_by_a_person(city: City, act: Act) -> None:
    """In use by the register, declined on the telephone: the register stands until somebody has looked."""
    call_id, programme = city.order(), _programme(city)
    with transaction(city.engine) as db:
        resident = db.get_one(Resident, city.resident_id)
        use_programme(
            db,
            resident=resident,
            programme_id=programme,
            state=UseState.USING,
            at=city.house.clock.now(),
            source="import",
        )
    act(call_id, "note_declined", heard="필요 없어요", programme=programme)
    with reading(city.engine) as db:
        assert uses_of(db, db.get_one(Resident, city.resident_id)) == {programme: UseState.USING}
        assert [each.kind for each in follow_ups_of_call(db, call_id)] == [FollowUpKind.MESSAGE]


def test_who_does_not_know_is_explained_to_by_staff(city: City, act: Act) -> None:
    call_id, programme = city.order(), _programme(city)
    act(call_id, "ask_staff_to_explain", heard="글쎄요, 잘 모르겠는데", programme=programme)
    with reading(city.engine) as db:
        (follow_up,) = follow_ups_of_call(db, call_id)
        assert (follow_up.kind, follow_up.subject) == (FollowUpKind.PERSON_WANTED, programme)
        assert not requests_of_call(db, call_id)


def test_the_details_hold_what_was_offered_and_are_sent_once(city: City, act: Act) -> None:
    call_id = city.order()
    press(city, call_id, (*TO_FIRST_OFFER, "1"))
    for _ in range(2):
        act(call_id, "text_details")
    with reading(city.engine) as db:
        (text,) = db.exec(select(TextMessage)).all()
        session = get_call(db, call_id).session
        assert session is not None
        offers = session["slots"]["offers"]
        assert len(offers) == 3
        for offer in offers:
            assert offer["name"] in text.body
        assert "032-625-2869" in text.body
        assert [item.payload for item in db.exec(select(OutboxItem))] == [{"text_id": text.id}]
