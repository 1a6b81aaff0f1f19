"""Runs durable jobs on DBOS Transact: one workflow per outbox item, a queue per kind, a sweep, schedules.

It knows no job's meaning: handlers are given to it. One engine per process (DBOS keeps one registry).
Steps of an item: take it (mark the row), let its handler work, and either end or put the next attempt on
the queue with a delay. The engine's database holds ids, attempt numbers and endings, nothing personal.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dbos import DBOS, ClientScheduleInput, DBOSClient, DBOSConfig
from sqlalchemy import Engine

from voicebot.clock import Clock
from voicebot.errors import ConfigurationError, RecordNotFound
from voicebot.jobs import outbox
from voicebot.jobs.handing_over import (
    APPLICATION,
    APPLICATION_VERSION,
    OUTBOX_WORKFLOW,
    SERIALIZER,
    HandOver,
    enqueue_options,
)
from voicebot.jobs.jobs_database import WorkerName, plain_url, prepare_jobs_database, take_worker_name
from voicebot.jobs.kinds import Ending, JobContext, JobKind, QueueLimits, ScheduledJob, ending_of
from voicebot.records.database import reading, transaction
from voicebot.records.tables import OutboxItem

SCHEDULED_WORKFLOW = "scheduled_job"
_BATCH = 500
_FINISHED = ["SUCCESS", "ERROR", "CANCELLED"]

_log = logging.getLogger(__name__)


class JobEngine:
    """A worker.

    ``engine``: the house's database; ``jobs_url``: the engine's own; ``kinds``: what it can do;
    ``scheduled``: what recurs. ``worker``: its name, the same at every start, because a restarted worker
    recovers what ran under its name; several workers need different names. ``sweep_cron`` has seconds
    first; items younger than ``sweep_after_s`` are left to their own hand-over. ``poll_s``: how soon a
    queue notices work. Finished work is forgotten by the engine after ``keep_days``.
    """

    def __init__(
        self,
        engine: Engine,
        jobs_url: str,
        kinds: Sequence[JobKind],
        clock: Clock,
        *,
        scheduled: Sequence[ScheduledJob] = (),
        worker: str = "worker",
        sweep_cron: str = "*/15 * * * * *",
        sweep_after_s: float = 10,
        poll_s: float = 0.2,
        keep_days: int = 7,
    ) -> None:
        self._engine = engine
        self._jobs_url = jobs_url
        self._kinds = {kind.name: kind for kind in kinds}
        self._clock = clock
        self._worker = worker
        self._sweep_after = timedelta(seconds=sweep_after_s)
        self._poll_s = poll_s
        self._keep = timedelta(days=keep_days)
        self._handing_over = HandOver(engine, jobs_url)
        self._name: WorkerName | None = None
        own = (
            ScheduledJob("sweep", sweep_cron, self.sweep),
            ScheduledJob("take_over_from_the_dead", "30 * * * * *", self.take_over_from_the_dead),
            ScheduledJob("forget_finished", "17 * * * *", self.forget_finished),
        )
        self._scheduled = {job.name: job for job in (*own, *scheduled)}

    def launch(self) -> None:
        """Start working, with what a killed process left half done first. Returns at once.

        Raises ConfigurationError when a living worker has this name.
        """
        prepare_jobs_database(self._jobs_url)
        self._name = take_worker_name(self._jobs_url, self._worker)
        try:
            self._start()
        except BaseException:
            self.shutdown(wait_s=0)
            raise

    def shutdown(self, wait_s: int = 10) -> None:
        """Take no more work, give what runs ``wait_s`` seconds to end, stop. The rest is recovered."""
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=wait_s)
        self._handing_over.close()
        if self._name:
            self._name.release()
            self._name = None

    def hand_over(self, items: Iterable[OutboxItem | int | None]) -> int:
        """As `HandOver.hand_over`, for work that is asked for inside the worker."""
        return self._handing_over.hand_over(items)

    def sweep(self) -> int:
        """Hand over what a crash left between commit and hand-over. Says how many items that were."""
        swept = 0
        while items := self._left_behind():
            self._handing_over.enqueue(items)
            with transaction(self._engine) as db:
                outbox.mark_handed_over(db, [item.id for item in items if item.id], self._clock.now())
            swept += len(items)
        return swept

    def take_over_from_the_dead(self) -> int:
        """Put back on their queues what workers had begun who died and were not started again under their
        name. Whether one lives is known from its name's lock, so a slow worker is never taken for dead."""
        begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        names = {workflow.executor_id for workflow in begun} - {self._worker, None}
        return sum(self._take_over_from(str(name)) for name in names)

    def forget_finished(self) -> int:
        """Delete the engine's notes on work that ended ``keep_days`` ago: DBOS itself keeps them for ever."""
        before = (datetime.now(UTC) - self._keep).isoformat()
        forgotten = 0
        while old := DBOS.list_workflows(
            status=_FINISHED, completed_before=before, limit=_BATCH, load_input=False, load_output=False
        ):
            DBOS.delete_workflows([workflow.workflow_id for workflow in old])
            forgotten += len(old)
        return forgotten

    def _start(self) -> None:
        def outbox_item(item_id: int, kind: str, attempt: int) -> str:
            return self._work_on(item_id, kind, attempt)

        def scheduled_job(_scheduled_at: Any, name: str) -> None:
            DBOS.run_step({"name": name}, self._run_quietly, name)

        self._arrange()
        DBOS(config=self._config())
        DBOS.workflow(name=OUTBOX_WORKFLOW)(outbox_item)
        DBOS.workflow(name=SCHEDULED_WORKFLOW)(scheduled_job)
        # Else it would also take, and fail at, what other releases have queues for.
        DBOS.listen_queues([*self._kinds, *map(_queue_of, self._scheduled)])
        DBOS.launch()

    def _config(self) -> DBOSConfig:
        return DBOSConfig(
            name=APPLICATION,
            system_database_url=plain_url(self._jobs_url),
            application_version=APPLICATION_VERSION,
            executor_id=self._worker,
            serializer=SERIALIZER,
            log_level="WARNING",
            enable_otlp=False,
        )

    def _arrange(self) -> None:
        """Queues and schedules, before the launch: DBOS looks for new ones only once a second after it."""
        client = DBOSClient(
            system_database_url=plain_url(self._jobs_url),
            serializer=SERIALIZER,
            application_name=APPLICATION,
        )
        for kind in self._kinds.values():
            _register_queue(client, kind.name, kind.limits, self._poll_s)
        for name in self._scheduled:
            # Each never overlaps itself and never waits for another. Not one over all workers: a dead
            # worker's unfinished tick would block it for ever.
            _register_queue(client, _queue_of(name), QueueLimits(concurrency=1), self._poll_s * 5)
        for schedule in client.list_schedules():
            if schedule["schedule_name"] not in self._scheduled:
                client.delete_schedule(schedule["schedule_name"])
        client.apply_schedules([_schedule(job) for job in self._scheduled.values()])
        client.destroy()

    def _take_over_from(self, worker: str) -> int:
        try:
            name = take_worker_name(self._jobs_url, worker)
        except ConfigurationError:
            return 0
        try:
            begun = DBOS.list_workflows(
                status="PENDING", executor_id=worker, load_input=False, load_output=False
            )
            for workflow in begun:
                DBOS.resume_workflow(workflow.workflow_id, queue_name=workflow.queue_name)
        finally:
            name.release()
        _log.warning("took over %d jobs from the dead worker '%s'", len(begun), worker)
        return len(begun)

    def _left_behind(self) -> Sequence[OutboxItem]:
        before = self._clock.now() - self._sweep_after
        with reading(self._engine) as db:
            return outbox.pending(db, created_before=before, limit=_BATCH)

    def _work_on(self, item_id: int, kind: str, attempt: int) -> str:
        """The workflow. What it decides rests on its step's recorded answer alone."""
        ending, delay_s = DBOS.run_step({"name": "attempt"}, self._attempt, item_id, kind, attempt)
        if ending == Ending.AGAIN:
            # Not a sleep in here: that would hold a place in the queue while others could work.
            first_id = str(DBOS.workflow_id).split("~")[0]
            options = enqueue_options(kind, f"{first_id}~{attempt + 1}", delay_s)
            DBOS.enqueue_workflow_with_options(options, item_id, kind, attempt + 1)
        return str(ending)

    def _attempt(self, item_id: int, kind_name: str, attempt: int) -> tuple[str, float]:
        """The step: how it ended, and the wait before another. It never raises: DBOS would end the job and
        store the error, and errors may quote numbers."""
        kind = self._kinds[kind_name]
        error = self._error_of(item_id, kind, attempt)
        ending = ending_of(error, attempt, kind.retry)
        if ending is not Ending.DONE:
            _log.warning(
                "%s, item %s, attempt %s: %s (%s)", kind_name, item_id, attempt, ending, _name(error)
            )
        return ending.value, kind.retry.delay_s(attempt)

    def _error_of(self, item_id: int, kind: JobKind, attempt: int) -> Exception | None:
        context = JobContext(item_id=item_id, attempt=attempt, is_last=attempt >= kind.retry.attempts)
        try:
            kind.handler(self._take(item_id).payload, context)
        except Exception as error:  # noqa: BLE001 - the worker's top; `ending_of` decides what it means
            return error
        return None

    def _take(self, item_id: int) -> OutboxItem:
        with transaction(self._engine) as db:
            item = db.get(OutboxItem, item_id)
            if item is None:
                raise RecordNotFound(f"there is no outbox item {item_id}")
            if item.handed_over_at is None:
                item.handed_over_at = self._clock.now()
            return item

    def _run_quietly(self, name: str) -> None:
        job = self._scheduled.get(name)
        if job is None:
            return
        try:
            job.run()
        except Exception as error:  # noqa: BLE001 - the worker's top; the next tick tries again
            _log.error("scheduled job %s failed: %s", name, _name(error))


def _name(error: Exception | None) -> str:
    """Type and place of an error without its text, which may hold what no log should."""
    if error is None:
        return "no error"
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"


def _register_queue(client: DBOSClient, name: str, limits: QueueLimits, poll_s: float) -> None:
    window = limits.window()
    client.register_queue(
        name,
        worker_concurrency=limits.concurrency,
        limiter={"limit": window[0], "period": window[1]} if window else None,
        polling_interval_sec=poll_s,
        on_conflict="always_update",
    )


def _queue_of(scheduled_name: str) -> str:
    return f"scheduled_{scheduled_name}"


def _schedule(job: ScheduledJob) -> ClientScheduleInput:
    return ClientScheduleInput(
        schedule_name=job.name,
        workflow_name=SCHEDULED_WORKFLOW,
        schedule=job.cron,
        context=job.name,
        queue_name=_queue_of(job.name),
    )
