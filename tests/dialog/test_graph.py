"""The graph of a dialog, and that the engine reports the very places that the graph knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialog.conversation import examples, welfare_info
from tests.dialog.small_dialog import GOOD, load_text
from voicebot.dialog import Event, Heard, begin, expecting
from voicebot.dialog.engine import traced_step
from voicebot.dialog.graph import ANYWHERE, BACK, Shape, Way, graph_of
from voicebot.dialog.loading import LoadedDialog
from voicebot.nlu.answers.acts import Act


@pytest.fixture
def small(tmp_path: Path) -> LoadedDialog:
    return load_text(tmp_path, GOOD)


def test_it_knows_every_way_of_every_kind(small: LoadedDialog) -> None:
    edges = {(edge.source, edge.target, edge.way, edge.name) for edge in graph_of(small.dialog).edges}
    assert {
        ("hello", "choose", Way.FILLED, "yes"),
        ("hello", "hello", Way.NOMATCH, "1"),
        ("hello", "desk", Way.NOMATCH, "2"),
        ("hello", "missed", Way.NOINPUT, "2"),
        ("choose", "order", Way.FILLED, "meal == 'rice' and times < 3"),
        ("choose", "ask_remark", Way.FILLED, "else"),
        ("ask_remark", "order", Way.KEY, "1"),
        ("desk", "missed", Way.TRANSFER, "unanswered"),
        ("who_we_are", BACK, Way.RETURN, ""),
        (ANYWHERE, "machine", Way.CATCH, "machine"),
        (ANYWHERE, "refuse", Way.LINK, "이사 갔"),
        (ANYWHERE, ANYWHERE, Way.PHRASE, "slower"),
    } <= edges


def test_it_tells_what_each_form_ends_with(small: LoadedDialog) -> None:
    forms = graph_of(small.dialog).forms
    assert forms["hello"] is Shape.QUESTION
    assert forms["desk"] is Shape.TRANSFER
    assert forms["who_we_are"] is Shape.RETURN
    assert forms["missed"] is Shape.END


def test_every_way_has_its_line_in_the_file(small: LoadedDialog) -> None:
    lines = GOOD.splitlines()
    for edge in graph_of(small.dialog).edges:
        line = small.document.line_of(edge.place)
        assert line is not None
        if edge.target in small.dialog.forms and edge.target != edge.source:
            assert edge.target in lines[line - 1]


acts = st.sampled_from([act.value for act in Act])
events = st.one_of(
    st.builds(Heard, st.just(Event.SPEECH), text=st.sampled_from(["네", "이사 갔어요"]), act=acts),
    st.builds(Heard, st.just(Event.KEYS), keys=st.sampled_from(list("0123*"))),
    st.sampled_from([Heard(Event.SILENCE), Heard(Event.MACHINE), Heard(Event.HANGUP)]),
)
transferred = st.sampled_from([Heard(Event.TRANSFER_ANSWERED), Heard(Event.TRANSFER_UNANSWERED)])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_engine_goes_only_where_the_graph_says(data: st.DataObject) -> None:
    dialog = welfare_info()
    by_place = {edge.place: edge for edge in graph_of(dialog).edges}
    session = begin(dialog, examples(dialog))
    heard = Heard(Event.BEGIN)
    for _ in range(12):
        form = session.form
        session, _, path = traced_step(dialog, session, heard)
        for place in path:
            edge = by_place[place]
            assert edge.source in (form, ANYWHERE)
            form = form if edge.target in (ANYWHERE, BACK) else edge.target
        if path and by_place[path[-1]].way is not Way.RETURN and heard.event is not Event.BEGIN:
            assert session.form == form
        if session.outcome is not None:
            return
        heard = data.draw(events if expecting(dialog, session) else transferred)
