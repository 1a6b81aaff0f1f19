"""The city's side of the dialog ``duty_desk``: what it is given, its actions, what a call's end means.

A ticket stands in the records as soon as a matter is understood, as a partial one; every further answer fills it in, and
whoever hangs up leaves what is known. Emergencies are written down before anybody is rung.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from voicebot.duty import announcements, callers, keeping
from voicebot.duty.alarm_chain import ChainAt
from voicebot.duty.events import TICKET_CREATED, publish
from voicebot.duty.incidents import join_incident
from voicebot.duty.keeping import BESIDE_EMERGENCY_NO, EMERGENCY_NO, OFFICER_NO, Report
from voicebot.duty.matters import AdviceOf, hear_danger, pure_action
from voicebot.duty.numbers_shown import owner_of
from voicebot.duty.spoken import next_step_ko
from voicebot.duty.tickets import move, tickets_of_call
from voicebot.duty.waking import wake_officers
from voicebot.jobs.webhook_delivery import Subscriber
from voicebot.records.tables import OutboxItem, Ticket, TicketState, Urgency
from voicebot.records.work import Action, ActionFunction, CallWork

GRAVITY = (
    "canceled",
    "failed",
    "busy_line",
    "no_answer",
    "line_dropped",
    "silence",
    "abusive",
    "too_long",
    "advised",
    "ticket",
    "person_wanted",
    "handed_over",
    "technical_failure",
    "emergency",
)
"""How a call may end, the lightest first."""
_OUTCOME_OF_STATUS = {"busy": "busy_line", "no-answer": "no_answer", "canceled": "canceled"}
_MATTER = frozenset({"kind", "intent", "matter", "advice", "question", "other", "second"})
_WHERE = frozenset({"place", "place_question", "needs_place", "needs_since"})


@dataclass(frozen=True)
class DutyDesk:
    """``advice_of``: what is answered on the call; ``chain_at``: the officers of a moment, in order; ``subscribers``: who
    is told of tickets."""

    advice_of: AdviceOf
    chain_at: ChainAt
    accept_within_s: int
    subscribers: Sequence[Subscriber] = ()
    records_calls: bool = True
    gravity: Sequence[str] = GRAVITY

    @property
    def actions(self) -> Mapping[str, Action]:
        pure = {name: self._pure(name) for name in _PURE}
        return {
            **{
                name: Action(pure[name], required, optional, results)
                for name, (required, optional, results) in _PURE.items()
            },
            "note_recording_notice": Action(note_recording_notice),
            "keep_report": Action(self.keep_report, required=_KEPT),
            "complete_report": Action(
                self.complete_report,
                required=_KEPT | {"since", "may_call_back"},
                results=frozenset({"number", "next_step"}),
            ),
            "settle_open_reports": Action(self.settle_open_reports),
            "state_of_own_tickets": Action(state_of_own_tickets, results=frozenset({"sentence", "is_known"})),
            "promise_call_back": Action(self.promise_call_back),
            "cancel_reports": Action(cancel_reports, results=frozenset({"is_cancelled"})),
            "want_officer": Action(self.want_officer, required=frozenset({"request_no"})),
            "raise_emergency": Action(self.raise_emergency, results=frozenset({"helpline", "is_suicidal"})),
            "raise_distress": Action(self.raise_emergency),
            "outcome_of_call": Action(outcome_of_call, results=frozenset({"outcome"})),
        }

    @property
    def given(self) -> Callable[[CallWork], Mapping[str, Any]]:
        return self._given

    def _given(self, work: CallWork) -> Mapping[str, Any]:
        """What the city has to tell every caller at the moment, and what this call allows."""
        texts = announcements.current(work.db, at=work.now)
        return {
            "has_announcement": bool(texts),
            "announcement": " ".join(texts),
            "records_calls": self.records_calls,
            "can_call_back": owner_of(work.call) is not None,
        }

    def unanswered(self, work: CallWork, status: str) -> str:
        """Nobody is rung by the desk; a call that never began was the caller's to end. Gives the outcome's code."""
        return _OUTCOME_OF_STATUS.get(status, "failed")

    def keep_report(self, work: CallWork, arguments: Mapping[str, Any]) -> None:
        """Write down what is known of the request, so that a line that drops loses nothing."""
        keeping.keep(work, _report(arguments))

    def complete_report(self, work: CallWork, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """The request is whole: officers and the city's programs are told as its urgency asks."""
        report = _report(arguments)
        ticket = keeping.keep(
            work,
            report,
            since=str(arguments["since"]) or None,
            may_call_back=bool(arguments["may_call_back"]),
            is_partial=False,
        )
        self._tell(work, ticket)
        return {"number": str(ticket.id), "next_step": next_step_ko(ticket, work.now)}

    def settle_open_reports(self, work: CallWork, arguments: Mapping[str, Any]) -> None:
        """The call is over, or goes to a person: what was not finished is told as it is."""
        for ticket in tickets_of_call(work.db, work.call.id):
            if ticket.is_partial:
                self._tell(work, ticket)

    def want_officer(self, work: CallWork, arguments: Mapping[str, Any]) -> None:
        """The caller asks for a person: written down, and what was said so far goes along."""
        self.settle_open_reports(work, {})
        keeping.keep(work, Report(OFFICER_NO, "human_request", "", work.heard or ""), is_partial=False)

    def promise_call_back(self, work: CallWork, arguments: Mapping[str, Any]) -> None:
        """No officer could be reached: whoever is on duty is told that somebody waits for a call."""
        for ticket in tickets_of_call(work.db, work.call.id):
            if ticket.request_no == OFFICER_NO:
                self._tell(work, ticket)

    def raise_emergency(self, work: CallWork, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Somebody may be in danger. The ticket, the officers' texts and the event come before any transfer."""
        danger = hear_danger(work.heard or "")
        place = danger.place or _place_told_before(work)
        self.settle_open_reports(work, {})
        report = Report(EMERGENCY_NO, danger.intent, place, work.heard or "")
        ticket = keeping.keep(work, report, emergency_kind=danger.kind, is_partial=False)
        self._tell(work, ticket)
        for number, other in enumerate(danger.others, BESIDE_EMERGENCY_NO):
            beside = Report(number, other, danger.place, said="")  # the emergency's words are not its own
            self._tell(work, keeping.keep(work, beside, is_partial=True))
        return {"helpline": danger.helpline, "is_suicidal": danger.kind == "suicide"}

    def _tell(self, work: CallWork, ticket: Ticket) -> None:
        for item in self.opened(work.db, ticket, work.now):
            work.set_going(item)

    def opened(self, db: Session, ticket: Ticket, at: datetime) -> list[OutboxItem]:
        """What a ticket sets going, by telephone or from another program: incident, events, officers. Done again, nothing
        happens twice."""
        join_incident(db, ticket, at=at)
        announce = partial(publish, subscribers=self.subscribers)
        items = list(announce(db, event=TICKET_CREATED, ticket=ticket, at=at))
        return items + wake_officers(
            db,
            ticket=ticket,
            at=at,
            chain=self.chain_at(at),
            accept_within_s=self.accept_within_s,
            publish=announce,
        )

    def _pure(self, name: str) -> ActionFunction:
        def act(work: CallWork, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
            return pure_action(name, arguments, self.advice_of)

        return act


def note_recording_notice(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """Callers are told that the call is recorded and go on: keep when."""
    work.call.recording_consent_at = work.now
    work.db.add(work.call)


def state_of_own_tickets(work: CallWork, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """What became of the caller's own reports, in one to three sentences; nobody else's, and none for a withheld number."""
    hashes = callers.caller_hashes(work.db, work.call.from_number)
    told = callers.tell_caller(work.db, caller_hashes=hashes, actor=work.source, at=work.now)
    return {"sentence": " ".join(told) or callers.NOTHING_TO_TELL_KO, "is_known": bool(told)}


def cancel_reports(work: CallWork, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """The caller takes back what was said in this call and is not finished; an emergency is not taken back."""
    taken_back = [
        ticket
        for ticket in tickets_of_call(work.db, work.call.id)
        if ticket.is_partial and ticket.state is TicketState.NEW and ticket.urgency is not Urgency.EMERGENCY
    ]
    for ticket in taken_back:
        ticket.is_partial = False
        note = "신고한 분이 통화 중에 취소함"
        move(work.db, ticket, to=TicketState.REJECTED, actor=work.source, at=work.now, note=note)
    return {"is_cancelled": bool(taken_back)}


def _place_told_before(work: CallWork) -> str:
    """Where the call's earlier report was: better than no place, and said to be so."""
    places = [ticket.place for ticket in tickets_of_call(work.db, work.call.id) if ticket.place]
    return f"{places[-1]} (앞서 말한 곳)" if places else ""


def outcome_of_call(work: CallWork, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """``ticket`` when the call left one, else ``advised``."""
    return {"outcome": "ticket" if tickets_of_call(work.db, work.call.id) else "advised"}


def _report(arguments: Mapping[str, Any]) -> Report:
    return Report(
        int(arguments["request_no"]),
        str(arguments["intent"]),
        str(arguments.get("place") or ""),
        str(arguments.get("said") or ""),
    )


_KEPT = frozenset({"request_no", "intent", "place", "said"})
_SAID = frozenset({"said"})
_NOTHING: frozenset[str] = frozenset()
_PURE: dict[str, tuple[frozenset[str], frozenset[str], frozenset[str]]] = {
    "understand_report": (_SAID, _NOTHING, _MATTER | _WHERE),
    "choose_report": (frozenset({"intent"}), _NOTHING, _MATTER | _WHERE),
    "understand_place": (_SAID, _NOTHING, frozenset({"place", "place_question"})),
    "add_place": (_SAID | {"place"}, _NOTHING, frozenset({"place", "place_question"})),
    "settle_report": (_SAID | {"question", "intent", "second", "place"}, _NOTHING, _MATTER | _WHERE),
    "correct_report": (_SAID | {"intent", "place"}, _NOTHING, _MATTER | _WHERE | {"is_changed"}),
}
"""Action → what it must and may be given, and what it gives (`matters.pure_action`)."""
