"""The lines' side of dialogs, as the dialog tools want it: known actions, and the understanding of answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from voicebot.calls.centre import LineDialog
from voicebot.calls.hearing import Delivered, Delivery, understand
from voicebot.clock import SEOUL
from voicebot.dialog import Expectation, Heard
from voicebot.dialog.checks import ActionSignature
from voicebot.dialog.model import FieldSpec
from voicebot.duty.advice import load_advice
from voicebot.duty.desk import DutyDesk
from voicebot.duty.matters import pure_action
from voicebot.outreach.lines import any_dialog, outreach_dialogs
from voicebot.outreach.welfare_call import WelfareCall
from voicebot.welfare.catalogue import load_catalogue

_FROM_RECORDS: Mapping[str, Mapping[str, Any]] = {
    "cancel_reports": {"is_cancelled": True},
    "complete_report": {"number": "17", "next_step": "당직자에게 지금 바로 알리겠습니다."},
    "outcome_of_call": {"outcome": "ticket"},
    "raise_emergency": {"helpline": "119", "is_suicidal": False},
    "state_of_own_tickets": {
        "sentence": "가로등 고장 신고는 도로관리과에서 처리하고 있습니다.",
        "is_known": True,
    },
}
SCRIPTED_MOMENT = datetime(2026, 11, 24, 10, 0, tzinfo=SEOUL)
"""When scripted calls take place: "tomorrow" in them must mean the same every day."""


@cache
def _welfare() -> WelfareCall:
    return WelfareCall(load_catalogue(), department="", call_back_number="", records_calls=True)


@cache
def _duty() -> DutyDesk:
    return DutyDesk(advice_of=load_advice().of, chain_at=lambda _at: (), accept_within_s=120)


def actions_of(dialog: str) -> Mapping[str, ActionSignature]:
    """The actions that a dialog may use: those of its line, else those that every dialog may."""
    sides: Mapping[str, LineDialog] = {**outreach_dialogs(_welfare()), "duty_desk": _duty()}
    side = sides.get(dialog) or any_dialog(_welfare())
    return {
        name: ActionSignature(required=action.required, optional=action.optional, results=action.results)
        for name, action in side.actions.items()
    }


def act_scripted(action: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an action gives in a scripted call: the real thing where it needs no records, else what records would say."""
    return pure_action(action, arguments, _duty().advice_of) or _FROM_RECORDS.get(action, {})


def understand_scripted(question: str, question_kind: str, field: FieldSpec, text: str) -> Heard:
    """What a scripted sentence means as an answer, by the same understanding that real calls use."""
    delivered = Delivered(Delivery.ANSWER, speech=text)
    expected = Expectation(question, question_kind, field)
    return understand(delivered, expected, answered_by=None, local_now=SCRIPTED_MOMENT).heard
