"""What the checks find nothing wrong with never fails on the telephone: random walks through every dialog."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialog.conversation import DIALOGS, Conversation
from tests.dialog.small_dialog import GOOD, load_text
from voicebot.cli.lines import act_scripted
from voicebot.dialog import Dialog, Event, Heard, Session, load_dialog
from voicebot.dialog.loading import dialog_files
from voicebot.dialog.scripted import ActPurely
from voicebot.nlu.answers.acts import Act

heard = st.one_of(
    st.builds(
        Heard,
        st.just(Event.SPEECH),
        text=st.sampled_from(["네", "밥 주세요", "", "이사 갔어요"]),
        act=st.sampled_from([act.value for act in Act]),
        confidence=st.sampled_from([0.2, 1.0]),
        value=st.sampled_from([None, "밥", "any", 3, "2026-11-24", "15:30"]),
        emergency=st.integers(0, 19).map(lambda number: number == 0),
        hold=st.integers(0, 9).map(lambda number: number == 0),
    ),
    st.builds(
        Heard,
        st.just(Event.KEYS),
        keys=st.sampled_from([*"0123*", "1234"]),
        value=st.sampled_from([None, "1234", 7]),
    ),
    st.sampled_from([Heard(Event.SILENCE), Heard(Event.MACHINE), Heard(Event.HANGUP)]),
)
transferred = st.sampled_from([Heard(Event.TRANSFER_ANSWERED), Heard(Event.TRANSFER_UNANSWERED)])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dialog:
    return load_text(tmp_path_factory.mktemp("walk"), GOOD).dialog


def walk(dialog: Dialog, data: st.DataObject, results: dict[str, Any], act: ActPurely | None = None) -> None:
    call = Conversation(dialog, results, act)
    for _ in range(15):
        session = call.session
        assert Session.from_json(json.loads(json.dumps(session.to_json()))) == session
        if session.outcome is not None:
            assert session.outcome in dialog.outcomes
            return
        call.take(data.draw(heard if call.listening else transferred))


shipped = cache(lambda path: load_dialog(path).dialog)


@pytest.mark.parametrize("path", dialog_files(DIALOGS), ids=lambda path: path.stem)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_walk_through_a_shipped_dialog_fails(path: Path, data: st.DataObject) -> None:
    walk(shipped(path), data, {}, act_scripted)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_walk_through_the_small_dialog_fails(small: Dialog, data: st.DataObject) -> None:
    walk(small, data, {"order": {"number": "17"}})
