"""A call as the carrier keeps it: who, what state, what was heard and said. No behaviour of verbs here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Literal

from voicebot.telephony.simulated.persons import Heard, Person
from voicebot.telephony.simulated.webhook import Cookies

if TYPE_CHECKING:
    from voicebot.telephony.simulated.timeline import Process, Timer

Status = Literal[
    "queued", "initiated", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"
]
TERMINAL: frozenset[str] = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
Who = Literal["bot", "person", "carrier"]


@dataclass(frozen=True)
class Callback:
    """Where the app wants to be told, and of which events."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True)
class Source:
    """Where the next TwiML comes from: an address, or the document itself (``twiml``)."""

    url: str = ""
    method: str = "POST"
    params: tuple[tuple[str, str], ...] = ()
    twiml: str | None = None


@dataclass(frozen=True)
class CallOptions:
    """What a call was placed or received with."""

    source: Source
    fallback: Source | None = None
    callback: Callback | None = None
    ring_timeout_s: int = 60
    time_limit_s: int = 14_400
    record: bool = False
    recording_callback: Callback | None = None
    machine_detection: str = ""
    async_amd: bool = False
    amd_callback: Callback | None = None
    send_digits: str = ""


@dataclass(frozen=True)
class Spoken:
    """One line of the transcript. ``at`` is seconds since the call began."""

    who: Who
    text: str
    at: float


@dataclass(eq=False)
class Line:
    """One call (leg)."""

    sid: str
    account_sid: str
    from_number: str
    to_number: str
    direction: Literal["inbound", "outbound-api", "outbound-dial"]
    person: Person
    person_number: str
    options: CallOptions
    created_at: datetime
    began_s: float
    status: Status = "queued"
    parent_sid: str | None = None
    answered_by: str | None = None
    machine_ms: int = 0
    answered_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    updated_at: datetime | None = None
    queue_ms: int = 0
    statuses: list[Status] = field(default_factory=list)
    transcript: list[Spoken] = field(default_factory=list)
    unheard: list[Heard] = field(default_factory=list)
    """Heard by the person, but not yet reacted to."""
    cookies: Cookies = field(default_factory=Cookies)
    document_url: str = ""
    documents: int = 0
    turns: int = 0
    sequence_number: int = 0
    callbacks_under_way: int = 0
    held_callback: dict[str, str] | None = None
    is_listening: bool = False
    """The carrier waits for an undecided person (see `SimulatedExchange.act`)."""
    listening_for: frozenset[str] = frozenset()
    late_speech: tuple[float, tuple[tuple[str, float, float], ...], float | None] | None = None
    """What a person goes on to say after the carrier cut them off: (absolute second, parts, confidence)."""
    process: Process | None = None
    time_limit: Timer | None = None

    @property
    def is_over(self) -> bool:
        return self.status in TERMINAL

    @property
    def duration_s(self) -> int:
        if not self.answered_at or not self.ended_at:
            return 0
        return max(0, round((self.ended_at - self.answered_at).total_seconds()))

    def standard_params(self) -> dict[str, str]:
        """What every request for TwiML carries (§1.1)."""
        params = {
            "CallSid": self.sid,
            "AccountSid": self.account_sid,
            "From": self.from_number,
            "To": self.to_number,
            "CallStatus": self.status,
            "ApiVersion": "2010-04-01",
            "Direction": self.direction,
            "Caller": self.from_number,
            "Called": self.to_number,
        }
        if self.parent_sid:
            params["ParentCallSid"] = self.parent_sid
        if self.answered_by and not self.options.async_amd:
            params |= {"AnsweredBy": self.answered_by, "MachineDetectionDuration": str(self.machine_ms)}
        return params

    def told(self) -> str:
        """The transcript as text, for messages of failing tests."""
        return "\n".join(f"  {line.at:7.1f} s  {line.who:7} {line.text}" for line in self.transcript)


def rfc2822(moment: datetime) -> str:
    """A moment as Twilio writes it: ``Tue, 24 Nov 2026 05:00:00 +0000``."""
    return format_datetime(moment)
