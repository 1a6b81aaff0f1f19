"""Telephone numbers as Koreans write them."""

from __future__ import annotations


def spell(number: str) -> str:
    """+82326252869 → 032-625-2869, +8216880624 → 1688-0624; what is not Korean stays as it is."""
    if not number.startswith("+82"):
        return number
    local = number.removeprefix("+82")
    if len(local) == 8 and local.startswith("1"):
        return f"{local[:4]}-{local[4:]}"
    local = f"0{local}"
    area = 2 if local.startswith("02") else 3
    return f"{local[:area]}-{local[area:-4]}-{local[-4:]}"
