"""The JSON-lines filter ``voicebot understand utterance``, one object at a time."""

from __future__ import annotations

from typing import Any

from voicebot.nlu.intents.asking import ask_back
from voicebot.nlu.intents.understand import understand_utterance

_MOST_ALTERNATIVES = 5


def understand_utterance_line(obj: dict[str, Any]) -> dict[str, Any]:
    """``{"text"}`` → the same plus ``intent``, ``confidence`` (0-1), ``alternatives``, ``also``, ``emergency``,
    ``emergency_kind``, ``place``, ``gu``, ``dong``, ``department``, ``about_earlier`` (asks what became of an earlier
    report), ``ask`` (what to ask back, or null), ``why``.

    Unknown fields are kept; a missing text counts as empty.
    """
    text = obj.get("text")
    heard = understand_utterance("" if text is None else str(text))
    return {
        **obj,
        "intent": heard.intent.id,
        "confidence": round(heard.confidence, 3),
        "alternatives": [
            {"intent": name, "confidence": round(share, 3)}
            for name, share in heard.alternatives[:_MOST_ALTERNATIVES]
        ],
        "also": list(heard.also),
        "emergency": heard.emergency,
        "emergency_kind": heard.kind,
        "place": heard.place.spoken if heard.place else None,
        "gu": heard.gu,
        "dong": heard.dong,
        "department": heard.department,
        "about_earlier": heard.is_about_earlier,
        "ask": ask_back(heard),
        "why": list(heard.why),
    }
