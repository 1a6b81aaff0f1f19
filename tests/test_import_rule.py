"""The rooms import downwards only: docs/architecture.md shows the house, this keeps it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "voicebot"

EVERYWHERE = {"config", "errors", "clock", "datafiles"}
LINES = {"outreach", "welfare", "screening", "duty"}
MAY_IMPORT: dict[str, set[str]] = {
    "korean": set(),
    "nlu": {"korean"},
    "dialog": {"korean"},
    "records": set(),
    "jobs": {"records"},
    "speech": {"korean", "jobs", "records"},
    "welfare": {"nlu", "korean", "jobs", "records"},
    "outreach": {"welfare", "nlu", "korean", "jobs", "records"},
    "screening": {"nlu", "korean", "jobs", "records"},
    "duty": {"nlu", "korean", "jobs", "records"},
    "calls": {*LINES, "dialog", "nlu", "korean", "jobs", "records"},
    "telephony": {"calls", "dialog", "speech", "korean", "jobs", "records"},
    "console": {*LINES, "calls", "dialog", "speech", "jobs", "records"},
    "api": {*LINES, "calls", "dialog", "speech", "jobs", "records"},
}
TOPS = {"app", "cli", "__main__"}
PURE = {"korean", "nlu", "dialog", "welfare"}
IMPURE_LIBRARIES = {
    "flask",
    "sqlalchemy",
    "sqlmodel",
    "requests",
    "urllib",
    "socket",
    "random",
    "twilio",
    "dbos",
}


def _room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE)
        yield relative.parts[0].removesuffix(".py"), path


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield node.lineno, node.module or ""


def _shown(path: Path) -> str:
    return str(path.relative_to(PACKAGE)) if path.is_relative_to(PACKAGE) else path.name


def _faults(room: str, path: Path) -> Iterator[str]:
    for line, module in _imports(path):
        other = _room(module)
        if not module.startswith("voicebot") or other in {room, "", *EVERYWHERE}:
            continue
        if room in EVERYWHERE or other not in MAY_IMPORT[room]:
            yield f"{_shown(path)}:{line}: {room} must not import {other}"


def test_rooms_import_downwards_only() -> None:
    faults = [
        fault
        for room, path in _modules()
        if room not in TOPS and room != "__init__"
        for fault in _faults(room, path)
    ]
    assert not faults, "\n".join(faults)


def test_every_room_has_its_place_in_the_rule() -> None:
    rooms = {room for room, _ in _modules()} - {"__init__"}
    assert rooms <= set(MAY_IMPORT) | EVERYWHERE | TOPS


@pytest.mark.parametrize("room", sorted(PURE))
def test_pure_rooms_touch_no_world(room: str) -> None:
    touched = {
        f"{path.relative_to(PACKAGE)}:{line}: {module}"
        for each, path in _modules()
        if each == room
        for line, module in _imports(path)
        if module.split(".")[0] in IMPURE_LIBRARIES
    }
    assert not touched


def test_the_rule_notices_a_forbidden_import(tmp_path: Path) -> None:
    path = tmp_path / "imagined.py"
    path.write_text("from voicebot.records import people\nfrom voicebot.errors import VoicebotError\n")
    assert list(_faults("korean", path)) == ["imagined.py:1: korean must not import records"]
