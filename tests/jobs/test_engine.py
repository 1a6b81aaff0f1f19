"""The engine itself, on both databases. Each test launches one: keep them few."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from dbos import DBOS, DBOSClient
from sqlalchemy import Engine, create_engine, text

from voicebot.clock import ManualClock
from voicebot.errors import CarrierUnavailable, CarrierUnknown, ConfigurationError
from voicebot.jobs import outbox
from voicebot.jobs.engine import JobEngine
from voicebot.jobs.handing_over import APPLICATION, SERIALIZER, HandOver
from voicebot.jobs.jobs_database import prepare_jobs_database, take_worker_name
from voicebot.jobs.kinds import JobContext, JobKind, QueueLimits, RetryPolicy, ScheduledJob
from voicebot.records.database import transaction
from voicebot.records.tables import OutboxItem

NEVER = "0 0 0 29 2 *"


class Work:
    """A handler that notes what it was given and ends as the script for that item says."""

    def __init__(self, **script: list[Exception]) -> None:
        self.script = script
        self.done: list[tuple[object, int]] = []

    def __call__(self, payload: Mapping[str, Any], attempt: JobContext) -> None:
        self.done.append((payload["n"], attempt.attempt))
        if errors := self.script.get(f"item_{payload['n']}"):
            raise errors.pop(0)


@pytest.fixture
def put(engine: Engine, clock: ManualClock) -> Callable[[int], int]:
    def put(n: int, kind: str = "work") -> int:
        with transaction(engine) as db:
            item = outbox.put(db, kind=kind, payload={"n": n}, key=f"{kind}:{n}", now=clock.now())
        assert item.id
        return item.id

    return put


@contextmanager
def running(job_engine: JobEngine) -> Iterator[JobEngine]:
    job_engine.launch()
    try:
        yield job_engine
    finally:
        job_engine.shutdown(wait_s=0)


def worker(engine: Engine, jobs_url: str, clock: ManualClock, work: Work, **options: Any) -> JobEngine:
    kind = JobKind("work", work, RetryPolicy(attempts=2, first_delay_s=0.1), QueueLimits(concurrency=4))
    return JobEngine(engine, jobs_url, [kind], clock, **{"sweep_cron": NEVER, "poll_s": 0.05, **options})


def until(is_so: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_it_does_what_is_handed_over_once_however_often_and_in_whatever_order(
    engine: Engine, jobs_url: str, clock: ManualClock, put: Callable[[int], int]
) -> None:
    work = Work()
    ids = [put(n) for n in range(6)]
    prepare_jobs_database(jobs_url)
    web = HandOver(engine, jobs_url)
    assert web.hand_over(reversed(ids)) == 6
    with running(worker(engine, jobs_url, clock, work)) as job_engine:
        assert job_engine.hand_over([ids[3], ids[0]]) == 2
        until(lambda: len(work.done) == 6)
        assert web.hand_over(ids + ids) == 6
        late = put(99)
        web.hand_over([late])
        until(lambda: (99, 1) in work.done)
    web.close()
    assert sorted(work.done) == [(n, 1) for n in (*range(6), 99)]
    with transaction(engine) as db:
        assert db.get_one(OutboxItem, late).handed_over_at == clock.now()


def test_it_tries_again_later_what_did_not_happen_and_never_what_may_have(
    engine: Engine, jobs_url: str, clock: ManualClock, put: Callable[[int], int]
) -> None:
    busy = CarrierUnavailable("+821000000001 is busy")
    lost = CarrierUnknown("the answer for +821000000001 was lost")
    work = Work(item_1=[busy], item_2=[lost, lost], item_3=[busy, ZeroDivisionError("+821000000001")])
    with running(worker(engine, jobs_url, clock, work)) as job_engine:
        job_engine.hand_over([put(n) for n in (1, 2, 3)])
        until(lambda: len(work.done) == 5)
        until(lambda: not DBOS.list_workflows(status=["ENQUEUED", "PENDING", "DELAYED"]))
        kept = repr([vars(workflow) for workflow in DBOS.list_workflows()])
    assert sorted(work.done) == [(1, 1), (1, 2), (2, 1), (3, 1), (3, 2)]
    assert "given_up" in kept
    assert "8210" not in kept


def test_it_loses_nothing_while_the_houses_own_database_is_out_of_order(
    engine: Engine, jobs_url: str, clock: ManualClock, put: Callable[[int], int]
) -> None:
    work = Work()
    with running(worker(engine, jobs_url, clock, work)) as job_engine:
        item_id = put(1)
        with transaction(engine) as db:
            item = db.get_one(OutboxItem, item_id)
        rename_table(engine, "outbox_item", "away")
        try:
            assert job_engine.hand_over([item]) == 1
            until(lambda: bool(DBOS.list_workflows(status="DELAYED")))
        finally:
            rename_table(engine, "away", "outbox_item")
        until(lambda: work.done == [(1, 2)])


def rename_table(engine: Engine, old: str, new: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")


def test_its_sweep_finds_what_was_never_handed_over(
    engine: Engine, jobs_url: str, clock: ManualClock, put: Callable[[int], int]
) -> None:
    work = Work()
    left = [put(n) for n in range(3)]
    clock.advance(11)
    young = put(3)
    with running(worker(engine, jobs_url, clock, work, sweep_cron="* * * * * *")):
        until(lambda: len(work.done) == 3)
        with transaction(engine) as db:
            assert db.get_one(OutboxItem, young).handed_over_at is None
            assert all(db.get_one(OutboxItem, item_id).handed_over_at for item_id in left)
    assert sorted(n for n, _ in work.done) == [0, 1, 2]


def test_it_runs_what_recurs_and_survives_its_failures(
    engine: Engine, jobs_url: str, clock: ManualClock, put: Callable[[int], int]
) -> None:
    runs: list[str] = []

    def fail() -> None:
        runs.append("fail")
        raise ZeroDivisionError

    count = ScheduledJob("count", "* * * * * *", lambda: runs.append("count"))
    failing = ScheduledJob("fail", "* * * * * *", fail)
    leave_schedule_of_an_older_release(jobs_url)
    with running(worker(engine, jobs_url, clock, Work(), scheduled=[count, failing])):
        names = {schedule["schedule_name"] for schedule in DBOS.list_schedules()}
        until(lambda: runs.count("count") >= 2 and runs.count("fail") >= 2)
    assert names == {"count", "fail", "sweep", "take_over_from_the_dead", "forget_finished"}


def leave_schedule_of_an_older_release(jobs_url: str) -> None:
    with client_of(jobs_url) as client:
        client.apply_schedules([{"schedule_name": "old", "workflow_name": "gone", "schedule": "* * * * *"}])


@contextmanager
def client_of(jobs_url: str) -> Iterator[DBOSClient]:
    prepare_jobs_database(jobs_url)
    client = DBOSClient(system_database_url=jobs_url, serializer=SERIALIZER, application_name=APPLICATION)
    yield client
    client.destroy()


def test_it_forgets_what_ended_long_ago_but_not_what_waits(
    engine: Engine, jobs_url: str, clock: ManualClock, put: Callable[[int], int]
) -> None:
    work = Work()
    with client_of(jobs_url) as client:
        client.register_queue("of_another_release", polling_interval_sec=0.05)
    with running(worker(engine, jobs_url, clock, work, keep_days=0)) as job_engine:
        job_engine.hand_over([put(6, "of_another_release")])
        job_engine.hand_over([put(n) for n in range(5)])
        until(lambda: len(DBOS.list_workflows(status="SUCCESS", workflow_id_prefix="outbox")) == 5)
        DBOS.trigger_schedule("forget_finished").get_result()
        kept = DBOS.list_workflows(workflow_id_prefix="outbox")
        assert [workflow.status for workflow in kept] == ["ENQUEUED"]


def test_it_takes_over_what_a_dead_worker_had_begun_but_nothing_of_a_living_one(
    engine: Engine, jobs_url: str, clock: ManualClock, put: Callable[[int], int]
) -> None:
    work = Work()
    with running(worker(engine, jobs_url, clock, work)) as job_engine:
        job_engine.hand_over([put(1)])
        until(lambda: [workflow.status for workflow in DBOS.list_workflows()] == ["SUCCESS"])
    pretend_begun_by(jobs_url, "worker-9")
    with running(worker(engine, jobs_url, clock, work)):
        its_name = take_worker_name(jobs_url, "worker-9")
        DBOS.trigger_schedule("take_over_from_the_dead").get_result()
        assert [w.status for w in DBOS.list_workflows(workflow_id_prefix="outbox")] == ["PENDING"]
        its_name.release()
        DBOS.trigger_schedule("take_over_from_the_dead").get_result()
        until(lambda: work.done == [(1, 1), (1, 1)])


def pretend_begun_by(jobs_url: str, name: str) -> None:
    """What a worker of that name leaves behind when it dies within its first job."""
    jobs = create_engine(jobs_url.replace("postgresql:", "postgresql+psycopg:"))
    begun = text("UPDATE workflow_status SET status = 'PENDING', executor_id = :name")
    with jobs.begin() as connection:
        if jobs.dialect.name == "postgresql":
            connection.exec_driver_sql("SET search_path TO dbos")
        connection.exec_driver_sql("DELETE FROM operation_outputs")
        connection.execute(begun, {"name": name})
    jobs.dispose()


def test_a_name_belongs_to_one_living_worker(
    engine: Engine, jobs_url: str, clock: ManualClock, put: Callable[[int], int]
) -> None:
    prepare_jobs_database(jobs_url)
    name = take_worker_name(jobs_url, "worker")
    with pytest.raises(ConfigurationError, match="--name"):
        worker(engine, jobs_url, clock, Work()).launch()
    other = take_worker_name(jobs_url, "worker-2")
    name.release()
    with running(worker(engine, jobs_url, clock, Work())):
        pass
    other.release()
    take_worker_name(jobs_url, "worker").release()
