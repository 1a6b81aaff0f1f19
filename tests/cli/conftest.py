"""The command as the console script runs it: arguments, environment, standard input; what it printed, its code."""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.city import ACCOUNT_SID, AUTH_TOKEN
from voicebot.cli import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, secret_key: bytes) -> Run:
    """``run("db", "version", stdin=b"", VOICEBOT_DATABASE_URL=…)``. An exception of ours that escapes fails."""
    for name in ("VOICEBOT_CONFIG", "TWILIO_AUTH_TOKEN_NEXT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VOICEBOT_SECRET_KEY", base64.urlsafe_b64encode(secret_key).decode())
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT_SID)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", AUTH_TOKEN)

    def command(*arguments: str, stdin: bytes = b"", **environment: str) -> Ran:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["voicebot", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
        monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
        code: object = 0
        try:
            main()
        except SystemExit as exit_:
            code = exit_.code
        written = []
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            written.append(stream.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
        assert "Traceback" not in written[1]
        return Ran(code if isinstance(code, int) else 0 if code is None else 1, *written)

    return command
