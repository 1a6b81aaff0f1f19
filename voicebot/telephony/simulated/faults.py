"""The switches: what may go wrong between carrier and app. All off unless set, and repeatable by seed."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass
class Faults:
    """Probabilities are 0 to 1; 1 means every time. May be changed while the exchange runs.

    Sources: facts on Twilio's callbacks (no order, best effort), Gather (Confidence not guaranteed),
    REST (429, one new call a second per account).
    """

    status_duplicated: float = 0.0
    """A status callback is delivered twice."""
    status_reordered: float = 0.0
    """A status callback is held back until the next one of its call has been sent."""
    status_delayed: float = 0.0
    """A status callback comes `status_delay_s` late."""
    status_delay_s: float = 5.0
    status_lost: float = 0.0
    """A status callback is never sent."""
    turn_duplicated: float = 0.0
    """A request for TwiML is delivered twice with one idempotency token; the second answer counts."""
    turn_response_lost: float = 0.0
    """A request for TwiML arrives, its answer does not."""
    recogniser_empty: float = 0.0
    """The person spoke and the recogniser returns nothing."""
    confidence_omitted: float = 0.0
    """SpeechResult comes without Confidence."""
    network_delay_s: float = 0.0
    """Every request for TwiML takes this much longer (more than 15 s: a time-out)."""
    create_response_lost: float = 0.0
    """A call is created and the connection breaks before the answer: the outcome is unknown to the app."""
    create_refused_429: float = 0.0
    """A create is refused with 20429; nothing happens."""
    create_failed_503: float = 0.0
    """A create fails with a 503; nothing happens."""
    calls_per_second: float | None = None
    """Placed calls start at most so many a second and queue meanwhile. None: at once."""


class Chance:
    """Decides, repeatably, whether a fault strikes."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose, protects nothing

    def strikes(self, probability: float) -> bool:
        """True in ``probability`` of the cases. 0 and 1 do not use up chance."""
        if probability <= 0:
            return False
        return probability >= 1 or self._random.random() < probability

    def hex(self, digits: int) -> str:
        return f"{self._random.getrandbits(digits * 4):0{digits}x}"
