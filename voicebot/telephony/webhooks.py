"""The carrier's webhooks under ``/voice/``: verified, read, given to the calls room, answered in TwiML.

Every request is refused before anything is read or written unless the carrier signed it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from voicebot.calls.centre import CallCentre
from voicebot.calls.failures import call_id_of, note_failure
from voicebot.calls.incoming import as_e164, receive_call
from voicebot.calls.machines import note_answered_by
from voicebot.calls.recordings import RecordingReport, note_recording
from voicebot.calls.statuses import apply_status
from voicebot.calls.turns import take_turn
from voicebot.config import Settings
from voicebot.dialog import Command
from voicebot.errors import RecordConflict, RecordNotFound, VoicebotError, WebhookRefused
from voicebot.korean import phone
from voicebot.records.tables import Call, Direction
from voicebot.telephony import requests, twiml
from voicebot.telephony.addresses import CallAddresses
from voicebot.telephony.signatures import SIGNATURE_HEADER, SignatureVerifier, raw_target
from voicebot.telephony.texts import apply_text_status

LARGEST_BODY = 64 * 1024
"""Twilio's own forms are a few kilobytes."""
_FORM = "application/x-www-form-urlencoded"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Telephony:
    """What the webhooks need."""

    settings: Settings
    centre: CallCentre
    desks: Callable[[], Mapping[str, str]] = dict
    """The desks of this moment beside those of the settings: name → E.164 number (tonight's officers)."""
    whisper: Callable[[str], str] | None = None
    """What whoever picks up a call (by our id) hears first, in Korean; "" for nothing."""

    def render(self, call: Call, next_step: int, commands: Sequence[Command]) -> str:
        """The TwiML for a turn's commands; the next request comes to ``next_step``."""
        at = CallAddresses(self.settings.public_url, call.id)
        ours = call.from_number if call.direction is Direction.OUTBOUND else call.to_number
        numbers = {name: self.settings.desk(name) for name in ("staff", "situation_room")} | dict(
            self.desks()
        )
        desks = {
            name: twiml.Desk(
                number, ours, self.settings.desks.ring_timeout_s, at.whisper if self.whisper else None
            )
            for name, number in numbers.items()
        }
        addresses = twiml.Addresses(turn=at.turn(next_step), recording=at.recording)
        return twiml.render(commands, addresses, self.settings.speech, desks)

    def apology(self) -> str:
        """Said when we failed: what happened, and where to turn."""
        number = phone(self.settings.call_back_number)
        return twiml.apology(
            f"죄송합니다. 시스템에 문제가 생겨 통화를 이어 갈 수 없습니다. 담당자가 확인하겠습니다. "
            f"급하시면 {number}번으로 전화해 주세요. 위급한 상황이면 일일구로 전화해 주세요.",
            self.settings.speech,
        )


def voice_blueprint(telephony: Telephony) -> Blueprint:
    """Everything under ``/voice``."""
    voice = Blueprint("voice", __name__, url_prefix="/voice")
    verifier = SignatureVerifier(telephony.settings.public_url, telephony.settings.secrets.auth_tokens())
    voice.before_request(lambda: _require_genuine(verifier))
    voice.register_error_handler(VoicebotError, _refuse)
    _add_turn_routes(voice, telephony)
    _add_report_routes(voice, telephony)
    return voice


def _require_genuine(verifier: SignatureVerifier) -> None:
    request.max_content_length = LARGEST_BODY  # also where no length is announced
    if (request.content_length or 0) > LARGEST_BODY:
        raise WebhookRefused("the body is larger than 64 kB", status=413)
    _read_body()
    verifier.require(raw_target(request.environ), signed_body(), request.headers.get(SIGNATURE_HEADER))
    if any("\0" in text for text in (request.path, *request.args.values())):
        raise WebhookRefused("the address holds what no record can", status=400)
    if request.mimetype != _FORM:
        raise WebhookRefused(f"only {_FORM} is understood", status=415)


def _read_body() -> None:
    """Read the body once, for the form and for the signature. Raises WebhookRefused (400)."""
    try:
        request.get_data()
    except HTTPException:
        raise  # too large, or the line broke: Werkzeug has judged it
    except Exception as error:
        raise WebhookRefused(f"the body is no HTTP ({type(error).__name__})", status=400) from error


def signed_body() -> Mapping[str, object] | str:
    """What the signature covers besides the address: the form, or raw JSON (its hash is in the address)."""
    if request.mimetype == _FORM:
        return request.form
    return request.get_data(as_text=True)


def _refuse(error: VoicebotError) -> Response:
    """Refusals answer with their status and no detail; the log has the reason without anything personal."""
    if isinstance(error, WebhookRefused):
        status = error.status
    elif isinstance(error, RecordNotFound):
        status = 404
    elif isinstance(error, RecordConflict):
        status = 409  # e.g. a second call of ours under one id of the carrier
    else:
        raise error
    # Both may hold what a stranger wrote: a line break in an address must not begin a line of the log.
    _log.warning("refused %s %r: %r", request.method, request.path, str(error))
    return Response("refused\n", status=status, mimetype="text/plain")


def _xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")


def _nothing() -> Response:
    return Response(status=204)


def _add_turn_routes(voice: Blueprint, telephony: Telephony) -> None:
    centre, settings = telephony.centre, telephony.settings

    @voice.post("/incoming")
    def incoming() -> Response:
        """A call to one of the city's numbers."""
        sid = requests.carrier_sid(request.form)
        dialled = as_e164(requests.word(request.form, "To"))
        line = settings.numbers.line_of(dialled)
        dialog = settings.dialog_of_line.get(line) if line else None
        if line is None or dialog is None:
            return _xml(twiml.apology("지금 거신 번호는 사용하지 않는 번호입니다.", settings.speech))
        call_id = receive_call(
            centre,
            carrier_sid=sid,
            from_number=requests.word(request.form, "From"),
            to_number=dialled,
            line=line,
            dialog=dialog,
        )
        return _turn(call_id, 0)

    @voice.post(f"/calls/<call_id>/turns/<int(max={requests.LARGEST_NUMBER}):step>")
    def turn(call_id: str, step: int) -> Response:
        """The next step of a call: what was said or pressed, or that nothing was."""
        return _turn(call_id, step)

    def _turn(call_id: str, step: int) -> Response:
        sid = requests.carrier_sid(request.form)
        delivered = requests.delivered(request.form, request.headers, step=step)
        return _xml(take_turn(centre, call_id, step, delivered, telephony.render, carrier_sid=sid))

    @voice.post("/calls/<call_id>/whisper")
    def whisper(call_id: str) -> Response:
        """Somebody has picked up a transferred call: they hear what it is about."""
        text = telephony.whisper(call_id) if telephony.whisper else ""
        accepted = CallAddresses(settings.public_url, call_id).accepted
        return _xml(twiml.whisper(text, accepted, settings.speech))

    @voice.post("/calls/<call_id>/accepted")
    def accepted(call_id: str) -> Response:
        """They take it: the two are connected."""
        return _xml(twiml.nothing())

    @voice.post("/calls/<call_id>/fallback")
    def fallback(call_id: str) -> Response:
        """We failed to answer: apologise, tell staff, end."""
        return _fail(lambda: call_id)

    @voice.post("/fallback")
    def fallback_of_number() -> Response:
        """The same, set for the city's numbers at the carrier, where the address cannot carry our id."""
        sid = requests.carrier_sid(request.form)
        return _fail(lambda: call_id_of(centre, sid))

    def _fail(find: Callable[[], str | None]) -> Response:
        """Whatever else is broken, the caller hears the apology."""
        try:
            if (call_id := find()) is not None:
                note_failure(centre, call_id, error_code=request.form.get("ErrorCode"))
        except RecordNotFound as error:
            _log.warning("a failure was reported for no call of ours: %r", str(error))
        except Exception:  # noqa: BLE001 - the top of the web
            _log.exception("a failure could not be written down")
        return _xml(telephony.apology())


def _add_report_routes(voice: Blueprint, telephony: Telephony) -> None:
    centre, settings = telephony.centre, telephony.settings

    @voice.post("/status")
    def status() -> Response:
        """A status report, in any order, as often as the carrier likes."""
        apply_status(centre, requests.status_report(request.form, call_id=request.args.get("call")))
        return _nothing()

    @voice.post("/calls/<call_id>/answered-by")
    def answered_by(call_id: str) -> Response:
        """The carrier's asynchronous detection of machines."""
        note_answered_by(centre, call_id, requests.word(request.form, "AnsweredBy") or "unknown")
        return _nothing()

    @voice.post("/calls/<call_id>/recording")
    def recording(call_id: str) -> Response:
        """A recording has begun, is there, or has failed."""
        sid = requests.word(request.form, "RecordingSid")
        if not sid:
            raise WebhookRefused("RecordingSid is missing", status=400)
        report = RecordingReport(
            recording_sid=sid,
            url=requests.word(request.form, "RecordingUrl", longest=500),
            state=requests.word(request.form, "RecordingStatus") or "completed",
            duration_s=requests.whole(request.form.get("RecordingDuration")),
        )
        note_recording(centre, call_id, report, keep_days=settings.recording.keep_days)
        return _nothing()

    @voice.post(f"/texts/<int(max={requests.LARGEST_NUMBER}):text_id>/status")
    def text_status(text_id: int) -> Response:
        """How far a text has come."""
        sid = requests.word(request.form, "MessageSid")
        if not sid:
            raise WebhookRefused("MessageSid is missing", status=400)
        apply_text_status(
            centre.engine,
            centre.clock,
            text_id=text_id,
            carrier_sid=sid,
            status=request.form.get("MessageStatus", ""),
            error_code=requests.word(request.form, "ErrorCode") or None,
        )
        return _nothing()
