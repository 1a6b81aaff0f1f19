"""Names of places in an utterance, as people and recognisers spell them: 상 삼동, 소사력, 역꼭시장, 송내 이똥. Pure.

Precision comes first: a wrong place sends somebody to the wrong street, none only makes the bot ask.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Levenshtein

from voicebot.nlu.places.gazetteer import Meaning, meanings

_DIGITS = {"1": "일", "2": "이", "3": "삼", "4": "사"}
_NUMBERED = re.compile(r"(심곡본|심곡|소사본|원미|역곡|중|상|송내|원종|고강)([1-4])동")
# What only looks like one of our dongs, before (as part of a longer word) or after.
_WORD_BEFORE = re.compile(r"[가-힣0-9]$")
_NAMES_NOT_ALONE = {
    "작동": re.compile(r"^(이|을|도)? ?(안|됐|되|돼|시|하|해|잘|불|중|법|원|멈|은 ?하|은 ?되|이상|오류)"),
    "내동": re.compile(r"^(생|댕)"),
    "중동": re.compile(r"^(전쟁|사태|국가|나라|호흡)"),
    "상동": re.compile(r"^(맞|확인)"),
    "시청": re.compile(
        r"^(하|해|료|률|자|각|중|에 ?전화|에다|에 ?말|에 ?신고|에 ?물|에서 ?(전화|문자|보|왔|하|나|온|건)"
        r"|이 ?맞|이죠|인가|이지|으로 ?연결|좀|요$|입니까|놈|것들)"
    ),
}
_PLACED = re.compile(
    r"^ ?(?:앞|옆|뒤|밑|위|안쪽?|쪽|근처|근방|주변|건너편?|맞은편|골목|출구|입구|사거리|삼거리|지하|정류장"
    r"|주차장|후문|정문|로비|민원실)"
)
# Offices are places only with a position behind them ("시청 앞").
_OFFICES = frozenset({"부천시청", "오정구청", "원미구청", "소사구청"})
_SUFFIXES = (
    "동",
    "역",
    "로",
    "시장",
    "도서관",
    "공원",
    "병원",
    "사거리",
    "터미널",
    "천",
    "고가교",
    "단지",
    "대로",
    "산",
)
_LAST_LETTERS = frozenset({suffix[-1] for suffix in _SUFFIXES} | set("똥력노"))
_CLOSE = 2  # letters (jamo) that may be wrong in a name of three syllables and more
_NUMBER = "[0-9일이삼사오육칠팔구십백천]+"
_POSITION = (
    rf"(?: ?(?:{_NUMBER} ?번 ?출구|{_NUMBER} ?번 ?길(?: ?{_NUMBER})?|{_NUMBER} ?다시 ?{_NUMBER}"
    r"|앞쪽|옆쪽|뒤쪽|뒷길|뒷골목|옆길|앞|옆|뒤|밑|위|아래|안쪽|안|쪽|근처|근방|주변|건너편|맞은편|골목|출구|입구"
    r"|사거리|삼거리|지하|정류장|주차장|후문|정문|아파트|빌라|공원|시장|산책로|먹자골목|놀이터|초등학교|중학교"
    r"|고등학교|육교|굴다리|고가|방향|일대|한복판|언덕|공사장|상가|교회|성당|경로당)"
    r"(?=[ 에은는이요예인로도의가을를]|입니|부터|까지|$))*"
)
_TAIL = re.compile(_POSITION)


@dataclass(frozen=True)
class Mention:
    """A named place in a text, from ``start`` to ``end``; ``is_exact``: as it is written."""

    start: int
    end: int
    meaning: Meaning
    is_exact: bool


def find_mentions(text: str) -> list[Mention]:
    """The places named in a text, in order. Where two overlap the longer stands."""
    solid, places = _without_spaces(text)
    exact = _exact(solid, places, text)
    found = exact or _near(text)
    return [mention for mention in found if mention.meaning.kind != "elsewhere"]


def tail_of(text: str, end: int) -> int:
    """Where the position words behind a name end: "부천역 3번 출구 앞"."""
    found = _TAIL.match(text, end)
    return found.end() if found else end


def _without_spaces(text: str) -> tuple[str, list[int]]:
    letters = [(letter, place) for place, letter in enumerate(text) if not letter.isspace()]
    return "".join(letter for letter, _ in letters), [place for _, place in letters]


def _exact(solid: str, places: list[int], text: str) -> list[Mention]:
    found: list[Mention] = []
    end = 0
    for match in _pattern().finditer(solid):
        start, stop = places[match.start()], places[match.end() - 1] + 1
        meaning = _names()[match[0]]
        before, rest = text[:start], text[stop:]
        if match.start() < end or not _stands(match[0], meaning, before, rest, text[start:stop]):
            continue
        found.append(Mention(start, stop, meaning, True))
        end = match.end()
    return found


def _stands(name: str, meaning: Meaning, before: str, rest: str, spoken: str) -> bool:
    """Whether a match is the place and no part of another word."""
    if _WORD_BEFORE.search(before) and not before.endswith(("부천", "시", "구", "동", "은", "는")):
        return False
    if " " in spoken and len(name) <= 2:
        return False  # "상 동" may be anything
    if (trap := _NAMES_NOT_ALONE.get(name)) and trap.search(rest.strip() if name != "시청" else rest):
        return False
    if meaning.name in _OFFICES:
        return bool(_PLACED.search(rest))
    if meaning.kind == "dong" and re.match(r" ?(?:주민 ?센터|행정 ?복지 ?센터|동사무소|사무소)", rest):
        return bool(_PLACED.search(re.sub(r"^ ?(?:주민 ?센터|행정 ?복지 ?센터|동사무소|사무소)", "", rest)))
    if name[-1] in "동역로구" and re.match(r"(?:생|네|물|안|시에|그라미|할|만|학|사|장난)", rest):
        return name[-1] == "동" and rest.startswith("네")
    return True


@cache
def _names() -> dict[str, Meaning]:
    """Every spelling of a name without spaces: numbers in words and figures, 이/일 as they are said."""
    names: dict[str, Meaning] = {}
    for name, meaning in meanings().items():
        names[name] = meaning
        if found := _NUMBERED.fullmatch(name):
            names[f"{found[1]}{_DIGITS[found[2]]}동"] = meaning
            names[f"{found[1]}{_DIGITS[found[2]]}똥"] = meaning
    return names


@cache
def _pattern() -> re.Pattern[str]:
    ordered = sorted(_names(), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, ordered)))


def _near(text: str) -> list[Mention]:
    """A name that was misheard, found by its sounds; only where the end of the word tells that it is a place."""
    words = [(found[0], found.start()) for found in re.finditer(r"\S+", text)]
    best: tuple[float, Mention] | None = None
    for first in range(len(words)):
        for last in range(first, min(first + 3, len(words))):
            start, end = words[first][1], words[last][1] + len(words[last][0])
            for cut in range(end, max(start + 2, end - 4), -1):
                if text[cut - 1] not in _LAST_LETTERS:
                    continue
                said = text[start:cut].replace(" ", "")
                near = _nearest(said)
                if near is not None and (best is None or near[0] < best[0]):
                    best = (near[0], Mention(start, cut, near[1], False))
    return [best[1]] if best else []


@cache
def _sounding() -> dict[str, list[tuple[str, Meaning]]]:
    by_suffix: dict[str, list[tuple[str, Meaning]]] = {}
    for name, meaning in _names().items():
        if len(name) >= 3 and meaning.kind != "elsewhere":
            for suffix in _SUFFIXES:
                if name.endswith(suffix):
                    by_suffix.setdefault(suffix, []).append((_sounds(name), meaning))
    return by_suffix


def _nearest(said: str) -> tuple[float, Meaning] | None:
    """The one name that sounds alike; None when none or several do."""
    if not 3 <= len(said) <= 12 or said in _names():  # a name as it is written was judged before
        return None
    sounds = _sounds(said)
    heard = unicodedata.normalize("NFC", sounds)
    suffix = next((end for end in sorted(_SUFFIXES, key=len, reverse=True) if heard.endswith(end)), None)
    if suffix is None:
        return None
    most = 1 if len(said) <= 3 else _CLOSE
    near: dict[str, tuple[float, Meaning]] = {}
    for name, meaning in _sounding().get(suffix, ()):
        distance = Levenshtein.distance(sounds, name, score_cutoff=most)
        if distance <= most and (meaning.name not in near or distance < near[meaning.name][0]):
            near[meaning.name] = (distance, meaning)
    if not near:
        return None
    ranked = sorted(near.values(), key=lambda pair: pair[0])
    if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
        return None
    return ranked[0]


_SOUND_AS = str.maketrans("ᄁᄄᄈᄊ째ᅤᅨᅰᅫᆩᆻ", "ᄀᄃᄇᄉ제ᅨᅦᅬᅬᆨᆺ")


def _sounds(name: str) -> str:
    """Letters as they sound: tense as plain, ㅐ as ㅔ, 력 as 역, 노 as 로 at a name's end."""
    spelt = re.sub(r"력$", "역", re.sub(r"노$", "로", re.sub(r"똥$", "동", name)))
    return unicodedata.normalize("NFD", spelt).translate(_SOUND_AS)
