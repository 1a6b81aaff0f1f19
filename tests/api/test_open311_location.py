"""A place is one line for officers, and its parts for programs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voicebot.api.open311.location import Location, location_in

_ADDRESS = st.text(st.characters(exclude_characters="()", exclude_categories=["Cs", "Cc"]), min_size=1).map(
    str.strip
)


@given(
    address=st.none() | _ADDRESS.filter(bool),
    address_id=st.none() | st.from_regex(r"[0-9A-Za-z._:-]{1,64}", fullmatch=True),
    point=st.none() | st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000)),
)
def test_what_is_written_is_read_again(
    address: str | None, address_id: str | None, point: tuple[int, int] | None
) -> None:
    lat, long = (point[0] / 1e6, point[1] / 1e6) if point else (None, None)
    location = Location(address, address_id, lat, long)
    assert location_in(str(location)) == location


def test_it_reads_as_an_officer_would_write_it() -> None:
    assert str(Location("원미로 12", "77", 37.503412, 126.766)) == (
        "원미로 12 (주소번호 77) (좌표 37.503412, 126.766000)"
    )
    assert location_in("중앙공원 (화장실 앞)") == Location("중앙공원 (화장실 앞)")
    assert location_in(None) == Location()
