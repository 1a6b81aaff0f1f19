"""The words in a report that decide for an intent by its own file: they explain a verdict, they do not make it."""

from __future__ import annotations

import re
from functools import cache

from voicebot.nlu.cues import compile_patterns
from voicebot.nlu.heard import Heard
from voicebot.nlu.intents.catalogue import catalogue


def deciding_phrase(name: str, heard: Heard) -> str:
    """The words in an utterance that decide for an intent by its own file; empty without any."""
    decides = _deciders().get(name)
    found = decides.search(heard.solid) if decides else None
    return heard.quote(*found.span()) if found else ""


@cache
def _deciders() -> dict[str, re.Pattern[str]]:
    return {
        intent.id: compile_patterns(list(intent.decides)) for intent in catalogue().values() if intent.decides
    }
