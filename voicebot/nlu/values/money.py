"""Sums of won as said: 삼만 오천 원, 3만 5천원, 이삼만 원, 만 원짜리 두 장, 보증금 오백에 월세 삼십."""

from __future__ import annotations

import re
from datetime import datetime

from voicebot.korean.numerals import ANY_COUNTING, FIGURE, SINO, numbers_in, parse_number, parse_range
from voicebot.nlu.values.mentions import ENDING, LEFT, Mention, last, outermost, settle, without_copula

_SUM = re.compile(rf"{LEFT}({SINO}) ?원")
_UNITLESS = re.compile(rf"{LEFT}({SINO}){ENDING}")
_DECIMAL_UNIT = re.compile(rf"({FIGURE}) ?(만|억|천)(?: ?원)?")
_NOTES = re.compile(
    rf"{LEFT}({SINO}) ?원? ?(?:짜리|권)(?:로|를|만|가)? ?({ANY_COUNTING}) ?(?:장|개|매)?|{LEFT}({SINO}) "
    rf"?원 ({ANY_COUNTING}) ?장"
)
_FREE = re.compile(r"한 ?푼도|공짜|무료|돈 ?안 ?(?:내|들|받)|[십백천] ?원도 ?(?:안|없|못)")
_SOME = re.compile(r"(?:몇|수|기) ?[십백천]? ?만|몇 ?천|몇 ?백|십몇|[십백]여")
_DEPOSIT = re.compile(
    rf"(?:보증금|보증)(?:이|은|는|도)? ?({SINO})(?: ?원)?.{{0,8}}?(?:월세|다달이|달세|세|월)(?:가|는|도|"
    rf"에)? ?({SINO})"
)
_DEPOSIT_SHORT = re.compile(
    rf"(?<![가-힣\d])({SINO})에 ({SINO})(?=이?요|이?에요|이?여|이?지|이?야|짜리|\s|$)"
)
_RANGE = re.compile(
    rf"{LEFT}({SINO}) ?(?:원)? ?(?:에서|부터|~|내지) ?({SINO}) ?(?:원)?(?: ?(?:사이|까지|정도|쯤))?"
)
_IN_MAN = re.compile(r"전세|월세|보증금|연금|월급|수입|생활비|달에|매달|한 달")
_RETIRED = frozenset("일이삼사오육칠팔구")


def understand_money(text: str, reference: datetime | None, question: str | None = None) -> object:
    """Won, ``{"min", "max"}`` for a range, ``[deposit, rent]``, or None."""
    if _FREE.search(text) and re.search(r"원도 ?(?:안|없|못)", text):
        return 0
    rent = _rent(text)
    if rent is not None:
        return rent
    span = _span(text)
    if span is not None:
        return span
    notes = _note_total(text)
    if notes is not None:
        return notes
    return _settled_sum(text)


def _settled_sum(text: str) -> object:
    mentions = outermost(_approximate(text) + _sums(text) + _unitless(text))
    standing = settle(text, mentions)
    if standing:
        return _added_up(text, standing) or last(standing)
    return 0 if _FREE.search(text) and not mentions else None


def _added_up(text: str, standing: list[Mention[object]]) -> int | None:
    """ "삼십만 원하고 오만 원 더": sums joined and said to be added."""
    sums = [mention.value for mention in standing if isinstance(mention.value, int)]
    if len(standing) != 2 or len(sums) != 2 or not re.match(r" ?더| ?합", text[standing[-1].end :]):
        return None
    joined = re.fullmatch(r" ?(?:하고|이랑|에다가?|에|그리고) ?", text[standing[0].end : standing[1].start])
    return sum(sums) if joined else None


def _approximate(text: str) -> list[Mention[object]]:
    found: list[Mention[object]] = []
    for match in re.finditer(
        rf"{LEFT}([일이삼사오육칠팔십백]*[일이삼사오육칠팔][이삼사오육칠팔구][십백천만억 ]*) ?(?:원|"
        rf"{ENDING})",
        text,
    ):
        pair = parse_range(match[1])
        if pair and pair[1] >= 1000:
            found.append(Mention(match.start(), match.end(), {"min": pair[0], "max": pair[1]}))
    return found


def _sums(text: str) -> list[Mention[object]]:
    found: list[Mention[object]] = []
    for match in _SUM.finditer(text):
        amount = _amount(match[1])
        if match[1] == "공":
            continue  # 공원 is a park; nothing costs 영 원
        if amount is not None and not _SOME.search(text[max(0, match.start() - 3) : match.end()]):
            found.append(Mention(match.start(), match.end(), amount))
    return found


def _amount(run: str) -> int | None:
    decimal = re.fullmatch(rf"({FIGURE}) ?(만|억|천)", run)
    if decimal and "." in decimal[1]:
        return round(float(decimal[1].replace(",", "")) * {"천": 10**3, "만": 10**4, "억": 10**8}[decimal[2]])
    amount = parse_number(run)
    return numbers_in(run)[-1] if amount is None and numbers_in(run) else amount


def _unitless(text: str) -> list[Mention[object]]:
    """Sums without 원: they name their unit (삼만 오천, 일억 이천), or are written in full (35000)."""
    found: list[Mention[object]] = []
    for match in _UNITLESS.finditer(text):
        run = without_copula(match[1], text[match.end(1) :])
        end = match.start() + len(run)
        if re.match(r" ?(?:원|년|월|일(?!\s?(?:거|걸))|시|분|명|번|살|개|장|호|층)", text[end:]):
            continue
        amount = _colloquial(run, text)
        if amount is not None and not _SOME.search(text[max(0, match.start() - 3) : end]):
            found.append(Mention(match.start(), end, amount))
    return found


def _colloquial(run: str, text: str) -> int | None:
    amount = _amount(run)
    if amount is None or len(run) == 1:
        return None
    billions = re.fullmatch(rf"({SINO}?억) ?([일이삼사오육칠팔구]? ?[천백][^만]*)", run)
    if billions:  # 일억 이천 is a hundred and twenty million: 만 is left unsaid
        rest = parse_number(billions[2])
        head = parse_number(billions[1])
        return None if rest is None or head is None else head + rest * 10**4
    if amount >= 1000 and "원" not in run and re.search(r"전세|보증금|집값", text) and amount < 10**4:
        return amount * 10**4
    if re.search(r"[만억]", run) or amount >= 1000:
        return amount
    # "연금 삼십", "월세 이십오": among elders the unit is 만 원
    return amount * 10**4 if _IN_MAN.search(text) and amount >= 10 else None


def _note_total(text: str) -> int | None:
    """Notes counted out: 만 원짜리 두 장하고 오천 원짜리 하나."""
    total, found = 0, False
    for match in _NOTES.finditer(text):
        note, count = parse_number(match[1] or match[3]), parse_number(match[2] or match[4])
        if note and count:
            total, found = total + note * count, True
    if found:
        return total
    single = re.search(rf"{LEFT}({SINO}) ?원 한 ?장", text)
    return parse_number(single[1]) if single else None


def _rent(text: str) -> list[int] | None:
    match = _DEPOSIT.search(text) or _DEPOSIT_SHORT.search(text)
    if match is None:
        return None
    sums = [parse_number(run.rstrip("이") if run.endswith("십이") else run) for run in match.groups()]
    if any(amount is None for amount in sums) or (match.re is _DEPOSIT_SHORT and not _fits_rent(sums)):
        return None
    return [
        amount * 10**4 if amount < 10**5 and amount % 10**4 else amount
        for amount in sums
        if amount is not None
    ]


def _fits_rent(sums: list[int | None]) -> bool:
    return bool(sums[0] and sums[1] and 100 <= sums[0] < 10**4 and 5 <= sums[1] < 500)


def _span(text: str) -> dict[str, int] | None:
    match = _RANGE.search(text)
    if match is None:
        return None
    low, high = _amount(match[1]), _amount(match[2])
    if low is None or high is None or high < 1000:
        return None
    if low < 100 and high >= 10**4 and "만" in match[2] and "만" not in match[1]:
        low *= 10**4
    return {"min": low, "max": high} if low < high else None
