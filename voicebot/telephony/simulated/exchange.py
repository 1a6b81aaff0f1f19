"""The exchange: numbers, persons, calls, and everything that happens between them. Knows no app, only URLs.

NOT simulated, and not to be concluded from it: how well speech is recognised or synthesised, whether a carrier
lets a city's number be shown, how well machines are told from people, prices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from voicebot.clock import Clock
from voicebot.telephony.simulated.debugger import DebuggerEntry
from voicebot.telephony.simulated.faults import Chance, Faults
from voicebot.telephony.simulated.interpreter import Interpreter
from voicebot.telephony.simulated.lines import (
    TERMINAL,
    Callback,
    CallOptions,
    Line,
    Source,
    Spoken,
    Status,
)
from voicebot.telephony.simulated.persons import Action, Person, Quiet
from voicebot.telephony.simulated.placing import place, receive
from voicebot.telephony.simulated.queueing import Queue
from voicebot.telephony.simulated.recordings import Recordings
from voicebot.telephony.simulated.reports import Reporter
from voicebot.telephony.simulated.signals import CallEnds, LiveUpdate
from voicebot.telephony.simulated.texts import Texts
from voicebot.telephony.simulated.timeline import Timeline
from voicebot.telephony.simulated.transport import Transport
from voicebot.telephony.simulated.webhook import Courier, Delivery


@dataclass(frozen=True)
class OwnNumber:
    """A number of the account: what a call to it sets going."""

    number: str
    source: Source
    fallback: Source | None
    callback: Callback | None


class SimulatedExchange:
    """One account's carrier.

    ``clock``: a `ManualClock` for virtual time (share it with the app), any other for real time. ``speed``
    divides real time. ``seed`` makes sids and faults repeatable. ``api_url`` is where `create_carrier_app` is
    served, for the URLs of recordings.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        clock: Clock,
        transport: Transport,
        faults: Faults | None = None,
        seed: int = 0,
        api_url: str = "http://127.0.0.1:8079",
        speed: float = 1.0,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.api_url = api_url.rstrip("/")
        self.faults = faults or Faults()
        self.chance = Chance(seed)
        self.timeline = Timeline(clock, transport, speed)
        self.courier = Courier(auth_token, self.faults, self.chance)
        self.reporter = Reporter(self.timeline, self.courier, self.faults, self.chance, self.log_error)
        self.recordings = Recordings(self.timeline, self.reporter, self.new_sid, self.recording_url)
        self.texts = Texts(self)
        self.queues: dict[str, Queue] = {}
        self.lines: dict[str, Line] = {}
        self.own_numbers: dict[str, OwnNumber] = {}
        self.persons: dict[str, Person] = {}
        self.default_person: Callable[[], Person] = Quiet
        self.debugger: list[DebuggerEntry] = []
        self.media_seconds: dict[str, float] = {}
        self.listeners: list[Callable[[Line, Spoken], None]] = []
        """Told of every line of every transcript as it is said (to print a conversation, for example)."""
        self.text_of_audio: Callable[[str], str | None] = lambda url: None
        """What a recording says, by its URL: then people hear the words of a <Play>, not its address."""
        self._next_start_s = 0.0

    @property
    def webhooks(self) -> list[Delivery]:
        """Every request delivered to the app, in order."""
        return self.courier.log

    # --- numbers and persons ---

    def own(
        self,
        number: str,
        voice_url: str,
        *,
        method: str = "POST",
        fallback_url: str | None = None,
        status_callback: str | None = None,
    ) -> None:
        """Make ``number`` one of the account's: calls to it ask ``voice_url`` for TwiML."""
        self.own_numbers[number] = OwnNumber(
            number,
            Source(voice_url, method),
            Source(fallback_url) if fallback_url else None,
            Callback(status_callback) if status_callback else None,
        )

    def person_at(self, number: str) -> Person:
        """Who answers at ``number``; a fresh one of the default kind where nobody is known."""
        if number not in self.persons:
            self.persons[number] = self.default_person()
        return self.persons[number]

    # --- calls ---

    def new_sid(self, prefix: str) -> str:
        return prefix + self.chance.hex(32)

    def dial_in(self, from_number: str, to_number: str, person: Person) -> Line:
        """Somebody rings one of the account's numbers. Raises ValueError for a number it does not own."""
        own = self.own_numbers.get(to_number)
        if own is None:
            raise ValueError(f"{to_number} is not one of the account's numbers; add it with own()")
        options = CallOptions(own.source, own.fallback, own.callback)
        with self.timeline.changed:
            line = self._new_line("inbound", from_number, to_number, person, from_number, options)
            line.process = self.timeline.spawn(receive(self, line))
        return line

    def place(self, from_number: str, to_number: str, options: CallOptions) -> Line:
        """Place a call (REST create)."""
        with self.timeline.changed:
            person = self.person_at(to_number)
            line = self._new_line("outbound-api", from_number, to_number, person, to_number, options)
            line.process = self.timeline.spawn(place(self, line, self._queueing_s()))
        return line

    def _queueing_s(self) -> float:
        """How long a new call waits for its turn (calls per second)."""
        now_s = self.timeline.seconds()
        start_s = max(now_s, self._next_start_s)
        if self.faults.calls_per_second:
            self._next_start_s = start_s + 1.0 / self.faults.calls_per_second
            return start_s - now_s
        return 0.0

    def _new_line(
        self,
        direction: str,
        from_number: str,
        to_number: str,
        person: Person,
        person_number: str,
        options: CallOptions,
        parent_sid: str | None = None,
    ) -> Line:
        line = Line(
            sid=self.new_sid("CA"),
            account_sid=self.account_sid,
            from_number=from_number,
            to_number=to_number,
            direction=direction,  # type: ignore[arg-type]
            person=person,
            person_number=person_number,
            options=options,
            created_at=self.timeline.now(),
            began_s=self.timeline.seconds(),
            parent_sid=parent_sid,
        )
        self.lines[line.sid] = line
        return line

    def new_leg(self, parent: Line, from_number: str, to_number: str, options: CallOptions) -> Line:
        """A leg dialled from another call; its process is the dialler's business."""
        person = self.person_at(to_number)
        return self._new_line("outbound-dial", from_number, to_number, person, to_number, options, parent.sid)

    def interpreter(self, line: Line) -> Interpreter:
        return Interpreter(self, line)

    def queue(self, name: str) -> Queue:
        """The queue of that name; it begins to exist when first named."""
        return self.queues.setdefault(name, Queue(self.new_sid("QU")))

    def recording_url(self, sid: str) -> str:
        return f"{self.api_url}/2010-04-01/Accounts/{self.account_sid}/Recordings/{sid}"

    def act(self, line: Line, action: Action) -> None:
        """Act for an undecided person. Raises ValueError when the carrier is not waiting for them."""
        with self.timeline.changed:
            if not line.is_listening or line.process is None:
                raise ValueError(f"nobody is listening on call {line.sid}")
            line.is_listening = False
            line.process.wake(action)

    def hang_up(self, line: Line, status: Status = "completed", by: str = "person") -> None:
        """End a call now, whatever it is doing. Does nothing when it is over."""
        with self.timeline.changed:
            if not line.is_over and line.process:
                line.is_listening = False
                line.process.throw(CallEnds(status, by))

    def redirect(self, line: Line, source: Source) -> None:
        """Send a live call to other TwiML (REST update)."""
        with self.timeline.changed:
            if line.process:
                line.is_listening = False
                line.process.throw(LiveUpdate(source))

    # --- what scripts report ---

    def set_status(self, line: Line, status: Status) -> None:
        """Move a call on and report it. A terminal status is final."""
        if line.is_over or line.status == status:
            return
        line.status = status
        line.updated_at = self.timeline.now()
        line.statuses.append(status)
        if status == "initiated":
            line.started_at = line.updated_at
        self.reporter.status(line, status)

    def answer(self, line: Line) -> None:
        """The call is picked up (once); its time limit begins."""
        if line.answered_at or line.is_over:
            return
        line.answered_at = self.timeline.now()
        line.started_at = line.started_at or line.answered_at
        self.set_status(line, "in-progress")
        if line.options.record:
            self.recordings.start(line, "OutboundAPI", line.options.recording_callback)
        limit_s = line.options.time_limit_s
        line.time_limit = self.timeline.after(
            limit_s, lambda: self.hang_up(line, by="carrier"), is_limit=True
        )

    def end(self, line: Line, status: Status) -> None:
        """The call is over, once and for all."""
        if line.is_over:
            return
        line.ended_at = self.timeline.now()
        if line.time_limit:
            line.time_limit.cancel()
        for recording in self.recordings.running(line):
            self.recordings.stop(recording)
        never_dialled = status == "canceled" and not line.statuses
        if never_dialled:
            line.status, line.updated_at = status, line.ended_at
            line.statuses.append(status)
        else:
            self.set_status(line, status if status in TERMINAL else "completed")

    def log_error(self, line: Line | None, code: int, message: str, url: str) -> None:
        """An error for the debugger."""
        sid = line.sid if line else ""
        self.debugger.append(DebuggerEntry(sid, code, message, url, self.timeline.now()))

    def strikes(self, fault: str) -> bool:
        """Whether the fault of that name (a field of `Faults`) strikes now."""
        return self.chance.strikes(getattr(self.faults, fault))

    def now(self) -> datetime:
        return self.timeline.now()

    # --- running ---

    def start(self) -> None:
        """Run in a thread of its own until `stop` (demo, server); otherwise whoever waits runs it."""
        self.timeline.start()

    def stop(self) -> None:
        self.timeline.stop()

    def run(self) -> None:
        """Until nothing more happens by itself: every call is over or waits for an undecided person."""
        self.timeline.run_until(self.timeline.is_idle)

    def run_until(self, reached: Callable[[], bool], real_timeout_s: float = 60.0) -> bool:
        """Until ``reached()``. False when nothing more happens, or on the real timeout in a thread."""
        return self.timeline.run_until(reached, real_timeout_s)

    def run_for(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.timeline.run_for(seconds)
