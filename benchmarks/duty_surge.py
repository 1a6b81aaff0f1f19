"""A flood of calls to the duty number: many callers at once, against the real `voicebot serve`.

    .venv/bin/python -m benchmarks.duty_surge [--calls 500] [--workers 2] [--database postgresql] [--kill]

The simulated carrier rings, listens, signs and retries as the real one does, in real time: every caller hears the
prompts out and speaks as long as people speak. `--speed 2` lets everything but the server go twice as fast, which is
what twice as many callers would ask of it. Of ten callers seven report one matter, one two matters, one rings off in the
middle, one has an emergency. What must stand in the records is counted from what each caller heard.

Afterwards the requests of the busiest seconds are sent again, at the same moments, to a bare Flask app on the same
gunicorn that commits one row each; the ratio of the two p95 says what the figure owes to the machine. The carrier, the
callers and the database run on the same processors. Nothing else should.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import requests

from benchmarks.servers import make_bare, throwaway_database
from tests.duty.surge import DutyCaller, account
from voicebot.app import open_records, prepare_database
from voicebot.cli.simulation import exchange_for
from voicebot.config import Settings, load_settings
from voicebot.nlu.intents.catalogue import catalogue
from voicebot.telephony.simulated import (
    HttpTransport,
    Line,
    Staff,
    TransportFailure,
    WebhookRequest,
    WebhookResponse,
)

ROOT = Path(__file__).parent.parent
PORT, CARRIER_PORT = 8973, 8974
ADDRESS = f"http://127.0.0.1:{PORT}"
TOKEN_HEADER = "I-Twilio-Idempotency-Token"
BUSIEST_S = 15
"""How much of the surge the reference is measured with."""
EMERGENCIES = (
    "옆집에서 시커먼 연기가 나고 불이 났어요 심곡1동이에요",
    "집에 가스 냄새가 심하게 나요 중동이에요",
    "아버지가 쓰러져서 숨을 안 쉬어요",
    "교통사고가 나서 사람이 다쳤어요 역곡역 앞이에요",
    "이제 그만 살고 싶어요 약을 모아 놨어요",
)


@dataclass
class Stopwatch:
    """Carries requests and notes how long each turn took, from the caller's side: all attempts of one request."""

    inner: HttpTransport = field(default_factory=HttpTransport)
    began: dict[str, float] = field(default_factory=dict)
    took_ms: dict[str, float] = field(default_factory=dict)
    failed: int = 0

    def deliver(self, request: WebhookRequest) -> WebhookResponse:
        is_turn = "/turns/" in request.url or request.url.endswith("/incoming")
        began, token = time.perf_counter(), request.headers.get(TOKEN_HEADER, "")
        try:
            return self.inner.deliver(request)
        except TransportFailure:
            self.failed += 1
            raise
        finally:
            if is_turn:
                first = self.began.setdefault(token, began)
                self.took_ms[token] = (time.perf_counter() - first) * 1000


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as name, throwaway_database(arguments.database, Path(name)) as url:
        folder = Path(name)
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "VOICEBOT_SECRET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "VOICEBOT_DATABASE_URL": url,
            "VOICEBOT_CONFIG": str(_config(folder)),
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "benchmark-token",
            "BARE_URL": make_bare(folder, url),
        }
        settings = load_settings(environment=environment)
        prepare_database(settings).dispose()
        watch = Stopwatch()
        with _serving(environment, arguments) as server:
            lines = _surge(settings, watch, server, arguments)
        _tell(settings, lines, watch, arguments)
        with _serving_bare(environment, folder, arguments):
            _compare(watch)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2, help="processes of the server")
    parser.add_argument("--threads", type=int, help="of each process; by default what `voicebot serve` takes")
    parser.add_argument("--ring-within", type=float, default=20.0, help="seconds in which all of them ring")
    parser.add_argument("--speed", type=float, default=1.0, help="how fast callers and prompts go")
    parser.add_argument("--kill", action="store_true", help="kill a worker process in the middle (SIGKILL)")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _config(folder: Path) -> Path:
    """The shipped settings at another address, without a carrier of the server's own."""
    text = (ROOT / "config.yaml").read_text(encoding="utf-8").replace("http://127.0.0.1:8080", ADDRESS)
    text = text.replace("api_base_url: null", f"api_base_url: http://127.0.0.1:{CARRIER_PORT}", 1)
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@contextmanager
def _serving(
    environment: Mapping[str, str], arguments: argparse.Namespace
) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "voicebot", "serve", "--port", str(PORT)]
    command += ["--workers", str(arguments.workers)]
    if arguments.threads:
        command += ["--threads", str(arguments.threads)]
    with _running(command, environment, ROOT) as server:
        _wait_for_workers(server, arguments.workers)
        yield server


@contextmanager
def _serving_bare(
    environment: Mapping[str, str], folder: Path, arguments: argparse.Namespace
) -> Iterator[None]:
    threads = arguments.threads or (1 if arguments.database == "sqlite" else 4)
    command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{PORT}", "-w", str(arguments.workers)]
    command += ["-k", "gthread", "--threads", str(threads), "--log-level", "error", "bare_app:app"]
    with _running(command, environment, folder):
        yield


@contextmanager
def _running(
    command: Sequence[str], environment: Mapping[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                requests.get(f"{ADDRESS}/healthz", timeout=1)
                break
            except requests.RequestException:
                time.sleep(0.1)
        yield server
    finally:
        server.terminate()
        server.wait(30)


def _workers_of(server: subprocess.Popen[bytes]) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def _wait_for_workers(server: subprocess.Popen[bytes], workers: int) -> None:
    """Until every worker has loaded its understanding: they are idle then."""
    time.sleep(2.0)
    quiet_since = time.monotonic()
    before = -1.0
    while time.monotonic() - quiet_since < 2.0 or len(_workers_of(server)) < workers:
        spent = sum(_processor_s(pid) for pid in _workers_of(server))
        if spent - before > 0.05:
            quiet_since = time.monotonic()
        before = spent
        time.sleep(0.25)


def _processor_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _matters() -> list[str]:
    """What callers say who report something that is no emergency, each once, in chance order."""
    intents = catalogue()
    texts = []
    for path in sorted((ROOT / "intents" / "sentences").glob("*.jsonl")):
        if path.stem in intents and not intents[path.stem].is_emergency and path.stem not in _NO_REPORTS:
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            texts += [row["text"] for row in rows if row["style"] == "plain" and not row["also"]]
    random.shuffle(texts)
    return texts


_NO_REPORTS = {"abusive", "human_request", "unclear", "out_of_scope", "verify_call"}


def _callers(calls: int) -> list[DutyCaller]:
    matters = _matters()
    callers = []
    for number in range(calls):
        first, second = matters[2 * number % len(matters)], matters[(2 * number + 1) % len(matters)]
        match number % 10:
            case 3:
                callers.append(DutyCaller(reports=[first, second]))
            case 6:
                callers.append(DutyCaller(reports=[first], rings_off_at="맞으세요?"))
            case 9:
                callers.append(DutyCaller(reports=[EMERGENCIES[number // 10 % len(EMERGENCIES)]]))
            case _:
                callers.append(DutyCaller(reports=[first]))
    return callers


def _surge(
    settings: Settings, watch: Stopwatch, server: subprocess.Popen[bytes], arguments: argparse.Namespace
) -> list[Line]:
    """Let everybody ring, and wait until every call is over."""
    random.seed(arguments.seed)
    exchange = exchange_for(settings, transport=watch, speed=arguments.speed)
    exchange.default_person = Staff
    callers = _callers(arguments.calls)
    lines: list[Line] = []
    killed = threading.Event()
    spent = [_processor_s(pid) for pid in _workers_of(server)]
    exchange.start()
    began = time.monotonic()
    at_most = 0
    for number, caller in enumerate(callers):
        due = began + number * arguments.ring_within / arguments.speed / len(callers)
        time.sleep(max(0.0, due - time.monotonic()))
        lines.append(exchange.dial_in(f"+8210{number:08}", settings.numbers.duty, caller))
    if arguments.kill:
        threading.Timer(25 / arguments.speed, _kill_one, [server, killed]).start()
    end = time.monotonic() + 600
    while time.monotonic() < end and not all(_is_finished(line) for line in lines):
        at_most = max(at_most, sum(not line.is_over for line in lines))
        time.sleep(0.2)
    used = sum(_processor_s(pid) for pid in _workers_of(server)) - sum(spent)
    exchange.stop()
    passed = time.monotonic() - began
    print(
        f"{len(lines)} calls in {passed:.0f} s, {at_most} at once, on {arguments.database}, {arguments.workers} "
        f"workers; {len(watch.took_ms)} turns, {len(watch.took_ms) / passed:.0f} a second; "
        f"{watch.failed} requests failed{'; one worker killed' if killed.is_set() else ''}"
        + ("" if arguments.kill else f"; {1000 * used / len(watch.took_ms):.1f} ms of processor a turn")
    )
    return lines


def _is_finished(line: Line) -> bool:
    return line.is_over and not line.callbacks_under_way


def _kill_one(server: subprocess.Popen[bytes], killed: threading.Event) -> None:
    os.kill(random.choice(_workers_of(server)), signal.SIGKILL)
    killed.set()


def _tell(settings: Settings, lines: Sequence[Line], watch: Stopwatch, arguments: argparse.Namespace) -> None:
    engine = open_records(settings)
    total = account(engine, lines)
    engine.dispose()
    print(
        f"answered {total.answered} of {total.calls}, lost {total.lost}; tickets expected {total.expected}, "
        f"found {total.found}, missing {total.missing}, duplicates {total.duplicates}"
    )
    for fault in total.faults[:5]:
        print(fault)
    print("turn " + _spread(list(watch.took_ms.values())))


def _spread(took_ms: Sequence[float]) -> str:
    cuts = statistics.quantiles(took_ms, n=100)
    return (
        f"p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms, longest {max(took_ms):.0f} ms"
    )


def _compare(watch: Stopwatch) -> None:
    """The requests of the busiest seconds again, at the same moments, to the bare app."""
    began = sorted(watch.began.values())
    counts = [sum(start <= each < start + BUSIEST_S for each in began) for start in began]
    start = began[counts.index(max(counts))]
    busiest = [token for token, at in watch.began.items() if start <= at < start + BUSIEST_S]
    offsets = sorted(watch.began[token] - start for token in busiest)
    bare = Stopwatch()
    zero = time.perf_counter() + 1.0

    def one(number: int) -> None:
        time.sleep(max(0.0, zero + offsets[number] - time.perf_counter()))
        body = urlencode({"CallSid": f"CA{number}", "SpeechResult": "네 맞아요"}).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            TOKEN_HEADER: str(number),
            "X-Twilio-Signature": "",
        }
        bare.deliver(WebhookRequest("POST", f"{ADDRESS}/row", headers, body))

    def timed(number: int) -> float:
        time.sleep(max(0.0, zero + offsets[number] - time.perf_counter()))
        begun = time.perf_counter()
        one(number)
        return (time.perf_counter() - begun) * 1000

    with ThreadPoolExecutor(len(offsets)) as pool:
        reference = list(pool.map(timed, range(len(offsets))))
    ours = [watch.took_ms[token] for token in busiest]
    ratio = statistics.quantiles(ours, n=100)[94] / statistics.quantiles(reference, n=100)[94]
    print(f"busiest {BUSIEST_S} s: {len(offsets) / BUSIEST_S:.0f} turns a second; {_spread(ours)}")
    print(f"bare app, same moments: {_spread(reference)}; ratio of p95 {ratio:.1f}")


if __name__ == "__main__":
    main()
