"""Recordings: by verb, by TwiML for the whole call, by REST; their media and their reports."""

from __future__ import annotations

import io
import wave

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.telephony.simulated.city import ACCOUNT, BASE, CITY, TOKEN, City, ask, say
from voicebot.telephony.simulated import Caller, SimulatedExchange, Speak, create_carrier_app
from voicebot.telephony.simulated.persons import HangUp, Press, Silence
from voicebot.telephony.simulated.recording_verbs import taken_from

RECORD = "<Record action='/recorded' recordingStatusCallback='/report' timeout='3' finishOnKey='#*'/>"
EVENTS = "recordingStatusCallbackEvent='in-progress completed absent'"


def test_a_message_is_taken_down_and_reported_when_it_can_be_fetched(
    city: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    api = create_carrier_app(exchange).test_client()
    seen: list[int] = []

    def fetch(url: str) -> int:
        return api.get(url.removeprefix("http://127.0.0.1:8079"), auth=(ACCOUNT, TOKEN)).status_code

    city.pages = {
        "/in": say("삐 소리 뒤에 말씀해 주세요.") + RECORD + say("녹음되지 않았습니다."),
        "/recorded": lambda form: seen.append(fetch(form["RecordingUrl"])) or say("감사합니다."),
        "/report": lambda form: seen.append(fetch(form["RecordingUrl"])) or "",
    }
    caller.dials(CITY)
    assert caller.listening_for == {"record"}
    caller.does(Speak("가로등이 고장 났어요", lasts_s=4.0))
    caller.hears("감사합니다")
    exchange.run()
    assert seen == [404, 200]
    (told,) = city.of("/recorded")
    assert told.params["RecordingDuration"] == "4"
    (report,) = city.of("/report")
    assert (report.params["RecordingStatus"], report.params["RecordingSource"]) == ("completed", "RecordVerb")


def test_its_media_is_a_readable_wav_of_the_right_length_behind_a_password(
    city: City, caller: Caller, exchange: SimulatedExchange, client: Client
) -> None:
    city.pages = {"/in": RECORD, "/recorded": say("네.")}
    caller.dials(CITY)
    caller.does(Speak("가로등이 고장 났어요", lasts_s=4.0))
    exchange.run()
    (recording,) = client.recordings.list()
    api = create_carrier_app(exchange).test_client()
    assert api.get(f"{recording.media_url}.wav").status_code == 401
    media = api.get(f"{recording.media_url}.wav", auth=(ACCOUNT, TOKEN)).data
    with wave.open(io.BytesIO(media)) as file:
        assert (file.getframerate(), file.getnchannels()) == (8000, 1)
        assert file.getnframes() == pytest.approx(4 * 8000, abs=10)
    assert "가로등이 고장 났어요".encode() in media
    assert recording.delete()
    with pytest.raises(TwilioRestException):
        client.recordings(recording.sid).fetch()
    assert client.recordings.list() == []


def test_silence_makes_no_request(city: City, caller: Caller, exchange: SimulatedExchange) -> None:
    city.pages = {"/in": RECORD + say("녹음되지 않았습니다."), "/recorded": "", "/report": ""}
    caller.dials(CITY)
    caller.waits()
    caller.hears("녹음되지 않았습니다")
    assert city.of("/recorded") == []


def test_hanging_up_in_the_middle_is_still_told(city: City, caller: Caller) -> None:
    city.pages = {"/in": RECORD, "/recorded": "", "/report": ""}
    caller.dials(CITY)
    caller.hangs_up(while_saying="가로등이")
    (told,) = city.of("/recorded")
    assert (told.params["Digits"], told.params["CallStatus"]) == ("hangup", "completed")


@pytest.mark.parametrize(
    ("action", "ends_s", "why", "key"),
    [
        (Silence(), 3.0, "silence", ""),
        (Speak("네", 1.0, 2.0), 6.0, "silence", ""),
        (Speak("네", 1.0, 2.0, then_presses="#"), 3.5, "key", "#"),
        (Speak("네", 1.0, 60.0), 20.0, "length", ""),
        (Speak([("네", 3.5), ("그리고", 0)], 1.0, 2.0), 5.0, "silence", ""),
        (Press("12*", 0.5, 0.5), 1.5, "key", "*"),
        (HangUp(2.0), 2.0, "hangup", ""),
    ],
)
def test_what_ends_a_recording(action: object, ends_s: float, why: str, key: str) -> None:
    taken = taken_from(action, 3.0, 20.0, "#*")  # type: ignore[arg-type]
    assert (taken.ends_s, taken.why, taken.key) == (pytest.approx(ends_s, abs=1.0), why, key)


def test_a_whole_call_is_recorded_from_start_to_stop(
    city: City, caller: Caller, exchange: SimulatedExchange, client: Client
) -> None:
    start = f"<Start><Recording recordingStatusCallback='/report' {EVENTS}/></Start>"
    city.pages = {
        "/in": start + ask(),
        "/heard": "<Pause length='10'/><Stop><Recording/></Stop><Pause length='30'/>",
        "/report": "",
    }
    caller.dials(CITY)
    caller.says("네")
    exchange.run()
    assert [asked.params["RecordingStatus"] for asked in city.of("/report")] == ["in-progress", "completed"]
    (recording,) = client.calls(caller.call.sid).recordings.list()
    assert 10 < int(recording.duration) < 25


def test_what_nobody_stops_ends_with_the_call(
    city: City, caller: Caller, exchange: SimulatedExchange
) -> None:
    city.pages = {
        "/in": f"<Start><Recording recordingStatusCallback='/report' {EVENTS}/></Start>" + say("네."),
        "/report": "",
    }
    caller.dials(CITY)
    assert city.of("/report")[-1].params["RecordingStatus"] == "completed"


def test_a_live_call_is_recorded_by_rest(
    city: City, caller: Caller, exchange: SimulatedExchange, client: Client
) -> None:
    city.pages = {"/in": ask(), "/heard": "<Pause length='20'/>", "/report": ""}
    caller.dials(CITY)
    call = client.calls(caller.call.sid)
    recording = call.recordings.create(
        recording_status_callback=f"{BASE}/report",
        recording_status_callback_event=["in-progress", "completed"],
    )
    call.recordings("Twilio.CURRENT").update(status="paused")
    call.recordings(recording.sid).update(status="in-progress")
    caller.says("네")
    assert client.recordings(recording.sid).fetch().status == "completed"
    assert city.of("/report")[0].params["RecordingSource"] == "StartCallRecordingAPI"
    with pytest.raises(TwilioRestException) as refused:
        call.recordings.create()
    assert refused.value.code == 21220


def test_a_call_placed_with_record_is_recorded(city: City, caller: Caller, client: Client) -> None:
    city.pages = {"/in": say("네."), "/report": ""}
    client.calls.create(
        to=caller.number,
        from_=CITY,
        url=f"{BASE}/in",
        record=True,
        recording_status_callback=f"{BASE}/report",
    )
    caller.answers()
    assert [asked.params["RecordingSource"] for asked in city.of("/report")] == ["OutboundAPI"]
