"""A worker to be killed: ``python -m tests.jobs.killable_worker DATABASE JOBS CARRIER NAME [POINT]``.

The first three are URLs. It works until it dies: from outside, or by its own SIGKILL when a placement
reaches POINT (``claimed``, ``dialled``, ``recorded``). Its database's key is the tests' own.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from datetime import datetime, timedelta

from voicebot.clock import SystemClock
from voicebot.errors import CarrierUnavailable, CarrierUnknown
from voicebot.jobs.carriers import CarrierCall
from voicebot.jobs.engine import JobEngine
from voicebot.jobs.kinds import JobKind, QueueLimits, RetryPolicy, ScheduledJob
from voicebot.jobs.placing import PLACE_CALL, placing_handler
from voicebot.jobs.reconciling import Patience, reconcile
from voicebot.records.database import open_database

IMPATIENT = Patience(lost_answer=timedelta(seconds=2), dead_claim=timedelta(seconds=4))


class HttpCarrier:
    """The carrier of `carrier_server`; its errors are mapped as an adapter must."""

    def __init__(self, url: str) -> None:
        self._url = url

    def place(self, call_id: str, to: str, from_: str) -> str:
        body = json.dumps({"call_id": call_id, "to": to, "from_": from_}).encode()
        try:
            with urllib.request.urlopen(f"{self._url}/calls", body, timeout=1) as answer:  # noqa: S310
                return str(json.load(answer)["sid"])
        except urllib.error.HTTPError as error:
            raise CarrierUnavailable("later") from error
        except OSError as error:
            raise CarrierUnknown("no answer") from error

    def list_calls(self, *, to: str, since: datetime) -> Sequence[CarrierCall]:
        query = urllib.parse.urlencode({"to": to})
        with urllib.request.urlopen(f"{self._url}/calls?{query}", timeout=5) as answer:  # noqa: S310
            return [
                CarrierCall(call["sid"], call["to"], call["from_"], "queued") for call in json.load(answer)
            ]

    def fetch_call(self, sid: str) -> CarrierCall | None:
        raise NotImplementedError


def main(database_url: str, jobs_url: str, carrier_url: str, name: str, dies_at: str = "") -> None:
    engine = open_database(database_url, bytes(range(32)))
    clock, carrier = SystemClock(), HttpCarrier(carrier_url)

    def reached(point: str) -> None:
        if point == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    kind = JobKind(
        PLACE_CALL,
        placing_handler(engine, carrier, clock, reached=reached),
        RetryPolicy(first_delay_s=0.5),
        QueueLimits(concurrency=8, per_second=100),
    )
    work: JobEngine

    def clear_up() -> None:
        reconcile(engine, carrier, clock, patience=IMPATIENT, hand_over=lambda ids: work.hand_over(ids))

    work = JobEngine(
        engine,
        jobs_url,
        [kind],
        clock,
        scheduled=[ScheduledJob("reconcile", "* * * * * *", clear_up)],
        worker=name,
        sweep_cron="*/2 * * * * *",
        sweep_after_s=1,
        poll_s=0.05,
    )
    work.launch()
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
