"""Genuine requests at the edges: odd numbers and letters, what is not awaited, records out of reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select
from twilio.request_validator import RequestValidator

from tests.calls.talk import WHO, press, said
from tests.city import AUTH_TOKEN, CARRIER_SID, FORM, MALSUN, City, demo_catalogue, settings_for
from voicebot.app import build_house, create_app
from voicebot.records.calls import get_call
from voicebot.records.database import reading, transaction
from voicebot.records.tables import Call, TextMessage, TextState

NUL = "a\x00b"
HUGE = "9" * 30


ODDITIES: list[tuple[str, dict[str, str]]] = [
    (f"/voice/status?call=%00{'0' * 8}", {"CallStatus": "ringing"}),
    ("/voice/status", {"CallStatus": "ringing", "SequenceNumber": HUGE, "CallDuration": HUGE}),
    ("/voice/calls/%00/turns/0", {}),
    (f"/voice/calls/CALL/turns/{HUGE}", {"Digits": HUGE}),
    ("/voice/calls/CALL/turns/1", {"SpeechResult": NUL, "Confidence": "1e999"}),
    ("/voice/calls/CALL/answered-by", {"AnsweredBy": NUL}),
    ("/voice/calls/CALL/fallback", {"ErrorCode": NUL}),
    ("/voice/calls/CALL/recording", {"RecordingSid": NUL, "RecordingUrl": NUL, "RecordingStatus": NUL}),
    ("/voice/status?call=CALL", {"CallStatus": "busy", "Timestamp": NUL, "SipResponseCode": NUL * 99}),
    (f"/voice/texts/{HUGE}/status", {"MessageSid": "SM1", "MessageStatus": "sent"}),
    ("/voice/texts/1/status", {"MessageSid": NUL, "MessageStatus": "failed", "ErrorCode": NUL}),
    ("/voice/incoming", {"CallSid": "CA5", "From": NUL, "To": "+82323203000"}),
    ("/voice/incoming", {"CallSid": "CA5", "From": MALSUN, "To": NUL}),
    ("/voice/fallback", {"CallSid": NUL}),
]


def test_no_genuine_oddity_is_a_failure_of_ours(city: City) -> None:
    failed = []
    for number, (path, form) in enumerate(ODDITIES):
        call_id, sid = city.order(), f"CA{number:032}"
        city.turn(call_id, 0, CallSid=sid)
        with transaction(city.engine) as db:
            call = get_call(db, call_id)
            call.recording_consent_at = call.requested_at
            db.add(call)
        answer = city.post(path.replace("CALL", call_id), {"CallSid": sid, **form})
        failed += [(path, form)] if answer.status_code >= 500 else []
    assert failed == []


def test_what_is_not_awaited_is_refused_and_the_call_goes_on(city: City) -> None:
    """A transfer's end where nobody was transferred; an answer while somebody is being reached."""
    call_id = city.order()
    press(city, call_id, [WHO])
    assert city.turn(call_id, 2, DialCallStatus="busy").status_code == 409
    assert b"<Dial" in city.turn(call_id, 2, Digits="0").data
    assert city.turn(call_id, 3, SpeechResult="여보세요").status_code == 409
    assert city.turn(call_id, 3).status_code == 409
    assert "연결이 어렵습니다" in said(city.turn(call_id, 3, DialCallStatus="busy").data)


def test_numbers_are_recognised_however_a_trunk_writes_them(city: City) -> None:
    ways = [(MALSUN, "+82326252869"), ("010-0000-0001", "0326252869"), ("01000000001", "032-625-2869")]
    for number, (from_number, to_number) in enumerate(ways):
        form = {"CallSid": f"CA{number:032}", "From": from_number, "To": to_number}
        assert "복지 제도를 알려 드리는 전화가 맞습니다" in said(city.post("/voice/incoming", form).data)
    with reading(city.engine) as db:
        for call in db.exec(select(Call)):
            assert (call.from_number, call.to_number) == (MALSUN, "+82326252869")
            assert call.resident_id == city.resident_id


def test_an_unknown_call_that_failed_still_hears_an_apology(city: City) -> None:
    answer = city.post(f"/voice/calls/{'0' * 32}/fallback", {"CallSid": CARRIER_SID, "ErrorCode": "11200"})
    assert answer.status_code == 200
    assert "죄송합니다" in said(answer.data)


@pytest.mark.parametrize("path", ["/voice/fallback", f"/voice/calls/{'0' * 32}/fallback"])
def test_the_fallback_speaks_while_the_records_are_out_of_reach(
    tmp_path: Path, secret_key: bytes, path: str
) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'empty.db'}", secret_key)
    house = build_house(settings, hand_over=list, catalogue=demo_catalogue())
    form = {"CallSid": CARRIER_SID, "ErrorCode": "11200"}
    signature = RequestValidator(AUTH_TOKEN).compute_signature(settings.public_url + path, form)
    client = create_app(house=house).test_client()
    answer = client.post(path, data=form, headers={"X-Twilio-Signature": signature}, content_type=FORM)
    assert answer.status_code == 200
    assert "죄송합니다" in said(answer.data)
    house.engine.dispose()


def test_a_report_about_a_text_must_say_which(city: City) -> None:
    with transaction(city.engine) as db:
        now = city.house.clock.now()
        text = TextMessage(kind="x", to_number=MALSUN, body="x", created_at=now, updated_at=now)
        db.add(text)
        db.flush()
        assert text.id is not None
        text_id = text.id
    path = f"/voice/texts/{text_id}/status"
    assert city.post(path, {"MessageStatus": "sent"}).status_code == 400
    assert city.post(path, {"MessageSid": "SM1", "MessageStatus": "lost"}).status_code == 400
    assert city.post(path, {"MessageSid": "SM1", "MessageStatus": "sent"}).status_code == 204
    with reading(city.engine) as db:
        kept = db.get(TextMessage, text_id)
        assert kept is not None
        assert (kept.state, kept.carrier_sid) == (TextState.SENT, "SM1")
