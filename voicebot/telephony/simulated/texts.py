"""Text messages: accepted by REST, on their way, delivered or not, with reports. Nobody really gets one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from voicebot.telephony.simulated.lines import Callback
from voicebot.telephony.simulated.persons import Dead
from voicebot.telephony.simulated.timeline import Pause, Script

if TYPE_CHECKING:
    from voicebot.telephony.simulated.exchange import SimulatedExchange

SENT_AFTER_S, DELIVERED_AFTER_S = 1.0, 2.0
UNREACHABLE = 30003
KOREAN_MOBILE = re.compile(r"^\+821[016789]\d{7,8}$")
CHARS_PER_SEGMENT = 67
"""A concatenated UCS-2 segment, as Korean needs."""


@dataclass(eq=False)
class Text:
    """One message. ``status``: queued, sent, delivered, undelivered."""

    sid: str
    from_number: str
    to_number: str
    body: str
    callback: Callback | None
    created_at: datetime
    status: str = "queued"
    error_code: int | None = None
    sent_at: datetime | None = None

    @property
    def segments(self) -> int:
        return max(1, -(-len(self.body) // CHARS_PER_SEGMENT))


class Texts:
    """All messages of an exchange."""

    def __init__(self, exchange: SimulatedExchange) -> None:
        self._exchange = exchange
        self.all: dict[str, Text] = {}

    def send(self, from_number: str, to_number: str, body: str, callback: Callback | None) -> Text:
        exchange = self._exchange
        text = Text(exchange.new_sid("SM"), from_number, to_number, body, callback, exchange.now())
        with exchange.timeline.changed:
            self.all[text.sid] = text
            exchange.timeline.spawn(self._travel(text))
        return text

    def to(self, number: str) -> list[Text]:
        """What was sent to a number, in order."""
        return [text for text in self.all.values() if text.to_number == number]

    def _travel(self, text: Text) -> Script[None]:
        yield Pause(SENT_AFTER_S)
        text.sent_at = self._exchange.now()
        self._report(text, "sent")
        yield Pause(DELIVERED_AFTER_S)
        if isinstance(self._exchange.persons.get(text.to_number), Dead):
            text.error_code = UNREACHABLE
            self._report(text, "undelivered")
        else:
            self._report(text, "delivered")

    def _report(self, text: Text, status: str) -> None:
        text.status = status
        if text.callback is None:
            return
        params = {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "AccountSid": self._exchange.account_sid,
            "From": text.from_number,
            "To": text.to_number,
            "ApiVersion": "2010-04-01",
        }
        if text.error_code:
            params["ErrorCode"] = str(text.error_code)
        self._exchange.reporter.send(None, text.callback, params)
