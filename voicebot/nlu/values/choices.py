"""Choosing among the options that were read out: by name, by place in the row, by what will not do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voicebot.korean.jamo import similarity
from voicebot.korean.normalise import tidy
from voicebot.korean.numerals import repair_numbers
from voicebot.korean.speakable import speakable
from voicebot.nlu.values.mentions import Mention, is_denied, is_impossible, outermost, settle

_ANY = re.compile(
    r"아무 ?(?:거|것|꺼|쪽|데|때|편|걸)|상관 ?없|뭐든|뭐라도|어느 ?(?:거|것|쪽)(?:이나|든)|알아서|다 "
    r"?(?:좋|괜찮)|암거나|둘 ?다 ?(?:좋|괜찮)"
)
_ALL = re.compile(
    r"(?<![가-힣])(?:둘 ?다|셋 ?다|넷 ?다|전부|모두|싹 ?다|죄다|다(?= ?(?:요|줘|주|해|할|좋|필요|보내|"
    r"신청|받|아프|아파|불편|해당|맞))|두 ?개 ?다|세 ?개 ?다)"
)
_NOTHING = re.compile(
    r"(?:다|둘 ?다|전부|모두|아무것도|아무 ?거도|하나도|셋 ?다) ?(?:싫|필요 ?없|안 |못 |아니|별로)|^필요 "
    r"?없|^(?:싫|됐)"
)
_ORDINALS = (
    (
        re.compile(
            r"첫 ?(?:번)?째|처음|첨(?:에|으로| ?거| ?것| ?꺼)|맨 ?(?:앞|처음|위)|제일 ?(?:앞|먼저|위)|먼저 ?(?:거|것|꺼|말한|께)|"
            r"앞(?:에|엣)? ?(?:거|것|꺼|께|쪽)|전자|위(?:에|엣) ?(?:거|것)"
        ),
        0,
    ),
    (
        re.compile(
            r"마지막|맨 ?(?:끝|뒤|나중|아래)|제일 ?(?:끝|뒤|나중)|끝(?:에|엣) ?(?:거|것|꺼)|나중 ?(?:거|"
            r"것|꺼|께)|뒤(?:에|엣)? ?(?:거|것|꺼|께|쪽)|후자|아래(?:에|엣) ?(?:거|것)"
        ),
        -1,
    ),
)
_MIDDLE = re.compile(r"가운데|중간")
_NEXT = re.compile(r"(?:그 ?)?다음 ?(?:거|것|꺼|번)")
_NUMBERS = (
    "한|일|1|첫",
    "두|이|2|둘",
    "세|삼|3|셋",
    "네|사|4|넷",
    "다섯|오|5",
    "여섯|육|6",
    "일곱|칠|7",
    "여덟|팔|8",
    "아홉|구|9",
)
_SINO = str.maketrans("일이삼사", "한두세네")  # 셋째, 두째, but 일째 is how long something lasts
_NUMBERED = tuple(
    re.compile(
        rf"(?<![가-힣\d])(?:(?:{forms}) ?번 ?(?:째)?|(?:{forms.translate(_SINO)})째|(?:{forms})(?=이?요$|이요$|$))"
    )
    for forms in _NUMBERS
)
# Other words for the options that welfare dialogs offer; none is tied to one sentence.
_OTHER_WORDS: dict[str, tuple[str, ...]] = {
    "오전": ("아침", "점심 전", "점심 먹기 전", "낮 열두 시 전"),
    "오후": ("점심 먹고", "점심 지나", "저녁", "점심 후", "낮에", "점심때 지나"),
    "전화": ("말로", "목소리", "통화", "걸어", "전활", "즌화"),
    "문자": ("메시지", "글로", "문짜", "카톡", "적어"),
    "방문": ("와 주", "와서", "찾아", "집으로", "직접", "오셔", "오시", "만나"),
    "우편": ("편지", "종이", "등기"),
    "있음": ("있어", "있다", "있지", "있습", "있당", "있네", "있긴", "있는데", "있구", "있고"),
    "없음": ("없어", "없다", "없당", "없지", "없습", "없네", "없는데", "없구", "없고", "없유"),
    "예": ("네", "응", "그래"),
    "아니요": ("아니", "아뇨"),
    "남자": ("아들", "남성"),
    "여자": ("여성", "딸"),
    "에스케이": ("SK", "sk", "스케이"),
    "케이티": ("KT", "kt", "한국통신"),
    "엘지": ("LG", "lg", "유플러스", "엘쥐"),
    "집": ("집에", "자택"),
    "기타": ("다른 거", "다른 데", "딴 거", "딴 데"),
}
_SIMILAR_ENOUGH = 0.78


def understand_choice(text: str, options: Sequence[str]) -> object:
    """The option chosen (as given in ``options``), a list of several, ``"any"``, or None."""
    if not options:
        return None
    if _NOTHING.search(text):
        return None
    indifferent = [at.span() for at in _ANY.finditer(text)]  # 상관없어 names no option
    mentions = [
        mention
        for mention in outermost(_named(text, options) + _placed(text, options))
        if not any(start < mention.end and mention.start < end for start, end in indifferent)
    ]
    if len({mention.value for mention in mentions}) > 1 and _ANY.search(text) and "든" in text:
        return "any"
    if mentions:
        return _among(text, mentions, options)
    if _ALL.search(text) and not _ANY.search(text):
        return list(options)
    if _ANY.search(text):
        return "any"
    return _resembling(text, options)


def _among(text: str, mentions: list[Mention[int]], options: Sequence[str]) -> object:
    standing = settle(text, mentions, excuses=True, either=True)
    if standing:
        return _together(text, standing, options)
    refused = {
        mention.value
        for mention in mentions
        if is_denied(text, mention.end) or is_impossible(text, mention.end)
    }
    after = _NEXT.search(text)
    if after and mentions[-1].value + 1 < len(options):
        return options[mentions[-1].value + 1]
    left = [option for index, option in enumerate(options) if index not in refused]
    if refused and len(left) == 1:
        return left[0]
    return (
        left
        if len(left) > 1
        and re.search(
            r"말고 ?(?:는 ?)?(?:다(?!른)|전부|나머지)|빼고 ?(?:는 ?)?(?:다(?!른)|전부|나머지)", text
        )
        else None
    )


def _together(text: str, standing: list[Mention[int]], options: Sequence[str]) -> object:
    """The last one, and those joined to it by 하고, 이랑, 와."""
    together = [standing[-1]]
    for mention in reversed(standing[:-1]):
        between = text[mention.end : together[0].start]
        if (
            not re.fullmatch(r"(?:하고|이랑|랑|과|와|도|이?고|이?나|에다|,|\s|그리고|또는?|아니면)*", between)
            or not between.strip()
        ):
            break
        together.insert(0, mention)
    chosen = list(dict.fromkeys(options[mention.value] for mention in together))
    return chosen[0] if len(chosen) == 1 else chosen


def _named(text: str, options: Sequence[str]) -> list[Mention[int]]:
    spoken = {index: _forms(option) + _own_words(option, options) for index, option in enumerate(options)}
    found = []
    for index, forms in spoken.items():
        for form in forms:
            pattern = r" ?".join(map(re.escape, form.replace(" ", "")))
            border = r"(?<![가-힣])" if len(form) == 1 else ""
            found += [Mention(at.start(), at.end(), index) for at in re.finditer(border + pattern, text)]
    return found


def _forms(option: str) -> list[str]:
    name = tidy(option)
    words = [word for key, others in _OTHER_WORDS.items() if key == name for word in others]
    spoken = speakable(name)
    weekday = [name[0] + "욜"] if re.fullmatch(r"[월화수목금토일]요일", name) else []
    return list(dict.fromkeys([name, spoken, *words, *weekday]))


def _own_words(option: str, options: Sequence[str]) -> list[str]:
    """Parts of a longer option that no other option has: 반찬 for 반찬 배달, 가스 for 도시가스."""
    words = [word for word in tidy(option).split() if len(word) > 1]
    others = " ".join(other for other in options if other != option)
    if len(words) == 1 and len(words[0]) > 3:
        words = [words[0][:2], words[0][-2:]]  # 가스 for 도시가스
    elif len(words) < 2:
        return []
    return [word for word in words if word not in others]


def _placed(text: str, options: Sequence[str]) -> list[Mention[int]]:
    """Options pointed at by their place: 두 번째 거, 삼 번, 맨 끝에 거, 가운데."""
    found = []
    for pattern, index in _ORDINALS:
        found += [Mention(at.start(), at.end(), index % len(options)) for at in pattern.finditer(text)]
    for number, pattern in enumerate(_NUMBERED[: len(options)]):
        found += [Mention(at.start(), at.end(), number) for at in pattern.finditer(text)]
    if len(options) % 2:
        found += [Mention(at.start(), at.end(), len(options) // 2) for at in _MIDDLE.finditer(text)]
    return found


def _resembling(text: str, options: Sequence[str]) -> str | None:
    """An option that the recogniser spelled a little differently, if one stands out."""
    squeezed = repair_numbers(text).replace(" ", "")
    scores = []
    for option in options:
        name = tidy(option).replace(" ", "")
        if len(name) < 2:
            continue
        windows = [squeezed[at : at + len(name)] for at in range(max(1, len(squeezed) - len(name) + 1))]
        scores.append((max(similarity(window, name) for window in windows), option))
    scores.sort(reverse=True)
    # In an answer that is hardly more than one word, a single wrong vowel may be looked over.
    enough = 0.74 if scores and len(squeezed) <= len(scores[0][1]) + 2 else _SIMILAR_ENOUGH
    if not scores or scores[0][0] < enough or (len(scores) > 1 and scores[1][0] > scores[0][0] - 0.05):
        return None
    return scores[0][1]
