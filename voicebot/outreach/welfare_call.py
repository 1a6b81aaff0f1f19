"""What the welfare-information call is given when the resident picks up: name, code, at most three offers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from sqlmodel import Session

from voicebot.clock import in_seoul
from voicebot.outreach.notices import notice_went_out
from voicebot.records.people import uses_of
from voicebot.records.tables import Household, Resident, UseState
from voicebot.records.work import CallWork
from voicebot.welfare.catalogue import Catalogue
from voicebot.welfare.offers import Offer, offers_for
from voicebot.welfare.person import Person

MOST_OFFERS = 3
"""More than three things are not kept in mind on the telephone."""
UNKNOWN_NAME = "고객"
_MOBILE = re.compile(r"\+821[016789][0-9]{7,8}")


@dataclass(frozen=True)
class WelfareCall:
    """The parts of the settings that this call speaks of, and the catalogue it draws on."""

    catalogue: Catalogue
    department: str
    call_back_number: str
    records_calls: bool

    def given(self, work: CallWork) -> Mapping[str, Any]:
        """The slots of dialog ``welfare_info``."""
        resident = work.resident()
        code = work.call.verification_code or "" if notice_went_out(work.db, work.call) else ""
        return {
            "resident_name": resident.name if resident else UNKNOWN_NAME,
            "department": self.department,
            "call_back_number": self.call_back_number,
            "has_code": bool(code),
            "code": code,
            "can_text": is_mobile(work.call.to_number),
            "records_calls": self.records_calls,
            "offers": [
                {"id": offer.programme_id, "name": offer.name, "spoken": offer.spoken}
                for offer in (self.offers(work.db, resident, in_seoul(work.now).date()) if resident else ())
            ],
        }

    def offers(self, db: Session, resident: Resident, on: date) -> tuple[Offer, ...]:
        """The resident's best unused programmes on a day, at most three."""
        uses = uses_of(db, resident)
        declined = frozenset(name for name, state in uses.items() if state is UseState.DECLINED)
        return self._weigh(person_of(db, resident), on, frozenset(uses) - declined, declined)[:MOST_OFFERS]

    def all_offers(self, db: Session, resident: Resident, on: date) -> tuple[Offer, ...]:
        """Everything the resident may have, used or not: for texts about what was offered a minute ago."""
        return self._weigh(person_of(db, resident), on, frozenset(), frozenset())

    @cached_property
    def _weigh(self) -> Callable[..., tuple[Offer, ...]]:
        """The rules, which are pure: within a day the same person gets the same offers, weighed once."""

        @lru_cache(maxsize=1024)
        def weigh(
            person: Person, on: date, using: frozenset[str], declined: frozenset[str]
        ) -> tuple[Offer, ...]:
            return offers_for(person, on=on, catalogue=self.catalogue, using=using, declined=declined)

        return weigh


def person_of(db: Session, resident: Resident) -> Person:
    """What the entitlement rules need to know of a resident, the household's classes merged in."""
    household = db.get(Household, resident.household_id) if resident.household_id else None
    return Person(
        classes=frozenset(resident.classes) | frozenset(household.classes if household else ()),
        birth_date=date.fromisoformat(resident.birth_date) if resident.birth_date else None,
        household_size=household.size if household else None,
        uses_gas_heating=household.uses_gas_heating if household else None,
    )


def is_mobile(number: str) -> bool:
    """Whether a text reaches this number: Korean mobiles are 010, 011, 016 to 019 (others fail: Twilio 21614).

    Nationwide numbers (1688-0624) begin alike and are shorter.
    """
    return _MOBILE.fullmatch(number) is not None
