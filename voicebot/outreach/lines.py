"""The dialogs of this line: what each is given, and the actions it may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from voicebot.outreach import applications, reports
from voicebot.outreach.outcomes import GRAVITY, OUTCOME_OF_STATUS
from voicebot.outreach.reports import report_unreached
from voicebot.outreach.welfare_call import WelfareCall
from voicebot.records.tables import Direction
from voicebot.records.work import Action, CallWork

Given = Callable[[CallWork], Mapping[str, Any]]


@dataclass(frozen=True)
class OutreachDialog:
    """The city's side of one dialog: slots at the start, actions, outcomes, what no answer means."""

    given: Given
    actions: Mapping[str, Action]
    gravity: tuple[str, ...] = GRAVITY

    def unanswered(self, work: CallWork, status: str) -> str:
        """The carrier's ``status`` ended a call before our first word: a finding. Gives the outcome's code."""
        outcome = OUTCOME_OF_STATUS.get(status, "failed")
        if outcome != "canceled":
            report_unreached(work, {"reason": outcome})
        return outcome


def outreach_dialogs(welfare: WelfareCall) -> dict[str, OutreachDialog]:
    """Dialog name → the city's side of it."""
    shared = _shared_actions()
    programme = frozenset({"programme"})
    welfare_actions = {
        **shared,
        "note_already_receiving": Action(applications.note_already_receiving, required=programme),
        "note_declined": Action(applications.note_declined, required=programme),
        "request_application": Action(applications.request_application, required=programme),
        "ask_staff_to_explain": Action(applications.ask_staff_to_explain, required=programme),
        "text_details": Action(lambda work, _arguments: applications.text_details(welfare, work)),
    }
    caller_slots = partial(given_to_callers, welfare)
    return {
        "welfare_info": OutreachDialog(welfare.given, welfare_actions),
        "callback": OutreachDialog(caller_slots, shared),
        "take_message": OutreachDialog(caller_slots, shared),
    }


def any_dialog(welfare: WelfareCall) -> OutreachDialog:
    """The city's side of a dialog that an official wrote without a programmer: a survey, a notice."""
    return OutreachDialog(partial(given_to_anybody, welfare), _shared_actions())


def _shared_actions() -> dict[str, Action]:
    reason = frozenset({"reason"})
    return {
        "opt_out": Action(reports.opt_out),
        "report_deceased": Action(reports.report_deceased),
        "report_moved": Action(reports.report_moved),
        "report_wrong_person": Action(reports.report_wrong_person),
        "report_proxy": Action(reports.report_proxy),
        "report_suspicious": Action(reports.report_suspicious),
        "report_hard_of_hearing": Action(reports.report_hard_of_hearing),
        "report_unreached": Action(reports.report_unreached, required=reason),
        "raise_distress": Action(reports.raise_distress),
        "ask_call_back": Action(reports.ask_call_back, required=reason, optional=frozenset({"when"})),
        "take_message": Action(reports.take_message, required=frozenset({"message"})),
        "note_answer": Action(note_answer, required=frozenset({"question", "answer"})),
        "note_recording_consent": Action(note_recording_consent),
    }


def note_recording_consent(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """Keep when the person agreed to be recorded; the recording itself comes with the carrier's report."""
    work.call.recording_consent_at = work.now
    work.db.add(work.call)


def note_answer(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """Keep an answer to a survey's question with the call; asked again, the last one stands."""
    work.call.answers = {**(work.call.answers or {}), str(arguments["question"]): arguments["answer"]}
    work.db.add(work.call)


def given_to_anybody(welfare: WelfareCall, work: CallWork) -> Mapping[str, Any]:
    """What any dialog may be given: of the resident only in calls that the city makes to the resident."""
    if work.call.direction is Direction.INBOUND:
        return given_to_callers(welfare, work)
    given = welfare.given(work)
    return {name: value for name, value in given.items() if name != "offers"}


def given_to_callers(welfare: WelfareCall, work: CallWork) -> Mapping[str, Any]:
    """The slots of the dialogs that answer calls: nothing of a resident is told to whoever rings."""
    return {
        "department": welfare.department,
        "call_back_number": welfare.call_back_number,
    }
