"""What Open311 does not take: each with its status and reason in the format asked for, and nothing breaks it."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from tests.api.open311 import BASE, REPORT, read, refused, send
from tests.city import FORM, City
from voicebot.records.database import transaction
from voicebot.records.tables import Ticket


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(
    "parameters",
    [
        {"status": "opened"},
        {"service_code": "nothing"},
        {"service_code": "x" * 100_000},
        {"service_request_id": "abc"},
        {"service_request_id": "1;DROP"},
        {"service_request_id": "٣"},
        {"service_request_id": ",".join(map(str, range(1, 1002)))},
        {"start_date": "2026-11-24"},
        {"start_date": "2026-11-24T10:00:00"},
        {"start_date": "2026-13-24T10:00:00Z"},
        {"start_date": "2026-11-24T10:00:00+99:00"},
        {"start_date": "0001-01-01T00:00:00+14:00"},
        {"end_date": "0001-01-02T00:00:00Z"},
        {"start_date": "9999-12-31T00:00:00Z"},
        {"start_date": "2026-11-24T10:00:00Z\0"},
        {"start_date": "2026-11-24T00:00:00Z", "end_date": "2026-11-23T00:00:00Z"},
        {"start_date": "2026-08-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"},
    ],
)
def test_wrong_parameters_are_400_with_a_reason(
    city: City, key: str, parameters: dict[str, str], form: str
) -> None:
    answer = city.client().get(f"{BASE}/requests.{form}", query_string={"api_key": key, **parameters})
    assert next(iter(parameters)) in refused(answer, 400)[0] or "end_date" in refused(answer, 400)[0]


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(
    ("changes", "status", "named"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "nothing"}, 404, "service_code"),
        ({"service_code": "abusive"}, 404, "service_code"),
        ({"service_code": "fire"}, 400, "119"),
        ({"service_code": "suicide"}, 400, "109"),
        ({"address_string": ""}, 400, "위치"),
        ({"lat": "37.5"}, 400, "lat과 long"),
        ({"lat": "91", "long": "0"}, 400, "lat"),
        ({"lat": "nan", "long": "inf"}, 400, "lat"),
        ({"lat": "1e400", "long": "1"}, 400, "lat"),
        ({"lat": "٣", "long": "1"}, 400, "lat"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"description": "종\x07소리"}, 400, "description"),
        ({"description": "\0"}, 400, "description"),
        ({"address_string": "x" * 501}, 400, "address_string"),
        ({"address_string": "앞\x00뒤"}, 400, "address_string"),
        ({"address_id": "번호 1"}, 400, "address_id"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"media_url": "https://["}, 400, "media_url"),
        ({"description": "x" * 3990, "media_url": "https://city.example/1.jpg"}, 400, "media_url"),
        ({"phone": "12"}, 400, "phone"),
    ],
)
def test_wrong_reports_are_refused_and_leave_nothing(
    city: City, key: str, form: str, changes: dict[str, str], status: int, named: str
) -> None:
    assert named in " ".join(refused(send(city, key, {**REPORT, **changes}, form), status))
    with transaction(city.engine) as db:
        assert not db.exec(select(Ticket)).all()


def test_all_faults_of_a_report_are_told_at_once(city: City, key: str) -> None:
    wrong = {**REPORT, "lat": "x", "phone": "x", "description": "\x01"}
    assert len(refused(send(city, key, wrong), 400)) == 4


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_body_of_another_kind_or_size_is_refused(city: City, key: str, form: str) -> None:
    address, header = f"{BASE}/requests.{form}", {"X-Api-Key": key}
    refused(city.client().post(address, json=REPORT, headers=header), 415)
    refused(city.client().post(address, data=b"", headers=header), 415)
    picture = {**REPORT, "media": (io.BytesIO(b"x"), "a.jpg")}
    refused(city.client().post(address, data=picture, headers=header), 415)
    assert "큽니다" in refused(send(city, key, {**REPORT, "description": "가" * 40_000}, form), 400)[0]
    rubbish = city.client().post(address, data=b"\xff\xfe=%zz&&=", headers=header, content_type=FORM)
    refused(rubbish, 400)


def test_a_body_without_a_length_is_never_taken_in_part(city: City, key: str) -> None:
    """Werkzeug cuts such a body at the limit and says nothing."""
    begun = urlencode({"api_key": key, **REPORT, "description": ""}).encode()
    answer = city.client().post(
        f"{BASE}/requests.json",
        input_stream=io.BytesIO(begun + b"x" * 70_000),
        content_type=FORM,
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert "큽니다" in refused(answer, 400)[0]


def test_a_line_that_breaks_off_leaves_nothing(city: City, key: str) -> None:
    class Broken(io.BytesIO):
        def readinto(self, _into: object) -> int:
            raise OSError("gone")

    answer = city.client().post(
        f"{BASE}/requests.json",
        input_stream=Broken(),
        content_type=FORM,
        headers={"X-Api-Key": key},
        environ_overrides={"wsgi.input_terminated": True},
    )
    refused(answer, 400)


def test_records_that_are_out_of_order_ask_to_try_later(city: City, key: str) -> None:
    with transaction(city.engine) as db:
        db.execute(text("ALTER TABLE api_key RENAME TO away"))
    try:
        refused(send(city, key, REPORT), 503)
    finally:
        with transaction(city.engine) as db:
            db.execute(text("ALTER TABLE away RENAME TO api_key"))


TEXTS = st.text(max_size=30) | st.sampled_from(["\0", "1" * 400, "-0.0", "٣", "2026-11-24T10:00:00Z", "%"])
NAMES = [
    "service_request_id", "service_code", "start_date", "end_date", "status", "jurisdiction_id", "lat", "long",
    "address_string", "address_id", "description", "media_url", "phone", "attribute[x]",
]  # fmt: skip


@given(parameters=st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=5))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_asked_breaks_it(city: City, key: str, parameters: dict[str, str]) -> None:
    answer = city.client().get(f"{BASE}/requests.xml", query_string={**parameters, "api_key": key})
    assert answer.status_code in (200, 400)
    read(answer)


@given(form=st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_reported_breaks_it(city: City, key: str, form: dict[str, str]) -> None:
    answer = send(city, key, {"address_string": "소사역", "service_code": "waste", **form}, "xml")
    assert answer.status_code in (201, 400, 404)
    read(answer)
    if answer.status_code == 201:
        number = read(answer).find("request/service_request_id").text
        told = city.client().get(f"{BASE}/requests/{number}.xml", headers={"X-Api-Key": key})
        assert told.status_code == 200
        read(told)
