"""Moving through the forms of a dialog within one step: entering, saying, listening, ending. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from voicebot.datafiles import Place
from voicebot.dialog.commands import (
    Command,
    End,
    Listen,
    Perform,
    RecordCall,
    RememberPace,
    Say,
    Spoken,
    Transfer,
)
from voicebot.dialog.model import Bargein, Dialog, FieldKind, Form, Prompt, Route
from voicebot.dialog.session import Pace, Session
from voicebot.dialog.templates import fill, placeholders
from voicebot.errors import DialogError

_MOST_HOPS = 50
"""Forms passed through without anybody being asked anything: more are a loop in the file."""


@dataclass
class Progress:
    """One step on its way: the session as it changes and the commands as they gather.

    ``path`` gathers the places in the dialog file that decided where it went: what the coverage counts.
    """

    dialog: Dialog
    session: Session
    commands: list[Command] = field(default_factory=list)
    path: list[Place] = field(default_factory=list)

    @property
    def form(self) -> Form:
        if self.session.form is None:
            raise DialogError(f"dialog '{self.dialog.dialog}' has not begun")
        return self.dialog.forms[self.session.form]

    def update(self, **changes: Any) -> None:
        self.session = replace(self.session, **changes)

    def change_pace(self, pace: Pace) -> None:
        if pace != self.session.pace:
            self.update(pace=pace)
            self.commands.append(RememberPace(pace))

    def here(self, *place: str | int) -> Place:
        """A place inside the present form."""
        return ("forms", self.session.form or "", *place)

    def take(self, route: Route, place: Place) -> None:
        """Go where the route at ``place`` leads. Raises DialogError when no branch holds."""
        self.enter(self._target(route, place))

    def catch(self, name: str) -> bool:
        """Go where the form, else the dialog, catches ``name``; False when neither does."""
        if (own := self.form.catch.get(name)) is not None:
            self.interrupt(own, self.here("catch", name))
        elif (shared := self.dialog.catch.get(name)) is not None:
            self.interrupt(shared, ("catch", name))
        else:
            return False
        return True

    def interrupt(self, route: Route, place: Place) -> None:
        """Leave the question for something that may come back to it.

        A form that is on the way back already is not put there twice: the way back stays finite.
        """
        current, way_back = self.session.form, self.session.return_to
        if current is not None and self.form.field is not None:
            known = way_back.index(current) if current in way_back else len(way_back)
            self.update(return_to=(*way_back[:known], current))
        self.take(route, place)

    def enter(self, name: str) -> None:
        """Enter a form and go on until somebody must answer, act, or the call is over."""
        self._travel(name, is_back=False)

    def resume_after_action(self, result: Mapping[str, Any]) -> None:
        """An action gave its result: fill the slots, run the form's other actions, go on."""
        index = self.session.awaiting_action
        if index is None:
            raise DialogError("no action is awaited")
        wanted = self.form.do[index].into
        self.update(awaiting_action=None)
        self._fill_slots({slot: result.get(key) for slot, key in wanted.items()})
        if not self._perform(index + 1) and (onward := self._pass(is_back=False)):
            self._travel(onward[0], is_back=onward[1])

    def _travel(self, name: str, *, is_back: bool) -> None:
        for _ in range(_MOST_HOPS):
            if is_back:
                self.update(form=name, noinputs=0, nomatches=0)
            else:
                self._arrive(name)
                if self._perform(0):
                    return
            onward = self._pass(is_back=is_back)
            if onward is None:
                return
            name, is_back = onward
        raise DialogError(f"dialog '{self.dialog.dialog}' goes in circles around form '{name}'")

    def _arrive(self, name: str) -> None:
        if name not in self.dialog.forms:
            raise DialogError(f"dialog '{self.dialog.dialog}' has no form '{name}'")
        visited = self.session.visited
        self.update(
            form=name,
            noinputs=0,
            nomatches=0,
            visited=visited if name in visited else (*visited, name),
        )
        for slot, expression in self.form.set.items():
            self._fill_slots({slot: expression.evaluate(self.session.slots)})

    def _fill_slots(self, values: Mapping[str, Any]) -> None:
        for slot, value in values.items():
            spec = self.dialog.slots.get(slot)
            if spec is None or not spec.slot_type().holds(value):
                raise DialogError(f"slot '{slot}' cannot hold {value!r}")
        self.update(slots={**self.session.slots, **values})

    def _perform(self, start: int) -> bool:
        """Emit the form's actions from ``start``; True when one's result is awaited first."""
        for index, call in enumerate(self.form.do[start:], start):
            arguments = {name: each.evaluate(self.session.slots) for name, each in call.with_.items()}
            self.commands.append(Perform(call.action, arguments, wants_result=bool(call.into)))
            if call.into:
                self.update(awaiting_action=index)
                return True
        return False

    def _pass(self, *, is_back: bool) -> tuple[str, bool] | None:
        """Say the form and do what it ends with. Gives the next form and whether it is come back to."""
        form = self.form
        if form.record and not self.session.is_gone:
            self.commands.append(RecordCall(start=form.record == "start"))
        own = [(number, prompt) for number, prompt in enumerate(form.prompt, 1)]
        self.say(own, where=self.session.form or "", is_back=is_back)
        if form.field is not None:
            self.listen()
        elif form.transfer is not None:
            self._transfer(form.transfer.to)
        elif form.end is not None:
            self.end(form.end)
        elif form.goto is not None:
            return self._target(form.goto, self.here("goto")), False
        else:
            self.path.append(self.here("return"))
            return self._way_back(), True
        return None

    def _way_back(self) -> str:
        if not self.session.return_to:
            raise DialogError(f"form '{self.session.form}' returns, but nothing was interrupted")
        *rest, name = self.session.return_to
        self.update(return_to=tuple(rest))
        return name

    def _target(self, route: Route, place: Place) -> str:
        for number, branch in enumerate(route):
            if branch.if_ is None or branch.if_.evaluate(self.session.slots):
                self.path.append((*place, number))
                return branch.goto
        raise DialogError(f"no branch holds on the way out of form '{self.session.form}'")

    def say(self, prompts: Iterable[tuple[int, Prompt]], *, where: str, is_back: bool = False) -> None:
        """Say numbered prompts; what is said last is the question that awaits an answer."""
        if self.session.is_gone:
            return
        spoken = tuple(
            self._spoken(number, prompt, where)
            for number, prompt in prompts
            if not (is_back and prompt.once)
            and (prompt.if_ is None or prompt.if_.evaluate(self.session.slots))
        )
        if not spoken:
            return
        self.commands.append(Say(spoken, self.session.pace))
        self.update(
            question=spoken[-1].text,
            last_said=tuple(
                {"id": each.id, "text": each.text, "bargein": each.bargein, "is_variable": each.is_variable}
                for each in spoken
            ),
        )

    def _spoken(self, number: int, prompt: Prompt, where: str) -> Spoken:
        return Spoken(
            id=self.dialog.prompt_id(where, number, prompt),
            text=fill(prompt.text, self.session.slots),
            bargein=prompt.bargein,
            is_variable=bool(placeholders(prompt.text)),
        )

    def say_again(self) -> None:
        """What was said last, once more."""
        spoken = tuple(
            Spoken(said["id"], said["text"], Bargein(said["bargein"]), said["is_variable"])
            for said in self.session.last_said
        )
        if spoken and not self.session.is_gone:
            self.commands.append(Say(spoken, self.session.pace))

    def say_phrase(self, prompts: Iterable[Prompt], name: str) -> None:
        """A small answer of the engine's own; it does not become the question."""
        self.path.append(("phrases", name))
        question, last_said = self.session.question, self.session.last_said
        self.say(enumerate(prompts, 1), where=f"phrase.{name}")
        self.update(question=question, last_said=last_said)

    def warn(self, prompts: Iterable[Prompt]) -> None:
        """Say that the call has taken long; the question and what is said next stay as they are."""
        question, last_said = self.session.question, self.session.last_said
        self.say(enumerate(prompts, 1), where="time_limits.warning")
        self.update(question=question, last_said=last_said)

    def listen(self, *, timeout_s: int | None = None) -> None:
        """Wait for the field's answer; a line that is gone ends the call instead."""
        if self.session.is_gone:
            self.end("line_dropped")
            return
        spec = self.form.field
        if spec is None:
            raise DialogError(f"form '{self.session.form}' has no field to listen for")
        self.commands.append(
            Listen(
                form=self.session.form or "",
                question=self.session.question,
                by_speech=spec.kind is not FieldKind.DIGITS or not self.session.pace.keypad_only,
                most_digits=spec.most_digits,
                hints=(*spec.hints, *(option.say for option in spec.options)),
                timeout_s=timeout_s or spec.timeout_s,
                speech_timeout_s=spec.speech_timeout_s,
                pace=self.session.pace,
            )
        )

    def _transfer(self, to: str) -> None:
        if self.session.is_gone:
            self.end("line_dropped")
        else:
            self.commands.append(Transfer(to))

    def end(self, outcome: str) -> None:
        self.update(outcome=outcome)
        self.commands.append(End(outcome))
