"""The made-up people of the demo: how they answer the city's calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicebot.telephony.simulated.persons import Action, Moment, Quiet, Silence, action_of

MALSUN_ANSWERS: Sequence[tuple[str, str]] = (
    ("님 되시나요", "예 맞아요 내가 김말순이에요"),
    ("녹음해도 괜찮으세요", "예 괜찮아요"),
    ("문화누리카드는 이미", "아니요 그런 게 있는 줄도 몰랐어요"),
    ("문화누리카드 신청을", "아이고 그럼 해 주세요"),
    ("이동통신 요금 감면은 이미", "아니요 안 받고 있어요"),
    ("이동통신 요금 감면 신청을", "네 도와주세요 전화 요금이 많이 나와요"),
    ("이미 받고 계신가요", "뭐라고요 다시 한번 말해 줘요"),
    ("이미 받고 계신가요", "예 그건 받고 있어요"),
    ("받고 계신지요", "예 받고 있어요"),
    ("신청을 도와 드릴까요", "예 해 주세요"),
    ("문자로 보내 드릴까요", "네 보내 주세요"),
    ("따로 전화를 드릴까요", "아니요 괜찮아요 고마워요"),
)
"""What is asked → what she says. Each answer once, in this order of preference; otherwise she says yes."""


@dataclass
class Resident(Quiet):
    """Answers what is asked rather than line by line, so that a changed dialog does not confuse her."""

    answers: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        self._left = list(self.answers)

    def turn(self, moment: Moment) -> Action | None:
        if "speech" not in moment.listening_for:
            return Silence()  # only a key would be heard; she waits for the question
        question = moment.heard[-1].text if moment.heard else ""
        for answer in self._left:
            if answer[0] in question:
                self._left.remove(answer)
                return action_of(answer[1])
        return action_of("네")
