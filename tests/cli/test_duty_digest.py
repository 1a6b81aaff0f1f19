"""``voicebot duty digest`` as an official types it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.duty.watch import put_ticket
from voicebot.clock import SystemClock
from voicebot.records.database import open_database, transaction
from voicebot.records.tables import Urgency


@pytest.fixture(autouse=True)
def database(
    tmp_path: Path, migrated_sqlite_file: Path, secret_key: bytes, monkeypatch: pytest.MonkeyPatch
) -> str:
    path = tmp_path / "voicebot.db"
    shutil.copyfile(migrated_sqlite_file, path)
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", f"sqlite:///{path}")
    return f"sqlite:///{path}"


@pytest.fixture
def tickets(database: str, secret_key: bytes) -> None:
    """Two departments' tickets of a month ago: due whatever day it is."""
    engine = open_database(database, secret_key)
    with transaction(engine) as db:
        for department in ("도로관리과", "대중교통과"):
            put_ticket(
                db,
                SystemClock().now() - timedelta(days=30),
                intent="streetlight",
                urgency=Urgency.ROUTINE,
                department=department,
            )
    engine.dispose()


def test_an_empty_desk_says_so(run: Run, tmp_path: Path) -> None:
    assert "Nothing waits" in run("duty", "digest", "--preview").out
    ran = run("duty", "digest", "--into", str(tmp_path / "digests"))
    assert (ran.code, "Nothing is due" in ran.out) == (0, True)


@pytest.mark.usefixtures("tickets")
def test_a_preview_sends_nothing_and_sending_twice_sends_once(run: Run, tmp_path: Path) -> None:
    into = tmp_path / "digests"
    seen = run("duty", "digest", "--preview", "--department", "도로관리과")
    assert "가로등·보안등" in seen.out
    assert "대중교통과" not in seen.out
    assert run("duty", "digest", "--preview").out.count("[당직 민원]") == 2
    one = run("duty", "digest", "--department", "도로관리과", "--into", str(into))
    assert one.code == 0, one.err
    assert [path.name.split("_")[1] for path in into.iterdir()] == ["도로관리과.txt"]
    assert "대중교통과" in run("duty", "digest", "--into", str(into)).out
    assert "Nothing is due" in run("duty", "digest", "--into", str(into)).out
    assert len(list(into.iterdir())) == 2


@pytest.mark.usefixtures("tickets")
def test_a_folder_that_cannot_be_written_to_fails_and_loses_nothing(run: Run, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    ran = run("duty", "digest", "--into", str(blocked / "digests"))
    assert ran.code == 1
    assert ran.err.count("make the folder writable") == 2
    assert run("duty", "digest", "--into", str(tmp_path / "digests")).out.count("_") >= 2
