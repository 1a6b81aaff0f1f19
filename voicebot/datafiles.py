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
    return parse_yaml(read_text(path), path)


def read_text(path: Path) -> str:
    """A file's text. Raises DataFileError (code ``file-unreadable``)."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        remedy = "check that the file exists and is UTF-8"
        raise DataFileError([Problem(str(path), None, "file-unreadable", _fault(error), remedy)]) from error


def _fault(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "cannot be read" if isinstance(error, OSError) else "is not UTF-8"


def parse_yaml(text: str, path: Path) -> Document:
    """As `read_yaml`, from text already at hand; ``path`` is only named in problems."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except RecursionError as error:
        fault = Problem(str(path), None, "yaml-syntax", "nested too deeply", "write it in fewer levels")
        raise DataFileError([fault]) from error
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
        remedy = "remove what is no readable text"
        raise DataFileError([Problem(str(path), None, "yaml-syntax", str(error), remedy)]) from error
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
    message, remedy = _wrong(fault)
    return document.problem(place, "wrong-value", f"'{where}': {message}", remedy)


_REMEDIES = {
    "string_type": "put it in quotes",
    "string_pattern_mismatch": "write it in the form named here",
    "literal_error": "write one of these",
    "enum": "write one of these",
    "model_type": "write its keys below it, indented",
    "model_attributes_type": "write its keys below it, indented",
    "dict_type": "write its keys below it, indented",
    "list_type": "write a list: one line each, with a dash in front",
    "tuple_type": "write a list: one line each, with a dash in front",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "float_parsing": "write a number",
}
"""Pydantic's type of a fault → what to do about it; anything else: stay within what the message says."""


def _wrong(fault: Any) -> tuple[str, str]:
    """Message and remedy. Our own validators give both in one text: what is wrong; what to do."""
    if fault["type"] == "value_error":
        message, _, remedy = str(fault["ctx"]["error"]).partition("; ")
        return message, remedy or "correct it"
    return fault["msg"], _REMEDIES.get(fault["type"], "write a value that fits")


_MOST_VALUES = 200_000
"""More is no file that people wrote, but aliases that unfold without end."""
_MERGE = "tag:yaml.org,2002:merge"
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
        self._open: set[int] = set()
        """The nodes around the one being built: an alias to one of them never ends."""
        self._count = 0

    def build(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        self._count += 1
        if id(node) in self._open or self._count > _MOST_VALUES:
            raise DataFileError([self._fault(node, "an alias unfolds without end", "write it out")])
        self._open.add(id(node))
        try:
            return self._value(node, place)
        finally:
            self._open.remove(id(node))

    def _value(self, node: yaml.Node, place: Place) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*place, number)) for number, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[Hashable, Any]:
        result: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag == _MERGE:
                self.problems.append(
                    self._fault(key_node, "this is no key", "write a single word as the key")
                )
                continue
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
        try:
            return self._scalars.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError, TypeError, OverflowError):
            fault = self._fault(node, f"'{node.tag}' cannot be read here", "write plain text or a number")
            self.problems.append(fault)
            return None

    def _fault(self, node: yaml.Node, message: str, remedy: str) -> Problem:
        return Problem(str(self.path), node.start_mark.line + 1, "yaml-syntax", message, remedy)
