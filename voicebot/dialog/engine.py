"""The engine: ``step(dialog, session, heard) -> (session, commands)``.

Pure: no Flask, SQL, network, clock or chance. The same session and the same event always give the same
answer, so that any process can take the next turn and a repeated one can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from voicebot.datafiles import Place
from voicebot.dialog.commands import Command
from voicebot.dialog.heard import Event, Heard
from voicebot.dialog.model import Dialog, FieldKind, FieldSpec
from voicebot.dialog.progress import Progress
from voicebot.dialog.session import Pace, Session
from voicebot.dialog.slots import ExpressionError
from voicebot.errors import DialogError

KEY_HUMAN = "0"
KEY_AGAIN = "*"
_HOLD_S = 30
"""How long "just a moment" lasts before the question is put again."""
_TOO_OFTEN_LOUDER = 2
"""Asked for the second time, "louder" means that the telephone is not the way: a person helps."""
_SAFE_ACTS = {"human", "distress", "repeat", "slower", "who", "suspicious", "proxy"}
"""Acts that cost little when taken wrongly (a person, an explanation, another question): half the usual
confidence is enough. What cannot be taken back (stop, deceased, wrong_person) needs the whole."""
_SAFE_ENOUGH = 0.25  # nobody is harmed by a person or an explanation that was not asked for
_NEVER_TAKEN_DOWN = {"human", "distress"}
_YES_NO = {"affirm": "yes", "deny": "no", "unsure": "unsure"}
_OUTRANKS_HOLD = {
    *("human", "stop", "who", "suspicious", "distress", "deceased", "wrong_person", "abusive"),
    *("repeat", "slower", "louder"),
}
"""What is asked for beside "just a moment" is done at once: "잠깐만요, 누구세요?" wants an answer."""
_NOT_AN_ANSWER = {"noise", "backchannel"}


@dataclass(frozen=True)
class Expectation:
    """What the conversation waits for: what the understanding needs to judge the answer."""

    question: str
    question_kind: str
    field: FieldSpec


def begin(dialog: Dialog, given: Mapping[str, Any], pace: Pace | None = None) -> Session:
    """A session with its slots filled, before its first step. Raises DialogError for wrong slots."""
    unknown = set(given) - {name for name, spec in dialog.slots.items() if spec.given}
    if unknown:
        raise DialogError(f"dialog '{dialog.dialog}' is not given these slots: {sorted(unknown)}")
    values: dict[str, Any] = {}
    for name, spec in dialog.slots.items():
        value = given.get(name) if spec.given else spec.initial
        if (spec.given and name not in given) or not spec.slot_type().holds(value):
            raise DialogError(f"dialog '{dialog.dialog}' needs slot '{name}' ({spec.type}), got {value!r}")
        values[name] = value
    return Session(dialog=dialog.dialog, version=dialog.version, slots=values, pace=pace or Pace())


def expecting(dialog: Dialog, session: Session) -> Expectation | None:
    """What is awaited now; None when nothing is asked."""
    if session.form is None or session.outcome is not None:
        return None
    spec = dialog.forms[session.form].field
    return None if spec is None else Expectation(session.question, spec.question_kind, spec)


def step(dialog: Dialog, session: Session, heard: Heard) -> tuple[Session, tuple[Command, ...]]:
    """Take one event.

    Gives the session after it and the commands, in order. After `End`, and for events that come when the
    call is over, there is nothing to do. After a `Perform` that wants a result the caller steps again with
    `Event.ACTION_DONE`. Raises DialogError for events that make no sense where the conversation stands.
    """
    after, commands, _ = traced_step(dialog, session, heard)
    return after, commands


def traced_step(
    dialog: Dialog, session: Session, heard: Heard
) -> tuple[Session, tuple[Command, ...], tuple[Place, ...]]:
    """As `step`, and the places in the dialog file that decided, in order (see `graph`)."""
    if session.outcome is not None:
        return session, (), ()
    progress = Progress(dialog, session)
    try:
        _HANDLERS[heard.event](progress, heard)
    except ExpressionError as error:
        raise DialogError(f"dialog '{dialog.dialog}', form '{progress.session.form}': {error}") from error
    return progress.session, tuple(progress.commands), tuple(progress.path)


def _begin(progress: Progress, heard: Heard) -> None:
    if progress.session.form is not None:
        raise DialogError("the dialog has begun already")
    progress.enter(progress.dialog.first)


def _hang_up(progress: Progress, heard: Heard) -> None:
    progress.update(is_gone=True, awaiting_action=None)
    if progress.session.form is None or not progress.catch("hangup"):
        progress.end("line_dropped")


def _machine(progress: Progress, heard: Heard) -> None:
    if not _is_too_long(progress, heard) and not progress.catch("machine"):
        _climb(progress, "noinput")


def _silence(progress: Progress, heard: Heard) -> None:
    if not _is_too_long(progress, heard):
        _climb(progress, "noinput")


def _action_done(progress: Progress, heard: Heard) -> None:
    progress.resume_after_action(heard.result)


def _transferred(progress: Progress, heard: Heard) -> None:
    transfer = progress.form.transfer
    if transfer is None:
        raise DialogError(f"form '{progress.session.form}' transfers nobody")
    if heard.event is Event.TRANSFER_ANSWERED:
        progress.take(transfer.answered, progress.here("transfer", "answered"))
    else:
        progress.take(transfer.unanswered, progress.here("transfer", "unanswered"))


def _keys(progress: Progress, heard: Heard) -> None:
    if _is_too_long(progress, heard):
        return
    spec = _asked(progress)
    _keep_words(progress, spec, "")
    if heard.keys == KEY_HUMAN and not spec.takes_figures:
        _reach_a_person(progress)
    elif heard.keys == KEY_AGAIN:
        _repeat(progress)
    elif (meaning := spec.key_table().get(heard.keys)) is not None:
        _fill_by_key(progress, spec, heard, meaning)
    elif heard.value is not None and spec.takes_figures and _fill(progress, spec, heard.value):
        return
    elif heard.keys == KEY_HUMAN:
        _reach_a_person(progress)
    else:
        _climb(progress, "nomatch")


def _fill_by_key(progress: Progress, spec: FieldSpec, heard: Heard, meaning: str) -> None:
    if spec.kind is FieldKind.YES_NO and meaning in _YES_NO.values():
        answered = _answer_yes_no(progress, spec, meaning)
    elif heard.keys in spec.keys and meaning in progress.dialog.forms:
        progress.path.append(progress.here("field", "keys", heard.keys))
        progress.enter(meaning)
        answered = True
    else:
        answered = _fill(progress, spec, meaning)
    if not answered:
        _climb(progress, "nomatch")


def _speech(progress: Progress, heard: Heard) -> None:
    if heard.emergency and progress.catch("emergency"):
        return
    if _is_too_long(progress, heard):
        return
    spec = _asked(progress)
    _keep_words(progress, spec, heard.text)
    act = heard.act or "noise"
    if heard.hold and act not in _OUTRANKS_HOLD:
        _hold(progress)
    elif (link := _link(progress.dialog, heard.text)) is not None:
        progress.interrupt(progress.dialog.links[link].goto, ("links", link, "goto"))
    elif act == "noise" and not _is_content(spec, heard):
        _climb(progress, "noinput")
    elif _is_content(spec, heard):
        _fill(progress, spec, heard.text)
    elif _is_doubtful(spec, heard):
        _climb(progress, "nomatch")
    elif act in progress.form.catch:
        progress.catch(act)
    elif act in _SMALL_ANSWERS:
        _SMALL_ANSWERS[act](progress)
    elif not _take_answer(progress, spec, heard, act):
        _climb(progress, "nomatch")


def _keep_words(progress: Progress, spec: FieldSpec, text: str) -> None:
    if spec.words:
        progress.update(slots={**progress.session.slots, spec.words: text})


def _is_doubtful(spec: FieldSpec, heard: Heard) -> bool:
    """Too uncertain to act on. Where words are taken down as they are, only a call for a person may be weak:
    an explanation that nobody asked for would lose what was said."""
    safe = _NEVER_TAKEN_DOWN if spec.kind is FieldKind.SPEECH else _SAFE_ACTS
    least = min(_SAFE_ENOUGH, spec.surely_enough) if heard.act in safe else spec.surely_enough
    return heard.confidence < least


def _is_content(spec: FieldSpec, heard: Heard) -> bool:
    """Whether words of unclear meaning are to be taken down as they are: a person will read them."""
    return spec.kind is FieldKind.SPEECH and _is_doubtful(spec, heard) and len(heard.text.strip()) > 1


def _link(dialog: Dialog, text: str) -> int | None:
    """The first link that holds for what was said."""
    return next((number for number, each in enumerate(dialog.links) if each.fits(text)), None)


def _take_answer(progress: Progress, spec: FieldSpec, heard: Heard, act: str) -> bool:
    """Fill the field, or go where the dialog catches the act. False: not understood."""
    if spec.kind is FieldKind.YES_NO:
        if act in _YES_NO and _answer_yes_no(progress, spec, _YES_NO[act]):
            return True
    elif heard.value is not None and act not in progress.dialog.catch:
        return _fill(progress, spec, heard.value)
    elif spec.kind is FieldKind.SPEECH and act not in progress.dialog.catch and act not in _NOT_AN_ANSWER:
        return _fill(progress, spec, heard.text)
    if progress.catch(act):
        return True
    second = next((_YES_NO[each] for each in heard.also if each in {"affirm", "deny"}), None)
    if second is None or spec.kind is not FieldKind.YES_NO:
        return False
    return _answer_yes_no(progress, spec, second)


def _answer_yes_no(progress: Progress, spec: FieldSpec, answer: str) -> bool:
    route = progress.form.filled.routes().get(answer)
    if route is None:
        return False
    if spec.slot:
        progress.update(slots={**progress.session.slots, spec.slot: {"yes": True, "no": False}.get(answer)})
    progress.take(route, progress.here("filled", answer))
    return True


def _fill(progress: Progress, spec: FieldSpec, value: Any) -> bool:
    """Put a value into the field's slot and go on; False when it is not of the slot's kind."""
    if spec.kind is FieldKind.CHOICE:
        value = _option_of(spec, value)
    if spec.kind is FieldKind.DIGITS and spec.digits:
        fewest, most = spec.digits
        if not isinstance(value, str) or not fewest <= len(value) <= most:
            return False
    if spec.slot:
        if value is None or not progress.dialog.slots[spec.slot].slot_type().holds(value):
            return False
        progress.update(slots={**progress.session.slots, spec.slot: value})
    route = progress.form.filled.value
    if route is None:
        raise DialogError(f"form '{progress.session.form}' does not say where its answer leads")
    progress.take(route, progress.here("filled", "value"))
    return True


def _option_of(spec: FieldSpec, value: Any) -> str | None:
    """The option meant by a label or a value. No preference ("any") is no choice: it is asked again."""
    return next(
        (option.value for option in spec.options if value in (option.value, option.say, *option.also)), None
    )


def _asked(progress: Progress) -> FieldSpec:
    spec = progress.form.field
    if spec is None:
        raise DialogError(f"form '{progress.session.form}' asks nothing")
    return spec


def _is_too_long(progress: Progress, heard: Heard) -> bool:
    """Counts the turn. A conversation that goes round in circles is given to a person, one that takes too long is warned,
    then ended."""
    progress.update(turns=progress.session.turns + 1)
    if progress.session.turns > progress.dialog.max_turns:
        if not progress.catch("exhausted"):
            progress.end("line_dropped")
        return True
    return _is_out_of_time(progress, heard.elapsed_s)


def _is_out_of_time(progress: Progress, elapsed_s: int) -> bool:
    limits = progress.dialog.time_limits
    if limits is None or (limits.unless is not None and limits.unless.evaluate(progress.session.slots)):
        return False
    if elapsed_s < limits.warn_after_s:
        return False
    if progress.session.is_warned:
        return elapsed_s >= limits.end_after_s and progress.catch("time_over")
    progress.update(is_warned=True)  # nobody is ended unwarned, however late they come back from a transfer
    progress.warn(limits.warning)
    return False


def _climb(progress: Progress, ladder: Literal["noinput", "nomatch"]) -> None:
    """The next rung: a reworded question, or out."""
    counter = "noinputs" if ladder == "noinput" else "nomatches"
    count = getattr(progress.session, counter) + 1
    progress.update(**{counter: count})
    if ladder == "nomatch" and count >= 2:
        progress.change_pace(replace(progress.session.pace, keypad_only=True))
    rungs = progress.dialog.ladder(progress.form, ladder)
    if not rungs:
        raise DialogError(f"form '{progress.session.form}' has no {ladder} ladder")
    number = min(count, len(rungs))
    rung = rungs[number - 1]
    where = f"{progress.session.form}.{ladder}{number}"
    progress.say(enumerate(rung.prompt, 1), where=where)
    place: Place = (ladder, number - 1)
    if getattr(progress.form, ladder) is not None:
        place = progress.here(*place)
    if rung.goto is not None:
        progress.take(rung.goto, (*place, "goto"))
        return
    progress.path.append(place)
    if progress.form.field is not None:
        progress.listen()


def _repeat(progress: Progress) -> None:
    progress.say_phrase(progress.dialog.phrases.repeat, "repeat")
    progress.say_again()
    progress.listen()


def _slower(progress: Progress) -> None:
    progress.change_pace(progress.session.pace.slower())
    progress.say_phrase(progress.dialog.phrases.slower, "slower")
    progress.say_again()
    progress.listen()


def _louder(progress: Progress) -> None:
    progress.update(louder_asked=progress.session.louder_asked + 1)
    progress.change_pace(replace(progress.session.pace, louder=True))
    if progress.session.louder_asked >= _TOO_OFTEN_LOUDER and progress.catch("hard_of_hearing"):
        return
    progress.say_phrase(progress.dialog.phrases.louder, "louder")
    progress.say_again()
    progress.listen()


def _hold(progress: Progress) -> None:
    if "hold" in progress.form.catch:
        progress.catch("hold")
        return
    progress.say_phrase(progress.dialog.phrases.hold, "hold")
    progress.listen(timeout_s=_HOLD_S)


def _reach_a_person(progress: Progress) -> None:
    if not progress.catch("human"):
        raise DialogError(f"dialog '{progress.dialog.dialog}' does not say how to reach a person")


_SMALL_ANSWERS: dict[str, Callable[[Progress], None]] = {
    "repeat": _repeat,
    "slower": _slower,
    "louder": _louder,
    "human": _reach_a_person,
}
_HANDLERS: dict[Event, Callable[[Progress, Heard], None]] = {
    Event.BEGIN: _begin,
    Event.SPEECH: _speech,
    Event.KEYS: _keys,
    Event.SILENCE: _silence,
    Event.MACHINE: _machine,
    Event.HANGUP: _hang_up,
    Event.TRANSFER_ANSWERED: _transferred,
    Event.TRANSFER_UNANSWERED: _transferred,
    Event.ACTION_DONE: _action_done,
}
