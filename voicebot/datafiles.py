"""Data files read with their places: YAML whose every value knows its line, checked by a pydantic model.

Whatever is wrong in a file is reported at once, each problem with file, line and remedy.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from voicebot.errors import DataFileError, Problem

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """A parsed YAML file. ``lines`` maps the path of every key and value to its line (from 1)."""

    path: Path
    data: Any
    lines: dict[Place, int] = field(repr=False)

    def line_of(self, place: Place) -> int | None:
        """The line of ``place``, or of the nearest thing around it that is in the file."""
        for length in range(len(place), -1, -1):
            if (line := self.lines.get(tuple(place[:length]))) is not None:
                return line
        return None

    def problem(self, place: Place, code: str, message: str, remedy: str = "") -> Problem:
        return Problem(str(self.path), self.line_of(place), code, message, remedy)


def read_yaml(path: Path) -> Document:
    """Parse one YAML file.

    Raises DataFileError (codes ``file-unreadable``, ``yaml-syntax``, ``duplicate-key``).
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(
            [
                Problem(
                    str(path), None, "file-unreadable", str(error), "check that the file exists and is UTF-8"
                )
            ]
        ) from error
    return parse_yaml(text, path)


def parse_yaml(text: str, path: Path) -> Document:
    """As `read_yaml`, from text already at hand; ``path`` is only named in problems."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise DataFileError(
            [
                Problem(
                    str(path),
                    mark.line + 1 if mark else None,
                    "yaml-syntax",
                    f"{error.problem or error.context}",
                    "check the indentation, colons and quotes on this line and the one above",
                )
            ]
        ) from error
    except yaml.YAMLError as error:
        raise DataFileError([Problem(str(path), None, "yaml-syntax", str(error))]) from error
    builder = _Builder(path)
    data = builder.build(root, ()) if root is not None else None
    if builder.problems:
        raise DataFileError(builder.problems)
    return Document(path, data, builder.lines)


def read_model(path: Path, model: type[Model]) -> Model:
    """Read ``path`` and validate it as ``model``; unknown keys are errors when the model forbids them.

    Raises DataFileError with one problem per fault.
    """
    return validate(read_yaml(path), model)


def validate(document: Document, model: type[Model], data: Any = ..., prefix: Place = ()) -> Model:
    """Validate a document (or the part of it at ``prefix``) as ``model``. Raises DataFileError."""
    try:
        return model.model_validate(document.data if data is ... else data)
    except ValidationError as error:
        raise DataFileError(
            [_problem_of(document, prefix, fault) for fault in error.errors(include_url=False)]
        ) from error


def _problem_of(document: Document, prefix: Place, fault: Any) -> Problem:
    place = prefix + tuple(fault["loc"])
    where = ".".join(str(step) for step in place) or "the file"
    if fault["type"] == "extra_forbidden":
        return document.problem(place, "unknown-key", f"'{where}' is not a known key", "correct or remove it")
    if fault["type"] == "missing":
        return document.problem(place, "missing-key", f"'{where}' is missing", "add it")
    return document.problem(place, "wrong-value", f"'{where}': {fault['msg']}")


_SURPRISING = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}


class _Loader(yaml.SafeLoader):
    """SafeLoader without YAML 1.1's surprises: dates stay text, only true and false are truth values."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _SURPRISING]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


class _Builder:
    """Turns composed nodes into plain data and notes the line of each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._scalars = _Loader("")

    def build(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*place, number)) for number, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[Hashable, Any]:
        result: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = self._scalar(key_node)
            line = key_node.start_mark.line + 1
            if key in result:
                self.problems.append(
                    Problem(
                        str(self.path), line, "duplicate-key", f"'{key}' is given twice", "keep one of them"
                    )
                )
            self.lines[(*place, key)] = line
            result[key] = self.build(value_node, (*place, key))
        return result

    def _scalar(self, node: yaml.Node) -> Any:
        return self._scalars.construct_object(node, deep=True)
