"""What the carrier delivers becomes what the dialog hears: keys by field, silence, machines, doubt."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.calls.hearing import Delivered, Delivery, understand
from voicebot.clock import SEOUL
from voicebot.dialog import Event, Expectation, FieldKind, Heard
from voicebot.dialog.model import FieldSpec, Option

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SEOUL)
MAILBOX = "연결이 되지 않아 삐 소리 후 소리샘으로 연결되며 통화료가 부과됩니다."


def _expecting(kind: FieldKind, **changes: object) -> Expectation:
    """A question of a kind, with the least that the kind needs."""
    parts: dict[str, object] = {"kind": kind, "slot": "answer"}
    if kind is FieldKind.CHOICE:
        parts["options"] = (
            Option(value="message", say="말씀", key="1"),
            Option(value="done", say="끝", key="2"),
        )
    return Expectation(
        "지금 전기 요금 할인을 받고 계신가요?", "offer", FieldSpec.model_validate({**parts, **changes})
    )


def _hear(
    expected: Expectation | None,
    *,
    speech: str = "",
    keys: str = "",
    confidence: float | None = None,
    answered_by: str | None = None,
    now: datetime = NOW,
) -> Heard:
    delivered = Delivered(Delivery.ANSWER, speech=speech, keys=keys, confidence=confidence)
    return understand(delivered, expected, answered_by=answered_by, local_now=now).heard


YES_NO = _expecting(FieldKind.YES_NO)


@pytest.mark.parametrize(
    ("kind", "keys", "value"),
    [
        (FieldKind.DIGITS, "0042", "0042"),
        (FieldKind.DIGITS, "0042#", "0042"),
        (FieldKind.DIGITS, "12*4", None),
        (FieldKind.NUMBER, "0012", 12),
        (FieldKind.DATE, "1124", "2026-11-24"),
        (FieldKind.DATE, "1123", "2027-11-23"),
        (FieldKind.DATE, "0229", "2028-02-29"),
        (FieldKind.DATE, "0230", None),
        (FieldKind.DATE, "1301", None),
        (FieldKind.DATE, "112", None),
        (FieldKind.TIME, "0000", "00:00"),
        (FieldKind.TIME, "2359", "23:59"),
        (FieldKind.TIME, "2400", None),
        (FieldKind.TIME, "1260", None),
        (FieldKind.TIME, "930", None),
        (FieldKind.YES_NO, "1", None),
        (FieldKind.CHOICE, "2", None),
        (FieldKind.SPEECH, "1", None),
    ],
)
def test_typed_figures_mean_what_the_field_asks_for(kind: FieldKind, keys: str, value: object) -> None:
    """Single keys of choices and yes/no questions are the dialog's to read: they carry no value."""
    heard = _hear(_expecting(kind), keys=keys)
    assert (heard.event, heard.value) == (Event.KEYS, value)


@pytest.mark.parametrize(("typed", "keys"), [("1#", "1"), ("#", "#"), ("*", "*"), ("0", "0"), ("##", "##")])
def test_the_key_that_ends_an_answer_is_no_part_of_it(typed: str, keys: str) -> None:
    assert _hear(YES_NO, keys=typed).keys == keys


@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)), st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_a_typed_day_is_the_next_one_of_that_name(today: date, wanted: date) -> None:
    now = datetime.combine(today, time(10), SEOUL)
    value = _hear(_expecting(FieldKind.DATE), keys=f"{wanted:%m%d}", now=now).value
    found = date.fromisoformat(value)
    assert (found.month, found.day) == (wanted.month, wanted.day)
    assert today <= found < today + timedelta(days=8 * 366)
    if (wanted.month, wanted.day) != (2, 29):
        assert found < today + timedelta(days=366)


@given(
    st.text("0123456789*#", min_size=1, max_size=64),
    st.sampled_from(list(FieldKind)),
    st.dates(date(2000, 1, 1), date(2095, 1, 1)),
)
def test_no_keys_at_all_can_break_the_hearing(keys: str, kind: FieldKind, today: date) -> None:
    heard = _hear(_expecting(kind), keys=keys, now=datetime.combine(today, time(23, 59), SEOUL))
    assert heard.event is Event.KEYS
    assert heard.keys


def test_keys_come_before_words_that_were_delivered_with_them() -> None:
    assert _hear(YES_NO, keys="2", speech="네").event is Event.KEYS


@pytest.mark.parametrize(
    ("answered_by", "event"),
    [
        (None, Event.SILENCE),
        ("human", Event.SILENCE),
        ("unknown", Event.SILENCE),
        ("machine_start", Event.MACHINE),
        ("machine_end_beep", Event.MACHINE),
        ("fax", Event.MACHINE),
    ],
)
def test_silence_where_a_machine_was_detected_is_a_machine(answered_by: str | None, event: Event) -> None:
    assert _hear(YES_NO, answered_by=answered_by).event is event
    assert _hear(YES_NO, speech="  \n", answered_by=answered_by).event is event


def test_a_person_who_speaks_outweighs_the_detection() -> None:
    """Slow elders sound like machines to the carrier."""
    heard = _hear(YES_NO, speech="네", answered_by="machine_start")
    assert (heard.event, heard.act) == (Event.SPEECH, "affirm")


@pytest.mark.parametrize("answered_by", [None, "human"])
def test_the_words_of_a_mailbox_are_a_machine_whatever_was_detected(answered_by: str | None) -> None:
    assert _hear(YES_NO, speech=MAILBOX, answered_by=answered_by).event is Event.MACHINE


def test_words_of_danger_are_heard_even_where_a_machine_was_detected() -> None:
    heard = _hear(YES_NO, speech="살려 주세요 불이 났어요", answered_by="machine_start")
    assert heard.event is Event.SPEECH
    assert heard.emergency


@pytest.mark.parametrize("recogniser", [None, 0.0, 0.35, 0.9, 1.0])
def test_an_answer_stands_unless_the_recogniser_doubts_it(recogniser: float | None) -> None:
    """Zero is what several recognisers send for "not told"."""
    assert _hear(YES_NO, speech="네", confidence=recogniser).confidence > 0.5


@pytest.mark.parametrize("recogniser", [0.01, 0.2, 0.34])
def test_an_answer_that_the_recogniser_doubts_is_asked_for_again(recogniser: float) -> None:
    heard = _hear(YES_NO, speech="네", confidence=recogniser)
    assert heard.confidence < YES_NO.field.surely_enough
    assert heard.recognised == recogniser


@pytest.mark.parametrize(
    ("kind", "speech", "value"),
    [
        (FieldKind.NUMBER, "세 명이요", 3),
        (FieldKind.DIGITS, "공일공", "010"),
        (FieldKind.DATE, "내일이요", "2026-11-25"),
        (FieldKind.TIME, "오후 세 시요", "15:00"),
        (FieldKind.TIME, "아무 때나 괜찮아요", None),
        (FieldKind.YES_NO, "네", None),
        (FieldKind.SPEECH, "가로등이 나갔어요", None),
    ],
)
def test_spoken_values_are_understood_by_the_field(kind: FieldKind, speech: str, value: object) -> None:
    assert _hear(_expecting(kind), speech=speech).value == value


def test_words_said_where_nothing_is_asked_are_still_judged() -> None:
    """After the end of a call a late webhook may bring a cry for help."""
    assert _hear(None, speech="살려 주세요").emergency
    assert _hear(None, keys="12").value is None


@pytest.mark.parametrize(
    ("delivered", "event"),
    [
        (Delivered(Delivery.BEGIN, speech="네", keys="1"), Event.BEGIN),
        (Delivered(Delivery.TRANSFER, was_transfer_answered=True), Event.TRANSFER_ANSWERED),
        (Delivered(Delivery.TRANSFER, keys="1"), Event.TRANSFER_UNANSWERED),
    ],
)
def test_begin_and_transfer_are_what_they_are(delivered: Delivered, event: Event) -> None:
    assert understand(delivered, YES_NO, answered_by="machine_start", local_now=NOW).heard.event is event


@pytest.mark.parametrize(
    ("said", "act"),
    [("아니요", "deny"), ("저는 이영희인데요", "deny"), ("아니요 잘못 거셨어요", "wrong_person")],
)
def test_a_mere_no_to_a_name_is_the_answer_no_as_its_key_is(said: str, act: str) -> None:
    asked = Expectation("김말순 님 되시나요?", "identity", YES_NO.field)
    assert _hear(asked, speech=said).act == act
