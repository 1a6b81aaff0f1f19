"""The one error tree. Foreign exceptions are mapped to it once, at the edge where they appear.

    VoicebotError
    ├── ConfigurationError       a setting is missing or wrong
    ├── DataFileError            a YAML, CSV or JSON file is wrong; carries every problem with its place
    ├── EncryptionError          a stored field cannot be decrypted with the keys at hand
    ├── RecordError
    │   ├── RecordNotFound       nothing is stored under that id
    │   └── RecordConflict       the change does not fit what is stored
    ├── CallNotAllowed           a rule forbids the call; carries the rule's reason code
    ├── CarrierError             the carrier did not do what was asked
    │   ├── CarrierRefused       it said no: nothing happened, asking again changes nothing
    │   ├── CarrierUnavailable   it was not reached, or said "later": nothing happened, it may be asked again
    │   └── CarrierUnknown       it may or may not have happened: never repeat, reconcile
    ├── SubscriberUnavailable    an event was not taken by its subscriber: it is posted again
    ├── WebhookRefused           a request from outside is not genuine or not well formed
    └── DialogError              a dialog cannot take the step that it was asked to take

Rules (may we call, who is entitled) return verdicts with reason codes instead of raising.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class VoicebotError(Exception):
    """Root of everything this project raises on purpose. ``str()`` of it is fit for an operator to read."""


class ConfigurationError(VoicebotError):
    """A setting is missing or wrong. The message names the key and the remedy."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file: where, what, and what to do about it.

    ``line`` counts from 1; None when the problem is of the whole file. ``code`` is stable and may be
    searched for, ``message`` and ``remedy`` are for people.
    """

    path: str
    line: int | None
    code: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        tail = f" → {self.remedy}" if self.remedy else ""
        return f"{place}: {self.code}: {self.message}{tail}"


class DataFileError(VoicebotError):
    """A data file is wrong. All its problems are reported at once, not the first alone."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        if not problems:
            raise ValueError("DataFileError needs at least one problem")
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EncryptionError(VoicebotError):
    """A stored field cannot be decrypted: wrong or missing key, or the value was tampered with."""


class RecordError(VoicebotError):
    """The records cannot do what was asked."""


class RecordNotFound(RecordError):
    """Nothing is stored under that id."""


class RecordConflict(RecordError):
    """The change does not fit what is stored (a second of what exists once, a move not in the table)."""


class CallNotAllowed(VoicebotError):
    """A rule forbids this call. ``reason`` is the rule's code, e.g. ``opted_out``."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class CarrierError(VoicebotError):
    """The carrier did not do what was asked. ``code`` is the carrier's own error code, if it gave one."""

    def __init__(self, message: str, *, code: int | None = None) -> None:
        self.code = code
        super().__init__(message)


class CarrierRefused(CarrierError):
    """The carrier said no. Nothing happened; asking again changes nothing."""


class CarrierUnavailable(CarrierError):
    """The carrier was not reached or said "later". Nothing happened; it may be asked again."""


class CarrierUnknown(CarrierError):
    """The request may or may not have taken effect. Never repeat it: reconcile with the carrier's list."""


class SubscriberUnavailable(VoicebotError):
    """An event was not taken by the program that subscribed to it. It is posted again later."""


class WebhookRefused(VoicebotError):
    """A request from outside is not genuine or not well formed. ``status`` is the HTTP status to answer."""

    def __init__(self, message: str, *, status: int = 403) -> None:
        self.status = status
        super().__init__(message)


class DialogError(VoicebotError):
    """A dialog cannot take the step that it was asked to take (unknown form, ended call, missing slot)."""
