"""Every code that a check may give, with what it means. Codes are stable: people search for them."""

from __future__ import annotations

CODES: dict[str, str] = {
    # The way of the call
    "unknown-form": "a way leads to a form that does not exist",
    "unreachable-form": "no way leads to a form",
    "no-way-out": "from a form no end of the call can be reached",
    "goes-in-circles": "forms lead round to themselves without anybody being asked",
    "return-without-interruption": "a form returns, though no question was interrupted",
    "return-into-loop": "silence, a machine or too many turns lead back to the same question",
    "branch-without-else": "no branch is taken when no condition holds",
    "branch-never-taken": "a branch stands behind one that is always taken",
    # Questions
    "no-noinput": "a question does not say what happens after silence",
    "no-nomatch": "a question does not say what happens after an answer that was not understood",
    "ladder-without-exit": "a ladder asks for ever",
    "no-keypad-path": "a question cannot be answered on the keypad",
    "missing-route": "an answer leads nowhere",
    "route-never-taken": "a route waits for an answer that cannot come",
    "too-many-options": "more than three options",
    "same-reprompt": "a rung repeats what was said already, word for word",
    "no-question": "a form listens without having asked",
    # Slots and expressions
    "unknown-slot": "a slot is not declared",
    "type-error": "a value does not fit where it is used",
    "unknown-filter": "a placeholder names a filter that does not exist",
    "empty-slot": "a slot that is spoken may still be empty",
    "unused-slot": "a slot is filled, but nothing reads it",
    "given-slot-without-example": "a slot that the line gives has no example",
    # The city's side
    "unknown-action": "the line has no such action",
    "missing-argument": "an action lacks an argument that it needs",
    "unknown-argument": "an action is given an argument that it does not take",
    "unknown-result": "an action does not give that result",
    "unknown-desk": "a call is handed to a desk that does not exist",
    # What is said
    "interruptible-legal-notice": "a notice that the law requires can be interrupted",
    "no-legal-notice-first": "the first form does not disclose that an AI is speaking",
    "prompt-too-long": "more than twenty seconds are said in one go",
    "unspeakable-text": "figures or Latin letters are left to the synthesiser",
    "duplicate-prompt-id": "one prompt id stands for two texts",
    # Ways out that are owed, and ends
    "missing-catch": "the line owes a way out that the dialog does not have",
    "unknown-catch": "something is caught that never happens",
    "hangup-path-listens": "a question is asked after the line is gone",
    "exhausted-path-listens": "a question is asked after too many turns",
    "unknown-outcome": "a form ends with an outcome that is not declared",
    "unused-outcome": "no form ends with an outcome",
    "personal-word-on-machine": "a mailbox hears what concerns one person alone",
}
