"""What the welfare tests share: the catalogue loaded once, people made up on the spot, days that matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from voicebot.welfare import DEMO_CONFIRMATIONS, Catalogue, Offer, Person, load_catalogue, offers_for
from voicebot.welfare.overlay_model import Confirmation

TODAY = date(2026, 11, 24)
BORN_1950 = date(1950, 3, 3)


@lru_cache
def demo_catalogue() -> Catalogue:
    return load_catalogue(confirmations=DEMO_CONFIRMATIONS)


@lru_cache
def shipped_catalogue() -> Catalogue:
    return load_catalogue()


def confirmed_catalogue(*entries: dict[str, Any]) -> Catalogue:
    """The shipped catalogue with what a made-up official confirms, for November to March unless said."""
    season = {"by": "주무관 나새봄(가상)", "on": date(2026, 11, 2)}
    season["season"] = {"from": date(2026, 11, 1), "to": date(2027, 3, 31)}
    filled = [{"confirmed": season, **entry} for entry in entries]
    return replace(
        shipped_catalogue(), confirmations=tuple(Confirmation.model_validate(entry) for entry in filled)
    )


def person(*classes: str, **facts: Any) -> Person:
    return Person(classes=frozenset(classes), **{"birth_date": BORN_1950, **facts})


def offer(
    who: Person,
    programme: str,
    on: date = TODAY,
    catalogue: Catalogue | None = None,
    using: tuple[str, ...] = (),
) -> Offer | None:
    """The offer of one programme, None when it is not among them."""
    found = offers_for(who, on=on, catalogue=catalogue or shipped_catalogue(), using=using)
    return next((each for each in found if each.programme_id == programme), None)
