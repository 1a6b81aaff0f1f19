"""The delivery of events to a real server on loopback: at least once, under one id, until taken or given up."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine
from werkzeug.wrappers import Request, Response

from tests.jobs.doubles import Killed
from tests.receiver import receiving
from voicebot.clock import ManualClock
from voicebot.errors import ConfigurationError, RecordNotFound, SubscriberUnavailable
from voicebot.jobs import outbox
from voicebot.jobs.engine import JobEngine
from voicebot.jobs.kinds import JobContext, JobKind, RetryPolicy
from voicebot.jobs.signed_posts import is_genuine
from voicebot.jobs.webhook_delivery import (
    DELIVER_WEBHOOK,
    WEBHOOK_RETRIES,
    Subscriber,
    delivering_handler,
    subscribers_of,
)
from voicebot.records import audit
from voicebot.records.database import transaction
from voicebot.records.tables import DeliveryState, WebhookDelivery

SECRET = "k" * 40
BODY = {
    "id": "ticket.created:17",
    "event": "ticket.created",
    "ticket": {"id": 17, "department": "도로관리과"},
}
Load = Callable[[], WebhookDelivery]


@pytest.fixture
def delivery_id(engine: Engine, clock: ManualClock) -> int:
    delivery = WebhookDelivery(
        event_key="ticket.created:17",
        event="ticket.created",
        subscriber="saeol",
        body=BODY,
        created_at=clock.now(),
    )
    with transaction(engine) as db:
        db.add(delivery)
    assert delivery.id
    return delivery.id


@pytest.fixture
def load(engine: Engine, delivery_id: int) -> Load:
    def load() -> WebhookDelivery:
        with transaction(engine) as db:
            return db.get_one(WebhookDelivery, delivery_id)

    return load


def to(url: str) -> list[Subscriber]:
    return [Subscriber("saeol", url, frozenset({"ticket.created"}), SecretStr(SECRET))]


@dataclass
class Post:
    """One attempt of the job."""

    engine: Engine
    clock: ManualClock
    delivery_id: int

    def __call__(self, subscribers: list[Subscriber], attempt: int = 1, *, is_last: bool = False) -> None:
        handle = delivering_handler(self.engine, subscribers, self.clock)
        handle({"delivery_id": self.delivery_id}, JobContext(1, attempt, is_last))


@pytest.fixture
def post(engine: Engine, clock: ManualClock, delivery_id: int) -> Post:
    return Post(engine, clock, delivery_id)


def test_it_is_posted_signed_once_and_noted(post: Post, load: Load, clock: ManualClock) -> None:
    with receiving() as receiver:
        post(to(receiver.url + "/hook?from=bot"))
        post(to(receiver.url), 2)
    [sent] = receiver.posted
    assert json.loads(sent.body) == BODY
    assert sent.path == "/hook"
    assert sent.headers["Voicebot-Event"] == "ticket.created"
    assert sent.headers["Voicebot-Event-Id"] == "ticket.created:17"
    assert sent.headers["Content-Type"] == "application/json; charset=utf-8"
    assert is_genuine(
        [SECRET],
        timestamp=sent.headers["Voicebot-Timestamp"],
        signature=sent.headers["Voicebot-Signature"],
        body=sent.body,
        now=clock.now(),
    )
    assert (load().state, load().attempts, load().last_status) == (DeliveryState.DELIVERED, 1, 200)
    assert load().delivered_at == clock.now()


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 429, 500, 503])
def test_what_is_not_taken_is_tried_again(post: Post, load: Load, status: int) -> None:
    with receiving() as receiver, receiving() as elsewhere:
        receiver.script = [lambda _request: Response(status=status, headers={"Location": elsewhere.url})]
        with pytest.raises(SubscriberUnavailable):
            post(to(receiver.url))
        assert (load().state, load().attempts, load().last_status) == (DeliveryState.WAITING, 1, status)
        post(to(receiver.url), 2)
        assert not elsewhere.posted
    assert len({sent.headers["Voicebot-Event-Id"] for sent in receiver.posted}) == 1
    assert (load().state, load().attempts) == (DeliveryState.DELIVERED, 2)


def test_a_subscriber_that_wants_no_more_is_left_alone(post: Post, load: Load, engine: Engine) -> None:
    with receiving() as receiver:
        receiver.script = [410]
        post(to(receiver.url))
        post(to(receiver.url), 2)
        assert len(receiver.posted) == 1
    assert load().state is DeliveryState.GIVEN_UP
    with transaction(engine) as db:
        [event] = audit.events_of(db, subject=f"webhook_delivery:{load().id}")
    assert (event.action, event.detail["status"]) == ("webhook.given_up", 410)


def test_the_last_attempt_gives_up(post: Post, load: Load) -> None:
    with receiving() as receiver:
        url = receiver.url
    with pytest.raises(SubscriberUnavailable):
        post(to(url))
    assert (load().state, load().last_status) == (DeliveryState.WAITING, None)
    post(to(url), 2, is_last=True)
    assert (load().state, load().attempts) == (DeliveryState.GIVEN_UP, 2)


def test_a_subscriber_missing_from_the_settings_loses_nothing(post: Post, load: Load) -> None:
    with pytest.raises(SubscriberUnavailable):
        post([])
    assert load().state is DeliveryState.WAITING
    with receiving() as receiver:
        post(to(receiver.url), 2)
    assert load().state is DeliveryState.DELIVERED


def test_after_a_crash_it_is_posted_again_under_the_same_id(
    post: Post, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise Killed

    with receiving() as receiver:
        with monkeypatch.context() as dying:
            dying.setattr("voicebot.jobs.webhook_delivery._note", die)
            with pytest.raises(Killed):
                post(to(receiver.url))
        assert load().state is DeliveryState.WAITING
        post(to(receiver.url), 2)
    first, second = receiver.posted
    assert first.headers["Voicebot-Event-Id"] == second.headers["Voicebot-Event-Id"]
    assert first.body == second.body
    assert load().state is DeliveryState.DELIVERED


def test_the_records_stay_free_while_the_other_side_takes_its_time(
    post: Post, load: Load, engine: Engine
) -> None:
    seen: list[int] = []

    def slow(_request: Request) -> Response:
        with transaction(engine) as db:  # would wait for a lock that an open transaction held
            delivery = db.get_one(WebhookDelivery, post.delivery_id, with_for_update=True)
            seen.append(delivery.attempts)
        return Response(status=200)

    with receiving() as receiver:
        receiver.script = [slow]
        post(to(receiver.url))
    assert seen == [0]
    assert load().state is DeliveryState.DELIVERED


def test_a_delivery_that_is_not_there_ends_its_job(engine: Engine, clock: ManualClock) -> None:
    handle = delivering_handler(engine, [], clock)
    with pytest.raises(RecordNotFound):
        handle({"delivery_id": 999}, JobContext(1, 1, is_last=False))


def test_the_job_engine_carries_an_event_through_an_outage(
    engine: Engine, jobs_url: str, clock: ManualClock, delivery_id: int, load: Load
) -> None:
    with transaction(engine) as db:
        item = outbox.put(
            db, kind=DELIVER_WEBHOOK, payload={"delivery_id": delivery_id}, key="x", now=clock.now()
        )
    with receiving() as receiver:
        receiver.script = [503, 500]
        handler = delivering_handler(engine, to(receiver.url), clock)
        kind = JobKind(DELIVER_WEBHOOK, handler, RetryPolicy(attempts=5, first_delay_s=0.1))
        worker = JobEngine(engine, jobs_url, [kind], clock, sweep_cron="0 0 0 29 2 *", poll_s=0.05)
        worker.launch()
        try:
            worker.hand_over([item])
            _until(lambda: load().state is DeliveryState.DELIVERED)
        finally:
            worker.shutdown(wait_s=0)
        assert len(receiver.posted) == 3
    assert load().attempts == 3


def _until(is_so: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_an_outage_of_a_weekend_is_outlasted() -> None:
    waited = sum(WEBHOOK_RETRIES.delay_s(attempt) for attempt in range(1, WEBHOOK_RETRIES.attempts))
    assert waited > 64 * 3600


@dataclass(frozen=True)
class Entry:
    name: str = "saeol"
    url: str = "https://city.example/hook"
    events: tuple[str, ...] = ("ticket.created",)
    secret_env: str = "VOICEBOT_WEBHOOK_SECRET_SAEOL"


KNOWN = ("ticket.created", "alarm.raised")
ENVIRONMENT = {"VOICEBOT_WEBHOOK_SECRET_SAEOL": SECRET}


def test_the_settings_become_subscribers_whose_secret_is_not_shown() -> None:
    [found] = subscribers_of([Entry()], ENVIRONMENT, known_events=KNOWN)
    assert found.secret.get_secret_value() == SECRET
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([Entry(), Entry()], "twice"),
        ([Entry(events=("ticket.made",))], "no event; there are: alarm.raised, ticket.created"),
        ([Entry(url="http://city.example")], "https"),
        ([Entry(secret_env="NOT_SET")], "NOT_SET is not set"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_the_remedy(entries: list[Entry], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        subscribers_of(entries, ENVIRONMENT, known_events=KNOWN)
