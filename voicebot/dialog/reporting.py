"""What ``voicebot dialogs check|draw|test`` say: text for the terminal or JSON, and the exit status."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from voicebot.dialog.checks import ActionSignature, check_dialog
from voicebot.dialog.drawing import to_mermaid, to_svg
from voicebot.dialog.graph import Graph, graph_of
from voicebot.dialog.loading import LoadedDialog, dialog_files, load_dialog
from voicebot.dialog.scripted import (
    ActPurely,
    Coverage,
    ScriptResult,
    Understand,
    coverage_of,
    run_script,
    scripts_of,
)
from voicebot.errors import ConfigurationError, DataFileError, Problem

ActionsOf = Callable[[str], Mapping[str, ActionSignature] | None]
"""The actions that the line gives to a dialog of that name; None: unknown, and not judged."""


@dataclass(frozen=True)
class Report:
    """What to print, and the status to exit with: 0 is good, 1 is not."""

    text: str
    status: int


def report_check(folder: Path, actions_of: ActionsOf, *, as_json: bool = False) -> Report:
    """Check every dialog of a folder."""
    files = _files(folder)
    problems = [problem for file in files for problem in _problems_of(file, actions_of)]
    status = 1 if problems else 0
    if as_json:
        listed = [asdict(problem) for problem in problems]
        return Report(json.dumps({"problems": listed}, ensure_ascii=False, indent=2), status)
    if not problems:
        return Report(f"{len(files)} dialogs, no problems", status)
    return Report("\n".join([*map(str, problems), f"{len(problems)} problems"]), status)


def _problems_of(file: Path, actions_of: ActionsOf) -> Sequence[Problem]:
    try:
        return check_dialog(load_dialog(file), actions_of(file.stem))
    except DataFileError as error:
        return error.problems


def report_draw(
    folder: Path,
    into: Path,
    *,
    kind: Literal["svg", "mermaid"] = "svg",
    names: Sequence[str] = (),
    with_coverage: bool = False,
    understand: Understand | None = None,
) -> Report:
    """Draw dialogs (all, or those named) into a folder, one file each.

    ``with_coverage`` plays the scripted calls first and marks what none of them tried.
    """
    into.mkdir(parents=True, exist_ok=True)
    lines, status = [], 0
    for file in _files(folder, names):
        try:
            loaded = load_dialog(file)
            visited = _played(file, loaded, understand, None)[1] if with_coverage else None
        except DataFileError as error:
            lines.append(str(error))
            status = 1
            continue
        target = into / f"{file.stem}{'.svg' if kind == 'svg' else '.mmd'}"
        picture = to_svg(loaded.dialog, visited) if kind == "svg" else to_mermaid(loaded.dialog)
        target.write_text(picture, encoding="utf-8")
        lines.append(f"wrote {target}")
    return Report("\n".join(lines), status)


def report_test(
    folder: Path,
    understand: Understand | None,
    *,
    names: Sequence[str] = (),
    act: ActPurely | None = None,
) -> Report:
    """Play the scripted calls of dialogs (all, or those named).

    Status 1: a call went otherwise than written, or a form or a way is left that no call has tried.
    """
    lines, status = [], 0
    for file in _files(folder, names):
        try:
            loaded = load_dialog(file)
            results, coverage = _played(file, loaded, understand, act)
        except DataFileError as error:
            lines.append(str(error))
            status = 1
            continue
        graph = graph_of(loaded.dialog)
        lines += [f"{file.stem}", *_told(results), *_untried(loaded, graph, coverage), ""]
        if not coverage.is_whole or not all(result.passed for result in results):
            status = 1
    return Report("\n".join(lines).rstrip(), status)


def _played(
    file: Path, loaded: LoadedDialog, understand: Understand | None, act: ActPurely | None
) -> tuple[list[ScriptResult], Coverage]:
    results = [run_script(loaded.dialog, script, understand, act) for script in scripts_of(file)]
    return results, coverage_of(graph_of(loaded.dialog), results)


def _told(results: Sequence[ScriptResult]) -> Iterator[str]:
    for result in results:
        yield f"  {'✓' if result.passed else '✗'} {result.name}: {result.title}"
        yield from (f"      {failure}" for failure in result.failures)
    passed = sum(result.passed for result in results)
    yield f"  {passed} of {len(results)} scripted calls went as written"


def _untried(loaded: LoadedDialog, graph: Graph, coverage: Coverage) -> Iterator[str]:
    forms = len(graph.forms) - len(coverage.unvisited_forms)
    ways = len(graph.edges) - len(coverage.unvisited_edges)
    yield f"  forms visited: {forms} of {len(graph.forms)}, ways: {ways} of {len(graph.edges)}"
    yield from (f"  no call visits form '{form}'" for form in coverage.unvisited_forms)
    for edge in coverage.unvisited_edges:
        line = loaded.document.line_of(edge.place)
        yield f"  no call takes the way {edge} ({loaded.document.path}:{line})"


def _files(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """The dialog files asked for. Raises ConfigurationError when there are none, or not one of that name."""
    files = {path.stem: path for path in dialog_files(folder)}
    missing = [name for name in names if name not in files]
    if missing or not files:
        known = ", ".join(files) or "none"
        wanted = f"dialog '{missing[0]}'" if missing else "dialog"
        raise ConfigurationError(f"there is no {wanted} in {folder} (known: {known})")
    return [files[name] for name in names] if names else list(files.values())
