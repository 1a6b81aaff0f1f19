"""The carrier's requests read into our words: whatever they hold, they are read or refused, never a failure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from voicebot.calls.hearing import Delivered, Delivery
from voicebot.errors import WebhookRefused
from voicebot.telephony.requests import (
    LARGEST_NUMBER,
    TOKEN_HEADER,
    carrier_sid,
    delivered,
    status_report,
    whole,
    word,
)

ANYTHING = st.text(max_size=300)
NAMES = [
    *(
        "CallSid",
        "CallStatus",
        "SequenceNumber",
        "CallDuration",
        "Timestamp",
        "SipResponseCode",
        "AnsweredBy",
    ),
    *("Digits", "SpeechResult", "Confidence", "DialCallStatus"),
]
FORMS = st.dictionaries(st.sampled_from(NAMES), ANYTHING)
GENUINE = {"CallSid": "CA1", "CallStatus": "ringing"}


@given(
    FORMS,
    st.integers(0, 40),
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=200),
)
def test_any_request_is_read_within_its_bounds_or_refused(
    form: dict[str, str], step: int, token: str
) -> None:
    try:
        read = delivered(form, Headers({TOKEN_HEADER: token}), step=step)
    except WebhookRefused:
        return
    assert (read.kind is Delivery.BEGIN) == (step == 0)
    assert set(read.keys) <= set("0123456789*#")
    assert read.confidence is None or 0 <= read.confidence <= 1
    assert len(read.speech) <= 4000


@given(
    st.fixed_dictionaries(
        {"CallSid": st.just("CA1"), "CallStatus": st.just("ringing")},
        optional={name: ANYTHING for name in NAMES if name not in ("CallSid", "CallStatus")},
    )
)
def test_any_report_is_read_into_what_the_columns_take(form: dict[str, str]) -> None:
    report = status_report(form, call_id=None)
    assert -1 <= report.sequence_number <= LARGEST_NUMBER
    assert report.duration_s is None or 0 <= report.duration_s <= LARGEST_NUMBER
    for text in (report.reported_at, report.sip_response_code, report.answered_by):
        assert text is None or (0 < len(text) <= 64 and text.isprintable())


@given(FORMS)
def test_any_report_is_read_or_refused(form: dict[str, str]) -> None:
    try:
        status_report(form, call_id=None)
    except WebhookRefused:
        return


@pytest.mark.parametrize("sid", ["", "x" * 129, "CA\x001", "CA\n1", "CA\x7f"])
def test_an_id_that_is_none_is_refused(sid: str) -> None:
    with pytest.raises(WebhookRefused, match="CallSid"):
        carrier_sid({"CallSid": sid})


def test_an_id_may_be_any_carriers() -> None:
    """Somleng sends UUIDs."""
    assert (
        carrier_sid({"CallSid": "0aa44c1c-6eab-4f31-9a38-f4a3c8b1c1d2"})
        == "0aa44c1c-6eab-4f31-9a38-f4a3c8b1c1d2"
    )


@pytest.mark.parametrize("status", ["", "answered", "COMPLETED", "completed "])
def test_a_status_that_the_carrier_does_not_have_is_refused(status: str) -> None:
    with pytest.raises(WebhookRefused, match="CallStatus"):
        status_report({**GENUINE, "CallStatus": status}, call_id=None)


def test_a_token_that_is_no_token_is_refused() -> None:
    with pytest.raises(WebhookRefused, match=TOKEN_HEADER):
        delivered({}, Headers({TOKEN_HEADER: "t" * 129}), step=1)
    assert delivered({}, Headers({TOKEN_HEADER: ""}), step=1).token is None


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("0.82", 0.82),
        ("0", 0.0),
        ("1", 1.0),
        ("", None),
        ("NaN", None),
        ("inf", None),
        ("-0.1", None),
        ("1.01", None),
    ],
)
def test_the_recognisers_confidence_is_a_share_or_nothing(text: str, confidence: float | None) -> None:
    assert delivered({"Confidence": text}, Headers(), step=1).confidence == confidence


@pytest.mark.parametrize(
    ("status", "is_answered"),
    [
        ("completed", True),
        ("answered", True),
        ("busy", False),
        ("no-answer", False),
        ("failed", False),
        ("", False),
    ],
)
def test_a_transfer_counts_as_answered_only_when_somebody_took_it(status: str, is_answered: bool) -> None:
    read = delivered({"DialCallStatus": status, "Digits": "1"}, Headers(), step=3)
    assert read == Delivered(Delivery.TRANSFER, was_transfer_answered=is_answered)


def test_the_first_step_begins_whatever_else_it_carries() -> None:
    read = delivered({"Digits": "1", "SpeechResult": "네", "DialCallStatus": "busy"}, Headers(), step=0)
    assert read == Delivered(Delivery.BEGIN)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("41", 41),
        ("", None),
        (None, None),
        ("-1", None),
        ("4.1", None),
        ("٣", None),
        ("9" * 10, None),
        (" 4", None),
    ],
)
def test_whole_numbers_are_taken_and_nothing_else(text: str | None, number: int | None) -> None:
    assert whole(text) == number


def test_a_word_loses_what_no_column_takes() -> None:
    assert word({"State": "com\x00ple\tted" + "x" * 100}, "State", 11) == "completed"
    assert word({}, "State") == ""
