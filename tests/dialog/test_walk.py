"""Whatever happens, in whatever order: promises that the welfare call keeps on every way through it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialog.conversation import examples, welfare_info
from voicebot.dialog import (
    Bargein,
    Command,
    Event,
    Heard,
    Listen,
    Perform,
    Say,
    Session,
    Spoken,
    Transfer,
    begin,
    expecting,
    step,
)
from voicebot.nlu.answers.acts import Act

DIALOG = welfare_info()
LEGAL = {
    DIALOG.prompt_id(name, number, prompt)
    for name, form in DIALOG.forms.items()
    for number, prompt in enumerate(form.prompt, 1)
    if prompt.legal
}
OFFERS = DIALOG.slots["offers"].example

spoken = st.builds(
    Heard,
    st.just(Event.SPEECH),
    text=st.sampled_from(["네", "아니요", "이사 갔어요", "내일 오전에요", "", "글쎄"]),
    act=st.sampled_from([act.value for act in Act]),
    also=st.sampled_from([(), ("affirm",), ("deny",)]),
    confidence=st.sampled_from([0.1, 0.3, 0.6, 1.0]),
    emergency=st.integers(0, 19).map(lambda number: number == 0),
    hold=st.integers(0, 9).map(lambda number: number == 0),
)
plain = st.builds(
    Heard, st.just(Event.SPEECH), text=st.just("네"), act=st.sampled_from(["affirm", "deny", "unsure"])
)
pressed = st.builds(Heard, st.just(Event.KEYS), keys=st.sampled_from([*"0123456789*", "11", "00", "#"]))
silent = st.just(Heard(Event.SILENCE))
rare = st.sampled_from([Heard(Event.MACHINE), Heard(Event.HANGUP), Heard(Event.SILENCE)])
answers = st.one_of(plain, plain, plain, pressed, pressed, spoken, spoken, silent, rare)
beginnings = st.sampled_from(
    ["", "1", "11", "112", "1122", "11221", "1111", "11111", "111111", "2", "21", "211"]
)
"""Keys with which a walk begins, so that it gets to every question."""
waiting = st.sampled_from(
    [Heard(Event.TRANSFER_ANSWERED), Heard(Event.TRANSFER_UNANSWERED), Heard(Event.HANGUP)]
)
given_slots = st.fixed_dictionaries(
    {
        "has_code": st.booleans(),
        "can_text": st.booleans(),
        "records_calls": st.booleans(),
        "offers": st.integers(0, 3).map(lambda count: OFFERS[:count]),
    }
)


class Walk:
    """One random conversation, every promise looked at after every step."""

    def __init__(self, slots: dict[str, Any]) -> None:
        self.session = begin(DIALOG, {**examples(DIALOG), **slots})
        self.was_machine = False
        self.take(Heard(Event.BEGIN))

    def take(self, heard: Heard) -> None:
        before = self.session
        after, commands = step(DIALOG, before, heard)
        assert (after, commands) == step(DIALOG, before, heard), "the same event led elsewhere"
        assert Session.from_json(json.loads(json.dumps(after.to_json()))) == after
        self.was_machine = self.was_machine or heard.event is Event.MACHINE
        self.session = after
        self._stands_somewhere(commands)
        self._keeps_the_law(commands)
        self._keeps_private(heard, commands)
        self._asks_before_it_acts(before, heard, commands)

    def _stands_somewhere(self, commands: tuple[Command, ...]) -> None:
        listens = [command for command in commands if isinstance(command, Listen)]
        transfers = [command for command in commands if isinstance(command, Transfer)]
        is_over = self.session.outcome is not None
        assert len(listens) + len(transfers) + is_over == 1
        assert is_over or commands[-1] in (*listens, *transfers)
        assert not is_over or self.session.outcome in DIALOG.outcomes
        assert bool(listens) == (expecting(DIALOG, self.session) is not None)

    def _keeps_the_law(self, commands: tuple[Command, ...]) -> None:
        for prompt in said(commands):
            assert prompt.id not in LEGAL or prompt.bargein is Bargein.NEVER

    def _keeps_private(self, heard: Heard, commands: tuple[Command, ...]) -> None:
        texts = " ".join(prompt.text for prompt in said(commands))
        if heard.event is Event.HANGUP:
            assert texts == ""
            assert self.session.outcome is not None
        if heard.event is Event.MACHINE and self.session.turns <= DIALOG.max_turns:
            assert self.session.outcome == "voicemail"
        if self.was_machine:
            names = [offer["name"] for offer in OFFERS]
            assert not any(word in texts for word in ["김말순", "삼칠일구", *names])

    def _asks_before_it_acts(self, before: Session, heard: Heard, commands: tuple[Command, ...]) -> None:
        for command in commands:
            if isinstance(command, Perform) and command.action in CONSENTED:
                assert before.form == CONSENTED[command.action]
                is_key = heard.event is Event.KEYS and heard.keys == "1"
                is_word = heard.act == "affirm" and heard.confidence >= 0.5
                is_also = "affirm" in heard.also and heard.confidence >= 0.5
                assert is_key or (heard.event is Event.SPEECH and (is_word or is_also))


CONSENTED = {
    "request_application": "offer_help",
    "note_recording_consent": "ask_recording",
    "text_details": "ask_text",
}
"""What may only be done after a yes, and the question that the yes must answer."""


def said(commands: tuple[Command, ...]) -> list[Spoken]:
    return [prompt for command in commands if isinstance(command, Say) for prompt in command.prompts]


@settings(max_examples=500, deadline=None)
@given(given_slots, beginnings, st.data())
def test_every_promise_holds_whatever_happens(
    slots: dict[str, Any], beginning: str, data: st.DataObject
) -> None:
    walk = Walk(slots)
    for key in beginning:
        if expecting(DIALOG, walk.session) is not None:
            walk.take(Heard(Event.KEYS, keys=key))
    for _ in range(40):
        if walk.session.outcome is not None:
            break
        is_listening = expecting(DIALOG, walk.session) is not None
        walk.take(data.draw(answers if is_listening else waiting))


ENDLESS = [
    Heard(Event.KEYS, keys="*"),
    *(Heard(Event.SPEECH, act=act) for act in ("who", "repeat", "slower")),
]


@settings(max_examples=60, deadline=None)
@given(
    given_slots,
    st.one_of(
        st.lists(st.sampled_from(ENDLESS), min_size=1, max_size=4),
        st.lists(st.one_of(plain, pressed, spoken, silent), min_size=1, max_size=6),
    ),
    st.booleans(),
)
def test_no_habit_however_odd_keeps_a_call_going_for_ever(
    slots: dict[str, Any], habit: list[Heard], is_answered: bool
) -> None:
    """A few events over and over: the call is over, or with a person, after `max_turns`."""
    walk = Walk(slots)
    transferred = Heard(Event.TRANSFER_ANSWERED if is_answered else Event.TRANSFER_UNANSWERED)
    for turn in range(DIALOG.max_turns + 5):
        if walk.session.outcome is not None:
            return
        is_listening = expecting(DIALOG, walk.session) is not None
        walk.take(habit[turn % len(habit)] if is_listening else transferred)
    assert walk.session.outcome is not None


def test_the_walk_itself_can_reach_an_application() -> None:
    """Were the way to an application closed, the promises about it would hold for nothing."""
    walk = Walk({})
    for keys in ("1", "2", "2", "1"):
        walk.take(Heard(Event.KEYS, keys=keys))
    assert walk.session.slots["requested"] == 1
