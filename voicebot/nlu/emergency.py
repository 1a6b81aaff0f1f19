"""The written signs of an emergency: one of the three ears of the alarm (`voicebot.nlu.alarm`), which hears every utterance
of every dialog. Some signs are certain by themselves. Pure.

They prefer a false alarm to a missed one; idioms ("배불러 죽겠네") and plain denials ("불난 게 아니라") are taken
out first. Helplines: 119 fire and rescue, 112 police, 109 suicide prevention (since 2024-01-01), 129 welfare; sources
in the city's list of helplines.
"""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.nlu.cues import compile_patterns, find_signs, load_cues
from voicebot.nlu.heard import listen
from voicebot.nlu.idioms import calmed


@dataclass(frozen=True)
class Emergency:
    """``kind``: one of `HELPLINES`. ``helpline``: whom else to call. ``why``: the words, in Korean for an officer."""

    kind: str
    helpline: str
    why: str
    is_certain: bool = False
    """Said in so many words ("불이야", "일일구 불러 주세요"): it needs no learnt ear."""


# The gravest first: of several kinds in one utterance the first is named.
HELPLINES: dict[str, str] = {
    "suicide": "109",
    "medical": "119",
    "fire": "119",
    "gas_leak": "119",
    "abuse": "112",
    "violence": "112",
    "missing": "112",
    "disaster": "119",
    "crash": "112",
    "hunger": "129",
}
KOREAN: dict[str, str] = {
    "suicide": "자살 위험",
    "medical": "응급 환자",
    "fire": "화재",
    "gas_leak": "가스 누출",
    "violence": "폭력·범죄",
    "abuse": "학대",
    "missing": "실종",
    "disaster": "재난",
    "crash": "교통사고",
    "hunger": "굶주림·추위",
}


_CERTAIN = 5.0  # the weight of a sign that settles it


# "뉴스에서 보니 불이 났다더라": told of others.
_ON_TELEVISION = compile_patterns(
    [
        "(뉴스|테레비|텔레비전|티비|티브이|드라마|연속극|영화|신문)(에서|에|를|를 좀)(보니|나오|나온|그러|어떤|어느|며느리)",
        "(뉴스|테레비|텔레비전|티비|티브이|드라마|연속극|영화|신문)(에서|에|는|보니)[가-힣]{1,12}더라",
        "(뉴스|테레비|텔레비전|신문)(에서)?(는|보니)",
    ]
)


def hear_emergency(text: str) -> Emergency | None:
    """The gravest emergency that an utterance tells of, or None. Never raises."""
    heard = calmed(listen(text))
    if _ON_TELEVISION.search(heard.solid):
        return None
    signs = find_signs(heard, "", load_cues("emergency"))
    if not signs:
        return None
    order = list(HELPLINES)
    first = min(signs, key=lambda sign: order.index(sign.meaning))
    why = f"'{first.words}' → {KOREAN[first.meaning]}"
    return Emergency(first.meaning, HELPLINES[first.meaning], why, any(s.weight >= _CERTAIN for s in signs))
