"""400 requested calls, workers killed with SIGKILL in the middle: every call is placed, and once.

They are killed from outside twice, wherever they happen to be, and by themselves at the three points of a
placement. The carrier loses answers and is out of order on top of it; every fourth hand-over never happens.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func
from sqlmodel import col, select

from tests.jobs.doubles import outbound_call
from voicebot.jobs.handing_over import HandOver
from voicebot.jobs.jobs_database import prepare_jobs_database
from voicebot.jobs.placing import request_placing
from voicebot.records.database import reading, transaction
from voicebot.records.tables import Call, Placement

CALLS = 400
KILLED_AFTER = (120, 260)
LEFT_TO_THE_SWEEP = 100
PATIENCE_S = 120


@pytest.fixture
def carrier_url() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.carrier_server"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


class Workers:
    """One worker on SQLite, two at once on PostgreSQL."""

    def __init__(self, database_url: str, jobs_url: str, carrier_url: str, log: Path) -> None:
        self._arguments = [database_url, jobs_url, carrier_url]
        self._names = ["worker"] if database_url.startswith("sqlite") else ["worker-1", "worker-2"]
        self._log = log
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, dies_at: str = "") -> None:
        for name in self._names:
            command = [sys.executable, "-m", "tests.jobs.killable_worker", *self._arguments, name, dies_at]
            with self._log.open("ab") as log:
                self._processes.append(subprocess.Popen(command, stdout=log, stderr=log))

    def kill(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
        self._processes.clear()

    def die_at(self, point: str) -> None:
        self.start(point)
        for process in self._processes:
            assert process.wait(timeout=20) == -signal.SIGKILL
        self._processes.clear()

    def are_alive(self) -> bool:
        return all(process.poll() is None for process in self._processes)


@pytest.fixture
def workers(engine: Engine, jobs_url: str, carrier_url: str, tmp_path: Path) -> Iterator[Workers]:
    url = engine.url.render_as_string(hide_password=False)
    workers = Workers(url, jobs_url, carrier_url, tmp_path / "workers.log")
    yield workers
    workers.kill()


def ask_for_calls(engine: Engine) -> list[int | None]:
    now = datetime.now(UTC)
    with transaction(engine) as db:
        calls = [outbound_call(now, to_number=f"+821000{n:06}") for n in range(CALLS)]
        db.add_all(calls)
        db.flush()
        return [request_placing(db, call.id, now).id for call in calls]


def carriers_calls(carrier_url: str) -> Sequence[dict[str, str]]:
    with urllib.request.urlopen(f"{carrier_url}/calls", timeout=5) as answer:  # noqa: S310
        calls: Sequence[dict[str, str]] = json.load(answer)
    return calls


def placed(engine: Engine) -> int:
    with reading(engine) as db:
        return db.exec(
            select(func.count()).select_from(Call).where(col(Call.placement) == Placement.PLACED)
        ).one()


@pytest.mark.slow
def test_every_call_is_placed_once_although_the_workers_are_killed_again_and_again(
    engine: Engine, jobs_url: str, carrier_url: str, workers: Workers, tmp_path: Path
) -> None:
    ids = ask_for_calls(engine)
    prepare_jobs_database(jobs_url)
    desk = HandOver(engine, jobs_url)
    assert desk.hand_over(ids[:-LEFT_TO_THE_SWEEP]) == CALLS - LEFT_TO_THE_SWEEP
    desk.close()
    end = time.monotonic() + PATIENCE_S

    def log() -> str:
        return (tmp_path / "workers.log").read_text()[-3000:]

    def wait_for(enough: Callable[[], bool]) -> None:
        while not enough():
            assert workers.are_alive(), log()
            assert time.monotonic() < end, f"{placed(engine)} of {CALLS} placed\n{log()}"
            time.sleep(0.02)

    for calls_made in KILLED_AFTER:
        workers.start()
        wait_for(lambda enough=calls_made: len(carriers_calls(carrier_url)) >= enough)
        workers.kill()
    for point in ("claimed", "dialled", "recorded"):
        workers.die_at(point)
    workers.start()
    wait_for(lambda: placed(engine) == CALLS)

    calls = carriers_calls(carrier_url)
    assert set(Counter(call["call_id"] for call in calls).values()) == {1}
    with reading(engine) as db:
        ours = dict(db.exec(select(Call.id, Call.carrier_sid)).all())
    assert ours == {call["call_id"]: call["sid"] for call in calls}
