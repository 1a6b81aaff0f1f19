"""A telephone in the terminal: what is heard is printed, what is typed is said.

Words are spoken, ``#1`` or ``#12*`` presses keys, an empty line is silence, ``/끊기`` or the end of the input
hangs up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TextIO

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
    action_of,
)

HELP = "말은 그대로 입력하세요. #1 은 버튼, 빈 줄은 침묵, /끊기 는 전화 끊기입니다."
_LISTENING = {"speech": "말", "dtmf": "버튼", "record": "녹음"}
_STATES = {
    "ringing": "신호가 갑니다.",
    "completed": "통화가 끝났습니다.",
    "busy": "통화 중입니다.",
    "no-answer": "받지 않았습니다.",
    "failed": "연결되지 않았습니다.",
    "canceled": "취소되었습니다.",
}
_BLINK_S = 1.0
_LONGEST_WAIT_S = 24 * 3600.0


def typed(lines: Iterable[str]) -> Iterator[Action]:
    """What typed lines mean; after the last one the person hangs up."""
    for line in lines:
        yield action_of(line)
    yield HangUp()


class TerminalPhone:
    """The person at ``number``, driven by ``actions`` (see `typed` and `read_script`).

    ``echoes``: print what is said too; wanted when nobody sees it typed (a script, a pipe).
    """

    def __init__(
        self,
        exchange: SimulatedExchange,
        number: str,
        actions: Iterable[Action],
        output: TextIO,
        *,
        echoes: bool = False,
    ) -> None:
        self._exchange = exchange
        self._number = number
        self._actions = iter(actions)
        self._output = output
        self._echoes = echoes
        self._line: Line | None = None
        exchange.persons[number] = self
        exchange.listeners.append(self._show)

    # --- as the exchange sees a person (`Person`) ---

    def rung(self, ring: Ring) -> RingAnswer:
        self._line = self._exchange.lines[ring.call_sid]
        self._print(f"[전화가 옵니다: {ring.caller}]")
        return PicksUp(2.0)

    def overhears(self, moment: Moment) -> Action | None:
        return None

    def turn(self, moment: Moment) -> Action | None:
        """Undecided, until something is typed; but nobody types within the blink between two prompts."""
        is_blink = moment.listening_for == {"dtmf"} and moment.timeout_s <= _BLINK_S
        return Silence() if is_blink else None

    def talks_s(self, partner: str) -> float | None:
        return None

    # --- the call ---

    def dials(self, to: str) -> Line:
        """Ring one of the city's numbers and talk until the call is over."""
        self._print(f"[{to} 번으로 겁니다. {HELP}]")
        self._line = self._exchange.dial_in(self._number, to, self)
        return self._talk(self._line)

    def answers(self, real_timeout_s: float = _LONGEST_WAIT_S) -> Line | None:
        """Wait for a call, pick up and talk. None when none comes."""
        if not self._exchange.run_until(lambda: self._line is not None, real_timeout_s):
            return None
        assert self._line is not None
        return self._talk(self._line)

    def _talk(self, line: Line) -> Line:
        while self._exchange.run_until(lambda: line.is_listening or line.is_over, _LONGEST_WAIT_S):
            if line.is_over:
                break
            self._take_turn(line)
        self._exchange.run_until(lambda: line.callbacks_under_way == 0, 30.0)
        self._print(f"[{_STATES.get(line.status, line.status)}]")
        return line

    def _take_turn(self, line: Line) -> None:
        awaited = " 또는 ".join(
            _LISTENING[kind] for kind in ("speech", "dtmf", "record") if kind in line.listening_for
        )
        self._print(f"[듣고 있습니다: {awaited}]")
        action = next(self._actions, HangUp())
        if not self._exchange.timeline.is_virtual and isinstance(action, Speak | Press):
            action = replace(action, during_prompt=True)  # typed now, so said now
        try:
            self._exchange.act(line, action)
        except ValueError:
            self._print("[늦었습니다. 이미 듣지 않습니다.]")

    def _show(self, line: Line, spoken: Spoken) -> None:
        if line is not self._line and line.person is not self:
            return
        if spoken.who == "bot":
            self._print(f"시청  {spoken.text}")
        elif spoken.who == "carrier":
            self._print(f"[{spoken.text}]")
        elif self._echoes:
            self._print(f"나    {spoken.text}")

    def _print(self, text: str) -> None:
        print(text, file=self._output, flush=True)
