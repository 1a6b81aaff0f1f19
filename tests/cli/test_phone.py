"""`voicebot phone`: a scripted or piped call is held to its end, however slow the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from voicebot.config import PROJECT_ROOT

LINES = ["네", "아니요", *["한 번 더 말해 줘요", "아니요", "아니요"] * 3, "아니요", "아니요"]


@pytest.fixture
def demo_city(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up city, and an address at which no server runs."""
    config = tmp_path / "config.yaml"
    shipped = (PROJECT_ROOT / "config.yaml").read_text(encoding="utf-8")
    config.write_text(shipped.replace("http://127.0.0.1:8080", "http://127.0.0.1:9"), encoding="utf-8")
    monkeypatch.setenv("VOICEBOT_CONFIG", str(config))
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'city.db'}")
    assert run("demo", "--prepare").code == 0


@pytest.mark.usefixtures("demo_city")
def test_a_script_is_played_to_its_end_while_the_server_takes_its_time(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("".join(f"- say: {line}\n" for line in LINES), encoding="utf-8")
    told = run("phone", "--script", str(script)).out
    assert told.count("나    ") == len(LINES)
    assert "오늘 안내는 여기까지입니다" in told


@pytest.mark.usefixtures("demo_city")
def test_lines_from_a_pipe_are_said_when_they_are_asked_for(run: Run) -> None:
    told = run("phone", stdin="\n".join(LINES).encode()).out
    assert "오늘 안내는 여기까지입니다" in told


@pytest.mark.usefixtures("demo_city")
def test_lines_from_a_pipe_that_end_too_early_hang_up(run: Run) -> None:
    ran = run("phone", stdin="네\n".encode())
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("[통화가 끝났습니다.]\n")


@pytest.mark.parametrize("command", ["phone", "demo", "carrier"])
def test_a_speed_at_which_no_time_passes_is_refused(run: Run, command: str) -> None:
    ran = run(command, "--speed", "0")
    assert ran.code == 2
    assert "--speed" in ran.err
