"""Along which states a ticket may go: the written table. Pure.

    new ─▶ accepted ─▶ in_progress ─▶ done ─┐
     │        ▲  │         ▲  │             │ reopened, with a reason
     │        └──┼─ taken ─┼──┘             ▼
     │           ▼  over   │            in_progress
     ├──────▶ handed_over ─┤                ▲
     │                     └──▶ rejected ───┘
     └──────────────────────────▶ merged (final)

A step may be left out (a small matter is settled at once). What is finished can only be reopened, never accepted,
handed over or merged as if it were still open: that keeps a late click from undoing somebody's decision unseen.
"""

from __future__ import annotations

from collections.abc import Mapping

from voicebot.records.tables import TicketState

_WORK = frozenset(
    {
        TicketState.IN_PROGRESS,
        TicketState.HANDED_OVER,
        TicketState.DONE,
        TicketState.REJECTED,
        TicketState.MERGED,
    }
)
_REOPENED = frozenset({TicketState.IN_PROGRESS})

MOVES: Mapping[TicketState, frozenset[TicketState]] = {
    TicketState.NEW: _WORK | {TicketState.ACCEPTED},
    TicketState.ACCEPTED: _WORK,
    # The next shift takes over what is under way.
    TicketState.IN_PROGRESS: (_WORK - {TicketState.IN_PROGRESS}) | {TicketState.ACCEPTED},
    # A department that is not the right one gives it to another, or the duty officer takes it back.
    TicketState.HANDED_OVER: _WORK | {TicketState.ACCEPTED},
    TicketState.DONE: _REOPENED,
    TicketState.REJECTED: _REOPENED,
    # Its caller hears of the ticket that it was merged into; taken apart again, nobody would know whose state holds.
    TicketState.MERGED: frozenset(),
}

DESK = (TicketState.NEW, TicketState.ACCEPTED, TicketState.IN_PROGRESS)
"""What the duty desk itself still has in hand."""
FINISHED = frozenset({TicketState.DONE, TicketState.REJECTED, TicketState.MERGED})


def is_reopening(current: TicketState, to: TicketState) -> bool:
    """Whether the move takes back that a ticket was finished."""
    return current in FINISHED and to not in FINISHED


def needs_reason(current: TicketState, to: TicketState) -> bool:
    """A refusal, and taking a decision back, are explained: the caller or a colleague will ask why."""
    return to is TicketState.REJECTED or is_reopening(current, to)
