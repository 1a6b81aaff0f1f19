"""Brings the residents' file into the database. The file is checked whole before the first row is written.

Rows are written in batches of their own transactions, so that a running server's turns get between them. An
import that was cut off is finished by importing the same file again: what is already there is unchanged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from voicebot.clock import Clock, in_seoul
from voicebot.errors import Problem
from voicebot.records import audit
from voicebot.records.database import reading, transaction
from voicebot.records.lookup import phone_hash
from voicebot.records.residents_csv import ResidentFile, read_residents
from voicebot.records.residents_row import Known, ResidentRow
from voicebot.records.residents_store import Change, store_batch
from voicebot.records.sites import sites_by_name
from voicebot.records.tables import PhoneNumber, Programme, Resident

_BATCH = 250
"""Rows per transaction: some tenths of a second in which no turn can be written on SQLite."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do.

    ``problems``: one per fault, with line and remedy. Unless ``keep_good`` was given, any fault means that
    nothing was written, and the counts are 0. ``notes``: worth a look, no faults.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = field(default=())
    notes: tuple[Problem, ...] = field(default=())
    dry_run: bool = False


def import_residents(
    engine: Engine,
    path: Path,
    *,
    clock: Clock,
    known_classes: Collection[str],
    known_household_classes: Collection[str],
    dry_run: bool = False,
    keep_good: bool = False,
    actor: str = "cli",
) -> ImportReport:
    """Add and change residents by a CSV file (columns: `residents_csv`); people not in it stay as they are.

    The file is the city's register: what it says of names, sites, numbers, classes and programmes in use
    replaces what is stored. What calls taught stays: opt-outs, reports, wrong numbers, pace, wishes.
    Raises DataFileError when the file as a whole cannot be read.
    """
    known = _known(engine, known_classes, known_household_classes)
    file = read_residents(path, known, in_seoul(clock.now()).date())
    problems = tuple(file.problems)
    if problems and not keep_good:
        return ImportReport(problems=problems, notes=tuple(file.notes), dry_run=dry_run)
    notes = (*file.notes, *_shared_with_stored(engine, path, file))
    counts = _write(engine, file, clock.now(), dry_run)
    report = ImportReport(
        added=counts[Change.ADDED],
        changed=counts[Change.CHANGED],
        unchanged=counts[Change.UNCHANGED],
        problems=problems,
        notes=tuple(notes),
        dry_run=dry_run,
    )
    if not dry_run:
        _audit(engine, report, clock.now(), actor)
    return report


def _known(engine: Engine, classes: Collection[str], household_classes: Collection[str]) -> Known:
    with reading(engine) as db:
        programmes = frozenset(db.exec(select(Programme.id)).all())
        return Known(sites_by_name(db), classes, household_classes, programmes)


def _batches(rows: list[ResidentRow]) -> Iterator[list[ResidentRow]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def _write(engine: Engine, file: ResidentFile, at: datetime, dry_run: bool) -> Counter[Change]:
    counts: Counter[Change] = Counter()
    for rows in _batches(file.rows):
        if dry_run:
            with Session(engine) as db:  # left without a commit: everything is rolled back
                counts += store_batch(db, rows, file.columns, at)
        else:
            with transaction(engine) as db:
                counts += store_batch(db, rows, file.columns, at)
    return counts


def _shared_with_stored(engine: Engine, path: Path, file: ResidentFile) -> Iterator[Problem]:
    """Numbers that people outside the file have too."""
    in_file = {row.external_id for row in file.rows}
    with reading(engine) as db:
        for rows in _batches(file.rows):
            line_of = {phone_hash(db, phone): row.line for row in rows for phone in row.phones}
            query = (
                select(PhoneNumber.number_hash, Resident.id, Resident.external_id)
                .join(Resident, col(Resident.id) == col(PhoneNumber.resident_id))
                .where(col(PhoneNumber.number_hash).in_(line_of))
            )
            for number_hash, resident_id, external_id in db.exec(query):
                if external_id not in in_file:
                    message = f"shares a telephone number with resident {resident_id}"
                    remedy = "nothing to do if they live together"
                    yield Problem(str(path), line_of[number_hash], "shared-phone", message, remedy)


def _audit(engine: Engine, report: ImportReport, at: datetime, actor: str) -> None:
    detail = {
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "faults": len(report.problems),
    }
    with transaction(engine) as db:
        audit.record(db, at=at, actor=actor, action="residents.imported", subject="residents", detail=detail)
