"""Writes checked rows of the residents' file, a batch at a time, and tells what each one changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import Enum
from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select

from voicebot.records.lookup import name_hash, phone_hash
from voicebot.records.residents_row import ResidentRow
from voicebot.records.tables import Household, PhoneNumber, ProgrammeUse, Resident, UseState

Owned = TypeVar("Owned", PhoneNumber, ProgrammeUse)

_SOURCE = "import"
_HOUSEHOLD_COLUMNS = frozenset(
    {"household", "address", "household_classes", "household_size", "uses_gas_heating"}
)


class Change(Enum):
    """What a row did to its resident."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


def store_batch(
    db: Session, rows: Sequence[ResidentRow], columns: Collection[str], at: datetime
) -> Counter[Change]:
    """Make the database say what ``rows`` say, as far as the file has the ``columns``. The caller commits."""
    batch = _Batch(db, rows, columns, at)
    batch.store_households()
    batch.store_residents()
    batch.store_phones()
    batch.store_uses()
    return batch.counts()


class _Batch:
    """A batch under way: what is stored of its people, and which of them have changed so far."""

    def __init__(
        self, db: Session, rows: Sequence[ResidentRow], columns: Collection[str], at: datetime
    ) -> None:
        self.db, self.rows, self.columns, self.at = db, rows, columns, at
        self.changed: set[str] = set()
        self.residents = _residents_by_external_id(db, [row.external_id for row in rows])
        self.new = {row.external_id for row in rows} - set(self.residents)
        self.households = self._stored_households()

    def counts(self) -> Counter[Change]:
        changed = len(self.changed - self.new)
        return Counter(
            {
                Change.ADDED: len(self.new),
                Change.CHANGED: changed,
                Change.UNCHANGED: len(self.rows) - len(self.new) - changed,
            }
        )

    def store_households(self) -> None:
        """Each row's household, made or brought up to date; flushed, so that its id is known."""
        self.household_of: dict[str, Household] = {}
        if not _HOUSEHOLD_COLUMNS & set(self.columns):
            return
        for row in self.rows:
            household = self._household(row)
            self.household_of[row.external_id] = household
            given = {
                "address": ("address", row.address),
                "household_classes": ("classes", list(row.household_classes)),
                "household_size": ("size", row.household_size),
                "uses_gas_heating": ("uses_gas_heating", row.uses_gas_heating),
            }
            values = {field: value for column, (field, value) in given.items() if column in self.columns}
            self._assign(row, household, {"site_id": row.site_id, **values})
            self.db.add(household)
        self.db.flush()

    def store_residents(self) -> None:
        for row in self.rows:
            resident = self.residents.get(row.external_id) or Resident(
                external_id=row.external_id, site_id=row.site_id, name="", name_hash="", classes=[], pace={}
            )
            values: dict[str, object] = {"site_id": row.site_id}
            if resident.name != row.name:
                values |= {"name": row.name, "name_hash": name_hash(self.db, row.name)}
            if "birth_date" in self.columns:
                values["birth_date"] = row.birth_date.isoformat() if row.birth_date else None
            if "classes" in self.columns:
                values["classes"] = list(row.classes)
            if row.external_id in self.household_of:
                values["household_id"] = self.household_of[row.external_id].id
            self._assign(row, resident, values)
            self.residents[row.external_id] = resident
            self.db.add(resident)
        self.db.flush()

    def store_phones(self) -> None:
        """The file's numbers in its order. A number it no longer has goes: a stranger may have it now."""
        if "phones" not in self.columns:
            return
        stored = _by_resident(self.db, PhoneNumber, self._resident_ids())
        for row in self.rows:
            resident_id = self._resident_id(row)
            there = {phone.number: phone for phone in stored[resident_id]}
            for preference, number in enumerate(row.phones, start=1):
                phone = there.pop(number, None)
                if phone is None:
                    self.changed.add(row.external_id)
                    phone = PhoneNumber(
                        resident_id=resident_id, number=number, number_hash=phone_hash(self.db, number)
                    )
                self._assign(row, phone, {"preference": preference})
                self.db.add(phone)
            self._take_away(row, there.values())
        self.db.flush()

    def store_uses(self) -> None:
        """The register's programmes in use. What a call has noted stays, unless it is in use now."""
        if "programmes_in_use" not in self.columns:
            return
        stored = _by_resident(self.db, ProgrammeUse, self._resident_ids())
        for row in self.rows:
            resident_id = self._resident_id(row)
            there = {use.programme_id: use for use in stored[resident_id]}
            for programme_id in row.programmes_in_use:
                use = there.pop(programme_id, None)
                if use is None or use.state is not UseState.USING:
                    self.changed.add(row.external_id)
                    self.db.add(self._using(resident_id, programme_id, use))
            self._take_away(row, [use for use in there.values() if use.source == _SOURCE])
        self.db.flush()

    def _using(self, resident_id: int, programme_id: str, use: ProgrammeUse | None) -> ProgrammeUse:
        if use is None:
            return ProgrammeUse(
                resident_id=resident_id,
                programme_id=programme_id,
                state=UseState.USING,
                source=_SOURCE,
                since=self.at,
            )
        use.state, use.source, use.since = UseState.USING, _SOURCE, self.at
        return use

    def _stored_households(self) -> dict[str, Household]:
        keys = {key for row in self.rows for key in (row.household, _own_household(row)) if key}
        ids = {resident.household_id for resident in self.residents.values()} - {None}
        query = select(Household).where(col(Household.external_id).in_(keys) | col(Household.id).in_(ids))
        households = self.db.exec(query).all()
        self.household_by_id = {household.id: household for household in households}
        return {household.external_id: household for household in households if household.external_id}

    def _household(self, row: ResidentRow) -> Household:
        resident = self.residents.get(row.external_id)
        if "household" not in self.columns and resident is not None and resident.household_id is not None:
            return self.household_by_id[resident.household_id]
        key = row.household or _own_household(row)
        if key not in self.households:
            self.households[key] = Household(external_id=key, site_id=row.site_id, classes=[])
        return self.households[key]

    def _resident_id(self, row: ResidentRow) -> int:
        resident_id = self.residents[row.external_id].id
        assert resident_id is not None
        return resident_id

    def _resident_ids(self) -> list[int]:
        return [self._resident_id(row) for row in self.rows]

    def _assign(self, row: ResidentRow, target: SQLModel, values: dict[str, object]) -> None:
        """Set only what differs: an encrypted column that is set again would be written again."""
        for name, value in values.items():
            if getattr(target, name) != value:
                setattr(target, name, value)
                self.changed.add(row.external_id)

    def _take_away(self, row: ResidentRow, things: Iterable[SQLModel]) -> None:
        for thing in things:
            self.db.delete(thing)
            self.changed.add(row.external_id)


def _own_household(row: ResidentRow) -> str:
    """The key of the household of someone for whom the file names none."""
    return f"resident:{row.external_id}"


def _residents_by_external_id(db: Session, external_ids: Collection[str]) -> dict[str, Resident]:
    query = select(Resident).where(col(Resident.external_id).in_(external_ids))
    return {resident.external_id: resident for resident in db.exec(query) if resident.external_id}


def _by_resident(db: Session, table: type[Owned], ids: Collection[int]) -> defaultdict[int, list[Owned]]:
    found: defaultdict[int, list[Owned]] = defaultdict(list)
    for row in db.exec(select(table).where(col(table.resident_id).in_(ids))):
        found[row.resident_id].append(row)
    return found
