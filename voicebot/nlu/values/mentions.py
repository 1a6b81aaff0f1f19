"""Which of the things mentioned the speaker means: corrections, hedges, reasons why something will not do.

Listeners find candidates with their own patterns; the rules of choosing among them are the same for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

Value = TypeVar("Value")

# A number may begin after a space or after a unit, not in the middle of a word (만 in 에서만, 일 in 요일).
LEFT = r"(?:(?<![가-힣\d])|(?<=[년월시초원로길층호번약력후전녁밤낮벽달동]))"
# What may stand behind a bare number: the end, or a copula, a particle, a hedge.
ENDING = (
    r"(?=\s|$|요|이?에요|예요|이?여|이?야|이?지|입니|이?고|이?라|이?네|인데|인가|인지|이오|이?제|이?다|"
    r"정도|쯤|은|는|을|뿐|"
    r"이|가|도|만|하고|이?랑|에|으?로|까지|부터|씩|밖에|든|거든|이?니까|이?구|잖|맞|번)"
)
# Particle or ending between a mention and the word that takes it back.
_TAIL = (
    r"(?:날|짜리|쯤|정도|생)?(?:이에요|예요|이지요|이지|이여|이야|이네|이고|이요|입니다|인데요?|인가|인지|"
    r"요|지|고|에요"
    r"|이|은|는|가|도|만|으로|로|에는|에|엔|을|를|이라고|라고|다)?"
)
_TAKEN_BACK = re.compile(
    rf"^\s*{_TAIL}\s*(?:말고|말구|말곤|아니고|아니구|아니라|아니에요|아니예요|아니야|아녀|아니여|아닙니다|"
    rf"아이고|아이라|아이고요"
    r"|빼고|빼놓고|제외)"
)
_CORRECTED = re.compile(
    rf"^\s*{_TAIL}\s*(?:아\s|어\s|에이\s|참\s)*(?:아니(?!면|라)|아녀|아냐|아이다|아이지|아차|참(?=\s)|"
    rf"틀렸|잘못|다시 (?:말|할))"
)
_SELF = re.compile(
    r"(?<![가-힣])(?:나는|난|내가|내 나이는|저는|전|제가|제 나이는|제 나이|내 나이|나도|본인은|나 는|"
    r"지는)\s*(?:[가-힣]+\s){0,2}$"
)
_UNSURE = re.compile(
    r"^\s*(?:날|달|쯤|정도|째|생)?\s*(?:인가|인지|이던가|던가|이든가|든가|이었나|였나|일까|이었던가)"
)
_OR = re.compile(
    r"(?: ?초| ?말| ?중순)?(?:쯤|정도)?(?:(?:이나|나|이거나|거나|이든지|이든)|(?:이요|요|이에요|예요)? "
    r"?(?:아니면|또는|혹은)) "
    r"?(?:한 )?"
)
_IMPOSSIBLE = re.compile(
    r"^\s*(?:날)?\s*(?:은|는|엔|에는|에|이|날은|날엔|날에는|에|이면|도)?\s*"
    r"(?:[가-힣]{1,5}\s?){0,3}?"
    r"(?:안 ?돼|안 ?되|안 ?된|안돼|못 |못하|싫|어렵|곤란|힘들|바쁘|바빠|가니까|가서 ?안|있으니까|오니까|"
    r"맞으니까|하니까|니까 안)"
)
# Said of the thing itself, so nothing may stand between: 택시는 비싸, 상품권은 쓸 데가 없어.
_DISLIKED = re.compile(
    r"^\s*(?:은|는|이|가|도)\s*(?:너무 |좀 |영 |이제 |인자 )?(?:비싸|쓸 ?데|소용|무서|무섭|질렸|귀찮|별로|번거|"
    r"지겨|물렸|할 ?줄(?:을|은)? ?(?:모|몰))"
)


@dataclass(frozen=True)
class Mention(Generic[Value]):
    """A value found in ``text[start:end]``."""

    start: int
    end: int
    value: Value


def is_taken_back(text: str, end: int) -> bool:
    """Whether what ends at ``end`` is denied (구월 말고 …) or corrected (오십만 원 아니 …)."""
    rest = text[end:]
    return bool(_TAKEN_BACK.match(rest) or _CORRECTED.match(rest))


def is_denied(text: str, end: int) -> bool:
    """Denied in so many words: 말고, 아니고, 아니에요. A bare 아니 may be a filler and is not enough."""
    return bool(_TAKEN_BACK.match(text[end:]))


def is_unsure(text: str, end: int) -> bool:
    """Whether the speaker wonders aloud: 칠월인가, 사흘인지."""
    return bool(_UNSURE.match(text[end:]))


def is_impossible(text: str, end: int) -> bool:
    """Whether the clause says that it will not do: 화요일은 침 맞으니까, 오전은 안 돼."""
    rest = text[end:]
    return bool(_DISLIKED.match(rest) or _IMPOSSIBLE.match(rest)) and not re.match(
        r"\s*(?:이 |가 )?아니(?:면|고)", rest
    )


def settle(
    text: str, mentions: Sequence[Mention[Value]], *, excuses: bool = False, either: bool = False
) -> list[Mention[Value]]:
    """The mentions that stand, in the order said.

    Denied ones never stand. Corrected ones, and with ``excuses`` ones said to be impossible, stand only if
    nothing better is said. Of ones wondered about (칠월인가) or offered as alternatives (유월 아니면 칠월)
    nothing stands if they differ and none is affirmed; with ``either`` alternatives stand side by side.
    """
    standing = [mention for mention in mentions if not is_denied(text, mention.end)]
    standing = _prefer(standing, [m for m in standing if not is_taken_back(text, m.end)])
    if excuses:
        clauses = _clause_ends(text, mentions)
        standing = [m for m in standing if not is_impossible(text[: clauses[m.end]], m.end)]
    doubtful = set() if either else _alternatives(text, standing)
    certain = [m for m in standing if m.start not in doubtful and not is_unsure(text, m.end)]
    if certain:
        return _labelled(text, certain)
    return standing if len({repr(mention.value) for mention in standing}) == 1 else []


def _alternatives(text: str, mentions: list[Mention[Value]]) -> set[int]:
    """Where the mentions begin that stand with another in an "or": 유월 아니면 칠월, 내일이나 모레."""
    starts: set[int] = set()
    for first, second in pairwise(mentions):
        if first.value != second.value and _OR.fullmatch(text[first.end : second.start]):
            starts |= {first.start, second.start}
    return starts


def _clause_ends(text: str, mentions: Sequence[Mention[Value]]) -> dict[int, int]:
    """By the end of each mention, where the next one begins: an excuse belongs to the mention before it."""
    starts = sorted(mention.start for mention in mentions)
    return {m.end: next((start for start in starts if start >= m.end), len(text)) for m in mentions}


def own(text: str, mentions: list[Mention[Value]]) -> list[Mention[Value]]:
    """Of several people's values the speaker's own (손주는 스물셋이고 나는 일흔둘); all if none is marked."""
    return [mention for mention in mentions if _SELF.search(text[: mention.start])] or mentions


def _prefer(all_of_them: list[Mention[Value]], better: list[Mention[Value]]) -> list[Mention[Value]]:
    return better or all_of_them


def _labelled(text: str, mentions: list[Mention[Value]]) -> list[Mention[Value]]:
    """ "호적에는 A … 진짜는 B … 호적대로 써 줘": the one whose label the speaker asks for."""
    wish = re.search(r"([가-힣]{2,4})(?:대로|걸로|것으로)\s*(?:써|해|적|하|올)", text)
    if wish is None:
        return mentions
    labels = [at.start() for at in re.finditer(wish[1], text) if at.start() < wish.start()]
    after = [mention for mention in mentions if labels and mention.start > labels[0]]
    return after[:1] or mentions


def last(mentions: Sequence[Mention[Value]]) -> Value | None:
    """What the speaker came to in the end."""
    return mentions[-1].value if mentions else None


def outermost(mentions: Iterable[Mention[Value]]) -> list[Mention[Value]]:
    """Sorted by place, without those that lie inside another or overlap an earlier one."""
    kept: list[Mention[Value]] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


_COPULA_BEHIND = re.compile(
    r"(?:요|에요|에여|여(?!\s?[섯덟])|야(?!\s?달)|지|고|라|네|제|다|거든|었|잖|니|오(?=\s|$)|$)"
)


def without_copula(run: str, following: str) -> str:
    """A number run without the 이 that belongs to the copula: "칠칠이공이" before "요" -> "칠칠이공".

    The copula keeps its 이 after a consonant only, so "팔오이" before "요" keeps it: there it is a two.
    """
    if (
        run.endswith("이")
        and len(run) > 1
        and run[-2] in "영공일삼육륙칠팔십백천만억둘셋넷섯곱덟홉 0123456789"
    ):
        following = following.replace(" ", "", 1) if following.startswith(" 요") else following
        if following and (_COPULA_BEHIND.match(following) or re.match(r" ?(?:아니|말고)", following)):
            return run[:-1].rstrip()
    if run.endswith("일") and len(run) > 1 and re.match(r" ?(?:거야|거예|거여|걸|껄|것 같)", following):
        return run[:-1].rstrip()
    return run
