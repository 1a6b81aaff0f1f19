"""What understanding costs beside the morphological analysis alone, on the sentences kept apart, in one run.

    python benchmarks/understanding.py [--rounds 3]

Prints milliseconds (median and 99th percentile) and, because machines differ, the ratio of the medians to the
reference: kiwipiepy's analysis of the same sentences, below which no understanding with morphemes can come.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).parent.parent / "tests" / "nlu" / "data"


def rows_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def measure(name: str, rows: list[dict[str, Any]], act: Callable[[dict[str, Any]], object]) -> float:
    """The median in milliseconds; prints it beside the 99th percentile."""
    taken = []
    for row in rows:
        began = time.perf_counter()
        act(row)
        taken.append(1000 * (time.perf_counter() - began))
    median, slowest = np.percentile(taken, [50, 99])
    print(f"{name:12} median {median:6.2f} ms   99 % {slowest:6.2f} ms")
    return float(median)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3, help="measurements; the ratios are of the last")
    arguments = parser.parse_args()

    began = time.perf_counter()
    from voicebot.nlu import understand_answer
    from voicebot.nlu.intents.understand import understand_utterance
    from voicebot.nlu.morphemes import morphemes

    understand_utterance("가로등")
    understand_answer("네", question="신청해 드릴까요?", question_kind="offer")
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"loaded in {time.perf_counter() - began:.1f} s, {held} MB")

    utterances, answers = rows_of("duty_blind.jsonl"), rows_of("answers_fresh.jsonl")
    for _ in range(arguments.rounds):
        reference = measure("analysis", utterances, lambda row: morphemes(row["text"]))
        utterance = measure("utterance", utterances, lambda row: understand_utterance(row["text"]))
        answer = measure(
            "answer",
            answers,
            lambda row: understand_answer(
                row["text"], question=row["question"], question_kind=row["question_kind"]
            ),
        )
    print(f"utterance / analysis {utterance / reference:.1f}, answer / analysis {answer / reference:.1f}")


if __name__ == "__main__":
    main()
