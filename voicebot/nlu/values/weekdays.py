"""Days of the week: 수욜날, 월수금, 화요일 빼고 다, 주일 다음 날."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from voicebot.nlu.values.dates import WEEKDAY_NAME, WEEKDAYS, weekday_index
from voicebot.nlu.values.mentions import Mention, settle

_STRING = re.compile(
    r"(?<![가-힣])([월화수목금토일](?: ?[월화수목금토일])+)(?=\s|$|이요|요|이에요|예요|입니다|만|은|는|이|"
    r"로|에|중|마다|이?지|이?여)"
)
_RELATIVE = (
    ("내일모레", 2),
    ("낼모레", 2),
    ("모레", 2),
    ("글피", 3),
    ("내일", 1),
    ("낼", 1),
    ("오늘", 0),
)
_ALL_BUT = re.compile(
    r"(?:만|은|는)? ?(?:빼고|빼놓고|제외하고|말고)(?:는|요)? ?(?:아무|다|전부|모두|괜찮|언제든|나머지)"
)
_JOINT = re.compile(
    r"^(?:날)?\s*(?:하고|이랑|랑|과|와|이나|또는|아니면|그리고|에|도|이고|,|\s)*(?:그리고|또|아니면)?\s*$"
)
_NEXT_DAY = re.compile(r"(?:그 ?)?(다다음|다음 ?다음|다음) ?날")


def understand_weekday(text: str, reference: datetime | None, question: str | None = None) -> object:
    """English weekday in lower case, a list when several, None when none is preferred or said."""
    text = re.sub(r"(?<=[일욜])이나(?= )", "하고", text)  # either will do: both are named
    mentions = [Mention(m.start(), m.end(), weekday_index(m[0])) for m in WEEKDAY_NAME.finditer(text)]
    groups = _groups(text)
    if groups and not mentions:
        return [WEEKDAYS[index] for index in groups]
    if mentions and _ALL_BUT.match(text[mentions[-1].end :]):
        left_out = {mention.value for mention in mentions}
        return [name for index, name in enumerate(WEEKDAYS) if index not in left_out]
    span = _span(text, mentions)
    if span:
        return span
    following = _following_day(text, mentions)
    if following is not None:
        return WEEKDAYS[following]
    standing = settle(text, mentions, excuses=True, either=True)
    if standing:
        return _together(text, standing)
    return None if mentions else _relative(text, reference)


def _groups(text: str) -> list[int]:
    match = _STRING.search(text)
    if match:
        return [weekday_index(letter) for letter in match[1].replace(" ", "")]
    if re.search(r"주말(?! ?(?:은|엔|에는)? ?(?:안|말고|빼))", text):
        return [5, 6]
    return [0, 1, 2, 3, 4] if re.search(r"평일|주중", text) else []


def _span(text: str, mentions: list[Mention[int]]) -> list[str]:
    """ "월요일부터 금요일까지": every day from the one to the other."""
    if len(mentions) != 2 or not re.fullmatch(
        r" ?(?:부터|에서|~) ?", text[mentions[0].end : mentions[1].start]
    ):
        return []
    first, final = mentions[0].value, mentions[1].value
    return [WEEKDAYS[(first + step) % 7] for step in range((final - first) % 7 + 1)]


def _together(text: str, standing: list[Mention[int]]) -> object:
    """The last one, with those joined to it by nothing but 하고, 이랑, 아니면 or a space."""
    together = [standing[-1]]
    for mention in reversed(standing[:-1]):
        if not _JOINT.match(text[mention.end : together[0].start]):
            break
        together.insert(0, mention)
    names = list(dict.fromkeys(WEEKDAYS[mention.value] for mention in together))
    return names[0] if len(names) == 1 else names


def _following_day(text: str, mentions: list[Mention[int]]) -> int | None:
    match = _NEXT_DAY.search(text)
    before = [mention for mention in mentions if match and mention.end <= match.start()]
    if match is None or not before or before[-1] is not mentions[-1]:
        return None
    return (before[-1].value + (1 if match[1] == "다음" else 2)) % 7


def _relative(text: str, reference: datetime | None) -> str | None:
    if reference is None:
        return None
    found = [
        Mention(match.start(), match.end(), dict(_RELATIVE)[match[0]])
        for match in re.finditer("|".join(word for word, _ in _RELATIVE), text)
    ]
    standing = settle(text, found)
    if not standing:
        return None
    return WEEKDAYS[(reference + timedelta(days=standing[-1].value)).weekday()]
