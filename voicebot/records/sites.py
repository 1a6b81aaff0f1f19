"""The city's offices: read from ``data/sites.yaml``, put into the database, and found by id or name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from voicebot.datafiles import read_yaml, validate
from voicebot.errors import DataFileError, RecordNotFound
from voicebot.records.lookup import normalise_name
from voicebot.records.tables import Programme, Site, SiteKind

SITES_FILE = Path(__file__).parent / "data" / "sites.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SiteSource(_Strict):
    """Where a record is from. ``tier``: A statute or official, B official re-published, C press, D other."""

    url: str
    as_of: str
    tier: Literal["A", "B", "C", "D", "E"]


class SiteEntry(_Strict):
    """One office as the file describes it."""

    id: str
    kind: SiteKind
    name_ko: str
    parent: str | None
    phone: str | None
    source: str


class _SitesFile(_Strict):
    sources: dict[str, SiteSource]
    sites: tuple[SiteEntry, ...]


def read_sites(path: Path = SITES_FILE) -> tuple[SiteEntry, ...]:
    """The offices of a file, parents before children. Raises DataFileError with every problem."""
    document = read_yaml(path)
    file = validate(document, _SitesFile)
    problems = []
    seen: set[str] = set()
    for number, site in enumerate(file.sites):
        place = ("sites", number)
        if site.id in seen:
            problems.append(document.problem(place, "duplicate-id", f"site '{site.id}' is given twice"))
        if site.parent is not None and site.parent not in seen:
            message = f"'{site.parent}', the parent of '{site.id}', does not stand above it"
            problems.append(document.problem(place, "unknown-parent", message, "move or correct it"))
        if site.source not in file.sources:
            message = f"source '{site.source}' is not under 'sources'"
            problems.append(document.problem(place, "unknown-source", message, "add the source"))
        seen.add(site.id)
    if problems:
        raise DataFileError(problems)
    return file.sites


def seed_sites(db: Session, path: Path = SITES_FILE) -> int:
    """Put the file's offices into the database; what is there is brought up to date. Returns how many."""
    entries = read_sites(path)
    for entry in entries:
        db.merge(
            Site(
                id=entry.id, kind=entry.kind, name_ko=entry.name_ko, parent_id=entry.parent, phone=entry.phone
            )
        )
        db.flush()  # a parent must be stored before its children
    return len(entries)


def get_site(db: Session, site_id: str) -> Site:
    """Raises RecordNotFound."""
    site = db.get(Site, site_id)
    if site is None:
        raise RecordNotFound(f"no site '{site_id}'")
    return site


def sites_of(db: Session, kind: SiteKind | None = None) -> Sequence[Site]:
    """Every office, or those of one kind, by id."""
    query = select(Site) if kind is None else select(Site).where(Site.kind == kind)
    return db.exec(query.order_by(col(Site.id))).all()


def sites_by_name(db: Session) -> dict[str, str]:
    """Site ids by what people write for them: the id, or the Korean name without spaces."""
    names = {normalise_name(site.name_ko): site.id for site in sites_of(db)}
    return names | {site.id: site.id for site in sites_of(db)}


def keep_programmes(db: Session, programmes: Iterable[Programme]) -> None:
    """Store the catalogue's programmes so that requests can refer to them; none is ever taken away."""
    for programme in programmes:
        db.merge(programme)
    db.flush()
