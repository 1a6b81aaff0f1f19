"""Clears up what nobody knows: placements whose answer was lost, and calls that stopped reporting.

It asks the carrier's own list and fetches single calls; it never dials. `verdict_on` is the whole rule for
a lost answer, the rest is reading facts and writing verdicts. Any number of processes may run it at once.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, func
from sqlmodel import Session, and_, col, or_, select

from voicebot.clock import Clock
from voicebot.errors import CarrierError, RecordConflict
from voicebot.jobs.carriers import CarrierCall, ListsCalls
from voicebot.jobs.placing import PLACE_CALL, adopt_sid, locked_call, note, request_placing
from voicebot.records.cases import open_follow_up
from voicebot.records.database import reading, transaction
from voicebot.records.tables import (
    Call,
    FollowUp,
    FollowUpKind,
    OutboxItem,
    Placement,
    Priority,
    Resident,
    Site,
    SiteKind,
)

LIVE = ("requested", "queued", "initiated", "ringing", "in-progress")
"""Statuses after which the carrier has more to report."""
SUBJECT = "placement"
CLOCKS_DIFFER = timedelta(seconds=30)
"""The carrier's clock may be behind ours; its list is asked from that much before the claim."""
_BATCH = 200

_log = logging.getLogger(__name__)

ApplyStatus = Callable[[CarrierCall], object]
"""Applies a status that was fetched as if it had been reported; in a transaction of its own."""


@dataclass(frozen=True)
class Patience:
    """How long to wait before looking into something, and how often a call may be asked for again."""

    lost_answer: timedelta = timedelta(seconds=60)
    """The carrier's list may lag behind; less than this and a call may be dialled twice."""
    dead_claim: timedelta = timedelta(seconds=180)
    """A claim without an answer: longer than any request to a carrier lasts."""
    silent_call: timedelta = timedelta(minutes=5)
    placements: int = 3
    """Tries per call before a person decides."""
    stale_request: timedelta = timedelta(minutes=15)
    """A request older than this is not dialled again by itself: the hour may have become unfit for a call."""


@dataclass(frozen=True)
class LostAnswer:
    """What is known about a call whose placement is unknown."""

    carrier_sid: str | None
    """Set when a webhook has named the carrier's call since."""
    unowned: tuple[str, ...]
    """Carrier calls to that number since the claim that belong to no call of ours."""
    rivals: int
    """Other calls of ours to that number whose answer is missing too."""
    placements: int
    """How often this call was asked for so far."""
    is_stale: bool = False
    """Whether the call was requested too long ago to be dialled without asking anybody."""


class Verdict(StrEnum):
    KEEP = "keep"
    ADOPT = "adopt"
    PLACE_AGAIN = "place_again"
    ASK_A_PERSON = "ask_a_person"


def verdict_on(facts: LostAnswer, most_placements: int) -> Verdict:
    """The rule. Dialling again needs certainty that no call was made, adopting that this is the one. Pure."""
    if facts.carrier_sid is not None:
        return Verdict.KEEP
    if not facts.unowned:
        may_dial = facts.placements < most_placements and not facts.is_stale
        return Verdict.PLACE_AGAIN if may_dial else Verdict.ASK_A_PERSON
    if len(facts.unowned) == 1 and not facts.rivals:
        return Verdict.ADOPT
    return Verdict.ASK_A_PERSON


@dataclass(frozen=True)
class Reconciled:
    """What one run did: how often each verdict was carried out, and the outbox items to hand over."""

    verdicts: Counter[Verdict]
    outbox_items: tuple[int, ...]
    statuses_fetched: int


def reconcile(
    engine: Engine,
    carrier: ListsCalls,
    clock: Clock,
    *,
    patience: Patience | None = None,
    apply_status: ApplyStatus | None = None,
    hand_over: Callable[[Sequence[int]], object] | None = None,
) -> Reconciled:
    """One run over everything that is overdue. A carrier that does not answer is asked at the next run.

    ``apply_status``: what to do with a fetched status; None leaves silent calls alone.
    ``hand_over``: given the new outbox items (else the sweep finds them).
    """
    waits = patience or Patience()
    verdicts: Counter[Verdict] = Counter()
    items: list[int] = []
    for call in _lost_answers(engine, clock.now(), waits):
        verdict, item_id = _settle(engine, carrier, call, clock, waits)
        if verdict:
            verdicts[verdict] += 1
        if item_id:
            items.append(item_id)
    if hand_over and items:
        hand_over(items)
    fetched = fetch_silent_calls(engine, carrier, clock, apply_status, waits) if apply_status else 0
    return Reconciled(verdicts, tuple(items), fetched)


def fetch_silent_calls(
    engine: Engine, carrier: ListsCalls, clock: Clock, apply_status: ApplyStatus, patience: Patience
) -> int:
    """Ask the carrier about live calls that have not reported for too long. Says how many those were."""
    now = clock.now()
    since = now - patience.silent_call
    never_heard = and_(col(Call.last_heard_at).is_(None), col(Call.requested_at) < since)
    with reading(engine) as db:
        silent = db.exec(
            select(Call.id, Call.carrier_sid)
            .where(col(Call.status).in_(LIVE), col(Call.carrier_sid).is_not(None))
            .where(or_(col(Call.last_heard_at) < since, never_heard))
            .limit(_BATCH)
        ).all()
    for call_id, sid in silent:
        assert sid is not None
        try:
            found = carrier.fetch_call(sid)
        except CarrierError as error:
            _log.warning(
                "call %s is silent and the carrier does not say why: %s", call_id, type(error).__name__
            )
            continue
        _heard(engine, call_id, now, is_known=found is not None)
        if found is not None:
            apply_status(found)
    return len(silent)


def _lost_answers(engine: Engine, now: datetime, patience: Patience) -> Sequence[Call]:
    """Overdue placements that no person has been asked about yet, oldest first."""
    asked = select(FollowUp.call_id).where(
        FollowUp.kind == FollowUpKind.TECHNICAL,
        FollowUp.subject == SUBJECT,
        col(FollowUp.call_id).is_not(None),
    )
    unknown = and_(
        col(Call.placement) == Placement.UNKNOWN, col(Call.placing_at) <= now - patience.lost_answer
    )
    dead = and_(col(Call.placement) == Placement.PLACING, col(Call.placing_at) <= now - patience.dead_claim)
    query = (
        select(Call)
        .where(or_(unknown, dead), col(Call.id).not_in(asked))
        .order_by(col(Call.placing_at))
        .limit(_BATCH)
    )
    with reading(engine) as db:
        return db.exec(query).all()


def _settle(
    engine: Engine, carrier: ListsCalls, call: Call, clock: Clock, patience: Patience
) -> tuple[Verdict | None, int | None]:
    assert call.placing_at is not None
    try:
        listed = carrier.list_calls(to=call.to_number, since=call.placing_at - CLOCKS_DIFFER)
    except CarrierError as error:
        _log.warning("call %s stays unknown, no list from the carrier: %s", call.id, type(error).__name__)
        return None, None
    try:
        return _carry_out(engine, call, [found.sid for found in listed], clock.now(), patience)
    except RecordConflict:
        _log.info("call %s was settled by somebody else meanwhile", call.id)
        return None, None


def _carry_out(
    engine: Engine, seen: Call, listed: Sequence[str], now: datetime, patience: Patience
) -> tuple[Verdict | None, int | None]:
    with transaction(engine) as db:
        call = locked_call(db, seen.id)
        if (call.placement, call.placing_at) != (seen.placement, seen.placing_at):
            return None, None
        facts = _facts(db, call, listed, is_stale=now - call.requested_at > patience.stale_request)
        verdict = verdict_on(facts, patience.placements)
        if verdict is Verdict.PLACE_AGAIN:
            return verdict, _place_again(db, call, facts.placements + 1, now)
        if verdict is Verdict.ASK_A_PERSON:
            _ask_a_person(db, call, now, _why_ask(facts))
        else:
            adopt_sid(db, call, facts.carrier_sid or facts.unowned[0], now)
            note(db, call, "adopted", verdict.value, now)
        return verdict, None


def _why_ask(facts: LostAnswer) -> str:
    if facts.unowned:
        return "several_candidates"
    return "stale_request" if facts.is_stale else "too_many_placements"


def _facts(db: Session, call: Call, listed: Sequence[str], *, is_stale: bool) -> LostAnswer:
    owned = set(db.exec(select(Call.carrier_sid).where(col(Call.carrier_sid).in_(listed))).all())
    rivals = db.exec(
        select(func.count())
        .select_from(Call)
        .where(Call.other_hash == call.other_hash, Call.id != call.id)
        .where(col(Call.placement).in_((Placement.PLACING, Placement.UNKNOWN)))
    ).one()
    asked_for = db.exec(
        select(func.count())
        .select_from(OutboxItem)
        .where(col(OutboxItem.key).startswith(f"{PLACE_CALL}:{call.id}:", autoescape=True))
    ).one()
    unowned = tuple(dict.fromkeys(sid for sid in listed if sid not in owned))
    return LostAnswer(call.carrier_sid, unowned, rivals, asked_for, is_stale)


def _place_again(db: Session, call: Call, attempt: int, now: datetime) -> int | None:
    call.placement = Placement.REQUESTED
    note(db, call, "again", "not_in_the_carriers_list", now)
    return request_placing(db, call.id, now, attempt=attempt).id


def _ask_a_person(db: Session, call: Call, now: datetime, reason: str) -> None:
    """The placement stays unknown and nobody dials; a webhook may still settle it."""
    call.placement = Placement.UNKNOWN
    note(db, call, "left_to_a_person", reason, now)
    _follow_up(
        db,
        call,
        now,
        "이 통화가 실제로 걸렸는지 확인되지 않아 자동으로 다시 걸지 않습니다. "
        "통신사 통화 내역에서 이 번호로 걸린 통화가 있는지 확인해 주세요.",
    )


def _heard(engine: Engine, call_id: str, now: datetime, *, is_known: bool) -> None:
    """Being asked about counts as being heard of: the next look is a whole wait later."""
    with transaction(engine) as db:
        call = db.get_one(Call, call_id)
        call.last_heard_at = now
        if not is_known:
            _follow_up(
                db, call, now, "통신사에 이 통화의 기록이 없습니다. 통화가 어떻게 끝났는지 확인해 주세요."
            )


def _follow_up(db: Session, call: Call, now: datetime, summary: str) -> None:
    """One technical follow-up per call, for the office that looks after the resident, else for the city."""
    site_id = _site_of(db, call)
    if site_id is None:
        _log.error("call %s needs a person, and there is no site to tell; import the sites first", call.id)
        return
    open_follow_up(
        db,
        site_id=site_id,
        kind=FollowUpKind.TECHNICAL,
        summary=summary,
        at=now,
        call_id=call.id,
        resident_id=call.resident_id,
        subject=SUBJECT,
        priority=Priority.TODAY,
    )


def _site_of(db: Session, call: Call) -> str | None:
    if call.resident_id is not None:
        return db.get_one(Resident, call.resident_id).site_id
    return db.exec(select(Site.id).where(Site.kind == SiteKind.CITY)).first()
