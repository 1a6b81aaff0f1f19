"""The JSON-lines filter ``voicebot understand answer``, one object at a time."""

from __future__ import annotations

from typing import Any

from voicebot.nlu.answers.understand import understand_answer


def understand_answer_line(obj: dict[str, Any]) -> dict[str, Any]:
    """``{"question", "question_kind", "text"}`` → the same plus ``act``, ``confidence`` (0–1), ``emergency``.

    Unknown fields are kept. A missing or unknown kind is guessed from the question's form; a missing question or
    text counts as empty.
    """
    answer = understand_answer(
        _text(obj.get("text")),
        question=_text(obj.get("question")),
        question_kind=_text(obj.get("question_kind")),
    )
    return {
        **obj,
        "act": answer.act.value,
        "confidence": round(answer.confidence, 3),
        "emergency": answer.emergency,
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)
