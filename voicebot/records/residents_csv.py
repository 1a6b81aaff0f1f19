"""Reads the residents' file (CSV) and finds everything wrong in it. Writes nothing.

Columns: ``external_id, name, site`` and, where the city has them, ``birth_date, phones, address, household,
classes, household_classes, household_size, uses_gas_heating, programmes_in_use``. Lists are separated by
``;``. UTF-8 (with or without BOM) and CP949, the code page that Korean spreadsheets write.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from voicebot.errors import DataFileError, Problem
from voicebot.records.residents_row import Known, ResidentRow, Row, resident_of

REQUIRED = ("external_id", "name", "site")
OPTIONAL = (
    "birth_date",
    "phones",
    "address",
    "household",
    "classes",
    "household_classes",
    "household_size",
    "uses_gas_heating",
    "programmes_in_use",
)


@dataclass
class ResidentFile:
    """What a file holds: the columns given, the good rows, every fault, and what is only worth knowing."""

    columns: frozenset[str]
    rows: list[ResidentRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def read_residents(path: Path, known: Known, today: date) -> ResidentFile:
    """Read and check a file. Faulty rows are left out and reported, each fault once.

    Raises DataFileError when the file as a whole cannot be read (``file-unreadable``, ``missing-column``,
    ``unknown-column``, ``duplicate-column``).
    """
    reader = csv.reader(io.StringIO(_text_of(path), newline=""), strict=True)
    file: ResidentFile | None = None
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            if file is None:
                header = [cell.strip().lower() for cell in cells]
                file = ResidentFile(_checked_header(path, header))
            elif any(cell.strip() for cell in cells):
                _take_row(file, Row(path, line, header, cells, known, today))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _unreadable(path, f"not CSV: {error}", "check the quotation marks there", line) from error
    if file is None:
        raise _unreadable(
            path, "the file is empty", f"its first line names the columns: {', '.join(REQUIRED)}"
        )
    _check_together(path, file)
    return file


def _text_of(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error), "check that the file exists") from error
    if raw.startswith((b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04")) or b"\0" in raw:
        raise _unreadable(path, "neither UTF-8 nor CP949 text", "save it as 'CSV UTF-8' in the spreadsheet")
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(path, "neither UTF-8 nor CP949 text", "save it as 'CSV UTF-8' in the spreadsheet")


def _unreadable(path: Path, message: str, remedy: str, line: int | None = None) -> DataFileError:
    return DataFileError([Problem(str(path), line, "file-unreadable", message, remedy)])


def _checked_header(path: Path, header: list[str]) -> frozenset[str]:
    def problem(code: str, message: str, remedy: str) -> Problem:
        return Problem(str(path), 1, code, message, remedy)

    known = (*REQUIRED, *OPTIONAL)
    problems = [
        problem("missing-column", f"there is no column '{name}'", "add it to the first line")
        for name in REQUIRED
        if name not in header
    ]
    for name in dict.fromkeys(header):
        if name not in known:
            problems.append(
                problem("unknown-column", f"'{name}' is no known column", f"known are {', '.join(known)}")
            )
        elif header.count(name) > 1:
            problems.append(problem("duplicate-column", f"'{name}' is there twice", "remove one of them"))
    if problems:
        raise DataFileError(problems)
    return frozenset(header)


def _take_row(file: ResidentFile, row: Row) -> None:
    resident = resident_of(row)
    if row.problems:
        file.problems.extend(row.problems)
    else:
        file.rows.append(resident)


def _check_together(path: Path, file: ResidentFile) -> None:
    """Faults that show only between rows: the same id twice, one household described in two ways."""
    first_of_id: dict[str, int] = {}
    first_of_household: dict[str, ResidentRow] = {}
    good = []
    for row in file.rows:
        if row.external_id in first_of_id:
            message = f"external_id '{row.external_id}' stands on line {first_of_id[row.external_id]} already"
            file.problems.append(Problem(str(path), row.line, "duplicate-id", message, "remove one of them"))
            continue
        first_of_id[row.external_id] = row.line
        if row.household:
            first = first_of_household.setdefault(row.household, row)
            if differing := _differing(first, row):
                message = f"household '{row.household}' has another {differing} on line {first.line}"
                remedy = "write the same for all its people, or leave the cell empty on all but one"
                file.problems.append(Problem(str(path), row.line, "household-differs", message, remedy))
                continue
            first_of_household[row.household] = _merged(first, row)
        good.append(row)
    file.rows = [_with_household(row, first_of_household) for row in good]
    file.problems.sort(key=lambda problem: problem.line or 0)
    _note_shared_phones(path, file)


_HOUSEHOLD_FIELDS = ("address", "household_classes", "household_size", "uses_gas_heating")


def _differing(first: ResidentRow, row: ResidentRow) -> str:
    """The first household column that both rows fill in, and not alike."""
    for name in _HOUSEHOLD_FIELDS:
        one, other = getattr(first, name), getattr(row, name)
        if one not in (None, ()) and other not in (None, ()) and one != other:
            return name
    return "site" if first.site_id != row.site_id else ""


def _merged(first: ResidentRow, row: ResidentRow) -> ResidentRow:
    """``first`` with what only ``row`` says of their household."""
    missing = {name: getattr(row, name) for name in _HOUSEHOLD_FIELDS if getattr(first, name) in (None, ())}
    return replace(first, **missing)


def _with_household(row: ResidentRow, households: Mapping[str, ResidentRow]) -> ResidentRow:
    if not row.household:
        return row
    spokesman = households[row.household]
    return replace(row, **{name: getattr(spokesman, name) for name in _HOUSEHOLD_FIELDS})


def _note_shared_phones(path: Path, file: ResidentFile) -> None:
    """Couples share telephones: allowed, but a slip of the keyboard looks the same."""
    first_line: dict[str, int] = {}
    for row in file.rows:
        for phone in row.phones:
            line = first_line.setdefault(phone, row.line)
            if line != row.line:
                message = f"shares a telephone number with line {line}"
                remedy = "nothing to do if they live together"
                file.notes.append(Problem(str(path), row.line, "shared-phone", message, remedy))
