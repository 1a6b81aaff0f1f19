"""Discrete events on a clock: what happens on the exchange, in which order, at which second.

Each call is a *process*: a generator that yields what it waits for (`Pause`, `Await`, `Deliver`) and is resumed
when that has come. With a `ManualClock` the time between two events is skipped, so a three-minute call takes
milliseconds; with any other clock it really passes, divided by ``speed``.

The lock is held while a process runs and is free while a webhook is being delivered, because the app behind the
webhook may ask the exchange something meanwhile (start a recording, hang up, place another call).
"""

from __future__ import annotations

import heapq
import inspect
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from voicebot.clock import Clock, ManualClock
from voicebot.telephony.simulated.transport import (
    Transport,
    TransportFailure,
    WebhookRequest,
    WebhookResponse,
)

Result = TypeVar("Result")

_MOST_AT_ONCE = 512
"""Webhooks that may be under way at once in real time; the real carrier does not let one call wait for another."""


@dataclass(frozen=True)
class Pause:
    """Wait this many seconds."""

    seconds: float


@dataclass(frozen=True)
class Await:
    """Wait until somebody wakes the process, or (with a result of None) until ``seconds`` have passed."""

    seconds: float | None = None


@dataclass(frozen=True)
class Deliver:
    """Deliver a webhook; the process goes on with a WebhookResponse or a TransportFailure (as a value)."""

    request: WebhookRequest


Effect = Pause | Await | Deliver
Script = Generator[Effect, Any, Result]


class Timer:
    """An event to come. A canceled one does not happen, and no clock moves for it.

    ``is_limit``: it only cuts off what has not ended by itself (a call's time limit).
    """

    def __init__(self, action: Callable[[], None], *, is_limit: bool = False) -> None:
        self.action = action
        self.is_limit = is_limit
        self.is_canceled = False

    def cancel(self) -> None:
        self.is_canceled = True


class Process:
    """One generator under way. Everything about it happens under the timeline's lock."""

    def __init__(self, timeline: Timeline, script: Script[None]) -> None:
        self._timeline = timeline
        self._script = script
        self._turn = 0
        self._awaiting = False
        self._wakes: deque[Any] = deque()
        self._timer: Timer | None = None
        self.is_done = False

    def wake(self, value: Any) -> None:
        """Give ``value`` to the process's present or next `Await`."""
        self._wakes.append(value)
        if self._awaiting:
            self._awaiting = False
            self._resume_in(0, lambda: self._script.send(self._wakes.popleft()))

    def throw(self, error: Exception) -> None:
        """Interrupt whatever the process is waiting for."""
        self._awaiting = False
        self._resume_in(0, lambda: self._interrupt(error))

    def _interrupt(self, error: Exception) -> Effect:
        if inspect.getgeneratorstate(self._script) == inspect.GEN_CREATED:
            self._script.send(None)  # only what has begun can catch what is thrown
        return self._script.throw(error)

    def _resume_in(self, seconds: float, action: Callable[[], Effect]) -> None:
        """Resume once; whatever else was to resume the process before that is void."""
        self._supersede()
        self._timer = self._timeline.after(seconds, lambda: self._step(action))

    def _supersede(self) -> int:
        self._turn += 1
        if self._timer:
            self._timer.cancel()
            self._timer = None
        return self._turn

    def start(self) -> None:
        self._resume_in(0, lambda: self._script.send(None))

    def _step(self, action: Callable[[], Effect]) -> None:
        if self.is_done:
            return
        try:
            effect = action()
        except StopIteration:
            self.is_done = True
            return
        except BaseException:
            self.is_done = True
            raise
        self._wait_for(effect)

    def _wait_for(self, effect: Effect) -> None:
        if isinstance(effect, Pause):
            self._resume_in(effect.seconds, lambda: self._script.send(None))
        elif isinstance(effect, Deliver):
            turn = self._supersede()
            self._timeline.deliver(effect.request, lambda answer: self._answered(turn, answer))
        elif self._wakes:
            self._resume_in(0, lambda: self._script.send(self._wakes.popleft()))
        else:
            self._supersede()
            self._awaiting = True
            if effect.seconds is not None:
                self._timer = self._timeline.after(effect.seconds, self._time_out)

    def _time_out(self) -> None:
        self._awaiting = False
        self._step(lambda: self._script.send(None))

    def _answered(self, turn: int, answer: WebhookResponse | TransportFailure) -> None:
        if turn == self._turn:
            self._resume_in(answer.took_s, lambda: self._script.send(answer))


class Timeline:
    """The queue of what is to happen, and the clock it happens on."""

    def __init__(self, clock: Clock, transport: Transport, speed: float = 1.0) -> None:
        self.clock = clock
        self._transport = transport
        self._speed = speed
        self._epoch = clock.now()
        self._real_epoch = time.monotonic()
        self._queue: list[tuple[float, int, Timer]] = []
        self._numbers = itertools.count()
        self._to_deliver: deque[
            tuple[WebhookRequest, Callable[[WebhookResponse | TransportFailure], None]]
        ] = deque()
        self.changed = threading.Condition(threading.RLock())
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._fault: BaseException | None = None
        self._pool: ThreadPoolExecutor | None = None

    @property
    def is_virtual(self) -> bool:
        return isinstance(self.clock, ManualClock)

    def seconds(self) -> float:
        """Seconds since the exchange was built, on its own clock."""
        if self.is_virtual:
            return (self.clock.now() - self._epoch).total_seconds()
        return (time.monotonic() - self._real_epoch) * self._speed

    def now(self) -> datetime:
        """The moment on the exchange's clock, aware, UTC."""
        return self._epoch + timedelta(seconds=self.seconds())

    def after(self, seconds: float, action: Callable[[], None], *, is_limit: bool = False) -> Timer:
        """Have ``action`` happen ``seconds`` from now, unless the timer is canceled before."""
        timer = Timer(action, is_limit=is_limit)
        with self.changed:
            due = self.seconds() + max(0.0, seconds)
            heapq.heappush(self._queue, (due, next(self._numbers), timer))
            self.changed.notify_all()
        return timer

    def is_idle(self) -> bool:
        """Nothing more happens by itself; limits do not count."""
        with self.changed:
            return not any(not (timer.is_limit or timer.is_canceled) for _, _, timer in self._queue)

    def _next_due(self) -> float | None:
        """When the next event is due; canceled ones are dropped on the way."""
        while self._queue and self._queue[0][2].is_canceled:
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    def spawn(self, script: Script[None]) -> Process:
        process = Process(self, script)
        process.start()
        return process

    def deliver(
        self, request: WebhookRequest, then: Callable[[WebhookResponse | TransportFailure], None]
    ) -> None:
        """Deliver ``request`` as soon as the lock is free; ``then`` is called under the lock."""
        self._to_deliver.append((request, then))

    def start(self) -> None:
        """Let the exchange run in a thread of its own until `stop`."""
        self._stopping = False
        self._pool = None if self.is_virtual else ThreadPoolExecutor(_MOST_AT_ONCE, "webhook")
        self._thread = threading.Thread(target=self._run_thread, name="exchange", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self.changed:
            self._stopping = True
            self.changed.notify_all()
        if self._thread:
            self._thread.join(timeout=20)
            self._thread = None
        if self._pool:
            self._pool.shutdown(wait=True)
            self._pool = None

    def run_until(self, reached: Callable[[], bool], real_timeout_s: float = 60.0) -> bool:
        """Run until ``reached()``; False when nothing more happens (or, in a thread, on the real timeout)."""
        if self._thread:
            return self._watch(reached, real_timeout_s)
        while True:
            with self.changed:
                if reached():
                    return True
                due = self._next_due()
            if due is None:
                return False
            self._wait_real(due)
            self._happen()

    def run_for(self, seconds: float) -> None:
        """Let ``seconds`` pass on the exchange's clock with all that happens in them."""
        end = self.seconds() + seconds
        self.after(seconds, lambda: None)
        self.run_until(lambda: self.seconds() >= end)

    def _watch(self, reached: Callable[[], bool], real_timeout_s: float) -> bool:
        with self.changed:
            self.changed.wait_for(lambda: self._fault is not None or reached(), real_timeout_s)
            if self._fault is not None:
                raise self._fault
            return reached()

    def _run_thread(self) -> None:
        try:
            while self._wait_for_work():
                self._happen()
        except BaseException as fault:  # noqa: BLE001 - the top of a thread: handed to whoever waits for it
            with self.changed:
                self._fault = fault
                self.changed.notify_all()

    def _wait_for_work(self) -> bool:
        """Sleep until an event is due. False when the thread is to stop."""
        with self.changed:
            while not self._stopping:
                due = self._next_due()
                if due is not None and (self.is_virtual or due <= self.seconds()):
                    return True
                self.changed.wait(None if due is None else max(0.0, (due - self.seconds()) / self._speed))
            return False

    def _wait_real(self, due: float) -> None:
        if not self.is_virtual:
            time.sleep(max(0.0, (due - self.seconds()) / self._speed))

    def _happen(self) -> None:
        """Let the next event happen, then deliver what it wants delivered, with the lock free."""
        with self.changed:
            if self._next_due() is None:
                return
            due, _, timer = heapq.heappop(self._queue)
            if isinstance(self.clock, ManualClock):
                self.clock.advance(max(0.0, due - self.seconds()))
            timer.action()
            deliveries = list(self._to_deliver)
            self._to_deliver.clear()
            self.changed.notify_all()
        for request, then in deliveries:
            if self._pool:
                self._pool.submit(self._deliver_now, request, then)
            else:
                self._deliver_now(request, then)

    def _deliver_now(
        self, request: WebhookRequest, then: Callable[[WebhookResponse | TransportFailure], None]
    ) -> None:
        answer: WebhookResponse | TransportFailure
        try:
            answer = self._transport.deliver(request)
        except TransportFailure as failure:
            answer = failure
        with self.changed:
            then(answer)
            self.changed.notify_all()
