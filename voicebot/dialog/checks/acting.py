"""Whether the actions that a dialog calls for exist in its line, and are called as they want to be."""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.dialog.checks.case import Case
from voicebot.errors import Problem

DESKS = frozenset({"staff", "situation_room", "duty_officer", "duty_second"})
"""The telephones at which people take over a call (config: desks)."""


def actions(case: Case) -> Iterator[Problem]:
    if case.actions is None:
        return
    for name, form in case.dialog.forms.items():
        for number, call in enumerate(form.do):
            place = ("forms", name, "do", number)
            signature = case.actions.get(call.action)
            if signature is None:
                known = ", ".join(sorted(case.actions)) or "none"
                yield case.problem(
                    place, "unknown-action", f"the line has no action '{call.action}'", f"known: {known}"
                )
                continue
            takes = signature.required | signature.optional
            for argument in sorted(signature.required - set(call.with_)):
                message = f"action '{call.action}' needs the argument '{argument}'"
                yield case.problem(place, "missing-argument", message, "add it under 'with'")
            for argument in sorted(set(call.with_) - takes):
                message = f"action '{call.action}' takes no argument '{argument}'"
                remedy = f"it takes: {', '.join(sorted(takes)) or 'nothing'}"
                yield case.problem((*place, "with", argument), "unknown-argument", message, remedy)
            for slot, key in call.into.items():
                if key not in signature.results:
                    message = f"action '{call.action}' gives no '{key}'"
                    remedy = f"it gives: {', '.join(sorted(signature.results)) or 'nothing'}"
                    yield case.problem((*place, "into", slot), "unknown-result", message, remedy)


def desks(case: Case) -> Iterator[Problem]:
    for name, form in case.dialog.forms.items():
        if form.transfer is not None and form.transfer.to not in DESKS:
            yield case.problem(
                ("forms", name, "transfer", "to"),
                "unknown-desk",
                f"there is no desk '{form.transfer.to}'",
                f"known: {', '.join(sorted(DESKS))}",
            )


ALL = (actions, desks)
