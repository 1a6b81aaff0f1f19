"""Two people put through to each other: how long they talk and who hangs up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.telephony.simulated.lines import Line
from voicebot.telephony.simulated.signals import CallEnds
from voicebot.telephony.simulated.timeline import Await, Script

if TYPE_CHECKING:
    from voicebot.telephony.simulated.interpreter import Interpreter

UNDECIDED_TALK_S = 60.0
"""When neither side says how long they talk."""


@dataclass(frozen=True)
class LegEnded:
    """The other side is gone."""

    leg: Line


def talk(interpreter: Interpreter, partner: Line, limit_s: float) -> Script[None]:
    """Until one side hangs up or the limit. Raises CallEnds when it is this side that hangs up."""
    line, exchange = interpreter.line, interpreter.exchange
    interpreter.note("carrier", f"{partner.person_number} 번과 연결되었습니다")
    line.unheard.clear()
    own_s = line.person.talks_s(partner.person_number)
    other_s = partner.person.talks_s(line.person_number)
    if own_s is None and other_s is None:
        other_s = UNDECIDED_TALK_S
    ends_s = min(seconds for seconds in (own_s, other_s, limit_s) if seconds is not None)
    until_s = exchange.timeline.seconds() + ends_s
    while (left_s := until_s - exchange.timeline.seconds()) > 0:
        event = yield Await(left_s)
        if event is None or (isinstance(event, LegEnded) and event.leg is partner):
            break
    if own_s is not None and own_s <= ends_s and not partner.is_over:
        raise CallEnds(by="person")
    interpreter.note("carrier", f"{partner.person_number} 번과의 통화가 끝났습니다")
    if other_s is not None and other_s <= ends_s:
        exchange.hang_up(partner, by="person")
