"""What every check is given: the dialog, its graph, its file, and the actions of its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from voicebot.datafiles import Place
from voicebot.dialog.checks.codes import CODES
from voicebot.dialog.graph import Graph, graph_of
from voicebot.dialog.loading import LoadedDialog
from voicebot.dialog.model import Dialog, Prompt, Route
from voicebot.dialog.slots import SlotType
from voicebot.errors import Problem


@dataclass(frozen=True)
class ActionSignature:
    """What an action of a line takes and gives: names of arguments, keys of its result."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    results: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Case:
    """One dialog under examination. ``actions`` None: the line's actions are not known, nor judged."""

    loaded: LoadedDialog
    actions: Mapping[str, ActionSignature] | None = None

    @property
    def dialog(self) -> Dialog:
        return self.loaded.dialog

    @cached_property
    def graph(self) -> Graph:
        return graph_of(self.dialog)

    @cached_property
    def slot_types(self) -> dict[str, SlotType]:
        return self.dialog.slot_types()

    def problem(self, place: Place, code: str, message: str, remedy: str) -> Problem:
        """A finding at a place of the file. Raises ValueError for a code that is not among `CODES`."""
        if code not in CODES:
            raise ValueError(f"'{code}' is not among the codes of the checks")
        return self.loaded.document.problem(place, code, message, remedy)

    def prompts(self) -> Iterator[tuple[Place, str, int, Prompt]]:
        """Every prompt: its place, the part of the dialog it stands in (as in its id), its number from 1."""
        for name, form in self.dialog.forms.items():
            yield from _numbered(("forms", name, "prompt"), name, form.prompt)
            for ladder in ("noinput", "nomatch"):
                for rung_number, rung in enumerate(getattr(form, ladder) or ()):
                    place: Place = ("forms", name, ladder, rung_number, "prompt")
                    yield from _numbered(place, f"{name}.{ladder}{rung_number + 1}", rung.prompt)
        for ladder in ("noinput", "nomatch"):
            for rung_number, rung in enumerate(getattr(self.dialog, ladder)):
                place = (ladder, rung_number, "prompt")
                yield from _numbered(place, f"{ladder}{rung_number + 1}", rung.prompt)
        for phrase in ("repeat", "slower", "louder", "hold"):
            yield from _numbered(
                ("phrases", phrase), f"phrase.{phrase}", getattr(self.dialog.phrases, phrase)
            )

    def routes(self) -> Iterator[tuple[Place, Route]]:
        """Every route of the dialog with its place."""
        for name, form in self.dialog.forms.items():
            here: Place = ("forms", name)
            yield from (((*here, "filled", answer), route) for answer, route in form.filled.routes().items())
            yield from (((*here, "catch", act), route) for act, route in form.catch.items())
            for ladder in ("noinput", "nomatch"):
                for number, rung in enumerate(getattr(form, ladder) or ()):
                    if rung.goto is not None:
                        yield (*here, ladder, number, "goto"), rung.goto
            if form.goto is not None:
                yield (*here, "goto"), form.goto
            if form.transfer is not None:
                yield (*here, "transfer", "answered"), form.transfer.answered
                yield (*here, "transfer", "unanswered"), form.transfer.unanswered
        yield from ((("catch", act), route) for act, route in self.dialog.catch.items())
        yield from ((("links", number, "goto"), link.goto) for number, link in enumerate(self.dialog.links))
        for ladder in ("noinput", "nomatch"):
            for number, rung in enumerate(getattr(self.dialog, ladder)):
                if rung.goto is not None:
                    yield (ladder, number, "goto"), rung.goto


Check = Callable[[Case], Iterator[Problem]]


def _numbered(
    place: Place, where: str, prompts: tuple[Prompt, ...]
) -> Iterator[tuple[Place, str, int, Prompt]]:
    for number, prompt in enumerate(prompts):
        yield (*place, number), where, number + 1, prompt
