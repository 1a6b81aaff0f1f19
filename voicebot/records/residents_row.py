"""One row of the residents' file: its cells, what they mean, and every fault in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voicebot.errors import Problem
from voicebot.records.lookup import normalise_name
from voicebot.records.phones import normalise_phone

_YES = frozenset({"y", "yes", "true", "1", "o", "예", "네", "사용"})
_NO = frozenset({"n", "no", "false", "0", "x", "아니오", "아니요", "미사용"})
_DATE = re.compile(r"(\d{4})([-./]?)(\d{1,2})\2(\d{1,2})\.?")
_LONGEST_CELL = 500


@dataclass(frozen=True)
class Known:
    """What the words in the file are checked against: ids, and for sites also names, mapped to ids."""

    sites: Mapping[str, str]
    classes: Collection[str]
    household_classes: Collection[str]
    programmes: Collection[str]


@dataclass(frozen=True)
class ResidentRow:
    """One good row. None: the file has no such column (what is stored stays) or the cell says nothing."""

    line: int
    external_id: str
    name: str
    site_id: str
    birth_date: date | None = None
    phones: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    programmes_in_use: tuple[str, ...] = ()
    household: str = ""
    address: str | None = None
    household_classes: tuple[str, ...] = ()
    household_size: int | None = None
    uses_gas_heating: bool | None = None


class Row:
    """One row under examination: hands out its cells, and notes what is wrong with them."""

    def __init__(
        self, path: Path, line: int, header: list[str], cells: list[str], known: Known, today: date
    ) -> None:
        self.path, self.line, self.known, self.today = path, line, known, today
        self.problems: list[Problem] = []
        if len(cells) != len(header):
            message = f"{len(cells)} cells under {len(header)} columns"
            self.fault("wrong-cells", message, "put cells that hold a comma in quotation marks")
        self._cells = dict(
            zip(header, (unicodedata.normalize("NFC", c).strip() for c in cells), strict=False)
        )

    def fault(self, code: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(str(self.path), self.line, code, message, remedy))

    def text(self, column: str, *, needed: bool = False) -> str:
        value = self._cells.get(column, "")
        if needed and not value:
            self.fault("missing-value", f"'{column}' is empty", "fill it in")
        if len(value) > _LONGEST_CELL or any(unicodedata.category(mark) == "Cc" for mark in value):
            message = f"'{column}' is longer than {_LONGEST_CELL} characters or holds control characters"
            self.fault("wrong-text", message, "write it on one line")
        return value

    def words(self, column: str) -> tuple[str, ...]:
        """The cell's list, without empty and repeated entries."""
        parts = (part.strip() for part in self.text(column).split(";"))
        return tuple(dict.fromkeys(part for part in parts if part))

    def known_words(self, column: str, known: Collection[str], code: str) -> tuple[str, ...]:
        words = self.words(column)
        for word in words:
            if word not in known:
                near = f"known are {', '.join(sorted(known))}" if len(known) <= 40 else "see the catalogue"
                self.fault(code, f"'{word}' in '{column}' is not known", near)
        return words

    def read(self, column: str, reader: Callable[[str], object], code: str) -> object | None:
        """The cell as ``reader`` understands it; its ValueError says what is wrong and the remedy."""
        value = self.text(column)
        if not value:
            return None
        try:
            return reader(value)
        except ValueError as error:
            message, _, remedy = str(error).partition("; ")
            self.fault(code, f"{column}: {message}", remedy)
            return None


def resident_of(row: Row) -> ResidentRow:
    """What the row says. It means something only when ``row.problems`` is empty afterwards."""
    birth_date = row.read("birth_date", lambda text: _birth_date(text, row.today), "wrong-date")
    size = row.read("household_size", _size, "wrong-size")
    gas = row.read("uses_gas_heating", _yes_or_no, "wrong-choice")
    assert birth_date is None or isinstance(birth_date, date)
    assert size is None or isinstance(size, int)
    assert gas is None or isinstance(gas, bool)
    known = row.known
    return ResidentRow(
        line=row.line,
        external_id=row.text("external_id", needed=True),
        name=row.text("name", needed=True),
        site_id=_site(row),
        birth_date=birth_date,
        phones=_phones(row),
        classes=row.known_words("classes", known.classes, "unknown-class"),
        programmes_in_use=row.known_words("programmes_in_use", known.programmes, "unknown-programme"),
        household=row.text("household"),
        address=row.text("address") or None,
        household_classes=row.known_words(
            "household_classes", known.household_classes, "unknown-household-class"
        ),
        household_size=size,
        uses_gas_heating=gas,
    )


def _site(row: Row) -> str:
    written = row.text("site", needed=True)
    site_id = row.known.sites.get(written) or row.known.sites.get(normalise_name(written))
    if written and site_id is None:
        row.fault(
            "unknown-site", f"'{written}' is no site", "write the dong's name (심곡2동) or id (simgok2)"
        )
    return site_id or ""


def _phones(row: Row) -> tuple[str, ...]:
    numbers = []
    for written in row.words("phones"):
        try:
            numbers.append(normalise_phone(written))
        except ValueError as error:
            message, _, remedy = str(error).partition("; ")
            row.fault("wrong-phone", message, remedy)
    return tuple(dict.fromkeys(numbers))


def _birth_date(text: str, today: date) -> date:
    remedy = "write it as 1948-03-15"
    match = _DATE.fullmatch(text)
    if match is None or (not match[2] and len(text) != 8):
        raise ValueError(f"'{text}' is not a date; {remedy}")
    try:
        born = date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        raise ValueError(f"'{text}' is not a day of the calendar; {remedy}") from None
    if not date(1900, 1, 1) <= born <= today:
        raise ValueError(f"'{text}' is not between 1900 and today; check the year")
    return born


def _size(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 30):
        raise ValueError(f"'{text}' is not a number of people; write 1 to 30")
    return int(text)


def _yes_or_no(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError(f"'{text}' is neither yes nor no; write 예, 아니오, or leave it empty")
