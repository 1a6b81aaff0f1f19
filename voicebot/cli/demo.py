"""``voicebot demo``: a made-up city, a whole call in it, and what the social worker then sees."""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlmodel import select

from voicebot.app import (
    House,
    build_house,
    carrier_of,
    create_app,
    is_demo_city,
    job_engine,
    prepare_database,
    warm_up,
)
from voicebot.calls.outgoing import CallOrder, order_call
from voicebot.cli.simulation import carrying, exchange_for, listening, speed_option
from voicebot.clock import SystemClock
from voicebot.config import SECRET_KEY_FILE, Settings, load_settings
from voicebot.console.view import call_page, follow_up_rows
from voicebot.errors import ConfigurationError
from voicebot.jobs.placing import request_placing
from voicebot.outreach.texts import give_notice
from voicebot.records.database import reading, transaction
from voicebot.records.demo import (
    FIRST_RESIDENT_NUMBER,
    begin_again_with_first_resident,
    fill_demo_city,
)
from voicebot.records.tables import Resident
from voicebot.records.work import CallWork
from voicebot.telephony.simulated.lines import Line, Spoken

USED_BY_SOME = ("telecom_mobile", "electricity_welfare", "tv_licence", "city_gas", "culture_nuri")
_WHO = {"bot": "안내", "person": "주민", "carrier": "통신사"}


@click.command()
@click.option("--prepare", is_flag=True, help="Fill the database with the made-up city, then stop.")
@click.option("--once", is_flag=True, help="Stop after the call instead of serving on.")
@speed_option(6.0, "How fast the conversation passes.")
def demo(prepare: bool, once: bool, speed: float) -> None:
    """Found a made-up city, ring a resident in it, show the conversation and what comes of it.

    Nobody in it exists and nothing is dialled: the carrier is simulated. The web site stays up until Ctrl-C.
    """
    _make_secret_key()
    settings = load_settings()
    fill(settings)
    if prepare:
        click.echo(f"The demo city is in {_shown(settings.database.url)}; nobody was dialled.")
        return
    _run(_as_demo(settings), once=once, speed=speed)


def _make_secret_key() -> None:
    """The demo's own key, in a file outside git, unless the environment has one."""
    if os.environ.get("VOICEBOT_SECRET_KEY") or SECRET_KEY_FILE.exists():
        return
    SECRET_KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
    key = base64.urlsafe_b64encode(os.urandom(32)).decode("ascii")
    descriptor = os.open(SECRET_KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key + "\n")


def fill(settings: Settings) -> None:
    """Make the database and the city in it. Raises ConfigurationError where real residents live."""
    engine = prepare_database(settings)
    if not is_demo_city(engine):
        with reading(engine) as db:
            if db.exec(select(Resident.id).limit(1)).first() is not None:
                raise ConfigurationError(
                    f"{_shown(settings.database.url)} holds residents who are not made up; "
                    "set VOICEBOT_DATABASE_URL to another database"
                )
    with transaction(engine) as db:
        fill_demo_city(db, clock=SystemClock(), programme_ids=USED_BY_SOME)
        begin_again_with_first_resident(db, clock=SystemClock())
    engine.dispose()


def _as_demo(settings: Settings) -> Settings:
    """The simulated carrier, and pages open to everyone: all people in them are invented."""
    return settings.model_copy(
        update={
            "carrier": settings.carrier.model_copy(update={"kind": "simulated", "api_base_url": None}),
            "console": settings.console.model_copy(update={"open_to_everyone": True}),
        }
    )


def _run(settings: Settings, *, once: bool, speed: float) -> None:
    house = build_house(settings)
    warm_up(house)
    exchange = exchange_for(settings, speed=speed)
    over = threading.Event()
    exchange.listeners.append(_print_line)
    with (
        listening(create_app(house=house), settings.public_url),
        carrying(exchange),
        _working(house),
    ):
        click.echo(f"부천시 시연용 도시가 열렸습니다: {settings.public_url}\n")
        call_id = _order(house)
        click.echo("김말순 님께 전화를 겁니다.\n")
        exchange.run_until(lambda: _is_over(house, call_id), real_timeout_s=180)
        _show_outcome(house, call_id)
        if not once:
            _say_what_next(settings)
            _wait(over)


@contextmanager
def _working(house: House) -> Iterator[None]:
    engine = job_engine(house, carrier_of(house.settings), worker="demo")
    engine.launch()
    try:
        yield
    finally:
        engine.shutdown(wait_s=2)


def _order(house: House) -> str:
    """The text first, then the call, both as durable jobs."""
    with transaction(house.engine) as db:
        order = CallOrder("welfare_info", FIRST_RESIDENT_NUMBER, house.settings.numbers.outreach, "demo")
        call = order_call(house.centre, db, order)
        work = CallWork(db, house.clock.now(), call)
        notice = give_notice(house.welfare, work)
        items = [item for item in (notice, request_placing(db, call.id, work.now)) if item is not None]
    house.centre.hand_over(items)
    return call.id


def _is_over(house: House, call_id: str) -> bool:
    from voicebot.records.calls import outcome_of

    with reading(house.engine) as db:
        return outcome_of(db, call_id) is not None


def _print_line(line: Line, spoken: Spoken) -> None:
    click.echo(f"{spoken.at:6.1f}초  {_WHO[spoken.who]:4} {spoken.text}")


def _show_outcome(house: House, call_id: str) -> None:
    with reading(house.engine) as db:
        page = call_page(db, house.centre.shelf, call_id)
        rows = follow_up_rows(db)
    click.echo(f"\n통화 결과: {page.row.outcome or '아직 없음'}")
    for text in page.texts:
        first, *rest = text.body.splitlines()
        click.echo(f"문자({text.state}): {first}{' …' if rest else ''}")
    click.echo("\n사회복지사에게 보이는 할 일:")
    for row in rows:
        head, *more = row.summary.splitlines()
        click.echo(f"  [{row.priority}] {row.site} · {row.who} · {row.kind}: {head}")
        for each in more:
            click.echo(f"        {each}")


def _say_what_next(settings: Settings) -> None:
    click.echo(
        f"""
다음에 해 볼 것 (다른 터미널에서):
  {settings.public_url}/console/            통화와 할 일을 화면에서 보기
  .venv/bin/voicebot phone                  김말순 님이 되어 시청 전화를 받아 보기
  .venv/bin/voicebot phone --to 032-625-2869   시청에 다시 전화해 보기
  .venv/bin/voicebot dialogs draw welfare_info  대화를 그림으로 보기
끝내려면 Ctrl-C를 누르세요.
"""
    )


def _wait(over: threading.Event) -> None:
    try:
        while not over.wait(3600):
            pass
    except KeyboardInterrupt:
        click.echo("\n시연을 마칩니다.")


def _shown(url: str) -> str:
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True)
