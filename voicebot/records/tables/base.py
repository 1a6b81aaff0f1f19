"""The base of every table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import SQLModel


class Record(SQLModel):
    """A row that shows only its id: what is logged by mistake must not name anybody."""

    def __repr_args__(self) -> Sequence[tuple[str | None, Any]]:
        return [("id", getattr(self, "id", None))]
