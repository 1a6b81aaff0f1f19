"""Telling the app how a call fares: status callbacks and other reports, with all that may happen to them.

Each is a request of its own beside the call; order and arrival are not promised (§1.5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from voicebot.telephony.simulated.faults import Chance, Faults
from voicebot.telephony.simulated.lines import TERMINAL, Callback, Line, Status, rfc2822
from voicebot.telephony.simulated.timeline import Pause, Script, Timeline
from voicebot.telephony.simulated.webhook import Cookies, Courier, WebhookFailed

EVENT_OF_STATUS: dict[str, str] = {
    "initiated": "initiated",
    "ringing": "ringing",
    "in-progress": "answered",
    **dict.fromkeys(TERMINAL, "completed"),
}
_SIP_CODES = {"completed": "200", "busy": "486", "no-answer": "487", "failed": "404", "canceled": "487"}


class Reporter:
    """Sends reports. ``log_error(line, code, message, url)`` is told of those that the app did not take."""

    def __init__(
        self,
        timeline: Timeline,
        courier: Courier,
        faults: Faults,
        chance: Chance,
        log_error: Callable[[Line | None, int, str, str], None],
    ) -> None:
        self._timeline = timeline
        self._courier = courier
        self._faults = faults
        self._chance = chance
        self._log_error = log_error

    def status(self, line: Line, status: Status) -> None:
        """Report a status if the app asked for its event."""
        callback = line.options.callback
        if callback is None or EVENT_OF_STATUS[status] not in callback.events:
            return
        params = self._status_params(line, status)
        line.sequence_number += 1
        held, line.held_callback = line.held_callback, None
        is_last = status in TERMINAL
        if self._chance.strikes(self._faults.status_lost):
            pass
        elif not is_last and held is None and self._chance.strikes(self._faults.status_reordered):
            line.held_callback = params
        else:
            self._send_status(line, callback, params)
        if held is not None:
            self._send_status(line, callback, held)

    def _send_status(self, line: Line, callback: Callback, params: dict[str, str]) -> None:
        late = self._chance.strikes(self._faults.status_delayed)
        delay_s = self._faults.status_delay_s if late else 0.0
        times = 2 if self._chance.strikes(self._faults.status_duplicated) else 1
        for _ in range(times):
            self.send(line, callback, params, delay_s)

    def _status_params(self, line: Line, status: Status) -> dict[str, str]:
        params = line.standard_params() | {
            "CallStatus": status,
            "Timestamp": rfc2822(self._timeline.now()),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(line.sequence_number),
        }
        if status in TERMINAL:
            seconds = line.duration_s
            params |= {
                "CallDuration": str(seconds),
                "Duration": str(-(-seconds // 60)),
                "SipResponseCode": _SIP_CODES[status],
            }
        if line.answered_by:
            params["AnsweredBy"] = line.answered_by
        return params

    def send(
        self, line: Line | None, callback: Callback, params: Mapping[str, str], delay_s: float = 0.0
    ) -> None:
        """Send any report on its own; a failure is logged and nothing more."""
        if line:
            line.callbacks_under_way += 1
        self._timeline.spawn(self._send(line, callback, params, delay_s))

    def _send(
        self, line: Line | None, callback: Callback, params: Mapping[str, str], delay_s: float
    ) -> Script[None]:
        yield Pause(delay_s)
        try:
            yield from self._courier.fetch("report", callback.method, callback.url, params, Cookies())
        except WebhookFailed as failure:
            self._log_error(line, failure.code, str(failure), failure.url)
        finally:
            if line:
                line.callbacks_under_way -= 1
