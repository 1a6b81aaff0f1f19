"""How an offer sounds and how it reads in a text message, from the words of ``data/spoken.yaml``.

Figures and phone numbers are spoken as words; a text message is plain Korean in EUC-KR, without links.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from voicebot.korean import date_words, month_words, percent, phone, won
from voicebot.welfare.amounts import Amount
from voicebot.welfare.cases import is_expired
from voicebot.welfare.catalogue import Catalogue
from voicebot.welfare.entitlement import Verdict
from voicebot.welfare.overlay_model import Season, SpokenProgramme

CLOSING_WITHIN_DAYS = 30


def is_closing(verdict: Verdict, on: date) -> bool:
    """Whether applying ends within thirty days of ``on``."""
    return verdict.deadline is not None and 0 <= (verdict.deadline - on).days <= CLOSING_WITHIN_DAYS


def may_speak_amount(catalogue: Catalogue, verdict: Verdict) -> bool:
    """Whether an official confirmed the amount for the season and there are words for it."""
    amount = verdict.amount
    return amount is not None and amount.may_be_spoken and _template(catalogue, verdict, amount) is not None


def spoken_offer(catalogue: Catalogue, verdict: Verdict, on: date) -> str:
    """What the bot says: what it is and where to apply, the last day if near, the amount if confirmed."""
    sentences = [catalogue.words(verdict.programme.id).sentence]
    if verdict.deadline is not None and is_closing(verdict, on):
        sentences.append(catalogue.spoken.deadline.format(deadline=date_words(verdict.deadline)))
    sentences.append(_amount_sentence(catalogue, verdict, on))
    return " ".join(sentences)


def how_to_apply_spoken(catalogue: Catalogue, programme_id: str) -> str:
    words = catalogue.words(programme_id)
    return words.apply.format(phone=phone(words.phone or ""))


def text_message(catalogue: Catalogue, verdict: Verdict) -> str:
    """The offer as a text message: name, amount if confirmed, last day, where to apply, numbers to ask."""
    words, lines = catalogue.words(verdict.programme.id), catalogue.spoken.text
    message = [words.name, _amount_text(catalogue, verdict)]
    if verdict.deadline is not None:
        day = verdict.deadline
        message.append(lines.deadline.format(deadline=f"{day.year}년 {day.month}월 {day.day}일"))
    message.append(lines.apply.format(apply=words.text.apply))
    if phones := verdict.programme.how_to_apply.phones:
        message.append(lines.phones.format(phones=", ".join(phones)))
    return "\n".join(message)


def _template(catalogue: Catalogue, verdict: Verdict, amount: Amount) -> str | None:
    templates = catalogue.words(verdict.programme.id).amount
    if amount.won is not None:
        return templates.won
    return templates.percent if amount.percent is not None else None


def _amount_sentence(catalogue: Catalogue, verdict: Verdict, on: date) -> str:
    words, amount = catalogue.words(verdict.programme.id), verdict.amount
    if amount is None or not may_speak_amount(catalogue, verdict):
        return without_amount(catalogue, words)
    return (_template(catalogue, verdict, amount) or "").format(
        won=won(amount.won or 0), percent=percent(amount.percent or 0), season=_season(catalogue, amount, on)
    )


def _amount_text(catalogue: Catalogue, verdict: Verdict) -> str:
    words, amount = catalogue.words(verdict.programme.id), verdict.amount
    template = words.text.percent if amount is None or amount.won is None else words.text.won
    if amount is None or template is None or not may_speak_amount(catalogue, verdict):
        return without_amount(catalogue, words)
    figure = template.format(won=f"{amount.won or 0:,}", percent=amount.percent)
    return catalogue.spoken.text.amount.format(amount=figure)


def without_amount(catalogue: Catalogue, words: SpokenProgramme) -> str:
    return words.without_amount or catalogue.spoken.default_without_amount


def _season(catalogue: Catalogue, amount: Amount, on: date) -> str:
    """ "십이월부터 삼월까지 ", or nothing when the amount is the same all year."""
    case = catalogue.cases.get(amount.line.case or "")
    if case is not None and case.months and on.month in case.months and not is_expired(case, on):
        return _span(_in_order(case.months))
    if amount.confirmation is not None and amount.is_official and case is not None and case.months:
        return _span(_months_of(amount.confirmation.confirmed.season))
    return ""


def _in_order(months: Sequence[int]) -> list[int]:
    """A season's months from its first: [1, 2, 3, 12] -> [12, 1, 2, 3]; unchanged if it has gaps."""
    firsts = [month for month in months if (month - 2) % 12 + 1 not in months]
    if len(firsts) != 1:
        return list(months)
    return [(firsts[0] - 1 + step) % 12 + 1 for step in range(len(months))]


def _months_of(season: Season) -> list[int]:
    count = (season.to.year - season.from_.year) * 12 + season.to.month - season.from_.month + 1
    return [(season.from_.month - 1 + step) % 12 + 1 for step in range(count)]


def _span(months: Sequence[int]) -> str:
    if len(months) >= 12:
        return ""
    if len(months) == 1:
        return f"{month_words(months[0])}에는 "
    return f"{month_words(months[0])}부터 {month_words(months[-1])}까지 "
