"""The webhooks: what is not genuine or not well formed is refused, what is repeated acts once."""

from __future__ import annotations

import logging
import random
import string
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlmodel import Session, func, select
from twilio.request_validator import RequestValidator

from tests.city import ACCOUNT_SID, AUTH_TOKEN, CARRIER_SID, MALSUN, STRANGER, City
from voicebot.records.calls import get_call, outcome_of, turns_of
from voicebot.records.cases import follow_ups_of_call, requests_of_call
from voicebot.records.database import reading
from voicebot.records.tables import (
    Call,
    CallStatusEvent,
    FollowUp,
    FollowUpKind,
    Priority,
    Recording,
    Turn,
)
from voicebot.telephony.addresses import RETRIED


def _rows(city: City) -> dict[str, int]:
    with reading(city.engine) as db:
        return {
            table.__tablename__: db.exec(select(func.count()).select_from(table)).one()
            for table in (Call, Turn, FollowUp, CallStatusEvent, Recording)
        }


def _said(document: bytes) -> str:
    return " ".join("".join(say.itertext()) for say in ElementTree.fromstring(document).iter("Say"))


def test_an_unsigned_request_is_refused_and_writes_nothing(city: City) -> None:
    call_id = city.order()
    before = _rows(city)
    for path in (
        "/voice/incoming",
        f"/voice/calls/{call_id}/turns/0",
        f"/voice/calls/{call_id}/fallback",
        f"/voice/calls/{call_id}/answered-by",
        f"/voice/calls/{call_id}/recording",
        f"/voice/status?call={call_id}",
        "/voice/texts/1/status",
        "/voice/fallback",
    ):
        form = {
            "CallSid": CARRIER_SID,
            "CallStatus": "completed",
            "To": "+82323203000",
            "RecordingSid": "RE1",
        }
        assert city.client().post(path, data=form).status_code == 403, path
        stolen = RequestValidator("another token").compute_signature(city.url(path), form)
        answer = city.client().post(path, data=form, headers={"X-Twilio-Signature": stolen})
        assert answer.status_code == 403, path
    assert _rows(city) == before


def test_a_genuine_signature_of_another_address_is_refused(city: City) -> None:
    call_id = city.order()
    form = {"CallSid": CARRIER_SID}
    signature = RequestValidator(AUTH_TOKEN).compute_signature(
        city.url(f"/voice/calls/{call_id}/turns/1"), form
    )
    answer = city.client().post(
        f"/voice/calls/{call_id}/turns/0", data=form, headers={"X-Twilio-Signature": signature}
    )
    assert answer.status_code == 403


def test_a_thousand_bad_requests_bring_no_failure_and_no_row(city: City) -> None:
    """Malformed, unsigned, replayed, oversized: nothing answers 500 and nothing is written."""
    call_id = city.order()
    city.turn(call_id, 0)
    before, chance = _rows(city), random.Random(7)
    paths = [
        "/voice/incoming",
        f"/voice/calls/{call_id}/turns/0",
        f"/voice/calls/{call_id}/turns/99",
        "/voice/calls/nonsense/turns/0",
        "/voice/status",
        f"/voice/calls/{call_id}/answered-by",
        "/voice/texts/77/status",
        "/voice/none",
    ]
    statuses = {_attack(city, chance, paths) for _ in range(1000)}
    assert not {status for status in statuses if status >= 500}
    assert _rows(city) == before


class _BrokenBody:
    """A body whose chunks the server cannot take apart: it raises an error of its own."""

    def read(self, *_size: Any) -> bytes:
        raise RuntimeError("Invalid chunk size: zzz")


def test_a_body_that_is_no_http_is_refused_not_failed(city: City) -> None:
    for content_type in ("application/x-www-form-urlencoded", "application/json"):
        answer = city.client().open(
            "/voice/incoming",
            method="POST",
            content_type=content_type,
            environ_overrides={
                "wsgi.input": _BrokenBody(),
                "wsgi.input_terminated": True,
                "HTTP_TRANSFER_ENCODING": "chunked",
            },
        )
        assert answer.status_code == 400, content_type


def test_a_stranger_cannot_write_lines_of_the_log(city: City, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        city.client().post("/voice/calls/x%0aERROR forged/turns/1", data={"CallSid": "CA1"})
        city.post("/voice/calls/y%0aERROR forged/fallback", {"CallSid": "CA1"})
    assert len(caplog.messages) == 2
    assert not [message for message in caplog.messages if "\n" in message]


def _attack(city: City, chance: random.Random, paths: list[str]) -> int:
    path, kind = chance.choice(paths), chance.randrange(6)
    noise = "".join(chance.choice(string.printable + "가힣\x00\ud7ff") for _ in range(chance.randrange(200)))
    client = city.client()
    if kind == 0:
        return client.post(
            path, data=noise.encode(), content_type=chance.choice(["text/plain", "", "a/b"])
        ).status_code
    if kind == 1:
        return client.post(path, data={"CallSid": noise, "Digits": noise}).status_code
    if kind == 2:
        return client.post(
            path, data=b"A" * 70_000, content_type="application/x-www-form-urlencoded"
        ).status_code
    if kind == 3:
        return client.open(
            path, method=chance.choice(["GET", "PUT", "DELETE", "OPTIONS", "TRACE"])
        ).status_code
    if kind == 4:
        headers = {"X-Twilio-Signature": "".join(chance.choices(string.ascii_letters, k=28))}
        return client.post(path, data={"CallSid": CARRIER_SID}, headers=headers).status_code
    return client.post(path, json={"CallSid": noise}).status_code


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({"CallSid": ""}, 400),
        ({"CallSid": "x" * 400}, 400),
        ({"CallSid": "CA\n1"}, 400),
    ],
)
def test_a_signed_request_without_a_usable_call_id_is_refused(
    city: City, form: dict[str, str], status: int
) -> None:
    call_id = city.order()
    assert city.post(f"/voice/calls/{call_id}/turns/0", form).status_code == status


def test_signed_oddities_are_taken_as_silence_not_as_failures(city: City) -> None:
    call_id = city.order()
    city.turn(call_id, 0)
    odd = {"Digits": "abc", "Confidence": "NaN", "SpeechResult": "", "SequenceNumber": "x", "Unknown": "가"}
    answer = city.turn(call_id, 1, **odd)
    assert answer.status_code == 200
    assert "네 하고 말씀해 주세요" in _said(answer.data)


def test_an_unknown_call_or_step_is_refused(city: City) -> None:
    call_id = city.order()
    assert city.turn("0" * 32, 0).status_code == 404
    assert city.turn(call_id, 5).status_code == 409


def test_a_repeated_delivery_gives_the_same_answer_and_acts_once(city: City) -> None:
    call_id = city.order()
    for step, words in enumerate(("", "네", "네", "아니요 안 받아요")):
        city.turn(call_id, step, SpeechResult=words)
    first = city.turn(call_id, 4, token="t-4", SpeechResult="네 해 주세요")
    again = city.turn(call_id, 4, token="t-4", SpeechResult="네 해 주세요")
    without_token = city.turn(call_id, 4, SpeechResult="네 해 주세요")
    assert first.data == again.data == without_token.data
    with reading(city.engine) as db:
        assert len(requests_of_call(db, call_id)) == 1
        assert [turn.step for turn in turns_of(db, call_id)] == [0, 1, 2, 3, 4]


def test_the_same_words_at_the_next_question_are_a_new_turn(city: City) -> None:
    call_id = city.order()
    city.turn(call_id, 0)
    first = city.turn(call_id, 1, token="t-1", SpeechResult="네")
    second = city.turn(call_id, 2, token="t-2", SpeechResult="네")
    assert first.data != second.data


def test_another_call_cannot_speak_in_this_one(city: City) -> None:
    call_id = city.order()
    city.turn(call_id, 0)
    answer = city.turn(call_id, 1, CallSid="CA" + "9" * 32, SpeechResult="네")
    assert answer.status_code == 409


def test_the_answer_is_what_the_carrier_needs(city: City) -> None:
    call_id = city.order()
    answer = city.turn(call_id, 0)
    assert answer.mimetype == "text/xml"
    root = ElementTree.fromstring(answer.data)
    gather = root.find("Gather")
    assert gather is not None
    assert gather.get("action") == city.url(f"/voice/calls/{call_id}/turns/1") + RETRIED
    assert gather.get("speechTimeout", "").isdecimal()
    assert gather.get("actionOnEmptyResult") == "true"
    assert gather.get("profanityFilter") == "false"
    assert gather.get("language") == "ko-KR"
    assert "네" in gather.get("hints", "").split(",")
    assert gather.get("input") == "dtmf speech"
    for say in root.iter("Say"):
        assert say.get("language") == "ko-KR"
        assert say.get("voice", "").startswith(("Google.ko-KR", "Polly.Seoyeon"))


def test_the_legal_notice_stands_outside_everything_that_could_interrupt_it(city: City) -> None:
    root = ElementTree.fromstring(city.turn(city.order(), 0).data)
    outside = " ".join(say.text or "" for say in root.findall("Say"))
    inside = " ".join(say.text or "" for say in root.findall("Gather/Say"))
    assert "인공지능" in outside
    assert "비밀번호는 절대 묻지 않습니다" in outside
    assert "인공지능" not in inside


def test_a_caller_to_an_unknown_number_is_told_so_and_nothing_is_kept(city: City) -> None:
    before = _rows(city)
    answer = city.post("/voice/incoming", {"CallSid": CARRIER_SID, "From": STRANGER, "To": "+15005550006"})
    assert "사용하지 않는 번호" in _said(answer.data)
    assert _rows(city) == before


def test_an_incoming_call_is_written_down_once_however_often_it_is_delivered(city: City) -> None:
    form = {"CallSid": CARRIER_SID, "AccountSid": ACCOUNT_SID, "From": MALSUN, "To": "+82326252869"}
    first, again = city.post("/voice/incoming", form), city.post("/voice/incoming", form)
    assert first.data == again.data
    assert "복지 제도를 알려 드리는 전화가 맞습니다" in _said(first.data)
    assert _rows(city)["call"] == 1


def test_a_withheld_number_is_answered_too(city: City) -> None:
    form = {"CallSid": CARRIER_SID, "From": "anonymous", "To": "+82323203000"}
    assert "무슨 일로 전화하셨어요" in _said(city.post("/voice/incoming", form).data)


def test_the_fallback_apologises_tells_staff_and_ends_well(city: City) -> None:
    call_id = city.order()
    city.turn(call_id, 0)
    path = f"/voice/calls/{call_id}/fallback"
    form = {"CallSid": CARRIER_SID, "ErrorCode": "11200", "ErrorUrl": "https://bot.example/voice"}
    first, again = city.post(path, form), city.post(path, form)
    for answer in (first, again):
        root = ElementTree.fromstring(answer.data)
        assert root.find("Hangup") is not None
        assert "죄송합니다" in _said(answer.data)
    city.report(call_id, "completed", 3)
    with reading(city.engine) as db:
        kinds = [each.kind for each in follow_ups_of_call(db, call_id)]
        assert kinds == [FollowUpKind.TECHNICAL]
        outcome = outcome_of(db, call_id)
        assert outcome is not None
        assert outcome.code == "technical_failure"


def test_the_fallback_of_a_number_finds_the_call_by_the_carriers_id(city: City) -> None:
    city.post("/voice/incoming", {"CallSid": CARRIER_SID, "From": MALSUN, "To": "+82326252869"})
    answer = city.post("/voice/fallback", {"CallSid": CARRIER_SID, "ErrorCode": "11200"})
    assert "죄송합니다" in _said(answer.data)
    unknown = city.post("/voice/fallback", {"CallSid": "CA" + "5" * 32, "ErrorCode": "11200"})
    assert "죄송합니다" in _said(unknown.data)


def test_a_recording_is_kept_only_with_consent(city: City) -> None:
    call_id = city.order()
    city.turn(call_id, 0)
    city.turn(call_id, 1, SpeechResult="네")
    path = f"/voice/calls/{call_id}/recording"
    form = {"CallSid": CARRIER_SID, "RecordingSid": "RE1", "RecordingUrl": "https://c.example/RE1"}
    city.post(path, {**form, "RecordingStatus": "in-progress"})
    assert _rows(city)["recording"] == 0
    city.turn(call_id, 2, SpeechResult="네 괜찮아요")
    city.post(path, {**form, "RecordingStatus": "completed", "RecordingDuration": "61"})
    city.post(path, {**form, "RecordingStatus": "in-progress"})
    with reading(city.engine) as db:
        recording = db.exec(select(Recording)).one()
        assert (recording.state, recording.duration_s) == ("completed", 61)
        assert recording.delete_after is not None


def test_words_of_danger_that_come_after_the_end_still_reach_staff(city: City) -> None:
    call_id = city.order()
    city.turn(call_id, 0)
    city.report(call_id, "completed", 3)
    city.turn(call_id, 1, SpeechResult="나 지금 죽고 싶어요")
    with reading(city.engine) as db:
        graver = [each for each in follow_ups_of_call(db, call_id) if each.priority is Priority.AT_ONCE]
        assert [each.kind for each in graver] == [FollowUpKind.DISTRESS]


def test_what_was_said_is_not_readable_in_the_database_file(city: City) -> None:
    call_id = city.order()
    city.turn(call_id, 0)
    city.turn(call_id, 1, SpeechResult="비밀스러운말씀입니다")
    with Session(city.engine) as db:
        raw = db.connection().exec_driver_sql("select heard, said, twiml from turn").all()
    everything = b"".join(bytes(value) for row in raw for value in row if value is not None)
    assert "비밀스러운말씀입니다".encode() not in everything
    assert "김말순".encode() not in everything
    with reading(city.engine) as db:
        assert get_call(db, call_id).step == 2
