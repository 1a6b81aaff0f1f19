"""The catalogue as the rules see it: programmes, confirmations, conditions and words, loaded and checked.

Loading reads files; everything else in this room is pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voicebot.datafiles import read_yaml, validate
from voicebot.errors import DataFileError
from voicebot.welfare.catalogue_model import Case, CatalogueFile, Conflict, Programme, Vocabulary
from voicebot.welfare.checks import Documents, Files, problems_in
from voicebot.welfare.overlay_model import (
    ConditionsFile,
    Confirmation,
    ConfirmationsFile,
    SpokenFile,
    SpokenProgramme,
)
from voicebot.welfare.statuses import Telling, telling_of

DATA = Path(__file__).parent / "data"
CONFIRMATIONS = DATA / "confirmations.yaml"
DEMO_CONFIRMATIONS = DATA / "confirmations.demo.yaml"


@dataclass(frozen=True)
class Catalogue:
    """Everything that is known of the programmes. Made by `load_catalogue`; `replace` it in tests."""

    programmes: Mapping[str, Programme]
    vocabulary: Vocabulary = field(repr=False)
    conditions: ConditionsFile = field(repr=False)
    spoken: SpokenFile = field(repr=False)
    confirmations: tuple[Confirmation, ...]
    conflicts: Mapping[str, Conflict] = field(repr=False)
    members: Mapping[str, frozenset[str]] = field(repr=False)
    cases: Mapping[str, Case] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)

    def telling(self, programme: Programme) -> Telling:
        return telling_of(programme.id, programme.status)

    def words(self, programme_id: str) -> SpokenProgramme:
        """How the programme is told. Raises KeyError for one that is never offered."""
        return self.spoken.programmes[programme_id]

    def expand(self, class_or_group: str) -> frozenset[str]:
        """The classes behind a class or group id."""
        return self.members.get(class_or_group, frozenset({class_or_group}))

    def label(self, name: str) -> str:
        """The Korean label of a class, case or channel."""
        return self.labels.get(name, name)


def load_catalogue(
    *, confirmations: Path = CONFIRMATIONS, programmes: Path = DATA / "programmes.yaml"
) -> Catalogue:
    """Read and cross-check the catalogue with the confirmations of one city (empty in production as shipped).

    Takes about half a second: load it once. Raises DataFileError with every problem and its line.
    """
    paths = (programmes, confirmations, DATA / "conditions.yaml", DATA / "spoken.yaml")
    documents = Documents(*map(read_yaml, paths))
    files = Files(
        documents=documents,
        catalogue=validate(documents.programmes, CatalogueFile),
        confirmations=validate(documents.confirmations, ConfirmationsFile),
        conditions=validate(documents.conditions, ConditionsFile),
        spoken=validate(documents.spoken, SpokenFile),
    )
    if problems := problems_in(files):
        raise DataFileError(problems)
    return _assemble(files)


def _assemble(files: Files) -> Catalogue:
    vocabulary = files.catalogue.vocabulary
    return Catalogue(
        programmes={programme.id: programme for programme in files.catalogue.programmes},
        vocabulary=vocabulary,
        conditions=files.conditions,
        spoken=files.spoken,
        confirmations=tuple(files.confirmations.confirmations),
        conflicts={conflict.id: conflict for conflict in files.catalogue.conflicts},
        members={group.id: frozenset(group.members) for group in vocabulary.groups},
        cases={case.id: case for case in vocabulary.cases},
        labels=_labels(vocabulary),
    )


def _labels(vocabulary: Vocabulary) -> dict[str, str]:
    return (
        {entry.id: entry.label_ko for entry in vocabulary.classes}
        | {group.id: group.label_ko for group in vocabulary.groups}
        | {case.id: case.label_ko for case in vocabulary.cases}
        | {channel.id: channel.label_ko for channel in vocabulary.channels}
    )
