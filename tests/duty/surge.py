"""Many people who ring the duty number at once, and what must stand in the records afterwards.

What must stand is counted from what each caller heard, never from what the city meant to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlmodel import select

from voicebot.records.calls import outcome_of
from voicebot.records.database import reading
from voicebot.records.tables import Call, Ticket
from voicebot.telephony.simulated import HangUp, Line, Moment, Press, Speak
from voicebot.telephony.simulated.persons import Action, Quiet

APOLOGIES = ("시스템에 문제가 생겨", "An application error")
_EMERGENCY = ("위급한 상황으로 들립니다", "혼자 두지 않겠습니다")
_OFFICER = "당직자를 연결해 드리겠습니다"
_UNDERSTOOD = "맞으세요?"
_NUMBER = re.compile(r"접수 번호는 ([영공일이삼사오육칠팔구 ]+)번")
_FIGURES = {**{each: str(n) for n, each in enumerate("영일이삼사오육칠팔구")}, "공": "0"}


@dataclass
class DutyCaller(Quiet):
    """Reports one matter after the other, answers what is asked, then rings off when the bot says good-bye.

    ``rings_off_at``: hang up where the bot asks this, in the middle of the report.
    """

    reports: Sequence[str] = ()
    rings_off_at: str = ""
    _told: int = 0
    _refused: int = 0

    def turn(self, moment: Moment) -> Action | None:
        words = " ".join(item.text for item in moment.heard if item.kind == "say")
        if self.rings_off_at and self.rings_off_at in words:
            return HangUp(0.2)
        asked = [(words.rfind(needle), needle) for needle in _ANSWERS if needle in words]
        return _ANSWERS[max(asked)[1]](self) if asked else Press("2")

    def report(self) -> Action:
        return Speak(self.reports[min(self._told, len(self.reports) - 1)])

    def more(self) -> Action:
        self._told += 1
        return Speak("네 있어요" if self._told < len(self.reports) else "아니요 없어요")

    def person(self) -> Action:
        """Would rather report; whoever is offered a person for the third time takes it."""
        self._refused += 1
        return Speak("아니요" if self._refused < 3 else "네 연결해 주세요")


def _says(words: str) -> Callable[[DutyCaller], Action]:
    return lambda caller: Speak(words)


_ANSWERS: Mapping[str, Callable[[DutyCaller], Action]] = {
    "무슨 일로 전화하셨어요": DutyCaller.report,
    "무슨 일이신지": DutyCaller.report,
    "이렇게 말씀하시면 됩니다": DutyCaller.report,
    "네, 말씀해 주세요": DutyCaller.report,
    "혹시": _says("네 맞아요"),
    "맞으면 일 번": _says("네 맞아요"),
    "어디에서 그런가요": _says("심곡1동이에요"),
    "언제부터 그랬나요": _says("어제부터요"),
    "전화를 드려도": _says("네 그러세요"),
    "풀리셨나요": _says("네 고마워요"),
    "따로 접수해 드릴까요": _says("네 해 주세요"),
    "더 말씀하실 일이": DutyCaller.more,
    "당직자를 연결해 드릴까요": DutyCaller.person,
}
"""What is asked → what is answered; of several in one breath the last counts."""


def numbers_in(words: str) -> list[int]:
    """The ticket numbers that are spoken in ``words``."""
    return [int("".join(_FIGURES[each] for each in found if each != " ")) for found in _NUMBER.findall(words)]


@dataclass
class Told:
    """What a caller heard: the numbers of whole tickets, and how many tickets there must be in all."""

    is_answered: bool
    is_lost: bool
    numbers: list[int] = field(default_factory=list)
    tickets: int = 0


def told(line: Line) -> Told:
    """Read from the transcript what the caller was promised."""
    said = [item.text for item in line.transcript if item.who == "bot"]
    is_answered = any("부천시청" in text for text in said)
    is_lost = not is_answered or not line.is_over or any(each in text for each in APOLOGIES for text in said)
    heard = Told(is_answered, is_lost)
    is_open = False
    for text in said:
        if numbers := numbers_in(text):
            heard.numbers += numbers
            heard.tickets += len(numbers)
            is_open = False
        if _UNDERSTOOD in text:
            is_open = True
    heard.tickets += is_open
    heard.tickets += any(each in text for each in _EMERGENCY for text in said)
    heard.tickets += any(_OFFICER in text for text in said)
    return heard


@dataclass
class Account:
    """All calls of a surge beside the records. Everything in it is a count but the faults, told in words."""

    calls: int = 0
    answered: int = 0
    lost: int = 0
    expected: int = 0
    found: int = 0
    duplicates: int = 0
    missing: int = 0
    faults: list[str] = field(default_factory=list)


def account(engine: Engine, lines: Sequence[Line]) -> Account:
    """Hold what callers heard against the tickets of their calls, call by call."""
    total = Account(calls=len(lines))
    with reading(engine) as db:
        calls = {call.carrier_sid: call for call in db.exec(select(Call)).all()}
        tickets: dict[str | None, list[Ticket]] = {}
        for ticket in db.exec(select(Ticket)).all():
            tickets.setdefault(ticket.call_id, []).append(ticket)
        for line in lines:
            heard, call = told(line), calls.get(line.sid)
            own = tickets.pop(call.id, []) if call else []
            is_lost = heard.is_lost or call is None or outcome_of(db, call.id) is None
            total.answered += heard.is_answered
            total.lost += is_lost
            total.expected += heard.tickets
            total.found += len(own)
            total.duplicates += max(0, len(own) - heard.tickets)
            total.missing += max(0, heard.tickets - len(own))
            strange = set(heard.numbers) - {ticket.id for ticket in own if not ticket.is_partial}
            if is_lost or strange or len(own) != heard.tickets:
                total.faults.append(
                    f"{line.sid}: lost {is_lost}, {heard.tickets} tickets promised, {len(own)} found, "
                    f"numbers of no whole ticket of this call {sorted(strange)}\n{line.told()}"
                )
    for left in tickets.values():
        total.duplicates += len(left)
        total.faults.append(f"{len(left)} tickets of no call of these: {[ticket.id for ticket in left]}")
    return total
