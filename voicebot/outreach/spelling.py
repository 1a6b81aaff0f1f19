"""Telephone numbers as Koreans write them, wherever people read them."""

from __future__ import annotations

from voicebot.records.phones import display_phone


def spell(number: str) -> str:
    """+82326252869 → 032-625-2869, +8216880624 → 1688-0624; what is not Korean stays as it is."""
    return display_phone(number)
