"""Codes and telephone numbers read out digit by digit, with all the ways of stumbling over one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from voicebot.korean.numerals import ANY_COUNTING, FIGURE, parse_number, read_digits
from voicebot.nlu.values.mentions import without_copula

_TENS = "열|스물|서른|마흔|쉰|예순|일흔|여든|아흔"
_ONES = "하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉"
_WORD = rf"(?:(?:{_TENS}) ?(?:{_ONES})|하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|[영공일이삼사오육륙칠팔구십백천만]|{FIGURE})"
_RUN = re.compile(rf"(?<![가-힣\d]){_WORD}(?:[ -]?{_WORD})*")
# What may stand behind a group of digits. Anything else makes it a word that only looks like digits: 구구단.
_BEHIND = re.compile(
    r"(?:\s|$|요|이요|이에요|예요|에요|입니|여|이여|야|이야|지|이지|이고|고|이구|구요|에|번|다시|인데|"
    r"인가|이라|라고|아니|는|은|가|이|말고|네|을|로)"
)
# The pause words between groups: 공일공에 …, … 다시 …, … 그리고 …
_CORRECTION = re.compile(
    r"(?:이?고|이?지|이?요|이?에요|예요|이?야|가|이|은|는)?\s*(?:아 |어 |참 )*(?:아니(?:다|야|지|고|라|"
    r"구나|네)?|아니요|말고|아이다|아이고|아이라|아녀|아니여|아차|정정|틀렸\S*|잘못\S*)(?:\s|$)"
)
_UNIT_BEHIND = re.compile(
    r" ?(?:월|년|시(?![\s가-힣])|시 |분|명|살|원|층|가지|달|배|개|대 |센티|미터|도 |주일|몇|장 |끼|시간|"
    r"사람|등급|프로|퍼센트)"
)
_LINK = r"(?:에|다시|하고|그리고|그다음에?|그 다음에?|다음에?|다음이|다음은|또|이고|이고요|고요?|이구요?)"
_DIGITS_BEFORE = re.compile(rf"(?:{_WORD}|{_LINK}|앞이|앞은|끝이|끝은|뒤가|뒤는|아니|아니라|아니고|말고)\s*$")
_DIGITS_BEHIND = re.compile(rf"\s*{_LINK}?\s*(?:{_WORD}|{_LINK}\s|이 아니|아니|말고)")
_ENDS_ANSWER = re.compile(
    r"(?:이?요|이?에요|예요|입니다|이?여|이?야|이?지|번|이네요?|네요|인데요?)?\s*(?:$|번)|(?:이?요|"
    r"이?에요|예요|입니다) "
)
_TAIL_WORD = re.compile(r"(?:끝|뒤|마지막|뒷)(?:에)?\s?(?:이|은|는|자리|번호|네 ?자리|숫자|번)")
_TIMES = re.compile(r"(?<![가-힣])([영공일이삼사오육칠팔구])(?:이|가)? ?(두|세|네|다섯) ?개(?![월])")
_AREA = re.compile(r"01[016-9]|02|0[3-7]\d")
# A word that only helps to remember figures is no figure: 삼삼칠 박수 할 때 삼삼칠.
_AS_IN = re.compile(r"(?: [가-힣]{1,3})? ?할 ?때")
_LENGTH = re.compile(rf"({ANY_COUNTING}) ?자리")  # 비밀번호 네 자리를 말씀해 주세요


@dataclass
class _Groups:
    """Digit groups so far; ``fix`` puts a corrected group in the place of what it corrects."""

    digits: list[str]

    def fix(self, group: str, *, whole: bool) -> None:
        if whole or not self.digits:
            self.digits = [group]
        elif len(group) < len(self.digits[-1]):
            self.digits[-1] = self.digits[-1][: -len(group)] + group
        else:
            self.digits[-1] = group


def understand_digits(text: str, reference: datetime | None, question: str | None = None) -> str | None:
    """The code as a string of digits, or None. A single digit counts only if nothing else was said."""
    text = _spelled_out(text)
    code = "".join(_groups(text))
    expected = _LENGTH.search(question or "")
    if expected and len(code) != parse_number(expected[1]):
        other = "".join(_groups(text, keeps_two=True))
        code = other if len(other) == parse_number(expected[1]) else code
    if len(code) == 1 and len(text) > 6:
        return None
    return code or None


def understand_phone(text: str, reference: datetime | None, question: str | None = None) -> object:
    """Digits of a telephone number, ``{"last4": …}`` when only its end is known, or None."""
    text = _spelled_out(text)
    for keeps_two in (False, True):
        groups = _groups(text, is_phone=True, keeps_two=keeps_two)
        number = "".join(groups)
        if len(number) == 4 and (not _is_service_line(number) or _TAIL_WORD.search(text)):
            return {"last4": number}
        for said in (groups, *_other_orders(groups)):
            if _is_number("".join(said)):
                return "".join(said)
    return None


def _spelled_out(text: str) -> str:
    """ "공 두 개", "칠이 세 개": the figure as often as said."""
    return _TIMES.sub(lambda said: said[1] * (parse_number(said[2]) or 1), text)


def _other_orders(groups: list[str]) -> list[list[str]]:
    """Without an end said twice, or with the area code first that the speaker came to last."""
    orders = []
    if len(groups) > 2 and groups[-1] == groups[-2]:
        orders.append(groups[:-1])
    if len(groups) > 1 and _AREA.fullmatch(groups[-1]):
        orders.append([groups[-1], *groups[:-1]])
    return orders


def _is_service_line(number: str) -> bool:
    return bool(re.fullmatch(r"1[1-8]\d{1,2}", number))


def _is_number(number: str) -> bool:
    return bool(
        re.fullmatch(
            r"010\d{8}|01[16-9]\d{7,8}|02\d{7,8}|0[3-7]\d{8,9}|0[58]0\d{7,8}|1[5-9]\d{6}|[2-9]\d{6,7}", number
        )
    ) or _is_service_line(number)


def _groups(text: str, *, is_phone: bool = False, keeps_two: bool = False) -> list[str]:
    """The digit groups said, corrections applied, a repetition of the whole dropped.

    ``keeps_two`` reads 이 before a copula's ending as a two: "공공일이여" as 0012 and not 001.
    """
    said = _Groups([])
    position, pending_fix = 0, False
    for match in _RUN.finditer(text):
        run = match[0] if keeps_two else without_copula(match[0], text[match.end() :])
        end = match.start() + len(run)
        if not _BEHIND.match(text[end:]) or _UNIT_BEHIND.match(text[end:]) or _is_reminder(run, text[end:]):
            continue
        pieces = _pieces(run, is_phone=is_phone)
        if not pieces or _is_ordinary_word(text, match, run):
            continue
        between = text[position : match.start()]
        position = end
        if _is_restated(said, pieces, text[end:]):
            continue  # "이사육팔이 아니고 이사육구": the wrong group is only quoted
        if _says_anew(said, pieces, between, fixed=pending_fix and not is_phone):
            said.digits = pieces
        elif _CORRECTION.search(between):
            _correct(said, pieces, between, is_phone=is_phone)
        else:
            said.digits.extend(pieces)
        pending_fix = pending_fix or bool(_CORRECTION.search(between))
    return _without_repetition(said.digits, is_phone=is_phone)


def _is_reminder(run: str, following: str) -> bool:
    """삼삼칠 박수 할 때 삼삼칠: the first is no part of the code, the figures come again behind it."""
    return bool(_AS_IN.match(following)) and run in following


def _is_restated(said: _Groups, pieces: list[str], following: str) -> bool:
    return bool(said.digits) and pieces == said.digits[-len(pieces) :] and bool(_CORRECTION.match(following))


def _says_anew(said: _Groups, pieces: list[str], between: str, *, fixed: bool) -> bool:
    """The whole code again: after a correction, or begun once more from its first figures."""
    so_far, code = "".join(said.digits), "".join(pieces)
    if len(so_far) < 2 or re.fullmatch(rf"\s*{_LINK}?\s*", between):
        return False
    if code == so_far:
        return not re.search(r"뒤|끝|다음|또|가운데", between)
    return (fixed and len(code) >= len(so_far)) or (code.startswith(so_far) and len(code) > len(so_far))


def _is_ordinary_word(text: str, match: re.Match[str], run: str) -> bool:
    """Whether the run only looks like digits: 공사, 이사, 공영, a lone 이 or 하나 among words.

    One or two syllables count only beside other digits, with an ending, or as the whole answer.
    """
    if (len(run) > 2 and len(read_digits(run)) > 1) or len(text) <= 4 or run[0].isdigit():
        return False
    rest = text[match.start() + len(run) :]
    beside = _DIGITS_BEFORE.search(text[: match.start()]) or _DIGITS_BEHIND.match(rest)
    return not beside and not (len(read_digits(run)) > 1 and _ENDS_ANSWER.match(rest))


def _correct(said: _Groups, pieces: list[str], between: str, *, is_phone: bool) -> None:
    code = "".join(pieces)
    so_far = "".join(said.digits)
    starts_anew = is_phone and code.startswith("0") and len(code) >= len(so_far) and len(so_far) >= 3
    if not is_phone and len(said.digits) > 1 and len(code) >= len(so_far):
        starts_anew = True
    tail = bool(_TAIL_WORD.search(between))
    if starts_anew:
        said.digits = pieces
        return
    if tail and said.digits and len(pieces[0]) >= len(said.digits[-1]):
        said.digits[-1] = pieces[0]
    else:
        said.fix(pieces[0], whole=False)
    said.digits.extend(pieces[1:])


def _pieces(run: str, *, is_phone: bool) -> list[str]:
    """The run's groups; a telephone number is split at its area code, so that a correction hits its group."""
    words = [read_digits(piece) for piece in re.split(r"\s+|(?<=\d)-(?=\d)", run)]
    if not all(words):
        return []
    if all(len(word) == 1 for word in words) and len(words) > 1:
        words = ["".join(words)]
    if re.search(r"[십백천만]", run) and len(run.split()) > 1:
        words = [read_digits(run)] if not re.search(r"[십백천만]\s", run + "") else words
    if is_phone:
        words = [part for word in words for part in _phone_parts(word)]
    return words


def _phone_parts(digits: str) -> list[str]:
    match = re.fullmatch(r"(01\d|02|0[3-7]\d|1[5-9]\d\d)(\d{3,4})?(\d{4})?", digits)
    return [part for part in match.groups() if part] if match else [digits]


def _without_repetition(groups: list[str], *, is_phone: bool) -> list[str]:
    half = len(groups) // 2
    if len(groups) % 2 == 0 and half and groups[:half] == groups[half:] and len("".join(groups[:half])) >= 3:
        # A service line or a whole number said twice; four equal figures twice (공공 공공) are a number.
        whole = "".join(groups[:half])
        if _is_number(whole) or len(whole) > 8 or (len(whole) >= 4 and not is_phone):
            return groups[:half]
    return groups
