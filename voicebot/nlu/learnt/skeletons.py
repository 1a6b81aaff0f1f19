"""Sentences that say nearly the same, kept together when a model is judged on sentences it has not seen. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from zlib import crc32

_ALIKE = 0.3
"""From this share of common 3-grams on (Jaccard) two sentences count as one skeleton."""
_TOO_COMMON = 60  # a 3-gram of more sentences than this tells nothing, and would cost the square of them


def skeletons(solids: Sequence[str]) -> list[int]:
    """For each sentence (without spaces) the number of the first one that it is like."""
    grams = [{solid[place : place + 3] for place in range(len(solid) - 2)} or {solid} for solid in solids]
    holders: dict[str, list[int]] = defaultdict(list)
    group = list(range(len(solids)))
    for place, own in enumerate(grams):
        shared: dict[int, int] = defaultdict(int)
        for gram in own:
            if len(holders[gram]) <= _TOO_COMMON:
                for before in holders[gram]:
                    shared[before] += 1
                holders[gram].append(place)
        like = [
            before
            for before, count in shared.items()
            if count > _ALIKE * (len(own) + len(grams[before]) - count)
        ]
        if like:
            group[place] = group[min(like)]
    return group


def fold_numbers(solids: Sequence[str], folds: int) -> list[int]:
    """A fold for each sentence, the same for all of one skeleton, the same every time."""
    return [crc32(solids[first].encode()) % folds for first in skeletons(solids)]
