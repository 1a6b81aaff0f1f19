"""A person driven by hand, for tests of whole calls: dials, hears, says, presses, waits, hangs up.

Each step lets the exchange run until the carrier listens to this person again or the call is over. On a virtual
clock no time passes while the test decides what to do.
"""

from __future__ import annotations

from collections.abc import Sequence

from voicebot.telephony.simulated.exchange import SimulatedExchange
from voicebot.telephony.simulated.lines import Line, Spoken
from voicebot.telephony.simulated.persons import (
    Action,
    HangUp,
    Moment,
    PicksUp,
    Press,
    Ring,
    RingAnswer,
    Silence,
    Speak,
)


class Caller:
    """One person at ``number``.

    ``when_rung``: what they do when the city rings them. ``talk_s``: how long they stay with somebody they are put
    through to; None: until the other hangs up.
    """

    def __init__(
        self,
        exchange: SimulatedExchange,
        number: str = "+821000000001",
        *,
        when_rung: RingAnswer | None = None,
        talk_s: float | None = None,
    ) -> None:
        self.exchange = exchange
        self.number = number
        self.when_rung = when_rung or PicksUp()
        self.talk_s = talk_s
        self.heard: list[str] = []
        """Texts since the last step."""
        self.listening_for: frozenset[str] = frozenset()
        self._line: Line | None = None
        self._said_so_far = 0
        self._hangs_up_during: str | None = None
        exchange.persons[number] = self

    # --- as the exchange sees a person (`Person`) ---

    def rung(self, ring: Ring) -> RingAnswer:
        self._line = self.exchange.lines[ring.call_sid]
        self._said_so_far = 0
        return self.when_rung

    def overhears(self, moment: Moment) -> Action | None:
        return self._leaves(moment)

    def turn(self, moment: Moment) -> Action | None:
        return self._leaves(moment)

    def talks_s(self, partner: str) -> float | None:
        return self.talk_s

    def _leaves(self, moment: Moment) -> Action | None:
        """Mid-sentence, when what was agreed in `hangs_up_during` is being said."""
        last = moment.heard[-1].text if moment.heard else ""
        if self._hangs_up_during is None or self._hangs_up_during not in last:
            return None
        return HangUp(moment.heard[-1].seconds / 2, during_prompt=True)

    # --- the call ---

    @property
    def call(self) -> Line:
        """The call (`status`, `statuses`, `is_over`, `transcript`). Raises AssertionError before there is one."""
        assert self._line is not None, f"{self.number} has no call: it neither dialled nor was rung"
        return self._line

    @property
    def transcript(self) -> list[Spoken]:
        return self.call.transcript

    def dials(self, to: str) -> Line:
        """Ring one of the city's numbers and listen until it is this person's turn."""
        self._line = self.exchange.dial_in(self.number, to, self)
        self._said_so_far = 0
        self._go_on()
        return self.call

    def answers(self) -> Line:
        """Wait for a call that rings this number, pick up, and listen until it is this person's turn.

        With another `when_rung`, wait until that call has ended.
        """
        if self._line is not None and self._line.is_over:
            self._line = None
        reached = self.exchange.run_until(lambda: self._line is not None)
        assert reached, f"nobody rang {self.number}; errors so far: {self._errors()}"
        self._go_on()
        return self.call

    # --- steps ---

    def says(
        self,
        text: str | Sequence[tuple[str, float]],
        *,
        confidence: float | None = 0.9,
        starts_after_s: float = 0.5,
        interrupting: bool = False,
    ) -> None:
        """Say something; ``interrupting``: that many seconds after the prompt began instead of after its end.

        Parts with pauses, ``[("전입 신고를", 4.0), ("하려고요", 0)]``, may be cut by the carrier's speechTimeout.
        """
        self.does(Speak(text, starts_after_s, None, confidence, interrupting))

    def presses(self, keys: str, *, interrupting: bool = False) -> None:
        self.does(Press(keys, during_prompt=interrupting))

    def waits(self) -> None:
        """Silence until the carrier stops listening."""
        self.does(Silence())

    def hangs_up(self, *, while_saying: str | None = None, interrupting: bool = False) -> None:
        """Hang up; ``while_saying``: in the middle of an answer; ``interrupting``: while the prompt plays."""
        if self.call.is_over:
            return
        if while_saying is not None:
            self.does(Speak(while_saying, during_prompt=interrupting, hangs_up=True))
        elif self.call.is_listening:
            self.does(HangUp(0.2, during_prompt=interrupting))
        else:
            self.exchange.hang_up(self.call)
            self._go_on()

    def hangs_up_during(self, words: str) -> None:
        """From now on: hang up in the middle of the prompt that contains ``words``, listened behind or not."""
        self._hangs_up_during = words

    def listens(self) -> None:
        """Do nothing until it is this person's turn again: after the app has changed a live call, for example."""
        self._go_on()

    def does(self, action: Action) -> None:
        """Any action. Raises AssertionError when it is not this person's turn."""
        assert self.call.is_listening, f"nobody listens to {self.number} ({self._state()})"
        self.exchange.act(self.call, action)
        self._go_on()

    def hears(self, words: str) -> str:
        """What was heard since the last step and contains ``words`` (spaces do not matter); else AssertionError."""
        wanted = "".join(words.split())
        for text in self.heard:
            if wanted in "".join(text.split()):
                return text
        raise AssertionError(
            f"'{words}' was not heard since the last step ({self._state()}).\nThe whole call:\n"
            f"{self.call.told()}\nErrors: {self._errors()}"
        )

    def does_not_hear(self, words: str) -> None:
        """The opposite of `hears`."""
        wanted = "".join(words.split())
        found = [text for text in self.heard if wanted in "".join(text.split())]
        assert not found, f"'{words}' was heard: {found}\n{self.call.told()}"

    def _go_on(self) -> None:
        call = self.call
        reached = self.exchange.run_until(lambda: call.is_listening or _is_settled(call))
        bot = [line.text for line in call.transcript if line.who == "bot"]
        self.heard = bot[self._said_so_far :]
        self._said_so_far = len(bot)
        self.listening_for = call.listening_for if call.is_listening else frozenset()
        assert reached, f"the call got stuck ({self._state()}):\n{call.told()}\nErrors: {self._errors()}"

    def _state(self) -> str:
        listening = f"listening for {', '.join(sorted(self.listening_for))}" if self.call.is_listening else ""
        return f"call {self.call.status}{', ' + listening if listening else ''}"

    def _errors(self) -> str:
        return "; ".join(str(entry) for entry in self.exchange.debugger) or "none"


def _is_settled(call: Line) -> bool:
    """Over, and the app has been told."""
    return call.is_over and call.callbacks_under_way == 0
