"""How well utterances are understood: figures over labelled sentences. Pure.

A row is ``{"text", "intent", "emergency"?, "also"?, "place"?, "gu"?, "dong"?, "style"?}``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicebot.errors import DataFileError, Problem
from voicebot.nlu.intents.asking import SURE
from voicebot.nlu.intents.catalogue import Intent, catalogue
from voicebot.nlu.intents.understand import Utterance
from voicebot.nlu.jsonlines import read_json_lines


@dataclass(frozen=True)
class Judged:
    """A labelled row beside what was understood."""

    row: dict[str, Any]
    heard: Utterance

    @property
    def is_right(self) -> bool:
        return bool(self.heard.intent.id == self.row["intent"])


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The labelled rows of a file. Raises DataFileError naming file and line of each fault."""
    rows = read_json_lines(path, _labelled, 'write {"text": …, "intent": …} on one line')
    if not rows:
        raise DataFileError([Problem(str(path), None, "no-rows", "there is nothing to evaluate here")])
    return rows


def _labelled(row: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(row.get("text"), str):
        raise ValueError("'text' is missing")
    if row.get("intent") not in catalogue():
        raise ValueError(f"'{row.get('intent')}' is no intent")
    return row


def evaluate(rows: Sequence[dict[str, Any]], understand: Callable[[str], Utterance]) -> list[Judged]:
    return [Judged(row, understand(row["text"])) for row in rows]


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """All figures, shares 0-1, rounded to four places; what the rows do not label is left out."""
    return {
        "rows": len(judged),
        "accuracy": _share(one.is_right for one in judged),
        "top3": _share(_in_first(one, 3) for one in judged),
        "macro_f1": _macro_f1(judged),
        "department": _share(_answer_of(one.heard.intent) == _expected(one) for one in judged),
        "confidently_wrong": _share(one.heard.confidence >= SURE and not one.is_right for one in judged),
        "sure": _share(one.heard.confidence >= SURE for one in judged),
        "calibration_error": _calibration_error(judged),
        **_emergencies(judged),
        **_places(judged),
        "styles": _per_style(judged),
        "confusions": _confusions(judged),
    }


def _share(answers: Iterable[bool]) -> float:
    counted = list(answers)
    return round(sum(counted) / len(counted), 4) if counted else 0.0


def _in_first(one: Judged, count: int) -> bool:
    names = [one.heard.intent.id, *(name for name, _ in one.heard.alternatives[: count - 1])]
    return one.row["intent"] in names


def _answer_of(intent: Intent) -> tuple[str | None, str]:
    """Where a matter goes: the department; for what is answered on the call, the answer too."""
    return intent.department, intent.id if intent.urgency == "info" else ""


def _expected(one: Judged) -> tuple[str | None, str]:
    return _answer_of(catalogue()[one.row["intent"]])


def _macro_f1(judged: Sequence[Judged]) -> float:
    right = Counter(one.row["intent"] for one in judged if one.is_right)
    said = Counter(one.heard.intent.id for one in judged)
    meant = Counter(one.row["intent"] for one in judged)
    scores = [2 * right[name] / (said[name] + meant[name]) for name in meant]
    return round(sum(scores) / len(scores), 4)


def _calibration_error(judged: Sequence[Judged]) -> float:
    """Expected calibration error over ten bins: how far confidence and truth lie apart on average."""
    bins: dict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        bins[min(int(one.heard.confidence * 10), 9)].append(one)
    apart = sum(
        abs(sum(one.is_right for one in held) - sum(one.heard.confidence for one in held))
        for held in bins.values()
    )
    return round(apart / len(judged), 4)


def _emergencies(judged: Sequence[Judged]) -> dict[str, float]:
    def is_one(one: Judged) -> bool:
        return bool(one.row.get("emergency", catalogue()[one.row["intent"]].is_emergency))

    return {
        "emergency_recall": _share(one.heard.emergency for one in judged if is_one(one)),
        "false_alarms": _share(one.heard.emergency for one in judged if not is_one(one)),
    }


def _places(judged: Sequence[Judged]) -> dict[str, float]:
    named = [one for one in judged if one.row.get("place")]
    if not named:
        return {}
    found = {"place_found": _share(_holds(one) for one in named)}
    if any("gu" in one.row for one in named):
        labelled = [one for one in judged if "gu" in one.row]
        found["place_right"] = _share((one.heard.gu, one.heard.dong) == _gold(one) for one in labelled)
        found["place_wrong"] = _share(_is_wrong(one) for one in labelled)
    return found


def _holds(one: Judged) -> bool:
    if one.heard.place is None:
        return False
    spoken, meant = one.heard.place.spoken, one.row["place"]
    return spoken in meant or meant in spoken


def _gold(one: Judged) -> tuple[str | None, str | None]:
    return one.row.get("gu"), one.row.get("dong")


def _is_wrong(one: Judged) -> bool:
    """Another district or dong than the true one; less than could be said is not wrong."""
    gu, dong = _gold(one)
    return (one.heard.gu not in (None, gu)) or (one.heard.dong not in (None, dong))


def _per_style(judged: Sequence[Judged]) -> dict[str, float]:
    styles: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        styles[one.row.get("style", "plain")].append(one)
    return {style: _share(one.is_right for one in held) for style, held in sorted(styles.items())}


def _confusions(judged: Sequence[Judged], most: int = 15) -> list[dict[str, Any]]:
    pairs = Counter((one.row["intent"], one.heard.intent.id) for one in judged if not one.is_right)
    ranked = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"meant": meant, "heard": heard, "count": count} for (meant, heard), count in ranked[:most]]


# The smaller the better; all other figures that are compared: the greater the better.
_SMALLER = ("confidently_wrong", "false_alarms", "calibration_error", "place_wrong")
_COMPARED = ("accuracy", "top3", "macro_f1", "department", "emergency_recall", "place_right", *_SMALLER)
_TOLERANCE = 0.005


def regressions(now: dict[str, Any], kept: dict[str, Any]) -> list[str]:
    """What became worse than the kept figures by more than half a point, a line each."""
    worse = []
    for name in _COMPARED:
        if name not in now or name not in kept:
            continue
        loss = now[name] - kept[name] if name in _SMALLER else kept[name] - now[name]
        if loss > _TOLERANCE:
            worse.append(f"{name}: {now[name]:.4f}, was {kept[name]:.4f}")
    return worse
