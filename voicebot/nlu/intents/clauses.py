"""Where one matter ends and the next begins in a breath: "가로등도 나갔고 그리고 쓰레기도요". Pure."""

from __future__ import annotations

import re

_BOUNDARY = re.compile(
    r" (?=(?:그리고|그리구|또 |또요|아 그리고|하나 더|한 가지 더|참 |아참|근데|그런데))"
    r"| (?=(?:겸사겸사|이왕|말 나온 김에|그건 그렇고))"
    r"|(?<=고요) |(?<=구요) |(?<=니다) |(?<=세요) |(?<=[줘해어아려]요) |(?<=거든요) |(?<=심더) |(?<=슴다) "
    r"|(?<=[시주]고) |(?<=는지랑) |(?<=[하되었았겠렸졌]고) |(?<=데다) "
)
# What tells that a clause adds a matter instead of going on with the first: "보안등도", "물까지", "그리고".
_ADDS = re.compile(
    r"(?:[가-힣]도|까지|[가-힣]이?랑)(?= )|^(?:그리고|그리구|또|하나 더|한 가지 더|아 그리고|참|이왕|겸사겸사)"
)
_SHORTEST = 6  # syllables; less tells no matter


def clauses(plain: str) -> list[str]:
    """The parts of a text with single spaces that may each be a matter; the whole when it has but one."""
    parts: list[str] = []
    for part in _BOUNDARY.split(plain):
        if parts and (len(part.replace(" ", "")) < _SHORTEST or len(parts[-1].replace(" ", "")) < _SHORTEST):
            parts[-1] += f" {part}"
        elif part:
            parts.append(part)
    return parts


def adds_a_matter(clause: str) -> bool:
    """Whether a clause sounds as if it added another matter."""
    return _ADDS.search(clause) is not None
