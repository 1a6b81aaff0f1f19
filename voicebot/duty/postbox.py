"""Where a department's morning digest goes. Files in a folder, until a city names something better."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from voicebot.config import PROJECT_ROOT
from voicebot.errors import ConfigurationError

DIGESTS = PROJECT_ROOT / "var" / "digests"


class Postbox(Protocol):
    """Takes one digest for each department and day.

    After a crash the same one may be put again: it then takes the place of the first, or is ignored, but is never
    delivered a second time. Raises VoicebotError when it cannot be delivered now; it is then tried again.
    """

    def put(self, *, department: str, day: date, text: str) -> str:
        """Gives where it went, for the terminal."""
        ...


@dataclass(frozen=True)
class FilePostbox:
    """One UTF-8 file for each department and day. Places are personal: only the owner of the folder reads them."""

    folder: Path = DIGESTS

    def put(self, *, department: str, day: date, text: str) -> str:
        path = self.folder / file_name(department, day)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._replace(path, text)
        except OSError as error:
            raise ConfigurationError(
                f"the digest cannot be written to {path} ({error.strerror}); make the folder writable"
            ) from error
        return str(path)

    def _replace(self, path: Path, text: str) -> None:
        """Whole or not at all: a reader never finds half a digest. `mkstemp` makes it readable by the owner alone."""
        handle, unfinished = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).replace(path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise


def file_name(department: str, day: date) -> str:
    """``2026-11-25_원미구_환경건축과.txt``: whatever a department is called, the file lies in its folder."""
    name = re.sub(r"[^\w-]+", "_", department).strip("_") or "_"
    return f"{day.isoformat()}_{name}.txt"
