"""What interrupts a call from outside its TwiML. Thrown into the call's process, or raised by a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.telephony.simulated.lines import Source, Status

if TYPE_CHECKING:
    from voicebot.telephony.simulated.lines import Line


class CallEnds(Exception):
    """The call is over: hung up by either side, canceled, or out of time."""

    def __init__(self, status: Status = "completed", by: str = "carrier") -> None:
        self.status, self.by = status, by
        super().__init__(f"{status} by {by}")


class LiveUpdate(Exception):
    """The app sends a live call to other TwiML; what is running is dropped."""

    def __init__(self, source: Source) -> None:
        self.source = source
        super().__init__("live update")


class TakenFromQueue(Exception):
    """A waiting call is put through to ``partner``."""

    def __init__(self, partner: Line) -> None:
        self.partner = partner
        super().__init__("taken from the queue")


class LeavesQueue(Exception):
    """<Leave> in the waiting document."""
