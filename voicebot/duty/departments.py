"""The departments that tickets may be given to: those of the intents, in each district that has one of its own."""

from __future__ import annotations

import difflib
from functools import cache

from voicebot.errors import VoicebotError
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.places import places


@cache
def departments() -> tuple[str, ...]:
    """Their names as they stand on tickets: 도로관리과, 원미구 건설안전과."""
    named = {intent.department_in(gu) for intent in catalogue().values() for gu in (None, *places().gus)}
    return tuple(sorted(name for name in named if name))


def require_department(name: str) -> str:
    """The name without stray spaces. Raises VoicebotError: a ticket given to no department would be read by nobody."""
    tidy = " ".join(name.split())
    if tidy in departments():
        return tidy
    near = difflib.get_close_matches(tidy, departments(), n=3, cutoff=0.4) or departments()
    raise VoicebotError(f"'{name}' is no department; known are: {', '.join(near)}")
