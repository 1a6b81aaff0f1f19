"""Who is entitled to what on a day: classes, cases, status, period, exclusions. Pure; verdicts with reasons.

Source of the rules: ``data/programmes.yaml`` (vocabulary.matching_rule, the notes), ``data/conditions.yaml``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from voicebot.welfare.amounts import Amount, best_amount
from voicebot.welfare.cases import HEATING_WITHOUT_GAS, case_verdict, is_expired
from voicebot.welfare.catalogue import Catalogue
from voicebot.welfare.catalogue_model import Line, Programme, first_day, last_day
from voicebot.welfare.person import Person, classes_on
from voicebot.welfare.statuses import (
    APPLICATION_ENDS_WITH_PERIOD,
    NEVER_OFFERED_PROGRAMMES,
    Telling,
)


@dataclass(frozen=True)
class Verdict:
    """Whether one programme may be offered to one person on one day, and why.

    ``reasons`` against: never_offered:<status or own_service>, closed, not_yet_open, classes_unknown,
    class_missing, age_out_of_range, not_for:<class>, heats_with_gas, out_of_season, already_used, declined,
    exclusive_with:<programme>; empty when it may be offered. ``remarks``: why there is no (sure) amount:
    out_of_season, fact_unknown:<fact>. ``amount`` None: told without one.
    """

    programme: Programme
    reasons: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    classes: frozenset[str] = frozenset()
    amount: Amount | None = None
    deadline: date | None = None

    @property
    def is_offered(self) -> bool:
        return not self.reasons

    @property
    def is_entitled(self) -> bool:
        """Entitled by the rules, whether or not the resident already uses it or said no."""
        return all(
            reason in ("already_used", "declined") or reason.startswith("exclusive_with:")
            for reason in self.reasons
        )

    @property
    def won_per_month(self) -> int | None:
        return None if self.amount is None else self.amount.won_per_month


def line_fits(line: Line, classes: frozenset[str]) -> bool:
    """The catalogue's matching rule. ``any_of`` None: the classes are unknown, never matches."""
    if line.any_of is None:
        return False
    any_holds = not line.any_of or not classes.isdisjoint(line.any_of)
    and_any_holds = not line.and_any_of or not classes.isdisjoint(line.and_any_of)
    return any_holds and and_any_holds and classes.issuperset(line.all_of)


def weigh_all(
    person: Person,
    *,
    on: date,
    catalogue: Catalogue,
    using: Collection[str] = (),
    declined: Collection[str] = (),
) -> dict[str, Verdict]:
    """A verdict for every programme of the catalogue, in its order. Of exclusive programmes one is left."""
    classes = classes_on(person, on)
    verdicts = {}
    for programme in catalogue.programmes.values():
        verdict = weigh(catalogue, programme, person, classes, on)
        reasons = (*verdict.reasons, *_use_reasons(catalogue, programme.id, classes, using, declined))
        verdicts[programme.id] = replace(verdict, reasons=reasons)
    _leave_one_of_each_set(verdicts, catalogue, using)
    return verdicts


def weigh(
    catalogue: Catalogue, programme: Programme, person: Person, classes: frozenset[str], on: date
) -> Verdict:
    """The verdict on one programme by itself: not what the resident uses, nor what excludes what."""
    lines = tuple(line for line in programme.what if line_fits(line, classes))
    reasons = (
        *_status_reasons(catalogue, programme),
        *_period_reasons(programme, on),
        *_class_reasons(programme, lines),
        *_person_reasons(catalogue, programme, person, classes),
        *_season_reasons(catalogue, programme, lines, on),
    )
    unknown = tuple(_unknown_facts(catalogue, programme, person, lines, on))
    amount = best_amount(catalogue, programme, person, classes, lines, on)
    if "fact_unknown:birth_date" in unknown:
        amount = None
    return Verdict(
        programme,
        reasons,
        remarks=unknown if amount is None else (),
        lines=lines,
        classes=classes,
        amount=amount,
        deadline=_deadline(programme),
    )


def _status_reasons(catalogue: Catalogue, programme: Programme) -> Iterator[str]:
    if programme.id in NEVER_OFFERED_PROGRAMMES:
        yield "never_offered:own_service"
    elif catalogue.telling(programme) is Telling.NEVER:
        yield f"never_offered:{programme.status}"


def _deadline(programme: Programme) -> date | None:
    """The last day for applying, where the period's end is that."""
    if programme.status not in APPLICATION_ENDS_WITH_PERIOD or programme.period.end is None:
        return None
    return last_day(programme.period.end)


def _period_reasons(programme: Programme, on: date) -> Iterator[str]:
    period = programme.period
    if period.start is not None and on < first_day(period.start):
        yield "not_yet_open"
    over = period.end is not None and last_day(period.end) < on
    # "Closing soon" without a day is not something to promise.
    if over or (programme.status in APPLICATION_ENDS_WITH_PERIOD and period.end is None):
        yield "closed"


def _class_reasons(programme: Programme, lines: tuple[Line, ...]) -> Iterator[str]:
    if not lines:
        unknown = all(line.any_of is None for line in programme.what)
        yield "classes_unknown" if unknown else "class_missing"


def _person_reasons(
    catalogue: Catalogue, programme: Programme, person: Person, classes: frozenset[str]
) -> Iterator[str]:
    limits = catalogue.conditions.birth_limits.get(programme.id)
    if limits is not None and person.birth_date is not None:
        too_old = limits.born_from is not None and person.birth_date < limits.born_from
        too_young = limits.born_to is not None and person.birth_date > limits.born_to
        if too_old or too_young:
            yield "age_out_of_range"
    for name in catalogue.conditions.not_for.get(programme.id, []):
        if name in classes:
            yield f"not_for:{name}"
    if programme.id in HEATING_WITHOUT_GAS and person.uses_gas_heating:
        yield "heats_with_gas"


def _season_reasons(
    catalogue: Catalogue, programme: Programme, lines: tuple[Line, ...], on: date
) -> Iterator[str]:
    """Not offered when every fitting line is over; between its seasons it is offered without amount."""
    if lines and all(is_expired(catalogue.cases.get(line.case or ""), on) for line in lines):
        yield "out_of_season"


def _unknown_facts(
    catalogue: Catalogue, programme: Programme, person: Person, lines: tuple[Line, ...], on: date
) -> Iterator[str]:
    """Why lines that fit by class give no amount today, each reason once."""
    if programme.id in catalogue.conditions.birth_limits and person.birth_date is None:
        yield "fact_unknown:birth_date"
    verdicts = (
        case_verdict(programme.id, line.case, person, on, catalogue.cases.get(line.case or ""))
        for line in lines
    )
    # Past winters and other people's lines explain nothing.
    yield from dict.fromkeys(
        verdict.reason for verdict in verdicts if verdict.reason not in ("", "expired", "another_case")
    )


def _use_reasons(
    catalogue: Catalogue,
    programme_id: str,
    classes: frozenset[str],
    using: Collection[str],
    declined: Collection[str],
) -> Iterator[str]:
    received_by = catalogue.conditions.received_by_class.get(programme_id, [])
    if programme_id in using or not classes.isdisjoint(received_by):
        yield "already_used"
    if programme_id in declined:
        yield "declined"


def _leave_one_of_each_set(
    verdicts: dict[str, Verdict], catalogue: Catalogue, using: Collection[str]
) -> None:
    for rule in catalogue.conditions.exclusive:
        members = [verdicts[name] for name in rule.programmes if name in verdicts]
        in_use = [name for name in rule.programmes if name in using]
        offered = [verdict for verdict in members if verdict.is_offered]
        kept = in_use[0] if in_use else max(offered, key=_worth).programme.id if offered else None
        for verdict in offered:
            if kept not in (None, verdict.programme.id):
                reasons = (*verdict.reasons, f"exclusive_with:{kept}")
                verdicts[verdict.programme.id] = replace(verdict, reasons=reasons)


def _worth(verdict: Verdict) -> tuple[int, ...]:
    return (-1,) if verdict.amount is None else verdict.amount.strength
