"""REST: recordings of calls and their media."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from voicebot.telephony.simulated.call_requests import recording_callback
from voicebot.telephony.simulated.exchange import SimulatedExchange
from voicebot.telephony.simulated.lines import Line, rfc2822
from voicebot.telephony.simulated.listing import is_within, page_of
from voicebot.telephony.simulated.recordings import Recording, wav_of
from voicebot.telephony.simulated.rest_errors import RestError, not_found

VERSION = "2010-04-01"


def add_recordings(api: Blueprint, exchange: SimulatedExchange) -> None:
    """Calls/{sid}/Recordings (start, change) and Recordings (list, fetch, media, delete)."""

    @api.post("/Calls/<sid>/Recordings.json")
    def start_recording(sid: str) -> tuple[Response, int]:
        line = line_of(exchange, sid)
        if line.status != "in-progress":
            raise RestError(400, 21220, f"Call {sid} is not in-progress: it cannot be recorded")
        channels = 2 if request.form.get("RecordingChannels") == "dual" else 1
        track = request.form.get("RecordingTrack", "both")
        callback = recording_callback(request.form)
        with exchange.timeline.changed:
            recording = exchange.recordings.start(line, "StartCallRecordingAPI", callback, track, channels)
        return jsonify(recording_payload(recording)), 201

    @api.get("/Calls/<sid>/Recordings.json")
    def list_of_call(sid: str) -> Response:
        kept = [each for each in exchange.recordings.of(line_of(exchange, sid)) if each.status != "deleted"]
        return jsonify(page_of("recordings", kept, recording_payload))

    @api.get("/Calls/<sid>/Recordings/<recording_sid>.json")
    def fetch_of_call(sid: str, recording_sid: str) -> Response:
        return jsonify(recording_payload(_of_call(exchange, sid, recording_sid)))

    @api.post("/Calls/<sid>/Recordings/<recording_sid>.json")
    def change_recording(sid: str, recording_sid: str) -> Response:
        recording = _of_call(exchange, sid, recording_sid)
        with exchange.timeline.changed:
            _change(exchange, recording, request.form.get("Status", ""))
        return jsonify(recording_payload(recording))

    @api.get("/Recordings.json")
    def list_recordings() -> Response:
        kept = [each for each in reversed(list(exchange.recordings.all.values())) if _is_wanted(each)]
        return jsonify(page_of("recordings", kept, recording_payload))

    @api.get("/Recordings/<sid>.json")
    def fetch_recording(sid: str) -> Response:
        return jsonify(recording_payload(_recording(exchange, sid)))

    @api.get("/Recordings/<sid>.wav")
    @api.get("/Recordings/<sid>")
    def media(sid: str) -> Response:
        recording = _recording(exchange, sid)
        if recording.status != "completed":
            raise not_found(request.path)
        return Response(wav_of(recording), mimetype="audio/x-wav")

    @api.delete("/Recordings/<sid>.json")
    def delete_recording(sid: str) -> tuple[str, int]:
        _recording(exchange, sid).status = "deleted"
        return "", 204


def line_of(exchange: SimulatedExchange, sid: str) -> Line:
    """The call that the request's address names; else it is answered with 404."""
    if sid not in exchange.lines:
        raise not_found(request.path)
    return exchange.lines[sid]


def _recording(exchange: SimulatedExchange, sid: str) -> Recording:
    recording = exchange.recordings.all.get(sid)
    if recording is None or recording.status == "deleted":
        raise not_found(request.path)
    return recording


def _of_call(exchange: SimulatedExchange, sid: str, recording_sid: str) -> Recording:
    """A recording of one call; ``Twilio.CURRENT`` names the one under way."""
    line = line_of(exchange, sid)
    if recording_sid == "Twilio.CURRENT":
        running = exchange.recordings.running(line)
        if not running:
            raise not_found(request.path)
        return running[0]
    recording = _recording(exchange, recording_sid)
    if recording.line is not line:
        raise not_found(request.path)
    return recording


def _change(exchange: SimulatedExchange, recording: Recording, status: str) -> None:
    changes = {
        "stopped": exchange.recordings.stop,
        "paused": exchange.recordings.pause,
        "in-progress": exchange.recordings.resume,
    }
    if status not in changes:
        raise RestError(400, 21221, f"Status is stopped, paused or in-progress, not '{status}'")
    if not recording.is_running:
        raise RestError(400, 21220, f"Recording {recording.sid} is over")
    changes[status](recording)


def _is_wanted(recording: Recording) -> bool:
    wanted = request.args.get("CallSid")
    return (
        recording.status != "deleted"
        and wanted in (None, recording.line.sid)
        and is_within(recording.started_at, "DateCreated")
    )


def recording_payload(recording: Recording) -> dict[str, Any]:
    """A recording as the API shows it."""
    account = recording.line.account_sid
    uri = f"/{VERSION}/Accounts/{account}/Recordings/{recording.sid}"
    is_over = recording.ended_at is not None
    return {
        "sid": recording.sid,
        "account_sid": account,
        "call_sid": recording.line.sid,
        "conference_sid": None,
        "status": recording.status,
        "duration": str(round(recording.duration_s)) if is_over else None,
        "channels": recording.channels,
        "source": recording.source,
        "track": recording.track,
        "error_code": None,
        "price": None,
        "price_unit": "USD",
        "encryption_details": None,
        "api_version": VERSION,
        "date_created": rfc2822(recording.started_at),
        "date_updated": rfc2822(recording.ended_at or recording.started_at),
        "start_time": rfc2822(recording.started_at),
        "uri": f"{uri}.json",
        "media_url": uri,
        "subresource_uris": {},
    }
