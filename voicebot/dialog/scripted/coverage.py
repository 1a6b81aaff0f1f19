"""Which forms and ways of a dialog no scripted call has tried."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from voicebot.datafiles import Place
from voicebot.dialog.graph import Edge, Graph
from voicebot.dialog.scripted.running import ScriptResult


@dataclass(frozen=True)
class Coverage:
    """What was visited, and what remains, in the order of the file."""

    visited_forms: frozenset[str]
    visited_places: frozenset[Place]
    unvisited_forms: tuple[str, ...]
    unvisited_edges: tuple[Edge, ...]

    @property
    def is_whole(self) -> bool:
        return not self.unvisited_forms and not self.unvisited_edges


def coverage_of(graph: Graph, results: Iterable[ScriptResult]) -> Coverage:
    """What all these calls together have visited. A shared ladder counts once, wherever it was climbed."""
    done = list(results)
    forms = frozenset(form for result in done for form in result.visited_forms)
    places = frozenset(place for result in done for place in result.visited_places)
    return Coverage(
        visited_forms=forms,
        visited_places=places,
        unvisited_forms=tuple(form for form in graph.forms if form not in forms),
        unvisited_edges=tuple(edge for edge in graph.edges if edge.place not in places),
    )
