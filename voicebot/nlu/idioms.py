"""Phrases that only sound like an emergency ("배불러 죽겠네"), and what a speaker says it is not, taken out. Pure."""

from __future__ import annotations

import re
from functools import cache

from voicebot.datafiles import read_yaml
from voicebot.nlu.cues import DATA, compile_patterns
from voicebot.nlu.heard import Heard


def calmed(heard: Heard) -> Heard:
    """The utterance without idioms and without what the speaker says it is not."""
    solid, places = heard.solid, heard.places
    for pattern in _calm():
        while (found := pattern.search(solid)) is not None and found.end() > found.start():
            solid = solid[: found.start()] + " " + solid[found.end() :]
            places = (*places[: found.start()], places[found.start()], *places[found.end() :])
    return Heard(heard.plain, solid, places, heard.asks)


@cache
def _calm() -> tuple[re.Pattern[str], ...]:
    return tuple(compile_patterns([pattern]) for pattern in read_yaml(DATA / "emergency_calm.yaml").data)
