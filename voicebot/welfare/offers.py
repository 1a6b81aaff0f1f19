"""What may be told to a person on a day, best first, ready to be spoken, sent and explained. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from voicebot.welfare.catalogue import Catalogue
from voicebot.welfare.entitlement import Verdict, weigh_all
from voicebot.welfare.person import Person
from voicebot.welfare.speech import (
    how_to_apply_spoken,
    is_closing,
    may_speak_amount,
    spoken_offer,
    text_message,
)
from voicebot.welfare.staff_words import reason_ko, staff_explanation


@dataclass(frozen=True)
class Offer:
    """One programme as the bot may offer it.

    ``won_per_month`` is for ranking and may be unconfirmed; only ``spoken`` and ``text_message`` go to the
    resident, and they hold an amount exactly when ``amount_may_be_spoken``. ``deadline`` is the last day for
    applying, where one is known.
    """

    programme_id: str
    name: str
    won_per_month: int | None
    amount_may_be_spoken: bool
    spoken: str
    how_to_apply_spoken: str
    text_message: str
    staff_explanation: str
    deadline: date | None


@dataclass(frozen=True)
class Explanation:
    """Why a programme is or is not offered, for staff. Codes as in `Verdict`, plus unknown_programme."""

    programme_id: str
    is_offered: bool
    is_entitled: bool
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    text: str


def offers_for(
    person: Person,
    *,
    on: date,
    catalogue: Catalogue,
    using: Collection[str],
    declined: Collection[str] = (),
) -> tuple[Offer, ...]:
    """Every programme that may be offered, best first: closing within 30 days, then by won per month.

    Programmes of unknown worth come last within each part.
    ``using`` and ``declined`` are programme ids and are left out; unknown ids are ignored. ``on`` is the day
    in Seoul. Ties keep the catalogue's order. Callers on the telephone take the first three.
    """
    verdicts = weigh_all(person, on=on, catalogue=catalogue, using=using, declined=declined)
    offered = [verdict for verdict in verdicts.values() if verdict.is_offered]
    return tuple(_offer(catalogue, verdict, on) for verdict in sorted(offered, key=lambda v: _rank(v, on)))


def explain(
    person: Person,
    programme_id: str,
    on: date,
    *,
    catalogue: Catalogue,
    using: Collection[str] = (),
    declined: Collection[str] = (),
) -> Explanation:
    """Why this programme is or is not offered to this person on this day, for staff."""
    if programme_id not in catalogue.programmes:
        code = "unknown_programme"
        return Explanation(programme_id, False, False, (code,), (), reason_ko(catalogue, code))
    verdict = weigh_all(person, on=on, catalogue=catalogue, using=using, declined=declined)[programme_id]
    return Explanation(
        programme_id,
        verdict.is_offered,
        verdict.is_entitled,
        verdict.reasons,
        verdict.remarks,
        staff_explanation(catalogue, verdict),
    )


def _rank(verdict: Verdict, on: date) -> tuple[bool, bool, int]:
    won = verdict.won_per_month
    return not is_closing(verdict, on), won is None, -(won or 0)


def _offer(catalogue: Catalogue, verdict: Verdict, on: date) -> Offer:
    programme_id = verdict.programme.id
    return Offer(
        programme_id=programme_id,
        name=catalogue.words(programme_id).name,
        won_per_month=verdict.won_per_month,
        amount_may_be_spoken=may_speak_amount(catalogue, verdict),
        spoken=spoken_offer(catalogue, verdict, on),
        how_to_apply_spoken=how_to_apply_spoken(catalogue, programme_id),
        text_message=text_message(catalogue, verdict),
        staff_explanation=staff_explanation(catalogue, verdict),
        deadline=verdict.deadline,
    )
