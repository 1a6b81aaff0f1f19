"""The lines' side of dialogs, as the dialog tools want it: known actions, and the understanding of answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from voicebot.calls.hearing import Delivered, Delivery, understand
from voicebot.clock import SEOUL
from voicebot.dialog import Expectation, Heard
from voicebot.dialog.checks import ActionSignature
from voicebot.dialog.model import FieldSpec
from voicebot.outreach.lines import any_dialog, outreach_dialogs
from voicebot.outreach.welfare_call import WelfareCall
from voicebot.welfare.catalogue import load_catalogue

SCRIPTED_MOMENT = datetime(2026, 11, 24, 10, 0, tzinfo=SEOUL)
"""When scripted calls take place: "tomorrow" in them must mean the same every day."""


@cache
def _welfare() -> WelfareCall:
    return WelfareCall(load_catalogue(), department="", call_back_number="", records_calls=True)


def actions_of(dialog: str) -> Mapping[str, ActionSignature]:
    """The actions that a dialog may use: those of its line, else those that every dialog may."""
    side = outreach_dialogs(_welfare()).get(dialog) or any_dialog(_welfare())
    return {
        name: ActionSignature(required=action.required, optional=action.optional, results=action.results)
        for name, action in side.actions.items()
    }


def understand_scripted(question: str, question_kind: str, field: FieldSpec, text: str) -> Heard:
    """What a scripted sentence means as an answer, by the same understanding that real calls use."""
    delivered = Delivered(Delivery.ANSWER, speech=text)
    expected = Expectation(question, question_kind, field)
    return understand(delivered, expected, answered_by=None, local_now=SCRIPTED_MOMENT).heard
