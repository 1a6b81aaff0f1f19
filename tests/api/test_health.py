"""Alive, ready, counted: nothing in it concerns a person, and what is missing is named."""

from __future__ import annotations

from pathlib import Path

from tests.calls.talk import WHO, press
from tests.city import CARRIER_SID, City, demo_catalogue, settings_for
from voicebot.app import build_house, create_app
from voicebot.records.schema import upgrade


def test_a_working_house_is_alive_and_ready(city: City) -> None:
    for path, word in (("/healthz", "ok"), ("/readyz", "ready")):
        answer = city.client().get(path)
        assert (answer.status_code, answer.get_data(as_text=True).strip()) == (200, word)


def test_a_database_that_is_not_migrated_is_not_ready_and_says_what_to_run(
    empty_database_url: str, secret_key: bytes
) -> None:
    settings = settings_for(empty_database_url, secret_key)
    house = build_house(settings, hand_over=list, catalogue=demo_catalogue())
    client = create_app(house=house).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "voicebot db upgrade" in answer.get_data(as_text=True)
    assert client.get("/healthz").status_code == 200
    upgrade(house.engine)
    assert client.get("/readyz").status_code == 200
    house.engine.dispose()


def test_a_database_that_does_not_answer_is_not_ready_and_nothing_of_it_is_told(
    tmp_path: Path, secret_key: bytes
) -> None:
    (tmp_path / "no_database").write_text("this is no database " * 100)
    settings = settings_for(f"sqlite:///{tmp_path / 'no_database'}", secret_key)
    house = build_house(settings, hand_over=list, catalogue=demo_catalogue())
    answer = create_app(house=house).test_client().get("/readyz")
    house.engine.dispose()
    assert answer.status_code == 503
    assert str(tmp_path) not in answer.get_data(as_text=True)


def test_the_metrics_count_by_route_and_name_nobody(city: City) -> None:
    call_id = city.order()
    press(city, call_id, [WHO])
    city.client().get(f"/nothing/{call_id}")
    city.client().get(f"/console/calls/{call_id}")
    figures = city.client().get("/metrics").get_data(as_text=True)
    turn = "/voice/calls/<call_id>/turns/<int(max=2147483647):step>"
    assert f'voicebot_http_requests_total{{route="{turn}",status="200"}} 2.0' in figures
    assert 'route="unknown",status="404"' in figures
    for secret in (call_id, CARRIER_SID, "말순", "0000001", city.settings.secrets.twilio_account_sid):
        assert secret not in figures


def test_nobody_can_fill_the_metrics_from_outside(city: City) -> None:
    """Every series costs memory for ever: made-up addresses and methods make none."""
    client = city.client()
    client.get("/nothing")
    before = len(client.get("/metrics").data.splitlines())
    for number in range(50):
        client.get(f"/nothing/{number}")
        client.open(f"/voice/{number}", method="PROPFIND")
    after = len(client.get("/metrics").data.splitlines())
    assert after - before < 40
