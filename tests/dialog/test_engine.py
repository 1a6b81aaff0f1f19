"""How a conversation moves: ladders, catches, digressions, small answers, keys, actions, and the end of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.dialog.conversation import Conversation, examples, welfare_info
from tests.dialog.small_dialog import GOOD, load_text, spoiled
from voicebot.dialog import (
    Bargein,
    Dialog,
    End,
    Event,
    Heard,
    Pace,
    RecordCall,
    RememberPace,
    Say,
    Session,
    Transfer,
    begin,
    step,
)
from voicebot.dialog.engine import traced_step
from voicebot.dialog.graph import Shape, graph_of
from voicebot.errors import DialogError

ORDERED = {"order": {"number": "17"}}
QUESTIONS = sorted(name for name, shape in graph_of(welfare_info()).forms.items() if shape is Shape.QUESTION)


@pytest.fixture
def small(tmp_path: Path) -> Dialog:
    return load_text(tmp_path, GOOD).dialog


def standing_at(form: str, **changes: Any) -> Session:
    """A session of the welfare call that waits for the answer of one form."""
    session = begin(welfare_info(), examples(welfare_info()))
    fields = {"form": form, "visited": (form,), "question": "여쭙습니다", **changes}
    return Session.from_json({**session.to_json(), **fields})


class TestTheBeginning:
    def test_it_says_who_calls_before_it_asks(self, small: Dialog) -> None:
        call = Conversation(small)
        assert call.said == ["시청의 인공지능 전화입니다.", "박순자가 맞으신가요? 한 끼에 오천 원입니다."]
        assert isinstance(call.commands[0], Say)
        assert [each.bargein for each in call.commands[0].prompts] == [Bargein.NEVER, Bargein.SPEECH]
        assert call.listening is not None
        assert call.listening.question == "박순자가 맞으신가요? 한 끼에 오천 원입니다."

    @pytest.mark.parametrize(
        "given", [{}, {"name": "박순자"}, {"name": 3, "price": 1}, {"name": "", "price": 1, "x": 2}]
    )
    def test_it_wants_exactly_the_slots_that_it_is_given(self, small: Dialog, given: dict[str, Any]) -> None:
        with pytest.raises(DialogError):
            begin(small, given)

    def test_it_begins_once(self, small: Dialog) -> None:
        with pytest.raises(DialogError, match="begun"):
            Conversation(small).take(Heard(Event.BEGIN))

    def test_a_remembered_pace_is_kept(self, small: Dialog) -> None:
        session = begin(small, examples(small), Pace(rate_percent=85))
        _, commands = step(small, session, Heard(Event.BEGIN))
        assert isinstance(commands[0], Say)
        assert commands[0].pace.rate_percent == 85


class TestAnswers:
    @pytest.mark.parametrize(
        ("act", "form"), [("affirm", "choose"), ("deny", None), ("inform", "hello"), ("unsure", "hello")]
    )
    def test_yes_and_no_lead_on_and_nothing_else_does(
        self, small: Dialog, act: str, form: str | None
    ) -> None:
        call = Conversation(small).says(act)
        assert call.session.form == (form or "refuse")
        assert (call.end is not None) == (form is None)

    def test_a_choice_is_filled_by_its_words_or_its_key_and_no_preference_is_asked_again(
        self, small: Dialog
    ) -> None:
        for answer in (
            Conversation(small).says("affirm").says("inform", value="죽"),
            Conversation(small).presses("1").presses("2"),
        ):
            assert answer.session.slots["meal"] == "porridge"
            assert answer.session.form == "ask_remark"
        call = Conversation(small, ORDERED).says("affirm").says("inform", value="any")
        assert call.session.slots["meal"] is None
        assert call.session.nomatches == 1

    def test_a_choice_that_is_not_offered_is_asked_for_again(self, small: Dialog) -> None:
        call = Conversation(small).says("affirm").says("inform", value="국수")
        assert call.said == ["밥과 죽 가운데 골라 주세요."]

    def test_free_words_are_kept_as_they_were_said(self, small: Dialog) -> None:
        call = Conversation(small, ORDERED).presses("1").presses("2").says("inform", "문 앞에 놔 주세요")
        assert call.performed[0].arguments == {"meal": "porridge", "note": "문 앞에 놔 주세요"}

    @pytest.mark.parametrize("form", QUESTIONS)
    @pytest.mark.parametrize("act", ["affirm", "deny", "unsure", "stop", "later", "deceased", "inform"])
    def test_what_was_barely_understood_never_decides(self, form: str, act: str) -> None:
        heard = Heard(Event.SPEECH, text="음", act=act, confidence=0.2)
        _, commands, path = traced_step(welfare_info(), standing_at(form), heard)
        assert not any("filled" in place or "catch" in place for place in path)
        assert "nomatch" in path[0]
        assert commands

    def test_asking_for_a_person_needs_little_certainty(self, small: Dialog) -> None:
        assert Conversation(small).says("human", confidence=0.3).session.form == "desk"
        assert Conversation(small).says("human", confidence=0.2).session.form == "hello"

    def test_a_second_act_in_one_breath_may_be_the_answer(self, small: Dialog) -> None:
        assert Conversation(small).says("off_topic", also=("affirm",)).session.form == "choose"


class TestLadders:
    def test_silence_climbs_to_its_end(self, small: Dialog) -> None:
        call = Conversation(small).is_silent()
        assert call.said == ["듣고 계시면 아무 말씀이나 해 주세요."]
        assert call.listening is not None
        assert call.is_silent().end == End("missed")

    def test_an_answer_starts_the_ladders_anew(self, small: Dialog) -> None:
        call = Conversation(small).is_silent().says("affirm")
        assert (call.session.noinputs, call.session.nomatches) == (0, 0)
        assert call.is_silent().end is None

    def test_noise_is_silence(self, small: Dialog) -> None:
        assert Conversation(small).says("noise").session.noinputs == 1

    def test_the_reworded_question_is_what_the_next_answer_is_judged_against(self, small: Dialog) -> None:
        assert Conversation(small).says("inform").session.question == "본인이 맞으시면 네라고 해 주세요."

    def test_two_mishearings_make_the_keypad_come_first(self, small: Dialog) -> None:
        call = Conversation(small).says("inform").says("inform")
        assert call.session.pace.keypad_only
        assert any(isinstance(command, RememberPace) for command in call.commands)


class TestWaysFromAnywhere:
    def test_a_digression_comes_back_to_the_question(self, small: Dialog) -> None:
        call = Conversation(small).says("affirm").says("who")
        assert call.said == ["시청 복지과입니다.", "무엇을 드릴까요? 밥은 일 번, 죽은 이 번입니다."]
        assert call.session.form == "choose"
        assert call.session.return_to == ()

    def test_coming_back_does_nothing_a_second_time(self, small: Dialog) -> None:
        call = Conversation(small).says("affirm").says("who").says("who")
        assert call.session.slots["times"] == 1

    def test_digressions_within_digressions_come_back_one_by_one(self) -> None:
        call = Conversation(welfare_info()).presses("1").says("suspicious").says("who")
        assert call.session.form == "ask_to_go_on"
        assert call.says("affirm").session.form == "ask_recording"

    def test_the_way_back_does_not_grow_with_every_digression(self, tmp_path: Path) -> None:
        text = spoiled({"  who_we_are:\n    prompt: 시청 복지과입니다.\n    return: true": _NESTING})
        call = Conversation(load_text(tmp_path, text).dialog)
        for _ in range(12):
            call.says("who")
        assert call.session.return_to == ("hello", "who_we_are")
        assert call.says("affirm").session.form == "who_we_are"
        assert call.says("affirm").session.form == "hello"

    def test_a_link_is_taken_for_its_words_and_not_for_their_contrary(self, small: Dialog) -> None:
        assert Conversation(small).says("inform", "저 이사갔어요").session.form == "refuse"
        assert Conversation(small).says("inform", "이사 갔냐고요? 안 갔어요").session.form == "hello"

    def test_a_link_may_lead_to_a_digression(self, tmp_path: Path) -> None:
        text = spoiled({"unless: [안 갔], goto: refuse": "goto: who_we_are"})
        call = Conversation(load_text(tmp_path, text).dialog).says("inform", "이사 갔어요")
        assert call.session.form == "hello"
        assert call.said[0] == "시청 복지과입니다."

    def test_the_form_catches_before_the_dialog_does(self) -> None:
        call = Conversation(welfare_info()).says("proxy").says("later")
        assert call.end == End("proxy")

    @pytest.mark.parametrize("form", QUESTIONS)
    def test_an_emergency_comes_before_everything(self, form: str) -> None:
        heard = Heard(
            Event.SPEECH, text="이사 갔어요", act="affirm", confidence=0.1, emergency=True, hold=True
        )
        for turns in (0, welfare_info().max_turns):
            session, commands = step(welfare_info(), standing_at(form, turns=turns), heard)
            assert session.form == "distress"
            assert Transfer("situation_room") in commands

    def test_a_call_without_end_is_given_to_a_person(self, small: Dialog) -> None:
        call = Conversation(small)
        for _ in range(small.max_turns):
            call.presses("*")
        assert call.session.form == "hello"
        assert Transfer("staff") in call.presses("*").commands


_NESTING = """\
  who_we_are:
    prompt: 시청입니다. 계속할까요?
    field: {kind: yes_no}
    filled: {yes: back, no: refuse}
    nomatch: [{goto: refuse}]
  back:
    return: true"""


class TestSmallAnswers:
    def test_again_says_the_same_again(self, small: Dialog) -> None:
        call = Conversation(small).says("inform")
        said = call.said
        assert call.says("repeat").said == ["다시 말씀드립니다.", *said]
        assert call.says("repeat").said == ["다시 말씀드립니다.", *said]
        assert call.session.question == said[-1]

    def test_again_does_not_make_a_legal_notice_interruptible(self) -> None:
        call = Conversation(welfare_info()).presses("*")
        notices = [each for command in call.commands if isinstance(command, Say) for each in command.prompts]
        assert [each.bargein for each in notices[1:4]] == [Bargein.NEVER] * 3

    def test_slower_is_slower_each_time_but_never_falls_apart(self, small: Dialog) -> None:
        call, rates = Conversation(small), []
        for _ in range(4):
            rates.append(call.says("slower").session.pace.rate_percent)
            assert call.listening is not None
            assert call.listening.pace == call.session.pace
        assert rates == [85, 70, 70, 70]
        assert call.session.pace.extra_pause_s == 3

    def test_louder_twice_is_hard_of_hearing(self, small: Dialog) -> None:
        call = Conversation(small).says("louder")
        assert call.session.pace.louder
        assert call.said[0] == "크게 말씀드립니다."
        assert call.says("louder").session.form == "desk"

    def test_just_a_moment_waits_without_counting_it_as_an_answer(self, small: Dialog) -> None:
        call = Conversation(small).says("affirm", hold=True)
        assert call.session.form == "hello"
        assert call.listening is not None
        assert call.listening.timeout_s == 30
        assert call.session.question.endswith("오천 원입니다.")

    @pytest.mark.parametrize(("act", "form"), [("human", "desk"), ("stop", "refuse"), ("deceased", "refuse")])
    def test_what_is_asked_for_beside_just_a_moment_is_done(self, small: Dialog, act: str, form: str) -> None:
        assert Conversation(small).says(act, hold=True).session.form == form

    def test_a_form_may_say_what_just_a_moment_means(self) -> None:
        call = Conversation(welfare_info()).says("proxy").says("affirm", hold=True)
        assert call.session.form == "wait_for_person"


class TestKeys:
    @pytest.mark.parametrize("form", QUESTIONS)
    def test_zero_is_a_person_everywhere(self, form: str) -> None:
        session, commands = step(welfare_info(), standing_at(form), Heard(Event.KEYS, keys="0"))
        assert session.form == "to_staff"
        assert Transfer("staff") in commands

    @pytest.mark.parametrize("form", QUESTIONS)
    def test_star_asks_again_everywhere(self, form: str) -> None:
        said = ({"id": "x", "text": "여쭙습니다", "bargein": "speech", "is_variable": False},)
        session, commands = step(
            welfare_info(), standing_at(form, last_said=said), Heard(Event.KEYS, keys="*")
        )
        assert session.form == form
        assert [each.text for each in commands[1].prompts] == ["여쭙습니다"]  # type: ignore[union-attr]

    def test_a_key_that_means_nothing_is_not_understood(self, small: Dialog) -> None:
        assert Conversation(small).presses("9").session.nomatches == 1

    def test_a_key_may_lead_to_a_form_of_its_own(self, small: Dialog) -> None:
        call = Conversation(small, ORDERED).presses("1").presses("2").presses("1")
        assert call.end == End("ordered")
        assert call.performed[0].arguments["note"] is None

    def test_an_option_named_like_a_form_is_still_an_option(self, tmp_path: Path) -> None:
        text = spoiled({"value: porridge": "value: desk"})
        call = Conversation(load_text(tmp_path, text).dialog).presses("1").presses("2")
        assert call.session.slots["meal"] == "desk"
        assert call.session.form == "ask_remark"

    @pytest.mark.parametrize(
        ("keys", "value", "form"),
        [("3719", "3719", "refuse"), ("37", "37", "hello"), ("0", None, "desk"), ("0", "0", "desk")],
    )
    def test_figures_that_are_asked_for_are_taken_when_they_are_enough(
        self, tmp_path: Path, keys: str, value: str | None, form: str
    ) -> None:
        field = "field: {kind: digits, slot: remark, digits: [4, 4]}\n    filled: refuse"
        text = spoiled(
            {"field: {kind: yes_no, question_kind: identity}\n    filled: {yes: choose, no: refuse}": field}
        )
        call = Conversation(load_text(tmp_path, text).dialog).presses(keys, value)
        assert call.session.form == form


class TestActions:
    def test_the_result_of_an_action_fills_slots_before_anything_more_is_said(self, small: Dialog) -> None:
        call = Conversation(small, ORDERED).presses("1").presses("1")
        assert call.said == ["일칠번으로 주문했습니다."]
        assert call.session.outcome == "ordered"

    def test_a_result_that_does_not_fit_its_slot_stops_the_call(self, small: Dialog) -> None:
        with pytest.raises(DialogError, match="number"):
            Conversation(small, {"order": {"number": 17}}).presses("1").presses("1")

    def test_a_result_that_is_missing_is_an_error_of_the_dialog(self, small: Dialog) -> None:
        with pytest.raises(DialogError, match="form 'order'"):
            Conversation(small, {}).presses("1").presses("1")

    def test_a_line_that_goes_while_an_action_runs_is_over(self, small: Dialog) -> None:
        session = Conversation(small).presses("1").session
        session, _ = step(small, session, Heard(Event.KEYS, keys="1"))
        assert session.awaiting_action == 0
        session, commands = step(small, session, Heard(Event.HANGUP))
        assert session.outcome == "line_dropped"
        assert session.awaiting_action is None
        assert commands == (End("line_dropped"),)

    def test_recording_starts_only_after_consent(self) -> None:
        assert RecordCall(start=True) in Conversation(welfare_info()).presses("1").presses("1").commands
        assert RecordCall(start=True) not in Conversation(welfare_info()).presses("1").presses("2").commands


class TestTheEnd:
    @pytest.mark.parametrize("form", sorted(welfare_info().forms))
    def test_a_hang_up_ends_the_call_without_another_word(self, form: str) -> None:
        session, commands = step(welfare_info(), standing_at(form), Heard(Event.HANGUP))
        waiting_for_a_person = {
            "distress": "distress",
            "distress_again": "distress",
            "to_staff": "person_wanted",
        }
        assert session.outcome == waiting_for_a_person.get(form, "line_dropped")
        assert not any(isinstance(command, Say | Transfer) for command in commands)

    def test_nothing_is_said_to_a_line_that_is_gone(self, tmp_path: Path) -> None:
        text = spoiled({"  hangup: dropped": "  hangup: machine"})
        call = Conversation(load_text(tmp_path, text).dialog).hangs_up()
        assert call.said == []
        assert call.end == End("missed")

    def test_nothing_happens_after_the_end(self, small: Dialog) -> None:
        call = Conversation(small).hangs_up()
        for event in (Event.SPEECH, Event.SILENCE, Event.HANGUP, Event.BEGIN):
            assert step(small, call.session, Heard(event)) == (call.session, ())

    @pytest.mark.parametrize(
        ("event", "outcome"),
        [(Event.TRANSFER_ANSWERED, "handed_over"), (Event.TRANSFER_UNANSWERED, "missed")],
    )
    def test_a_transfer_has_two_ways_out(self, small: Dialog, event: Event, outcome: str) -> None:
        call = Conversation(small).presses("0")
        assert call.commands[-1] == Transfer("staff")
        assert call.take(Heard(event)).end == End(outcome)

    def test_a_hang_up_that_leads_to_a_question_still_ends(self, tmp_path: Path) -> None:
        text = spoiled({"  hangup: dropped": "  hangup: choose"})
        assert Conversation(load_text(tmp_path, text).dialog).hangs_up().end == End("line_dropped")

    def test_an_event_that_makes_no_sense_is_refused(self, small: Dialog) -> None:
        for event in (Event.TRANSFER_ANSWERED, Event.ACTION_DONE):
            with pytest.raises(DialogError):
                Conversation(small).take(Heard(event))
        with pytest.raises(DialogError):
            Conversation(small).presses("0").says("affirm")

    def test_forms_that_lead_round_to_each_other_are_stopped(self, tmp_path: Path) -> None:
        text = spoiled({"  missed: {end: missed}": "  missed: {goto: on}\n  on: {goto: missed}"})
        with pytest.raises(DialogError, match="circles"):
            Conversation(load_text(tmp_path, text).dialog).is_silent().is_silent()
