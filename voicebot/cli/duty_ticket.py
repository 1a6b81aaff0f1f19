"""``voicebot duty ticket``: show one ticket with its words and history, or move it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import click
from sqlmodel import Session

from voicebot.app import duty_desk_of, open_records, require_schema
from voicebot.clock import SystemClock, in_seoul
from voicebot.config import load_settings
from voicebot.duty import alarms
from voicebot.duty.board import where_ko
from voicebot.duty.callers import STATE_KO
from voicebot.duty.departments import require_department
from voicebot.duty.desk import DutyDesk
from voicebot.duty.events import TICKET_UPDATED, publish
from voicebot.duty.merging import merge
from voicebot.duty.moves import FINISHED
from voicebot.duty.sheet import TicketSheet, look_at
from voicebot.duty.tickets import add_note, correct, get_ticket, hand_over, move
from voicebot.errors import RecordConflict, RecordNotFound
from voicebot.records.database import transaction
from voicebot.records.tables import Ticket, TicketState


@dataclass(frozen=True)
class _Doing:
    """Who does it, when and why."""

    actor: str
    at: datetime
    note: str | None
    desk: DutyDesk


_NUMBER = click.IntRange(1, 2**31 - 1)
Act = Callable[[Session, Ticket, _Doing], object]


@click.command("ticket")
@click.argument("number", type=_NUMBER)
@click.option("--accept", is_flag=True, help="I have seen it and take it.")
@click.option("--start", is_flag=True, help="It is being worked on.")
@click.option(
    "--hand-over", "department", metavar="DEPARTMENT", help="Give it to a department, e.g. 도로관리과."
)
@click.option("--done", is_flag=True, help="It is settled.")
@click.option("--reject", is_flag=True, help="The city cannot do it; say why with --note.")
@click.option("--reopen", is_flag=True, help="Take back that it was finished; say why with --note.")
@click.option(
    "--merge-into", "into", type=_NUMBER, metavar="N", help="It is the same as ticket N. Cannot be undone."
)
@click.option(
    "--correct", "intent", metavar="INTENT", help="The matter is another one: a name from intents/."
)
@click.option("--note", metavar="TEXT", help="Why; alone, it is written down with the ticket.")
@click.option("--by", required=True, help="Who looks or acts (a member of staff), for the audit trail.")
def ticket(
    number: int,
    accept: bool,
    start: bool,
    department: str | None,
    done: bool,
    reject: bool,
    reopen: bool,
    into: int | None,
    intent: str | None,
    note: str | None,
    by: str,
) -> None:
    """Show ticket NUMBER, or do one thing with it. Who looks at a caller's words is audited."""
    wanted: list[tuple[bool, Act]] = [
        (accept, _accept),
        (start, _start),
        (department is not None, partial(_hand_over, department=department or "")),
        (done, partial(_move, to=TicketState.DONE)),
        (reject, partial(_move, to=TicketState.REJECTED)),
        (reopen, _reopen),
        (into is not None, partial(_merge, into=into or 0)),
        (intent is not None, partial(_correct, intent=intent or "")),
    ]
    acts = [act for is_wanted, act in wanted if is_wanted]
    if len(acts) > 1:
        raise click.UsageError("one thing at a time: give one of --accept, --start, --hand-over …")
    if not acts and note is not None:
        acts = [_add_note]
    _show_or_do(number, acts[0] if acts else None, actor=f"staff:{by}", note=note)


def _show_or_do(number: int, act: Act | None, *, actor: str, note: str | None) -> None:
    settings = load_settings()
    engine = open_records(settings)
    require_schema(engine)
    doing = _Doing(actor, SystemClock().now(), note, duty_desk_of(settings))
    with transaction(engine) as db:
        found = get_ticket(db, number)
        if act is None:
            sheet = look_at(db, number, actor=doing.actor, at=doing.at)
        else:
            act(db, found, doing)
            publish(db, event=TICKET_UPDATED, ticket=found, at=doing.at, subscribers=doing.desk.subscribers)
    click.echo(_in_words(sheet) if act is None else _summary(found))


def _move(db: Session, found: Ticket, doing: _Doing, *, to: TicketState) -> None:
    move(db, found, to=to, actor=doing.actor, at=doing.at, note=doing.note)


def _accept(db: Session, found: Ticket, doing: _Doing) -> None:
    """Takes the alarm on, if officers were woken for it: nobody else is called then."""
    try:
        taken = alarms.accept(
            db,
            ticket=found,
            actor=doing.actor,
            at=doing.at,
            move=move,
            publish=partial(publish, subscribers=doing.desk.subscribers),
        )
    except RecordNotFound:
        _move(db, found, doing, to=TicketState.ACCEPTED)
        return
    if taken.answer is not alarms.Answer.YOURS:
        raise RecordConflict(f"ticket {found.id} is with {taken.holder or 'nobody: it is finished'} already")


def _start(db: Session, found: Ticket, doing: _Doing) -> None:
    """Not for what is finished: that is taken back knowingly, with --reopen and a reason."""
    if found.state in FINISHED:
        raise RecordConflict(f"ticket {found.id} is '{found.state}'; use --reopen and say why with --note")
    _move(db, found, doing, to=TicketState.IN_PROGRESS)


def _reopen(db: Session, found: Ticket, doing: _Doing) -> None:
    if found.state not in FINISHED:
        raise RecordConflict(f"ticket {found.id} is '{found.state}': it is open")
    _move(db, found, doing, to=TicketState.IN_PROGRESS)


def _hand_over(db: Session, found: Ticket, doing: _Doing, *, department: str) -> None:
    name = require_department(department)
    hand_over(db, found, department=name, actor=doing.actor, at=doing.at, note=doing.note)


def _merge(db: Session, found: Ticket, doing: _Doing, *, into: int) -> None:
    merge(db, found, into=get_ticket(db, into), actor=doing.actor, at=doing.at, note=doing.note)


def _correct(db: Session, found: Ticket, doing: _Doing, *, intent: str) -> None:
    """What turns out to be graver wakes officers as if it had been heard so."""
    correct(db, found, intent=intent, actor=doing.actor, at=doing.at)
    doing.desk.opened(db, found, doing.at)
    if doing.note:
        _add_note(db, found, doing)


def _add_note(db: Session, found: Ticket, doing: _Doing) -> None:
    add_note(db, found, note=doing.note or "", actor=doing.actor, at=doing.at)


def _summary(found: Ticket) -> str:
    state = STATE_KO[found.state]
    return f"{found.id}번  {state}  {found.intent}  {found.department or '담당 부서 없음'}"


def _in_words(sheet: TicketSheet) -> str:
    found = sheet.ticket
    lines = [f"{found.id}번  {sheet.urgency_ko}  {sheet.state_ko}  {sheet.matter_ko}"]
    lines += [f"  {name}: {value}" for name, value in (("장소", where_ko(found)), *sheet.facts_ko)]
    if sheet.together:
        lines.append(f"  같은 일로 접수된 신고: {', '.join(map(str, sheet.together))} ({sheet.callers}명)")
    if sheet.beside:
        lines.append(f"  같은 장소의 다른 신고: {', '.join(map(str, sheet.beside))}")
    lines += [f"  {in_seoul(step.at):%m-%d %H:%M}  {step.actor}  {step.what_ko}" for step in sheet.history]
    return "\n".join(lines)
