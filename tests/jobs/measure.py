"""What durable jobs cost, on both databases: ``python -m tests.jobs.measure`` (about a minute, no test).

Prints, in milliseconds, what a turn pays for writing an outbox item and for handing it over, with the
worker idle and with it busy; and how many placements a worker manages per second.
"""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.databases import find_postgres, migrate, new_postgres_database
from tests.jobs.test_killed_workers import Workers, ask_for_calls, carriers_calls
from voicebot.jobs import outbox
from voicebot.jobs.handing_over import HandOver
from voicebot.jobs.jobs_database import prepare_jobs_database
from voicebot.records.database import open_database, transaction

KEY = bytes(range(32))
TURNS = 300


@contextlib.contextmanager
def databases(folder: Path) -> Iterator[list[tuple[str, str]]]:
    urls = [(f"sqlite:///{folder / 'voicebot.db'}", f"sqlite:///{folder / 'voicebot-jobs.db'}")]
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(pytest.skip.Exception):
            url = stack.enter_context(new_postgres_database(find_postgres()))
            urls.append((url, url))
        yield urls


@contextlib.contextmanager
def carrier() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.jobs.carrier_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


def measure_turns(engine: Engine, desk: HandOver, label: str) -> None:
    writing, handing = [], []
    for n in range(TURNS):
        start = time.perf_counter()
        with transaction(engine) as db:
            now = datetime.now(UTC)
            item = outbox.put(db, kind="measured", payload={"n": n}, key=f"{label}:{n}", now=now)
        written = time.perf_counter()
        desk.hand_over([item])
        handing.append((time.perf_counter() - written) * 1000)
        writing.append((written - start) * 1000)
        time.sleep(0.005)
    for what, times in (("write", writing), ("hand over", handing)):
        cuts = statistics.quantiles(times, n=100)
        print(f"  {label}, {what}: p50 {cuts[49]:.2f}  p95 {cuts[94]:.2f}  p99 {cuts[98]:.2f}")


def measure(url: str, jobs_url: str, carrier_url: str, folder: Path) -> None:
    migrate(url, KEY)
    engine = open_database(url, KEY)
    print(engine.dialect.name)
    prepare_jobs_database(jobs_url)
    desk = HandOver(engine, jobs_url)
    workers = Workers(url, jobs_url, carrier_url, folder / "log")
    workers.start()
    time.sleep(4)
    measure_turns(engine, desk, "worker idle")
    desk.hand_over(ask_for_calls(engine))
    start, before = time.monotonic(), len(carriers_calls(carrier_url))
    measure_turns(engine, desk, "worker busy")
    while (made := len(carriers_calls(carrier_url)) - before) < 350:
        time.sleep(0.02)
    print(f"  placements per second: {made / (time.monotonic() - start):.0f}")
    workers.kill()
    desk.close()
    engine.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls, carrier() as at:
        for url, jobs_url in urls:
            measure(url, jobs_url, at, Path(folder))
