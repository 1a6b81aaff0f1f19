"""The house put together: the only place, beside the commands, that names concrete providers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import Session

from voicebot.api.health import health_blueprint, measure
from voicebot.api.open311 import Open311, open311_blueprint
from voicebot.calls.centre import CallCentre
from voicebot.calls.statuses import StatusReport, apply_status
from voicebot.clock import Clock, SystemClock, in_seoul
from voicebot.config import PROJECT_ROOT, Settings, check_secret_key, load_settings
from voicebot.console.pages import console_blueprint
from voicebot.dialog import DialogShelf
from voicebot.duty.advice import load_advice
from voicebot.duty.alarm_watch import alarm_watch
from voicebot.duty.desk import DutyDesk
from voicebot.duty.digest_morning import digest_job
from voicebot.duty.events import EVENTS
from voicebot.duty.postbox import FilePostbox
from voicebot.duty.roster import RosterShelf
from voicebot.duty.spoken import summary_of_call
from voicebot.duty.working_hours import is_working_day
from voicebot.errors import ConfigurationError
from voicebot.jobs.carriers import CarrierCall, ListsCalls, SendsTexts
from voicebot.jobs.engine import JobEngine
from voicebot.jobs.handing_over import HandOver
from voicebot.jobs.jobs_database import jobs_url_of, prepare_jobs_database
from voicebot.jobs.kinds import JobKind, QueueLimits, RetryPolicy, ScheduledJob
from voicebot.jobs.placing import PLACE_CALL, placing_handler
from voicebot.jobs.reconciling import reconcile
from voicebot.jobs.text_sending import SEND_TEXT, sending_handler
from voicebot.jobs.webhook_delivery import (
    DELIVER_WEBHOOK,
    WEBHOOK_RETRIES,
    Subscriber,
    delivering_handler,
    subscribers_of,
)
from voicebot.nlu.readiness import wake
from voicebot.outreach.gate import hindrance
from voicebot.outreach.lines import any_dialog, outreach_dialogs
from voicebot.outreach.programmes import keep_catalogue
from voicebot.outreach.texts import text_hindrance
from voicebot.outreach.unplaced import note_unplaced
from voicebot.outreach.welfare_call import WelfareCall
from voicebot.records.database import open_database, reading, transaction
from voicebot.records.demo import FIRST_EXTERNAL_ID
from voicebot.records.key_check import require_key
from voicebot.records.people import find_resident_by_external_id
from voicebot.records.phones import display_phone
from voicebot.records.schema import current, newest, upgrade
from voicebot.records.sites import seed_sites
from voicebot.records.tables import Call, OutboxItem
from voicebot.telephony.http_text_reports import text_reports_blueprint
from voicebot.telephony.http_texts import gateway_of
from voicebot.telephony.twilio_carrier import TwilioCarrier, connect
from voicebot.telephony.webhooks import Telephony, voice_blueprint
from voicebot.welfare.catalogue import CONFIRMATIONS, DEMO_CONFIRMATIONS, Catalogue, load_catalogue


@dataclass(frozen=True)
class House:
    """One process's share of the house. Threads share it."""

    settings: Settings
    clock: Clock
    engine: Engine
    catalogue: Catalogue
    welfare: WelfareCall
    duty: DutyDesk
    centre: CallCentre
    jobs_url: str


def build_house(
    settings: Settings,
    *,
    clock: Clock | None = None,
    hand_over: Callable[[Iterable[OutboxItem]], object] | None = None,
    catalogue: Catalogue | None = None,
) -> House:
    """Open the records and put the rooms together; nothing is migrated, dialled or launched.

    ``hand_over``: told of committed outbox items; by default they go to the job engine's database.
    ``catalogue``: by default read from the files that the settings name.
    """
    engine = open_records(settings)
    clock = clock or SystemClock()
    jobs_url = jobs_url_of(settings.database)
    duty = duty_desk_of(settings)
    catalogue = catalogue or load_catalogue(confirmations=_confirmations(settings, engine))
    welfare = WelfareCall(
        catalogue=catalogue,
        department=settings.outreach.department_ko,
        call_back_number=settings.call_back_number,
        records_calls=settings.recording.calls,
    )
    centre = CallCentre(
        engine=engine,
        shelf=DialogShelf(settings.dialogs_path),
        dialogs={**outreach_dialogs(welfare), "duty_desk": duty},
        default=any_dialog(welfare),
        clock=clock,
        hand_over=hand_over or HandOver(engine, jobs_url).hand_over,
    )
    return House(settings, clock, engine, catalogue, welfare, duty, centre, jobs_url)


def duty_desk_of(settings: Settings) -> DutyDesk:
    """The duty desk with its roster and advice. Raises DataFileError for a faulty file: better now than at night."""
    roster = RosterShelf(settings.roster_path, bot_numbers=bot_numbers(settings))
    return DutyDesk(
        advice_of=load_advice(settings.advice_path).of,
        chain_at=roster.on_duty,
        accept_within_s=settings.duty.accept_within_s,
        subscribers=duty_subscribers(settings),
        records_calls=settings.recording.calls,
    )


def duty_subscribers(settings: Settings) -> tuple[Subscriber, ...]:
    """The city's systems that are told what happens at the duty desk. Raises ConfigurationError."""
    return subscribers_of(settings.duty.webhooks, named_secrets(settings), known_events=EVENTS)


def bot_numbers(settings: Settings) -> frozenset[str]:
    """The numbers that this bot answers: an officer's must be none of them."""
    numbers = settings.numbers
    return frozenset({numbers.duty, numbers.outreach, numbers.callback})


def named_secrets(settings: Settings) -> dict[str, str]:
    """The secrets that the settings name by their variables."""
    return {name: secret.get_secret_value() for name, secret in settings.secrets.named.items()}


def warm_up(house: House) -> None:
    """Read every dialog and wake the understanding, so that the first caller waits no longer than the next.

    Raises DataFileError for a dialog that cannot be read: better now than on the telephone.
    """
    for name in house.centre.shelf.names():
        house.centre.shelf.get(name)
    wake()
    house.duty.chain_at(house.clock.now())
    is_working_day(in_seoul(house.clock.now()).date())


def open_records(settings: Settings) -> Engine:
    """The records' database, with the keyring."""
    key = check_secret_key(settings.secrets.secret_key.get_secret_value())
    return open_database(settings.database.url, key)


def require_schema(engine: Engine) -> None:
    """Raises ConfigurationError unless the database is made, at this program's version, and can be read with
    the present secret: with another one, whoever refused calls would not be found and would be rung."""
    found, needed = current(engine), newest()
    if found != needed:
        raise ConfigurationError(
            f"the database is at version {found or 'none'}, {needed} is needed; run: voicebot db upgrade"
        )
    require_key(engine)


def prepare_database(settings: Settings) -> Engine:
    """Make or migrate both databases and store the sites and programmes. Safe to do again."""
    engine = open_records(settings)
    upgrade(engine)
    prepare_jobs_database(jobs_url_of(settings.database))
    with transaction(engine) as db:
        seed_sites(db)
        keep_catalogue(db, load_catalogue())
    return engine


def create_app(settings: Settings | None = None, *, house: House | None = None) -> Flask:
    """The web application: the carrier's webhooks, the console's pages, Open311, health and metrics."""
    house = house or build_house(settings or load_settings())
    app = Flask("voicebot", static_folder=None)
    app.register_blueprint(voice_blueprint(telephony_of(house)))
    app.register_blueprint(console_blueprint(house.centre, house.settings))
    app.register_blueprint(open311_blueprint(open311_of(house)))
    if (gateway := house.settings.duty.texts_gateway) is not None:
        secret = SecretStr(house.settings.secret(gateway.secret_env).decode())
        app.register_blueprint(text_reports_blueprint(house.engine, house.clock, secret))
    app.register_blueprint(health_blueprint(house.engine))
    measure(app)
    return app


def telephony_of(house: House) -> Telephony:
    """The carrier's side, with tonight's officers as desks and a word for whoever picks up."""

    def officers() -> Mapping[str, str]:
        first, *rest = house.duty.chain_at(house.clock.now())
        second = rest[0] if rest else first
        return {"duty_officer": first.phone, "duty_second": second.phone}

    def whisper(call_id: str) -> str:
        with reading(house.engine) as db:
            return summary_of_call(db, call_id)

    return Telephony(house.settings, house.centre, officers, whisper)


def open311_of(house: House) -> Open311:
    """The duty desk's tickets for the city's other programs."""
    settings = house.settings
    return Open311(
        engine=house.engine,
        clock=house.clock,
        hand_over=house.centre.hand_over,
        url=f"{settings.public_url}/open311/v2",
        contact=f"{settings.city_ko} 당직실 {display_phone(settings.numbers.duty)}",
        is_test=settings.carrier.kind == "simulated",
        opened=house.duty.opened,
    )


def carrier_of(settings: Settings) -> TwilioCarrier:
    """The configured carrier; the simulated one speaks Twilio's language."""
    return TwilioCarrier(connect(settings), settings)


def job_engine(
    house: House,
    carrier: TwilioCarrier,
    *,
    worker: str = "worker",
) -> JobEngine:
    """The worker: placing calls, sending texts, posting events, reconciling what stopped reporting."""
    rate = house.settings.carrier.calls_per_second
    kinds: Sequence[JobKind] = (
        JobKind(
            PLACE_CALL,
            placing_handler(
                house.engine, carrier, house.clock, gate=gate_of(house), on_refused=note_unplaced
            ),
            RetryPolicy(),
            QueueLimits(concurrency=4, per_second=rate),
        ),
        JobKind(
            SEND_TEXT,
            sending_handler(house.engine, texts_of(house) or carrier, house.clock, gate=text_hindrance),
            RetryPolicy(),
            QueueLimits(concurrency=4),
        ),
        JobKind(
            DELIVER_WEBHOOK,
            delivering_handler(house.engine, house.duty.subscribers, house.clock),
            WEBHOOK_RETRIES,
            QueueLimits(concurrency=4),
        ),
    )
    engine = JobEngine(
        house.engine,
        house.jobs_url,
        kinds,
        house.clock,
        scheduled=[
            ScheduledJob("reconcile", "* * * * *", lambda: _reconcile(house, carrier, engine)),
            alarm_watch(
                house.engine,
                house.clock,
                chain_at=house.duty.chain_at,
                accept_within_s=house.duty.accept_within_s,
                hand_over=lambda items: engine.hand_over(items),
            ),
            digest_job(house.engine, house.clock, is_working_day=is_working_day, postbox=FilePostbox()),
        ],
        worker=worker,
    )
    return engine


def texts_of(house: House) -> SendsTexts | None:
    """The city's own gateway for texts, if the settings name one; None: the carrier sends them."""
    gateway = house.settings.duty.texts_gateway
    if gateway is None:
        return None
    return gateway_of(
        gateway.url,
        gateway.secret_env,
        named_secrets(house.settings),
        sender=house.settings.numbers.duty,
        clock=house.clock,
    )


def gate_of(house: House) -> Callable[[Session, Call], str | None]:
    """The last look before dialling."""
    return hindrance


def _reconcile(house: House, carrier: ListsCalls, engine: JobEngine) -> None:
    reconcile(
        house.engine,
        carrier,
        house.clock,
        apply_status=status_applier(house),
        hand_over=engine.hand_over,
    )


def status_applier(house: House) -> Callable[[CarrierCall], None]:
    """What reconciliation learns of a call is applied as a status report of the carrier's."""

    def apply(seen: CarrierCall) -> None:
        report = StatusReport(carrier_sid=seen.sid, status=seen.status, duration_s=seen.duration_s)
        apply_status(house.centre, report)

    return apply


def _confirmations(settings: Settings, engine: Engine) -> Path:
    """The file of confirmed amounts: the city's own, or the demo city's."""
    if settings.welfare.confirmations:
        return PROJECT_ROOT / settings.welfare.confirmations
    return DEMO_CONFIRMATIONS if is_demo_city(engine) else CONFIRMATIONS


def is_demo_city(engine: Engine) -> bool:
    """Whether the made-up city lives in this database. False for one that is not made yet."""
    if current(engine) is None:
        return False
    with reading(engine) as db:
        return find_resident_by_external_id(db, FIRST_EXTERNAL_ID) is not None
