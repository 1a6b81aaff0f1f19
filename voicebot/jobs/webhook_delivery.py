"""The delivery of one event to one subscriber: post it signed until it is taken. At least once, never in a turn.

An event is posted again after a crash or a lost answer, always under the same id: the receiver drops what it
has. Ended by: taken (2xx), 410 (the subscriber wants no more), or the last attempt, after about three days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import requests
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import Session, select

from voicebot.clock import Clock
from voicebot.errors import ConfigurationError, RecordNotFound, SubscriberUnavailable
from voicebot.jobs.kinds import JobContext, JobHandler, RetryPolicy
from voicebot.jobs.signed_posts import post, require_safe_url, secret_from
from voicebot.records import audit
from voicebot.records.database import transaction
from voicebot.records.tables import DeliveryState, WebhookDelivery

DELIVER_WEBHOOK = "deliver_webhook"
WEBHOOK_RETRIES = RetryPolicy(attempts=80, first_delay_s=5, longest_delay_s=3600)
"""5 s, 10 s … an hour, for three days: over a weekend's outage of the city's system nothing is lost."""
EVENT_HEADER = "Voicebot-Event"
EVENT_ID_HEADER = "Voicebot-Event-Id"
_GONE = 410


@dataclass(frozen=True)
class Subscriber:
    """A program of the city that wants events. ``name`` stands in the records and must stay the same."""

    name: str
    url: str
    events: frozenset[str]
    secret: SecretStr


class WebhookSetting(Protocol):
    """One entry of ``duty.webhooks`` in the settings."""

    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def events(self) -> Sequence[str]: ...
    @property
    def secret_env(self) -> str: ...


def subscribers_of(
    entries: Iterable[WebhookSetting], environment: Mapping[str, str], *, known_events: Iterable[str]
) -> tuple[Subscriber, ...]:
    """The settings' subscribers with their secrets. Raises ConfigurationError with the remedy."""
    known, found = frozenset(known_events), dict[str, Subscriber]()
    for entry in entries:
        setting = f"duty.webhooks '{entry.name}'"
        if entry.name in found:
            raise ConfigurationError(f"{setting} stands there twice; give each a name of its own")
        if unknown := sorted(set(entry.events) - known):
            raise ConfigurationError(
                f"{setting}: '{unknown[0]}' is no event; there are: {', '.join(sorted(known))}"
            )
        found[entry.name] = Subscriber(
            name=entry.name,
            url=require_safe_url(entry.url, setting=setting),
            events=frozenset(entry.events),
            secret=secret_from(environment, entry.secret_env, setting=setting),
        )
    return tuple(found.values())


def delivering_handler(engine: Engine, subscribers: Iterable[Subscriber], clock: Clock) -> JobHandler:
    """`deliver` as a job, with the last attempt given up for good."""
    named = {subscriber.name: subscriber for subscriber in subscribers}

    def handle(payload: Mapping[str, Any], attempt: JobContext) -> None:
        delivery_id = int(payload["delivery_id"])
        if deliver(engine, named, delivery_id, clock, is_last=attempt.is_last) is DeliveryState.WAITING:
            raise SubscriberUnavailable(f"webhook delivery {delivery_id} was not taken")

    return handle


def deliver(
    engine: Engine,
    subscribers: Mapping[str, Subscriber],
    delivery_id: int,
    clock: Clock,
    *,
    is_last: bool = False,
) -> DeliveryState:
    """Post one event unless that is over already, and write down how it went. Raises RecordNotFound.

    WAITING: to be tried again, also where the settings name the subscriber no longer: a slip in them must
    not lose events. No transaction is open while the other side is waited for.
    """
    with transaction(engine) as db:
        delivery = _locked(db, delivery_id)
    if delivery.state is not DeliveryState.WAITING:
        return delivery.state
    status = _post(subscribers.get(delivery.subscriber), delivery, clock)
    with transaction(engine) as db:
        return _note(db, _locked(db, delivery_id), status, clock, is_last=is_last)


def _post(subscriber: Subscriber | None, delivery: WebhookDelivery, clock: Clock) -> int | None:
    """The subscriber's HTTP status; None when no answer came."""
    if subscriber is None:
        return None
    headers = {EVENT_HEADER: delivery.event, EVENT_ID_HEADER: str(delivery.body["id"])}
    try:
        answer = post(
            subscriber.url, delivery.body, secret=subscriber.secret, now=clock.now(), headers=headers
        )
    except requests.RequestException:
        return None
    return answer.status


def _note(
    db: Session, delivery: WebhookDelivery, status: int | None, clock: Clock, *, is_last: bool
) -> DeliveryState:
    """What was taken stays taken, whatever a second attempt beside it says."""
    if delivery.state is DeliveryState.DELIVERED:
        return delivery.state
    delivery.attempts += 1
    delivery.last_status = status
    if status is not None and 200 <= status < 300:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, clock.now()
    elif (status == _GONE or is_last) and delivery.state is DeliveryState.WAITING:
        delivery.state = DeliveryState.GIVEN_UP
        audit.record(
            db,
            at=clock.now(),
            actor="system",
            action="webhook.given_up",
            subject=f"webhook_delivery:{delivery.id}",
            detail={"subscriber": delivery.subscriber, "event": delivery.event, "status": status},
        )
    return delivery.state


def _locked(db: Session, delivery_id: int) -> WebhookDelivery:
    query = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id).with_for_update()
    found = db.exec(query).one_or_none()
    if found is None:
        raise RecordNotFound(f"there is no webhook delivery {delivery_id}")
    return found
