"""The addresses that the carrier is given. They carry our own id of a call, so that nothing depends on which
answer arrives first: the placement's or the call's first webhook."""

from __future__ import annotations

from dataclasses import dataclass

RETRIED = "#rc=2&rp=ct,rt,5xx"
"""What the carrier is to do when a request fails, in Twilio's words: try twice more, also after a line that broke, or a
proxy that says so, because a server process died with the request in hand. By itself it would do so only when it was not
connected, and else give the call up or the report. What comes again changes nothing and gives the same answer."""


@dataclass(frozen=True)
class CallAddresses:
    """Absolute addresses of one call's webhooks."""

    public_url: str
    call_id: str

    @property
    def _base(self) -> str:
        return f"{self.public_url.rstrip('/')}/voice"

    def turn(self, step: int) -> str:
        return f"{self._base}/calls/{self.call_id}/turns/{step}{RETRIED}"

    @property
    def fallback(self) -> str:
        return f"{self._base}/calls/{self.call_id}/fallback"

    @property
    def status(self) -> str:
        return f"{self._base}/status?call={self.call_id}{RETRIED}"

    @property
    def answered_by(self) -> str:
        return f"{self._base}/calls/{self.call_id}/answered-by"

    @property
    def whisper(self) -> str:
        return f"{self._base}/calls/{self.call_id}/whisper"

    @property
    def accepted(self) -> str:
        return f"{self._base}/calls/{self.call_id}/accepted"

    @property
    def recording(self) -> str:
        return f"{self._base}/calls/{self.call_id}/recording{RETRIED}"


def text_status_address(public_url: str, text_id: int) -> str:
    return f"{public_url.rstrip('/')}/voice/texts/{text_id}/status"
