"""What no single data file can tell: names that one uses and another must know. Yields, never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from voicebot.datafiles import Document, Place
from voicebot.errors import Problem
from voicebot.welfare.cases import depends_on_fact
from voicebot.welfare.catalogue_model import CatalogueFile, Line, Programme
from voicebot.welfare.overlay_model import ConditionsFile, Confirmation, ConfirmationsFile, SpokenFile
from voicebot.welfare.statuses import Telling, telling_of

SLOTS = {"won": {"won", "season"}, "percent": {"percent", "season"}}
_SLOT = re.compile(r"\{([^}]*)\}")


class Documents(NamedTuple):
    programmes: Document
    confirmations: Document
    conditions: Document
    spoken: Document


@dataclass(frozen=True)
class Files:
    """The four files, parsed and validated one by one."""

    documents: Documents
    catalogue: CatalogueFile
    confirmations: ConfirmationsFile
    conditions: ConditionsFile
    spoken: SpokenFile

    @property
    def by_id(self) -> dict[str, Programme]:
        return {programme.id: programme for programme in self.catalogue.programmes}

    @property
    def classes(self) -> set[str]:
        return {entry.id for entry in self.catalogue.vocabulary.classes}


def problems_in(files: Files) -> list[Problem]:
    """Every problem between the files, with its place."""
    documents = files.documents
    return [
        *_programmes(files, documents.programmes),
        *_confirmations(files, documents.confirmations),
        *_conditions(files, documents.conditions),
        *_spoken(files, documents.spoken),
    ]


def _programmes(files: Files, document: Document) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, programme in enumerate(files.catalogue.programmes):
        if programme.id in seen:
            yield document.problem(
                ("programmes", number, "id"), "duplicate-programme", f"'{programme.id}' is there twice"
            )
        seen.add(programme.id)
        for position, line in enumerate(programme.what):
            yield from _line(files, document, ("programmes", number, "what", position), line)


def _line(files: Files, document: Document, place: Place, line: Line) -> Iterator[Problem]:
    vocabulary = files.catalogue.vocabulary
    known_cases = {case.id for case in vocabulary.cases}
    known_kinds = {kind.id for kind in vocabulary.benefit_kinds}
    for name in sorted(line.classes - files.classes):
        remedy = "write out the members of a group; add a new class to vocabulary.classes"
        yield document.problem(place, "unknown-class", f"'{name}' is not a class", remedy)
    if line.case is not None and line.case not in known_cases:
        remedy = "add it to vocabulary.cases"
        yield document.problem((*place, "case"), "unknown-case", f"'{line.case}' is not a case", remedy)
    if line.kind not in known_kinds:
        remedy = "use one of vocabulary.benefit_kinds"
        yield document.problem((*place, "kind"), "unknown-kind", f"'{line.kind}' is not a kind", remedy)


def _confirmations(files: Files, document: Document) -> Iterator[Problem]:
    programmes = files.by_id
    for number, entry in enumerate(files.confirmations.confirmations):
        place: Place = ("confirmations", number)
        programme = programmes.get(entry.programme)
        if programme is None:
            remedy = "use an id of programmes.yaml"
            message = f"'{entry.programme}' is not a programme"
            yield document.problem((*place, "programme"), "unknown-programme", message, remedy)
            continue
        if telling_of(programme.id, programme.status) is Telling.NEVER:
            message = f"'{programme.id}' is never offered (status {programme.status})"
            remedy = "correct its status in programmes.yaml first, or remove this entry"
            yield document.problem(place, "confirmed-but-never-offered", message, remedy)
            continue
        yield from _confirmed_line(files, document, place, entry, programme)
        yield from _confirmed_figure(files, document, place, entry)


def _confirmed_line(
    files: Files, document: Document, place: Place, entry: Confirmation, programme: Programme
) -> Iterator[Problem]:
    groups = {group.id: set(group.members) for group in files.catalogue.vocabulary.groups}
    wanted = groups.get(entry.for_class or "", {entry.for_class})
    lines = [line for line in programme.what if entry.for_class is None or wanted & line.classes]
    if not lines:
        message = f"no line of '{programme.id}' is for the class '{entry.for_class}'"
        yield document.problem(
            (*place, "class"), "no-such-line", message, "use a class or group of its lines"
        )
    elif entry.case is not None and entry.case not in {line.case for line in lines}:
        message = f"no line of '{programme.id}' for that class has the case '{entry.case}'"
        yield document.problem((*place, "case"), "no-such-line", message, "use a case of its lines")
    elif _is_over(files, entry):
        message = f"the case '{entry.case}' does not reach into the confirmed season"
        remedy = "leave `case` out: the season itself says when the amount holds"
        yield document.problem((*place, "case"), "case-outside-season", message, remedy)
    elif entry.has_figure:
        open_cases = {case.id for case in files.catalogue.vocabulary.cases if depends_on_fact(case)}
        cases = {line.case for line in lines}
        yield from _ambiguity(document, place, entry, programme, depends=bool(cases & open_cases))


def _is_over(files: Files, entry: Confirmation) -> bool:
    season = entry.confirmed.season
    return any(
        (case.valid_to is not None and case.valid_to < season.from_)
        or (case.valid_from is not None and season.to < case.valid_from)
        for case in files.catalogue.vocabulary.cases
        if case.id == entry.case
    )


def _ambiguity(
    document: Document, place: Place, entry: Confirmation, programme: Programme, *, depends: bool
) -> Iterator[Problem]:
    """A figure must not reach people whose line it was not written for."""
    if entry.for_class is None and len({line.classes for line in programme.what}) > 1:
        message = f"'{programme.id}' gives different classes different amounts"
        yield document.problem(place, "ambiguous-figure", message, "say with `class` whose amount this is")
    elif entry.case is None and depends:
        message = f"the amount of '{programme.id}' depends on more than the class"
        yield document.problem(place, "ambiguous-figure", message, "say with `case` which amount this is")


def _confirmed_figure(
    files: Files, document: Document, place: Place, entry: Confirmation
) -> Iterator[Problem]:
    words = files.spoken.programmes.get(entry.programme)
    for kind in ("won", "percent"):
        if getattr(entry, kind) is not None and words is not None and not getattr(words.amount, kind):
            message = f"spoken.yaml has no words for an amount in {kind} of '{entry.programme}'"
            yield document.problem(
                (*place, kind), "cannot-be-spoken", message, "add amount." + kind + " there"
            )


def _conditions(files: Files, document: Document) -> Iterator[Problem]:
    conditions, programmes = files.conditions, files.by_id
    places: list[tuple[Place, str]] = [
        ((key, name), name)
        for key in ("birth_limits", "received_by_class", "not_for")
        for name in getattr(conditions, key)
    ]
    for number, rule in enumerate(conditions.exclusive):
        places += [(("exclusive", number, "programmes"), name) for name in rule.programmes]
    for conflict, note in conditions.conflicts.items():
        places += [(("conflicts", conflict), name) for name in note.programmes]
    for place, name in places:
        if name not in programmes:
            yield document.problem(place, "unknown-programme", f"'{name}' is not a programme")
    for key in ("received_by_class", "not_for"):
        for name, classes in getattr(conditions, key).items():
            for unknown in sorted(set(classes) - files.classes):
                yield document.problem((key, name), "unknown-class", f"'{unknown}' is not a class")


def _spoken(files: Files, document: Document) -> Iterator[Problem]:
    programmes = files.by_id
    for name, words in files.spoken.programmes.items():
        place: Place = ("programmes", name)
        if name not in programmes:
            yield document.problem(place, "unknown-programme", f"'{name}' is not a programme")
        elif words.phone is not None and words.phone not in programmes[name].how_to_apply.phones:
            message = f"'{words.phone}' is not a number of '{name}' in programmes.yaml"
            yield document.problem((*place, "phone"), "unknown-phone", message)
        for kind, allowed in SLOTS.items():
            used = set(_SLOT.findall(getattr(words.amount, kind) or ""))
            for slot in sorted(used - allowed):
                yield document.problem((*place, "amount", kind), "unknown-slot", f"nothing fills {{{slot}}}")
    for programme in programmes.values():
        offered = telling_of(programme.id, programme.status) is not Telling.NEVER
        if offered and programme.id not in files.spoken.programmes:
            remedy = "add it under programmes, or correct its status in programmes.yaml"
            message = f"'{programme.id}' may be offered but has no words"
            yield document.problem(("programmes",), "no-words", message, remedy)
