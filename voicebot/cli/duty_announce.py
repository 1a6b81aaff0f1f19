"""``voicebot duty announce``: what callers of the duty desk hear first."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy import Engine

from voicebot.app import open_records, require_schema
from voicebot.clock import SEOUL, SystemClock, in_seoul
from voicebot.config import load_settings
from voicebot.duty.announcements import announce as put_up
from voicebot.duty.announcements import current, standing_at, withdraw
from voicebot.records.database import reading, transaction
from voicebot.records.tables import Announcement


@click.command()
@click.argument("text", required=False)
@click.option(
    "--until", "until_text", metavar='"YYYY-MM-DD HH:MM"', help="When it ends by itself, Seoul time."
)
@click.option("--place", help="Where, for staff; what callers are to hear of it must stand in TEXT.")
@click.option("--by", help="Who decides it (a member of staff), for the audit trail.")
@click.option("--long", "is_long", is_flag=True, help="It is meant to last more than a day.")
@click.option("--list", "is_list", is_flag=True, help="Show what stands.")
@click.option("--withdraw", "withdrawn", type=int, metavar="N", help="Take announcement N down.")
def announce(
    text: str | None,
    until_text: str | None,
    place: str | None,
    by: str | None,
    is_long: bool,
    is_list: bool,
    withdrawn: int | None,
) -> None:
    """Let every caller hear TEXT first, before they report what they ring for.

    \b
    voicebot duty announce "심곡동 일대 정전을 복구하고 있습니다." --until "2026-12-01 06:00" --by 7
    voicebot duty announce --list
    voicebot duty announce --withdraw 3 --by 7

    Figures are put into words. The newest two are spoken, the newest first. The same TEXT again moves its end.
    """
    if sum((text is not None, is_list, withdrawn is not None)) != 1:
        raise click.UsageError("give a TEXT, or --list, or --withdraw N")
    if is_list:
        _list()
    elif not by:
        raise click.UsageError("say who decides it: --by WHO")
    elif withdrawn is not None:
        _withdraw(withdrawn, by)
    elif text is None or until_text is None:
        raise click.UsageError('say when it ends: --until "2026-12-01 06:00"')
    else:
        _put_up(text, _moment(until_text), place, by, is_long=is_long)


def _put_up(text: str, until: datetime, place: str | None, by: str, *, is_long: bool) -> None:
    now = SystemClock().now()
    with transaction(_records()) as db:
        new = put_up(db, text=text, until=until, at=now, actor=f"staff:{by}", place=place, is_long=is_long)
        silent = new.text not in current(db, now)
        click.echo(_line(new))
    click.echo(
        "Callers hear it first from now on." if not silent else "Two newer ones are heard instead of it."
    )


def _withdraw(number: int, by: str) -> None:
    with transaction(_records()) as db:
        is_down = withdraw(db, announcement_id=number, at=SystemClock().now(), actor=f"staff:{by}")
    click.echo("Callers hear it no more." if is_down else "It was over already.")


def _list() -> None:
    now = SystemClock().now()
    with reading(_records()) as db:
        standing = standing_at(db, now)
        heard = current(db, now)
    for each in standing:
        click.echo(_line(each) + ("" if each.text in heard else "  (not heard: two are newer)"))
    if not standing:
        click.echo('There is none. Put one up with: voicebot duty announce TEXT --until "…" --by WHO')


def _line(each: Announcement) -> str:
    place = f" [{each.place}]" if each.place else ""
    ends = in_seoul(each.ends_at).strftime("%Y-%m-%d %H:%M")
    return f"{each.id:>5}  until {ends}  {each.created_by}{place} | {each.text}"


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(" ".join(text.replace("T", " ").split()), "%Y-%m-%d %H:%M").replace(
            tzinfo=SEOUL
        )
    except ValueError as error:
        raise click.BadParameter(
            f"'{text}' is no moment; write it like 2026-12-01 06:00", param_hint="--until"
        ) from error


def _records() -> Engine:
    engine = open_records(load_settings())
    require_schema(engine)
    return engine
