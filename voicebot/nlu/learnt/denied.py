"""What a speaker says it is not: "불법 주차 말고요", "불난 건 아니고", "요금 문의 아니에요". Pure."""

from __future__ import annotations

import re

# The words before the denial, at most three, back to a clause's end; the denial itself; something must follow it.
_DENIAL = re.compile(
    r"(?P<what>(?:[^ ]+ ){0,2}[^ ]*?)"
    r"(?:"
    r" ?말고(?:요|예|유)?(?= )"
    r"|(?:[이가은는도]|건|게|것은|거는|것도|거|얘기|문의|신고|때문에)? ?"
    r"아(?:니고|니구|이고|녜?고|닌데|니라|이라|니에|녜|니)(?:요|예|유|서)?(?= )"
    r")"
)
_NO_DENIAL = re.compile(
    r"(?:보통|여간|장난|그게|그냥|한두 번|하루 이틀|어제오늘)[^ ]* ?(?:일이 ?)?아니|^아니|(?:^| )아니(?= )"
)
_SHORTEST_REST = 4  # syllables; less cannot be the matter itself


def denied_spans(plain: str) -> list[tuple[int, int]]:
    """Where in a text with single spaces the denied parts stand; empty when nothing else would be left."""
    spans = []
    for found in _DENIAL.finditer(plain):
        what = found["what"].strip()
        if not what or _NO_DENIAL.search(found[0]):
            continue
        spans.append((found.start(), found.end()))
    rest = "".join(
        letter
        for place, letter in enumerate(plain)
        if letter != " " and not any(start <= place < end for start, end in spans)
    )
    return spans if len(rest) >= _SHORTEST_REST else []
