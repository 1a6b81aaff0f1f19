"""Turns per second of whole welfare calls, as a ratio to a bare Flask app that commits one row per request.

Both servers run on gunicorn with the same workers and threads, one after the other in turns, on one machine
and one kind of database; the client is the same. Run it with nothing else going on:

    .venv/bin/python -m benchmarks.turns [--database postgresql] [--rounds 3] [--calls 40] [--at-once 8]

It prints requests per second of both, their ratio, and where a turn's time goes.
"""

from __future__ import annotations

import argparse
import base64
import cProfile
import os
import pstats
import random
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import requests
from sqlmodel import Session, select
from twilio.request_validator import RequestValidator

from benchmarks.servers import make_bare, throwaway_database
from voicebot.app import build_house, create_app, prepare_database
from voicebot.calls.outgoing import CallOrder, order_call
from voicebot.clock import SystemClock
from voicebot.config import Settings, load_settings
from voicebot.outreach.programmes import keep_catalogue
from voicebot.records import people
from voicebot.records.database import transaction
from voicebot.records.demo import fill_demo_city
from voicebot.records.tables import Resident
from voicebot.welfare.catalogue import load_catalogue

PORT = 8971
TOKEN = "benchmark-token"
THREADS = int(os.environ.get("THREADS", "1"))
"""Per worker, of both servers; what `voicebot serve` takes by default on SQLite."""
ANSWERS = [
    "",
    "네",
    "네 괜찮아요",
    "아니요",
    "네 도와주세요",
    "아니요",
    "아니요 괜찮아요",
    "네",
    "네",
    "아니요",
]
"""A whole call: begin, identity, recording, three programmes, text, person."""


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder, throwaway_database(arguments.database, Path(folder)) as url:
        environment = {
            **os.environ,
            "VOICEBOT_SECRET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "VOICEBOT_DATABASE_URL": url,
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "BARE_URL": make_bare(Path(folder), url),
        }
        settings = load_settings(environment=environment)
        settings = settings.model_copy(update={"public_url": f"http://127.0.0.1:{PORT}"})
        _fill(settings)
        ratios = []
        for number in range(arguments.rounds):
            bare = _measure_bare(environment, folder, arguments)
            ours, spread = _measure_ours(environment, settings, arguments)
            ratios.append(ours / bare)
            print(
                f"round {number + 1}: bare {bare:6.0f} requests/s, voicebot {ours:6.0f} turns/s, "
                f"ratio {ours / bare:.2f}; turn p50 {spread[0]:.1f} ms, p95 {spread[1]:.1f} ms"
            )
        print(
            f"median ratio {statistics.median(ratios):.2f} ({arguments.database}, 2 workers of {THREADS} thread(s))"
        )
        _profile(settings)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--calls", type=int, default=40)
    parser.add_argument("--at-once", type=int, default=8)
    return parser.parse_args()


def _fill(settings: Settings) -> None:
    engine = prepare_database(settings)
    with transaction(engine) as db:
        keep_catalogue(db, load_catalogue())
        fill_demo_city(db, clock=SystemClock(), programme_ids=["telecom_mobile"])
    engine.dispose()


@contextmanager
def _serving(module: str, environment: dict[str, str], folder: str | None = None) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{PORT}", "-w", "2", "-k", "gthread"]
    command += ["--threads", str(THREADS), "--log-level", "error", module]
    server = subprocess.Popen(command, env=environment, cwd=folder)
    try:
        for _ in range(200):
            try:
                requests.get(f"http://127.0.0.1:{PORT}/healthz", timeout=1)
                break
            except requests.RequestException:
                time.sleep(0.1)
        time.sleep(1.0)
        yield
    finally:
        server.terminate()
        server.wait(20)


def _measure_bare(environment: dict[str, str], folder: str, arguments: argparse.Namespace) -> float:
    def one_call(number: int) -> int:
        with requests.Session() as session:
            for words in ANSWERS:
                form = {"CallSid": f"CA{number}", "SpeechResult": words}
                session.post(f"http://127.0.0.1:{PORT}/row", data=form, timeout=30).raise_for_status()
        return len(ANSWERS)

    with _serving("bare_app:app", environment, folder), ThreadPoolExecutor(arguments.at_once) as pool:
        list(pool.map(one_call, range(-8, 0)))
        start = time.perf_counter()
        total = sum(pool.map(one_call, range(arguments.calls)))
        return total / (time.perf_counter() - start)


def _measure_ours(
    environment: dict[str, str], settings: Settings, arguments: argparse.Namespace
) -> tuple[float, tuple[float, float]]:
    config = Path(__file__).parent.parent / "config.yaml"
    text = config.read_text(encoding="utf-8").replace("http://127.0.0.1:8080", settings.public_url)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        with _serving("voicebot.app:create_app()", {**environment, "VOICEBOT_CONFIG": file.name}):
            _run_calls(settings, 8, arguments.at_once)
            return _run_calls(settings, arguments.calls, arguments.at_once)


def _willing(db: Session, calls: int) -> list[str]:
    """Numbers of residents who may be rung, a fresh one for every call as long as there are any."""
    reached = [(each, people.best_phone(db, each)) for each in db.exec(select(Resident))]
    numbers = [
        phone.number
        for each, phone in reached
        if phone is not None and people.contactable(each, phone).may_ring
    ]
    random.shuffle(numbers)
    return numbers[:calls]


def _run_calls(settings: Settings, calls: int, at_once: int) -> tuple[float, tuple[float, float]]:
    """Whole calls, ``at_once`` at a time. Gives turns per second and the turn's p50 and p95 in ms."""
    house = build_house(settings)
    with transaction(house.engine) as db:
        ids = [
            order_call(house.centre, db, CallOrder("welfare_info", number, "+8216880624", "bench")).id
            for number in _willing(db, calls)
        ]
    house.engine.dispose()
    validator, took = RequestValidator(TOKEN), list[float]()

    def one_call(call_id: str) -> int:
        url, sid = f"{settings.public_url}/voice/calls/{call_id}/turns/0", f"CA{call_id}"
        with requests.Session() as session:
            for done, words in enumerate(ANSWERS, 1):
                form = {"CallSid": sid, "SpeechResult": words, "Confidence": "0.9"}
                headers = {"X-Twilio-Signature": validator.compute_signature(url, form)}
                began = time.perf_counter()
                answer = session.post(url, data=form, headers=headers, timeout=30)
                took.append((time.perf_counter() - began) * 1000)
                answer.raise_for_status()
                found = re.search(r'action="([^"]+)"', answer.text)
                if found is None:
                    return done
                url = found.group(1).split("#")[0]
        return len(ANSWERS)

    with ThreadPoolExecutor(at_once) as pool:
        start = time.perf_counter()
        total = sum(pool.map(one_call, ids))
        elapsed = time.perf_counter() - start
    ordered = sorted(took)
    return total / elapsed, (statistics.median(ordered), ordered[int(len(ordered) * 0.95)])


def _profile(settings: Settings) -> None:
    """Where the time of a turn goes, in one process without a network."""
    house = build_house(settings)
    client = create_app(house=house).test_client()
    validator, profiler = RequestValidator(TOKEN), cProfile.Profile()
    for number in range(30):
        with transaction(house.engine) as db:
            call_id = order_call(
                house.centre, db, CallOrder("welfare_info", "+821000000001", "+8216880624", "bench")
            ).id
        path = f"/voice/calls/{call_id}/turns/0"
        if number == 5:
            profiler.enable()
        for words in ANSWERS:
            form = {"CallSid": f"CA{call_id}", "SpeechResult": words}
            signature = validator.compute_signature(settings.public_url + path, form)
            answer = client.post(path, data=form, headers={"X-Twilio-Signature": signature})
            found = re.search(r'action="([^"]+)"', answer.get_data(as_text=True))
            if found is None:
                break
            path = found.group(1).split("#")[0].removeprefix(settings.public_url)
    profiler.disable()
    stats = pstats.Stats(profiler)
    total = sum(row[2] for row in stats.stats.values())  # type: ignore[attr-defined]
    print("where the time goes (cumulative share of all):")
    for name in (
        "understand",
        "converse",
        "render",
        "_write_down",
        "require",
        "given",
        "hand_over",
        "__exit__",
    ):
        for (file, _, function), row in stats.stats.items():  # type: ignore[attr-defined]
            if function == name and ("voicebot" in file or (name == "__exit__" and "contextlib" in file)):
                print(f"  {Path(file).name}:{function:12} {row[3] / total:5.0%}")
    house.engine.dispose()


if __name__ == "__main__":
    main()
