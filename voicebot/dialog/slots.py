"""The types of a dialog's slots and of expressions over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


class ExpressionError(ValueError):
    """An expression cannot be read, does not fit the slots' types, or cannot be evaluated."""


Kind = Literal["text", "int", "bool", "date", "time", "list", "record", "any"]


@dataclass(frozen=True)
class SlotType:
    """A slot's type. ``date`` is an ISO date, ``time`` is ``HH:MM``; both are text in the session."""

    kind: Kind
    item_type: SlotType | None = None
    fields: tuple[tuple[str, SlotType], ...] = ()

    def __str__(self) -> str:
        return {"bool": "yes/no", "int": "a whole number", "any": "any value"}.get(self.kind, self.kind)

    def accepts(self, other: SlotType) -> bool:
        """Whether a value of type ``other`` may stand where this type is wanted."""
        if "any" in {self.kind, other.kind} or self.kind == other.kind:
            return True
        return {self.kind, other.kind} <= {"text", "date", "time"}

    def item(self) -> SlotType:
        """The type of a list's items. Raises ExpressionError for anything but a list."""
        if self.kind != "list":
            raise ExpressionError(f"a list is needed here, not {self}")
        return self.item_type or ANY

    def field(self, name: str) -> SlotType:
        """The type of a record's field. Raises ExpressionError when there is none of that name."""
        for known, type_ in self.fields:
            if known == name:
                return type_
        known_fields = ", ".join(known for known, _ in self.fields) or "none"
        raise ExpressionError(f"there is no field '{name}' (known: {known_fields})")

    def holds(self, value: Any) -> bool:
        """Whether ``value`` (JSON-like) is of this type; None fits every slot: not yet filled."""
        match self.kind:
            case _ if value is None or self.kind == "any":
                return True
            case "bool":
                return isinstance(value, bool)
            case "int":
                return isinstance(value, int) and not isinstance(value, bool)
            case "list":
                return isinstance(value, list | tuple) and all(self.item().holds(each) for each in value)
            case "record":
                return isinstance(value, dict) and all(
                    type_.holds(value.get(name)) for name, type_ in self.fields
                )
        return isinstance(value, str)


TEXT = SlotType("text")
INT = SlotType("int")
BOOL = SlotType("bool")
ANY = SlotType("any")
