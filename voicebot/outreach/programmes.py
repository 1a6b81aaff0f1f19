"""The catalogue's programmes in the records, so that requests and uses can refer to them."""

from __future__ import annotations

from sqlmodel import Session

from voicebot.records.sites import keep_programmes
from voicebot.records.tables import Programme
from voicebot.welfare.catalogue import Catalogue


def keep_catalogue(db: Session, catalogue: Catalogue) -> None:
    """Store what is new or changed; a programme that left the catalogue stays for its old requests."""
    keep_programmes(
        db,
        [
            Programme(id=each.id, name_ko=each.name_ko, category=each.category, status=each.status)
            for each in catalogue.programmes.values()
        ],
    )
