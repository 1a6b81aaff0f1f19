"""Whether slots exist where they are named, fit where they are used, and are of use at all."""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.datafiles import Place
from voicebot.dialog.checks.case import Case
from voicebot.dialog.expressions import Expression
from voicebot.dialog.model import FieldKind
from voicebot.dialog.slots import BOOL, INT, TEXT, ExpressionError, Kind, SlotType
from voicebot.dialog.templates import FILTERS, PARTICLES, UnknownFilter, check_template, placeholders
from voicebot.errors import Problem

_VALUE_OF: dict[FieldKind, SlotType] = {
    FieldKind.YES_NO: BOOL,
    FieldKind.NUMBER: INT,
    FieldKind.CHOICE: TEXT,
    FieldKind.DIGITS: TEXT,
    FieldKind.SPEECH: TEXT,
    FieldKind.DATE: SlotType("date"),
    FieldKind.TIME: SlotType("time"),
}
_CONDITION: tuple[Kind, ...] = ("bool", "any")


def conditions(case: Case) -> Iterator[Problem]:
    for place, route in case.routes():
        for number, branch in enumerate(route):
            if branch.if_ is not None:
                yield from _condition(case, (*place, number, "if"), branch.if_)
    limits = case.dialog.time_limits
    if limits is not None and limits.unless is not None:
        yield from _condition(case, ("time_limits", "unless"), limits.unless)
    for place, _, _, prompt in case.prompts():
        if prompt.if_ is not None:
            yield from _condition(case, (*place, "if"), prompt.if_)


def _condition(case: Case, place: Place, expression: Expression) -> Iterator[Problem]:
    type_, problem = _typed(case, place, expression)
    if problem is not None:
        yield problem
    elif type_ is not None and type_.kind not in _CONDITION:
        message = f"'{expression.source}' is {type_}; a condition must be yes/no"
        yield case.problem(place, "type-error", message, "compare it with something (==, >, in)")


def assignments(case: Case) -> Iterator[Problem]:
    for name, form in case.dialog.forms.items():
        for slot, expression in form.set.items():
            place = ("forms", name, "set", slot)
            type_, problem = _typed(case, place, expression)
            if problem is not None:
                yield problem
            yield from _target(case, place, slot, type_)
        for number, call in enumerate(form.do):
            for argument, expression in call.with_.items():
                _, problem = _typed(case, ("forms", name, "do", number, "with", argument), expression)
                if problem is not None:
                    yield problem
            for slot in call.into:
                yield from _target(case, ("forms", name, "do", number, "into", slot), slot, None)
        if form.field is not None and form.field.words is not None:
            yield from _target(case, ("forms", name, "field", "words"), form.field.words, TEXT)
        if form.field is not None and form.field.slot is not None:
            place = ("forms", name, "field", "slot")
            yield from _target(case, place, form.field.slot, _VALUE_OF[form.field.kind])


def _target(case: Case, place: Place, slot: str, value: SlotType | None) -> Iterator[Problem]:
    wanted = case.slot_types.get(slot)
    if wanted is None:
        yield _unknown_slot(case, place, slot)
    elif value is not None and not wanted.accepts(value):
        message = f"slot '{slot}' holds {wanted}, not {value}"
        yield case.problem(place, "type-error", message, "change the slot's type, or what is put into it")


def _typed(case: Case, place: Place, expression: Expression) -> tuple[SlotType | None, Problem | None]:
    unknown = sorted(expression.slots() - set(case.slot_types))
    if unknown:
        return None, _unknown_slot(case, place, unknown[0])
    try:
        return expression.check(case.slot_types), None
    except ExpressionError as error:
        message = f"'{expression.source}': {error}"
        return None, case.problem(place, "type-error", message, "see the expressions in docs/dialogs.md")


def _unknown_slot(case: Case, place: Place, slot: str) -> Problem:
    known = ", ".join(case.slot_types) or "none"
    return case.problem(place, "unknown-slot", f"slot '{slot}' is not declared", f"known: {known}")


def prompts(case: Case) -> Iterator[Problem]:
    for place, _, _, prompt in case.prompts():
        try:
            found = placeholders(prompt.text)
            unknown = sorted({slot for each, _ in found for slot in each.slots()} - set(case.slot_types))
            if unknown:
                yield _unknown_slot(case, place, unknown[0])
            else:
                check_template(prompt.text, case.slot_types)
        except UnknownFilter as error:
            remedy = f"filters: {', '.join(FILTERS)}; particles: {', '.join(PARTICLES)}"
            yield case.problem(place, "unknown-filter", str(error), remedy)
        except ExpressionError as error:
            yield case.problem(place, "type-error", str(error), "see the prompts in docs/dialogs.md")


def slots(case: Case) -> Iterator[Problem]:
    read = _slots_read(case)
    for name, spec in case.dialog.slots.items():
        place = ("slots", name)
        if name not in read and not spec.given:
            message = f"nothing reads slot '{name}': what is put into it is lost"
            yield case.problem(place, "unused-slot", message, "hand it to an action ('with'), or remove it")
        if spec.given and spec.example is None:
            yield case.problem(
                place,
                "given-slot-without-example",
                f"slot '{name}' is given by the line, but has no example",
                "add 'example': checks, drawings and scripted calls speak with it",
            )
        for key, value in (("example", spec.example), ("initial", spec.initial)):
            if not spec.slot_type().holds(value):
                message = f"{value!r} is not {spec.slot_type()}"
                yield case.problem((*place, key), "type-error", message, f"give slot '{name}' what it holds")


def _slots_read(case: Case) -> set[str]:
    read: set[str] = set()
    for _, route in case.routes():
        read |= {slot for branch in route if branch.if_ for slot in branch.if_.slots()}
    for form in case.dialog.forms.values():
        read |= {slot for expression in form.set.values() for slot in expression.slots()}
        read |= {slot for call in form.do for each in call.with_.values() for slot in each.slots()}
    for _, _, _, prompt in case.prompts():
        read |= slots_spoken(prompt.text) | (prompt.if_.slots() if prompt.if_ else frozenset())
    return read


def slots_spoken(text: str) -> frozenset[str]:
    """The slots that a prompt speaks; none when its placeholders cannot be read."""
    try:
        return frozenset(slot for expression, _ in placeholders(text) for slot in expression.slots())
    except ExpressionError:
        return frozenset()


ALL = (conditions, assignments, prompts, slots)
