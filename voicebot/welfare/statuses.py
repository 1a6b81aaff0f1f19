"""What may be told of a programme by the catalogue's ``status``: one table, every value, unknown = never."""

from __future__ import annotations

from enum import StrEnum


class Telling(StrEnum):
    """OFFER: may be offered, with its amount once an official confirmed it. OFFER_WITHOUT_AMOUNT: may be
    offered, but the catalogue's own figure is never spoken, confirmed or not; only a figure that an official
    wrote into the confirmation is. NEVER: not a word on a call, whatever the confirmations say.
    """

    OFFER = "offer"
    OFFER_WITHOUT_AMOUNT = "offer_without_amount"
    NEVER = "never"


TELLING_BY_STATUS: dict[str, Telling] = {
    # In force; rules and amounts found in current sources.
    "active": Telling.OFFER,
    # In force, and the window for applying ends soon: offered until its end date, not a day longer.
    "active_closing_soon": Telling.OFFER,
    # In force, but the figures are from 2009 to 2018.
    "active_amounts_old": Telling.OFFER_WITHOUT_AMOUNT,
    # In force; the ceiling of December 2026 to March 2027 was not found.
    "active_winter_2026_27_unknown": Telling.OFFER_WITHOUT_AMOUNT,
    # In force with one supplier; which company heats Bucheon was not confirmed.
    "active_supplier_unconfirmed": Telling.OFFER_WITHOUT_AMOUNT,
    # In force; dates and amounts of the 2026 round come from a blog written beforehand.
    "active_2026_details_unconfirmed": Telling.OFFER_WITHOUT_AMOUNT,
    # In force; the amount stands in an attachment of the ordinance that could not be read.
    "active_amount_unknown": Telling.OFFER_WITHOUT_AMOUNT,
    # In force; the price of 2026 was not found.
    "active_2026_price_unknown": Telling.OFFER_WITHOUT_AMOUNT,
    # In force; the window of the next round was not found, so neither is its amount sure.
    "active_next_round_unknown": Telling.OFFER_WITHOUT_AMOUNT,
    # In force; the amounts are rounded by a blog.
    "active_amounts_approx": Telling.OFFER_WITHOUT_AMOUNT,
    # In force; the maximum of 2026 was not found.
    "active_2026_amount_unknown": Telling.OFFER_WITHOUT_AMOUNT,
    # In force; sources disagree on the income line, the dementia centre decides.
    "active_income_line_unclear": Telling.OFFER_WITHOUT_AMOUNT,
    # In force; the fee table changed in 2026 and was not readable.
    "active_check_2026_table": Telling.OFFER_WITHOUT_AMOUNT,
    # Paid, but how much was not in the source.
    "amount_unknown": Telling.OFFER_WITHOUT_AMOUNT,
    # Comes every winter; nothing known of this one but that it is expected.
    "winter_2026_27_unknown": Telling.OFFER_WITHOUT_AMOUNT,
    # The round of the year opened in March on a quota: most likely over.
    "2026_round_likely_closed": Telling.NEVER,
    # Announced subject to ordinance and budget; not known to be law.
    "announced_check_enacted": Telling.NEVER,
    # Announced; not known to have begun.
    "announced_2026": Telling.NEVER,
    # Over.
    "ended": Telling.NEVER,
    # A headline without classes, dates or rules.
    "unconfirmed": Telling.NEVER,
    # A pilot in other towns.
    "not_available_in_bucheon": Telling.NEVER,
    # No usable source.
    "not_found": Telling.NEVER,
}

# Statuses whose period end is the last day for applying. Elsewhere it is the end of the benefit's own year.
APPLICATION_ENDS_WITH_PERIOD = frozenset({"active_closing_soon"})

# Never offered for what they are, whatever their status: the bot does not offer itself.
NEVER_OFFERED_PROGRAMMES = frozenset({"bucheon_ai_welfare_call"})


def telling_of(programme_id: str, status: str) -> Telling:
    """What may be told of a programme. A status that the table does not know means NEVER."""
    if programme_id in NEVER_OFFERED_PROGRAMMES:
        return Telling.NEVER
    return TELLING_BY_STATUS.get(status, Telling.NEVER)
