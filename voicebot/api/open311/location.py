"""Where something is, in the three ways of GeoReport v2, written as the one line that a ticket's place is. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(
    r"(?P<address>.*?)"
    r"(?: ?\(주소번호 (?P<address_id>[0-9A-Za-z._:-]{1,64})\))?"
    r"(?: ?\(좌표 (?P<lat>-?[0-9]{1,2}\.[0-9]{6}), (?P<long>-?[0-9]{1,3}\.[0-9]{6})\))?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Location:
    """``lat`` and ``long`` (WGS84, to 0.1 m) come together or not at all."""

    address: str | None = None
    address_id: str | None = None
    lat: float | None = None
    long: float | None = None

    def __str__(self) -> str:
        """An officer reads this: 원미로 12 (주소번호 77) (좌표 37.503412, 126.766000)."""
        parts = [self.address or ""]
        if self.address_id:
            parts.append(f"(주소번호 {self.address_id})")
        if self.lat is not None and self.long is not None:
            parts.append(f"(좌표 {self.lat:.6f}, {self.long:.6f})")
        return " ".join(part for part in parts if part)


def location_in(place: str | None) -> Location:
    """The parts of a ticket's place; a caller's own words are an address."""
    found = _WRITTEN.fullmatch(place or "")
    if found is None:
        return Location(place)
    lat, long = found["lat"], found["long"]
    return Location(
        address=found["address"] or None,
        address_id=found["address_id"],
        lat=float(lat) if lat else None,
        long=float(long) if long else None,
    )
