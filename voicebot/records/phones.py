"""Telephone numbers as one text: E.164, by the rules of the Korean numbering plan. Pure.

Area codes and lengths follow the plan in force (전기통신번호관리세칙): 02 and 031…064 with seven or eight
digits, 010 with eight, 070 with eight, 050x and 080, and nationwide numbers 15xx/16xx/18xx without an area.
"""

from __future__ import annotations

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s\-.()·‐-―]")
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_NATIONAL = (
    re.compile(r"010\d{8}"),
    re.compile(r"01[16-9]\d{7,8}"),
    re.compile(r"02[2-9]\d{6,7}"),
    re.compile(r"0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])[2-9]\d{6,7}"),
    re.compile(r"070\d{8}"),
    re.compile(r"050[2-8]\d{7,8}"),
    re.compile(r"080\d{7}"),
)
_NATIONWIDE = re.compile(r"1[568]\d{6}")
_EXAMPLE = "write it like 010-1234-5678 or 032-123-4567"


def normalise_phone(text: str) -> str:
    """E.164 of a number as people write it: ``010-1234-5678`` becomes ``+821012345678``.

    Numbers of other countries are taken only when written with ``+``. Raises ValueError with the remedy:
    nothing is guessed, since a wrong guess rings a stranger.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if digits.startswith("+82"):
        return _korean(_with_trunk_zero(digits[3:]), text)
    if digits.startswith("+"):
        if _E164.fullmatch(digits) and digits.isascii():
            return digits
        raise ValueError(f"'{text}' is not an international number; write + and 8 to 15 digits")
    return _korean(digits, text)


def display_phone(number: str) -> str:
    """An E.164 number as Koreans write it: ``+821000000001`` becomes ``010-0000-0001``."""
    if not number.startswith("+82"):
        return number
    national = _with_trunk_zero(number[3:])
    if _NATIONWIDE.fullmatch(national):
        return f"{national[:4]}-{national[4:]}"
    area = 2 if national.startswith("02") else 4 if national.startswith("050") else 3
    return f"{national[:area]}-{national[area:-4]}-{national[-4:]}"


def _with_trunk_zero(digits: str) -> str:
    if digits.startswith("0") or _NATIONWIDE.fullmatch(digits):
        return digits
    return f"0{digits}"


def _korean(digits: str, text: str) -> str:
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"'{text}' is not a telephone number; {_EXAMPLE}")
    if _NATIONWIDE.fullmatch(digits):
        return f"+82{digits}"
    if any(pattern.fullmatch(digits) for pattern in _NATIONAL):
        return f"+82{digits[1:]}"
    raise ValueError(f"'{text}' is not a Korean telephone number; {_remedy(digits)}")


def _remedy(digits: str) -> str:
    if digits.startswith("82"):
        return "write + before the country code"
    if any(pattern.fullmatch(f"0{digits}") for pattern in _NATIONAL):
        return f"the 0 in front is missing (spreadsheets drop it): write 0{digits}"
    if 0 < len(digits) <= 4 and not digits.startswith("0"):
        return "short numbers and extensions cannot be rung; give the full number"
    if 7 <= len(digits) <= 8:
        return "the area code is missing: write it with 02, 031, 032 …"
    return f"check the number of digits and the area code; {_EXAMPLE}"
