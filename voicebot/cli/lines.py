"""The lines' actions as the dialog checks know them."""

from __future__ import annotations

from voicebot.dialog.checks import ActionSignature
from voicebot.outreach.lines import outreach_dialogs
from voicebot.outreach.welfare_call import WelfareCall
from voicebot.welfare.catalogue import Catalogue


def action_signatures(catalogue: Catalogue) -> dict[str, ActionSignature]:
    """Every action of every line: what it takes and gives."""
    welfare = WelfareCall(catalogue, department="", call_back_number="", records_calls=True)
    return {
        name: ActionSignature(required=action.required, optional=action.optional, results=action.results)
        for dialog in outreach_dialogs(welfare).values()
        for name, action in dialog.actions.items()
    }
