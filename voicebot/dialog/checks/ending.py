"""Whether every line has the ways out that it owes, and whether the ends are what they must be."""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.dialog.checks.case import Case
from voicebot.dialog.checks.slot_use import slots_spoken
from voicebot.dialog.graph import Edge, Shape, Way
from voicebot.errors import Problem

_EVERY_LINE = ("emergency", "distress", "human", "hangup", "exhausted")
_WHOEVER_WE_RING = (
    *("machine", "who", "stop", "later", "suspicious", "wrong_person", "proxy", "deceased"),
    *("hard_of_hearing", "abusive"),
)
OWED: dict[str, tuple[str, ...]] = {
    "outreach": (*_EVERY_LINE, *_WHOEVER_WE_RING),
    "screening": (*_EVERY_LINE, *_WHOEVER_WE_RING),
    "callback": (*_EVERY_LINE, "stop", "who", "suspicious", "abusive"),
    "duty": (*_EVERY_LINE, "abusive"),
    "situation_room": _EVERY_LINE,
}
"""What a line's dialogs must catch. Whoever we ring did not ask for it, and may be somebody else."""
CATCHABLE = frozenset(
    {
        *("affirm", "deny", "unsure", "repeat", "slower", "louder", "human", "stop", "later", "wrong_person"),
        *("proxy", "deceased", "who", "suspicious", "distress", "inform", "backchannel", "thanks_bye"),
        *("off_topic", "abusive", "machine", "hangup", "emergency", "exhausted", "time_over"),
        *("hard_of_hearing", "hold"),
    }
)
"""Acts of the understanding, and events. Silence and noise climb the noinput ladder instead."""
DROPPED = "line_dropped"
"""The outcome that the engine itself gives to a line that is gone."""


def catches(case: Case) -> Iterator[Problem]:
    for name in OWED[case.dialog.line]:
        if name not in case.dialog.catch:
            yield case.problem(
                ("catch",) if case.dialog.catch else ("dialog",),
                "missing-catch",
                f"a dialog of line '{case.dialog.line}' must say where '{name}' leads",
                f"add '{name}: FORM' under 'catch'",
            )
    for edge in case.graph.edges:
        if edge.way is Way.CATCH and str(edge.place[-2]) not in CATCHABLE:
            yield case.problem(
                edge.place,
                "unknown-catch",
                f"'{edge.place[-2]}' is neither an act nor an event, so that this is never taken",
                f"known: {', '.join(sorted(CATCHABLE))}",
            )


def _catching(case: Case, *names: str) -> Iterator[Edge]:
    for edge in case.graph.edges:
        if edge.way is Way.CATCH and edge.place[-2] in names:
            yield edge


def _asks(case: Case, edge: Edge) -> list[str]:
    """The forms with a question that the edge's target leads to, the first question on each way."""
    reached = case.graph.reached([edge.target], lambda each: each.way in (Way.GOTO, Way.TRANSFER))
    return sorted(form for form in reached if case.graph.forms[form] is Shape.QUESTION)


def silent_ends(case: Case) -> Iterator[Problem]:
    """After a hang-up nobody is there to answer; after too many turns nobody is asked once more."""
    for name in ("hangup", "exhausted"):
        for edge in _catching(case, name):
            for form in _asks(case, edge):
                yield case.problem(
                    edge.place,
                    f"{name}-path-listens",
                    f"'{name}' leads to form '{form}', which asks a question",
                    "lead it to a form with 'end'" + (" or 'transfer'" if name == "exhausted" else ""),
                )


def outcomes(case: Case) -> Iterator[Problem]:
    used = {DROPPED}
    for name, form in case.dialog.forms.items():
        if form.end is None:
            continue
        used.add(form.end)
        if form.end not in case.dialog.outcomes:
            yield case.problem(
                ("forms", name, "end"),
                "unknown-outcome",
                f"outcome '{form.end}' is not declared",
                f"known: {', '.join(case.dialog.outcomes)}",
            )
    if DROPPED not in case.dialog.outcomes:
        message = f"outcome '{DROPPED}' is not declared; every call can be cut off"
        yield case.problem(("outcomes",), "unknown-outcome", message, f"declare '{DROPPED}'")
    for code in case.dialog.outcomes:
        if code not in used:
            message = f"no form ends with outcome '{code}'"
            yield case.problem(
                ("outcomes", code), "unused-outcome", message, "remove it, or end a form with it"
            )


def personal_words_on_a_machine(case: Case) -> Iterator[Problem]:
    """What a mailbox records, anybody in the house may play back."""
    personal = {name for name, spec in case.dialog.slots.items() if spec.personal}
    reached = case.graph.reached([edge.target for edge in _catching(case, "machine")])
    for place, where, _, prompt in case.prompts():
        form = where.split(".")[0]
        spoken = sorted(slots_spoken(prompt.text) & personal)
        if form in reached and place[0] == "forms" and spoken:
            yield case.problem(
                place,
                "personal-word-on-machine",
                f"form '{form}' can be reached from a mailbox and speaks of '{spoken[0]}'",
                "leave the name, the offers and the code out of what a machine may record",
            )


ALL = (catches, silent_ends, outcomes, personal_words_on_a_machine)
