"""Dialog files read and validated, with the shared phrases filled in.

Only the form of a file is judged here; what makes it a good dialog is judged by `checks`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicebot.datafiles import Document, Place, read_yaml, validate
from voicebot.dialog.model import Dialog
from voicebot.errors import ConfigurationError, DataFileError, Problem

SHARED_FILE = "_shared.yaml"
_SHARED_KEYS = ("phrases",)


@dataclass(frozen=True)
class LoadedDialog:
    """A dialog together with the file it came from, for messages with a place."""

    dialog: Dialog
    document: Document


def load_dialog(path: Path) -> LoadedDialog:
    """Read one dialog. Phrases that it does not give come from ``_shared.yaml`` beside it.

    Raises DataFileError with every fault of form.
    """
    document = _in_full(read_yaml(path))
    if not isinstance(document.data, dict):
        raise DataFileError(
            [Problem(str(path), 1, "not-a-dialog", "the file is not a mapping of keys to values")]
        )
    shared = path.parent / SHARED_FILE
    data = {**_shared_parts(shared), **document.data}
    dialog = validate(document, Dialog, data)
    if dialog.dialog != path.stem:
        raise DataFileError(
            [
                document.problem(
                    ("dialog",), "name-differs", f"'{dialog.dialog}' lies in a file named '{path.stem}'"
                )
            ]
        )
    return LoadedDialog(dialog, document)


_ONE_OF_SEVERAL = frozenset(
    {"text", "id", "bargein", "legal", "once", "if", "goto", "action", "with", "into"}
)
"""Keys of things that may stand alone where the model has a row of them."""


def _in_full(document: Document) -> Document:
    """The document with its lines also under the places that short forms stand for.

    ``prompt: {text: …}`` is ``prompt: [{text: …}]`` to the model, ``filled: name`` is ``filled: {value: name}``,
    and YAML reads the bare keys ``yes`` and ``no`` as truth values.
    """
    lines = {_place_in_full(place): line for place, line in document.lines.items()}
    return Document(document.path, document.data, {**lines, **document.lines})


def _place_in_full(place: Place) -> Place:
    full: list[str | int] = []
    for step in place:
        before = full[-1] if full else None
        if before == "filled" and isinstance(step, bool):
            full.append("yes" if step else "no")
            continue
        if before == "filled" and (isinstance(step, int) or step in ("goto", "if")):
            full.append("value")
        if step in _ONE_OF_SEVERAL and isinstance(before, str) and len(full) > 2:
            full.append(0)
        full.append(step)
    return tuple(full)


def _shared_parts(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    data = read_yaml(path).data or {}
    return {key: data[key] for key in _SHARED_KEYS if key in data}


def dialog_files(folder: Path) -> list[Path]:
    """Every dialog file of a folder, in order of name; scripted calls lie in folders beside them."""
    return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("_"))


class DialogShelf:
    """All dialogs of a folder, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, LoadedDialog] = {}

    def names(self) -> list[str]:
        return [path.stem for path in dialog_files(self._folder)]

    def get(self, name: str) -> Dialog:
        """Raises ConfigurationError for an unknown name, DataFileError for a faulty file."""
        return self.loaded(name).dialog

    def loaded(self, name: str) -> LoadedDialog:
        if name not in self._loaded:
            path = self._folder / f"{name}.yaml"
            if not path.exists() or name.startswith("_"):
                known = ", ".join(self.names()) or "none"
                raise ConfigurationError(f"there is no dialog '{name}' in {self._folder} (known: {known})")
            self._loaded[name] = load_dialog(path)
        return self._loaded[name]
