"""What is read before a server forks: all but the analyser, whose threads would not live on in the worker."""

from __future__ import annotations

import subprocess
import sys

_FORKED_FROM = """
from voicebot.nlu import ear, morphemes, readiness
readiness.read_files()
assert ear.ear.cache_info().currsize == 1
assert morphemes.analyser.cache_info().currsize == 0
"""


def test_what_is_read_before_the_fork_starts_no_analyser() -> None:
    subprocess.run([sys.executable, "-c", _FORKED_FROM], check=True)
