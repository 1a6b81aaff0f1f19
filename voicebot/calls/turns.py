"""The turn: one webhook in, one answer out, everything it caused committed with it.

Steps of a turn, all in one transaction:
1. lock the call; a step that was answered already gives its answer again and changes nothing;
2. understand what was delivered against the question that was asked;
3. take the dialog's step and run the actions it asks for;
4. render the answer; write turn, session, outcome and outbox; commit;
5. after the commit, hand what was set going to the job engine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session as Database

from voicebot.calls.centre import CallCentre
from voicebot.calls.conversation import Reply, converse
from voicebot.calls.hearing import Delivered, Delivery, Understood, understand
from voicebot.clock import in_seoul
from voicebot.dialog import Command, Dialog, Pace, Session, begin, expecting
from voicebot.errors import RecordConflict, WebhookRefused
from voicebot.jobs.placing import adopt_sid
from voicebot.nlu import ACTS_KO
from voicebot.records import calls
from voicebot.records.database import transaction
from voicebot.records.tables import Call
from voicebot.records.work import CallWork

Render = Callable[[Call, int, Sequence[Command]], str]
"""Turns commands into the carrier's language. Given the call and the number of the step that comes next."""


def take_turn(
    centre: CallCentre, call_id: str, step: int, delivered: Delivered, render: Render, *, carrier_sid: str
) -> str:
    """Answer one request of the carrier for a call; gives the rendered answer.

    Raises RecordNotFound for an unknown call, WebhookRefused for a step that has not come yet (409) or a
    carrier id that is not this call's.
    """
    try:
        return _take_turn(centre, call_id, step, delivered, render, carrier_sid)
    except RecordConflict:
        # Two deliveries of one turn met: the other one has won, and its answer is the answer.
        return _take_turn(centre, call_id, step, delivered, render, carrier_sid)


def _take_turn(
    centre: CallCentre, call_id: str, step: int, delivered: Delivered, render: Render, carrier_sid: str
) -> str:
    now = centre.clock.now()
    with transaction(centre.engine) as db:
        call = calls.get_call_for_update(db, call_id)
        _recognise(db, call, carrier_sid, now)
        if (answered := _answered(db, call, step, delivered)) is not None:
            return answered
        if step != call.step:
            raise WebhookRefused(f"call {call_id} awaits step {call.step}, not {step}", status=409)
        work = CallWork(db, now, call, heard=_words_of(delivered))
        twiml = _answer(centre, work, step, delivered, render)
    centre.hand_over(work.going)
    return twiml


def _words_of(delivered: Delivered) -> str | None:
    """What the person did, as staff read it below a follow-up."""
    if delivered.keys:
        return f"({delivered.keys}번 버튼)"
    return delivered.speech or None


def _recognise(db: Database, call: Call, carrier_sid: str, now: datetime) -> None:
    """The carrier's call is this one. A webhook may come before the answer to the placement did."""
    if call.carrier_sid is None:
        adopt_sid(db, call, carrier_sid, now)
    elif call.carrier_sid != carrier_sid:
        raise WebhookRefused(f"call {call.id} is another call of the carrier", status=409)


def _answered(db: Database, call: Call, step: int, delivered: Delivered) -> str | None:
    """The answer given before to this very request, if it was."""
    if step == call.step:  # the step that is awaited: it cannot have been answered
        return None
    turn = calls.turn_at(db, call_id=call.id, step=step)
    if turn is None and delivered.token:
        turn = calls.turn_by_token(db, call_id=call.id, token=delivered.token)
    return None if turn is None else turn.twiml


def _answer(centre: CallCentre, work: CallWork, step: int, delivered: Delivered, render: Render) -> str:
    call, dialog = work.call, centre.shelf.get(work.call.dialog)
    line = centre.line_dialog(call.dialog)
    session = _session_of(dialog, line.given, work)
    _require_awaited(dialog, session, delivered)
    form = session.form or dialog.first
    understood = understand(
        delivered,
        expecting(dialog, session),
        answered_by=call.answered_by,
        local_now=in_seoul(work.now),
    )
    understood = replace(understood, heard=replace(understood.heard, elapsed_s=_elapsed_s(work)))
    reply = _reply(dialog, centre, session, understood, work)
    twiml = render(call, step + 1, reply.commands)
    _write_down(work, step, form, delivered, understood, reply, twiml)
    return twiml


def _elapsed_s(work: CallWork) -> int:
    """How long the call has lasted; 0 before it was answered."""
    began = work.call.answered_at
    return 0 if began is None else max(0, int((work.now - began).total_seconds()))


def _require_awaited(dialog: Dialog, session: Session, delivered: Delivered) -> None:
    """A transfer's end is awaited where somebody is being reached, and nowhere else. Raises WebhookRefused."""
    if session.form is None or session.outcome is not None:
        return
    is_reaching = dialog.forms[session.form].transfer is not None
    if is_reaching != (delivered.kind is Delivery.TRANSFER):
        raise WebhookRefused(f"form '{session.form}' does not await a request of this kind", status=409)


def _reply(
    dialog: Dialog, centre: CallCentre, session: Session, understood: Understood, work: CallWork
) -> Reply:
    line = centre.line_dialog(work.call.dialog)
    if session.outcome is not None and understood.heard.emergency and "raise_distress" in line.actions:
        # Words that arrive after the end (a late webhook) are still heard when somebody is in danger.
        line.actions["raise_distress"].run(work, {})
    return converse(dialog, line, session, understood.heard, work)


def _session_of(dialog: Dialog, given: Callable[[CallWork], Any], work: CallWork) -> Session:
    """The session as it was left, or a new one with the line's slots and the resident's pace."""
    if work.call.session is not None:
        return Session.from_json(work.call.session)
    resident = work.resident()
    wanted = {name for name, spec in dialog.slots.items() if spec.given}
    offered = {name: value for name, value in given(work).items() if name in wanted}
    session = begin(dialog, offered, Pace.from_json(resident.pace if resident else None))
    # Actions of the very first step may want to see the slots.
    work.call.session = session.to_json()
    return session


def _write_down(
    work: CallWork,
    step: int,
    form: str,
    delivered: Delivered,
    understood: Understood,
    reply: Reply,
    twiml: str,
) -> None:
    call, heard, answer = work.call, understood.heard, understood.answer
    calls.add_turn(
        work.db,
        call=call,
        step=step,
        at=work.now,
        form=form,
        event=heard.event.value,
        idempotency_token=delivered.token,
        heard=delivered.speech or delivered.keys or None,
        recogniser_confidence=delivered.confidence,
        act=heard.act,
        confidence=None if answer is None else answer.confidence,
        is_emergency=heard.emergency,
        meaning=_meaning(understood),
        said=reply.sentences(),
        twiml=twiml,
    )
    call.session = reply.session.to_json()
    call.step = step + 1
    call.last_heard_at = work.now
    if delivered.kind is Delivery.BEGIN:
        _answered_now(call, work.now)
    work.db.add(call)


def _answered_now(call: Call, now: datetime) -> None:
    """The carrier asks what to say: somebody (or something) has picked up."""
    call.answered_at = call.answered_at or now


def _meaning(understood: Understood) -> dict[str, Any] | None:
    answer, heard = understood.answer, understood.heard
    if answer is None and heard.value is None:
        return None
    return {
        "act_ko": ACTS_KO[answer.act] if answer else None,
        "also": list(heard.also),
        "value": heard.value,
        "why": list(answer.why) if answer else [],
        "hold": heard.hold,
    }
