"""Places: being built."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceFound:
    spoken: str
    gu: str | None = None
    dong: str | None = None
    ask_ko: str | None = None


def find_place(text: str) -> PlaceFound | None:
    return None
