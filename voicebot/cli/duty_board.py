"""``voicebot duty board``: what is undone, the gravest first."""

from __future__ import annotations

import json
import unicodedata

import click

from voicebot.app import open_records, require_schema
from voicebot.clock import SystemClock
from voicebot.config import load_settings
from voicebot.duty.board import Board, BoardRow, board
from voicebot.duty.departments import require_department
from voicebot.duty.moves import DESK
from voicebot.records import audit
from voicebot.records.database import transaction
from voicebot.records.tables import TicketState

_ALL = "all"
_WIDTHS = (8, 6, 11, 14, 26, 24)


@click.command("board")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([*(state.value for state in TicketState), _ALL]),
    help="Which states; may be given several times. Default: new, accepted, in_progress.",
)
@click.option("--department", help="Only this department's, e.g. 도로관리과.")
@click.option("--by", help="Who looks, for the audit trail. Default: cli.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def board_(states: tuple[str, ...], department: str | None, by: str | None, as_json: bool) -> None:
    """Show the tickets in hand: emergencies first, then what nobody has accepted, then the longest waiting.

    Times are ages. What the callers said is not shown here: voicebot duty ticket NUMBER
    """
    found = _look(states, require_department(department) if department else None, by)
    if as_json:
        for row in found.rows:
            click.echo(json.dumps(row.as_json(), ensure_ascii=False))
    elif not found.rows:
        click.echo("여기에 해당하는 신고가 없습니다. 끝난 신고까지 보려면: voicebot duty board --state all")
    else:
        click.echo(click.style(_line("긴급도", "번호", "상태", "경과", "장소", "내용", "담당"), dim=True))
        for row in found.rows:
            click.echo(click.style(_row(row), fg="red", bold=True) if row.is_emergency else _row(row))
    if found.more:
        click.echo(f"이 밖에 {found.more}건이 더 있습니다. --state, --department로 좁혀 보세요.", err=as_json)


def _look(states: tuple[str, ...], department: str | None, by: str | None) -> Board:
    """The board shows where callers are, so each look is audited."""
    wanted = tuple(TicketState) if _ALL in states else tuple(TicketState(state) for state in states) or DESK
    engine = open_records(load_settings())
    require_schema(engine)
    now = SystemClock().now()
    with transaction(engine) as db:
        found = board(db, at=now, states=wanted, department=department)
        detail = {"tickets": [row.ticket.id for row in found.rows]}
        actor = f"staff:{by}" if by else "cli"
        audit.record(db, at=now, actor=actor, action="board.viewed", subject="duty", detail=detail)
    return found


def _row(row: BoardRow) -> str:
    ticket = row.ticket
    marks = [f"{row.callers}명 신고"] if row.callers > 1 else []
    marks += ["접수 덜 됨"] if ticket.is_partial else []
    matter = f"{row.matter_ko} [{', '.join(marks)}]" if marks else row.matter_ko
    urgency = f"!! {row.urgency_ko}" if row.is_emergency else row.urgency_ko
    department = ticket.department or "-"
    return _line(urgency, str(ticket.id), row.state_ko, row.age_ko, row.where_ko, matter, department)


def _line(*cells: str) -> str:
    padded = [_pad(cell, width) for cell, width in zip(cells, _WIDTHS, strict=False)]
    return " ".join([*padded, *cells[len(_WIDTHS) :]]).rstrip()


def _pad(text: str, width: int) -> str:
    """Filled with spaces to so many columns of a terminal, where a Hangul syllable takes two."""
    columns = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(0, width - columns)
