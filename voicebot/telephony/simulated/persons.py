"""Who is at the other end of a number, and what they do: pick up or not, speak, press, hang up, stay silent.

The carrier asks a person at three moments: when it rings, while a prompt plays that nobody listens behind, and
when it listens. Answers are plans with their own timing, so that a virtual clock can play them in no time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from voicebot.telephony.simulated.speech_timing import speaking_seconds

# --- what a person does when rung -----------------------------------------------------------------


@dataclass(frozen=True)
class PicksUp:
    """Answers after so many seconds of ringing. ``machine``: a mailbox answers (for machine detection)."""

    after_s: float = 4.0
    machine: bool = False
    greeting_s: float = 0.0


@dataclass(frozen=True)
class NotReached:
    """Nobody answers: the status that the call ends with, and after how long (``no-answer``: the timeout)."""

    status: Literal["busy", "no-answer", "failed"]
    after_s: float | None = None
    rings: bool = True


RingAnswer = PicksUp | NotReached

# --- what a person does when listened to ----------------------------------------------------------


@dataclass(frozen=True)
class Silence:
    """Says and presses nothing."""


@dataclass(frozen=True)
class Speak:
    """Says something.

    ``text``: the whole, or parts with the pause after each, ``[("전입 신고를", 4.0), ("하려고요", 0)]``: a pause
    as long as the carrier's speechTimeout really ends the answer there.
    ``starts_after_s``: after the prompt has ended; or, with ``during_prompt``, after it has begun (barge-in).
    ``lasts_s``: of all parts together without their pauses; None: as long as such words take.
    ``hangs_up``: the person hangs up right after the last word, before the carrier has understood.
    ``then_presses``: keys right after the last word, which end a <Record>.
    """

    text: str | Sequence[tuple[str, float]]
    starts_after_s: float = 0.5
    lasts_s: float | None = None
    confidence: float | None = 0.9
    during_prompt: bool = False
    hangs_up: bool = False
    then_presses: str = ""

    def parts(self) -> list[tuple[str, float, float]]:
        """(words, seconds to say them, pause after them)."""
        parts = [(self.text, 0.0)] if isinstance(self.text, str) else list(self.text)
        natural = [max(0.3, speaking_seconds(words)) for words, _ in parts]
        scale = 1.0 if self.lasts_s is None else self.lasts_s / sum(natural)
        return [
            (words, seconds * scale, pause) for (words, pause), seconds in zip(parts, natural, strict=True)
        ]


@dataclass(frozen=True)
class Press:
    """Presses keys (0-9, *, #), one every ``every_s`` seconds. Timing as in `Speak`."""

    keys: str
    starts_after_s: float = 0.5
    every_s: float = 0.4
    during_prompt: bool = False

    def __post_init__(self) -> None:
        if not self.keys or set(self.keys) - set("0123456789*#"):
            raise ValueError(f"keys are 0-9, * and #: {self.keys!r}")


@dataclass(frozen=True)
class HangUp:
    """Hangs up. Timing as in `Speak`; nobody hears the rest of the prompt."""

    after_s: float = 0.0
    during_prompt: bool = False


Action = Silence | Speak | Press | HangUp


@dataclass(frozen=True)
class Heard:
    """One thing heard: words of the carrier's voice, or an audio file by its URL (and its text, if known)."""

    kind: Literal["say", "play", "pause"]
    text: str
    url: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Moment:
    """What a person knows when it is their turn.

    ``heard``: all since their last turn, with the prompt that is about to be played.
    ``listening_for``: ``{"dtmf", "speech"}`` or one of them; ``{"record"}``; empty while a prompt plays that
    nobody listens behind (speech is lost then, hanging up is not).
    """

    call_sid: str
    heard: tuple[Heard, ...]
    listening_for: frozenset[str]
    timeout_s: float = 0.0
    num_digits: int | None = None
    turn: int = 0

    @property
    def words(self) -> str:
        return " ".join(item.text for item in self.heard)


@dataclass(frozen=True)
class Ring:
    """A number is rung."""

    call_sid: str
    caller: str
    called: str


class Person(Protocol):
    """Who is at the other end. `turn` may return None: undecided, somebody will act for them (`Line.act`)."""

    def rung(self, ring: Ring) -> RingAnswer: ...

    def overhears(self, moment: Moment) -> Action | None:
        """While a prompt plays that nobody listens behind. None: just listens."""
        ...

    def turn(self, moment: Moment) -> Action | None: ...

    def talks_s(self, partner: str) -> float | None:
        """Seconds before this person ends a conversation they were put through to. None: the other does."""
        ...


# --- ready-made persons ---------------------------------------------------------------------------


@dataclass
class Quiet:
    """Picks up and never says a word. The base of the other persons."""

    picks_up_after_s: float = 4.0
    talk_s: float | None = None

    def rung(self, ring: Ring) -> RingAnswer:
        return PicksUp(self.picks_up_after_s)

    def overhears(self, moment: Moment) -> Action | None:
        return None

    def turn(self, moment: Moment) -> Action | None:
        return Silence()

    def talks_s(self, partner: str) -> float | None:
        return self.talk_s


@dataclass
class ScriptedPerson(Quiet):
    """Does one thing after the other, then ``finally_`` for ever.

    ``lines``: actions, or texts: words are spoken, ``#12*`` presses keys, an empty text is silence,
    ``/끊기`` hangs up (as in the terminal phone).
    """

    lines: Sequence[str | Action] = ()
    finally_: Action = field(default_factory=Silence)
    _next: int = 0

    def turn(self, moment: Moment) -> Action | None:
        if self._next >= len(self.lines):
            return self.finally_
        line = self.lines[self._next]
        self._next += 1
        return action_of(line) if isinstance(line, str) else line


def action_of(line: str) -> Action:
    """The action that a typed line stands for (see `ScriptedPerson`)."""
    line = line.strip()
    if not line:
        return Silence()
    if line == "/끊기":
        return HangUp()
    keys = line[1:]
    if line.startswith("#") and keys and not set(keys) - set("0123456789*#"):
        return Press(keys)
    return Speak(line)


@dataclass
class Mailbox(Quiet):
    """A mailbox: speaks its greeting, then takes down what it hears until it has had enough.

    A greeting that is over before the carrier first listens is not heard by it.
    """

    greeting: str = "지금은 전화를 받을 수 없습니다. 삐 소리가 난 뒤 메시지를 남겨 주세요."
    picks_up_after_s: float = 20.0
    hangs_up_after_turns: int = 6
    messages: list[str] = field(default_factory=list)
    _turns: int = 0
    _played_s: float = 0.0

    def rung(self, ring: Ring) -> RingAnswer:
        self._turns, self._played_s = 0, 0.0
        return PicksUp(self.picks_up_after_s, machine=True, greeting_s=speaking_seconds(self.greeting))

    def overhears(self, moment: Moment) -> Action | None:
        self.messages.append(moment.words)
        self._played_s += sum(item.seconds for item in moment.heard)
        return None

    def turn(self, moment: Moment) -> Action | None:
        self._turns += 1
        self.messages.extend(item.text for item in moment.heard)
        if self._turns == 1 and self._played_s < speaking_seconds(self.greeting):
            return Speak(self.greeting, starts_after_s=0.0, during_prompt=True)
        return HangUp() if self._turns > self.hangs_up_after_turns else Silence()


class Busy(Quiet):
    """Is talking to somebody else."""

    def rung(self, ring: Ring) -> RingAnswer:
        return NotReached("busy", 1.0, rings=False)


class NoAnswer(Quiet):
    """Lets it ring."""

    def rung(self, ring: Ring) -> RingAnswer:
        return NotReached("no-answer")


class Dead(Quiet):
    """No such number."""

    def rung(self, ring: Ring) -> RingAnswer:
        return NotReached("failed", 1.0, rings=False)


@dataclass
class Declines(Quiet):
    """Presses the call away: the network reports busy."""

    after_s: float = 6.0

    def rung(self, ring: Ring) -> RingAnswer:
        return NotReached("busy", self.after_s)


@dataclass
class Staff(Quiet):
    """A member of staff: answers after 2 s, presses a key when asked whether they take the call, talks 20 s, hangs up.
    ``answers=False``: is not at the desk."""

    picks_up_after_s: float = 2.0
    talk_s: float | None = 20.0
    answers: bool = True

    def rung(self, ring: Ring) -> RingAnswer:
        return PicksUp(self.picks_up_after_s) if self.answers else NotReached("no-answer")

    def turn(self, moment: Moment) -> Action | None:
        return action_of("#1")
