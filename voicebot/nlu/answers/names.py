"""Somebody gives a name: whether it is another than the one that was asked for. Pure."""

from __future__ import annotations

import re

_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주구민진나지엄채원천방공현함변염"
    "여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용"
)
_IS = "(?:이?라(?:고|는|니까)|인(?:데|디)|이?(?:에요|예요|여요|오|야|올시다)|입니다|임니다|요(?= |$))"
_FULL_NAME = re.compile(f"(?:^| |저는|나는|내가|제가|저|난|전)(([{_SURNAMES}])[가-힣]{{2}}){_IS}")
_FAMILY_NAME = re.compile(f"(?:^| |저는|나는|내가|제가|저|난|전)([{_SURNAMES}])(?:가|씨) ?{_IS}")
_NO_NAME = re.compile("사람|양반|주인|동네|노인|식구|리집|머니|버지|들|딸|님")
_ASKED_FOR = re.compile("([가-힣]{2,4}) ?(?:님|어르신|어머님|아버님|씨)")


def asked_for(question: str) -> str:
    """The name in "김말순 님 되시나요?"; empty where there is none."""
    found = _ASKED_FOR.search(question)
    return found[1] if found else ""


def another_name(plain: str, asked: str) -> str:
    """The name that the speaker gives, when it is surely not ``asked``; else empty.

    ``plain``: the answer with single spaces. One syllable that differs may be the recogniser's.
    """
    if len(asked) != 3:
        return ""
    family = _FAMILY_NAME.search(plain)
    if family is not None and family[1] != asked[0]:
        return family[0].strip()
    for found in _FULL_NAME.finditer(plain):
        alike = sum(said == meant for said, meant in zip(found[1], asked, strict=True))
        if alike < 2 and not _NO_NAME.search(found[1]):
            return found[1]
    return ""
