"""Which district and dong a caller speaks of. What is not certain is left open, with a question to ask. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from voicebot.nlu.places.gazetteer import Meaning
from voicebot.nlu.places.spoken import Mention, find_mentions, tail_of

_CORRECTED = re.compile(r"^ ?(?:이|가|은|는)? ?(?:아니|말고|아이고|아이라|아닌)")
_TOGETHER = 3  # characters between two names that are one phrase ("도당동 장미원")
_MOST_CHOICES = 3  # an elder keeps three in mind


@dataclass(frozen=True)
class PlaceFound:
    """``spoken`` stands in the text letter by letter; ``gu`` and ``dong`` (the administrative one) only when certain;
    ``choices`` what the name may mean; ``ask_ko`` settles it; ``why`` for a duty officer."""

    spoken: str
    name: str
    gu: str | None = None
    dong: str | None = None
    choices: tuple[str, ...] = ()
    ask_ko: str | None = None
    why: str = ""


def find_place(text: str) -> PlaceFound | None:
    """Where it happens, as a caller says it; None when no place of the city is named."""
    phrase = _phrase(text, _standing(text, find_mentions(text)))
    if not phrase:
        return None
    meanings = [mention.meaning for mention in phrase]
    gu, dong = _agreed(meanings)
    named = next((meaning for meaning in meanings if meaning.dong == dong and dong), meanings[0])
    choices = () if dong or _is_settled(meanings) else named.choices
    start, end = phrase[0].start, tail_of(text, phrase[-1].end)
    return PlaceFound(
        text[start:end],
        named.name,
        gu,
        dong,
        choices,
        _question(named, choices),
        _reason(text[phrase[0].start : phrase[-1].end], named, gu, dong),
    )


_BESIDE_A_PLACE = re.compile(
    "^(?:네|예|응|어|아니|아니요|여기|여기는|저는|거기)*|"
    "(?:요|이요|이에요|예요|입니다|이라고요|라고요|인데요|인데|쪽|쪽이요|앞|앞이요|에|에서|에요|에있어요|있어요|이여|여|이라예|라예|이유|유)*$"
)


def is_only_a_place(text: str, found: PlaceFound | None) -> bool:
    """Whether an utterance names a place and nothing else ("송내동이요"): what happened there is not said."""
    if found is None:
        return False
    before, _, after = text.partition(found.spoken)
    rest = "".join(re.findall("[가-힣0-9a-z]", (before + " " + after).lower()))
    return not _BESIDE_A_PLACE.sub("", rest)


def _standing(text: str, mentions: list[Mention]) -> list[Mention]:
    """Without those that the caller takes back ("소사본동 아니 소사동"), unless nothing else is named."""
    kept = [mention for mention in mentions if not _CORRECTED.search(text[mention.end :])]
    return kept or mentions[-1:]


def _phrase(text: str, mentions: list[Mention]) -> list[Mention]:
    """The first place and what is named in the same breath with it, if they do not contradict each other."""
    phrase = mentions[:1]
    for mention in mentions[1:]:
        gap = text[phrase[-1].end : mention.start]
        districts = {one.meaning.gu for one in (*phrase, mention) if one.meaning.gu}
        if len(gap) > _TOGETHER or gap.strip() or len(districts) > 1:
            break
        phrase.append(mention)
    return phrase


def _agreed(meanings: list[Meaning]) -> tuple[str | None, str | None]:
    gus = {meaning.gu for meaning in meanings if meaning.gu}
    dongs = {meaning.dong for meaning in meanings if meaning.dong}
    gu = gus.pop() if len(gus) == 1 else None
    return gu, dongs.pop() if len(dongs) == 1 and gu else None


def _is_settled(meanings: list[Meaning]) -> bool:
    """A name of several sides is settled by a district named beside it."""
    return any(meaning.choices for meaning in meanings) and any(
        meaning.gu and not meaning.choices for meaning in meanings
    )


def _question(named: Meaning, choices: tuple[str, ...]) -> str | None:
    if not choices:
        return None
    if named.kind == "station":
        return f"{named.name} 북부 쪽인가요, 남부 쪽인가요?"
    if len(choices) > _MOST_CHOICES:
        return f"{named.name}이라고 하셨는데, 정확히 몇 동인지 말씀해 주시겠어요?"
    return f"{named.name}이라고 하셨는데, {', '.join(choices)} 가운데 어디인가요?"


def _reason(spoken: str, named: Meaning, gu: str | None, dong: str | None) -> str:
    where = " ".join(part for part in (gu, dong) if part) or "구를 알 수 없음"
    return f"'{spoken}' → {named.name} ({where})"
