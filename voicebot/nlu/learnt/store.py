"""Built ears kept in a folder, under a name that tells what they were built from. A lost or broken file is built
again: the labelled sentences in the repository are the only source."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np

from voicebot.config import PROJECT_ROOT
from voicebot.nlu.learnt.linear import Ear, Encoder, Head, Meanings
from voicebot.nlu.morphemes import VERSION

MODELS = PROJECT_ROOT / "var" / "models"
FORMAT = 2
"""Raise it when features or learning change: older files are then left aside."""


def digest(files: Iterable[Path]) -> str:
    """What an ear is built from: the analyser's version, the format, the files' contents."""
    whole = hashlib.sha256(f"{FORMAT} {VERSION}".encode())
    for file in sorted(files):
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()[:20]


def kept_ear(name: str, files: Iterable[Path], build: Callable[[], Ear]) -> Ear:
    """The ear built from ``files``: read from ``var/models``, or built and kept there (if it can be written)."""
    path = MODELS / f"{name}-{digest(files)}.npz"
    with suppress(OSError, KeyError, ValueError, zipfile.BadZipFile):  # none yet, or a broken one
        return read_ear(path)
    ear = build()
    with suppress(OSError):  # a read-only installation builds at every start
        write_ear(ear, path)
    return ear


def write_ear(ear: Ear, path: Path) -> None:
    """Write whole or not at all: into a file beside, which then takes the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    meanings = ear.encoder.meanings
    arrays = {
        "columns": np.array("\n".join(ear.encoder.columns)),
        "rarity": ear.encoder.rarity,
        "anchors": np.array(meanings.anchors, np.int64),
        "projection": meanings.projection,
        "mean": meanings.mean,
        "numbers": np.array(list(meanings.rarity), np.int64),
        "number_rarity": np.array(list(meanings.rarity.values())),
        "unknown": np.array(meanings.unknown),
        "heads": np.array(json.dumps({name: [*head.classes] for name, head in ear.heads.items()})),
    }
    for name, head in ear.heads.items():
        arrays |= {
            f"{name}.weights": head.weights,
            f"{name}.meaning_weights": head.meaning_weights,
            f"{name}.bias": head.bias,
            f"{name}.calibration": np.array([*head.calibration, head.threshold]),
        }
    handle, beside = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # its stub takes any keyword for a flag
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def read_ear(path: Path) -> Ear:
    """Raises OSError, KeyError, ValueError or BadZipFile when there is no whole ear."""
    with np.load(path, allow_pickle=False) as held:
        rarity = dict(zip(held["numbers"].tolist(), held["number_rarity"].tolist(), strict=True))
        meanings = Meanings(
            tuple(held["anchors"].tolist()), held["projection"], held["mean"], rarity, float(held["unknown"])
        )
        names = str(held["columns"]).split("\n")
        encoder = Encoder({name: place for place, name in enumerate(names)}, held["rarity"], meanings)
        heads = {}
        for name, classes in json.loads(str(held["heads"])).items():
            constant, of_best, of_lead, of_length, threshold = held[f"{name}.calibration"].tolist()
            heads[name] = Head(
                tuple(classes),
                held[f"{name}.weights"],
                held[f"{name}.meaning_weights"],
                held[f"{name}.bias"],
                (constant, of_best, of_lead, of_length),
                threshold,
            )
        return Ear(encoder, heads)
