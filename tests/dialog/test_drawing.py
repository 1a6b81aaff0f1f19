"""Pictures: everything is in them, nothing lies on anything else, and they are the same every time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path

import pytest

from tests.dialog.conversation import DIALOGS, welfare_info
from tests.dialog.small_dialog import GOOD, load_text, spoiled
from voicebot.dialog import Dialog, load_dialog
from voicebot.dialog.drawing import to_mermaid, to_svg
from voicebot.dialog.drawing.boxes import wrapped
from voicebot.dialog.drawing.layout import Size, arrange
from voicebot.dialog.drawing.outlines import outline
from voicebot.dialog.graph import Shape, graph_of
from voicebot.dialog.scripted import coverage_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def small(tmp_path: Path) -> Dialog:
    return load_text(tmp_path, GOOD).dialog


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(svg).iter(f"{SVG}text")]


def test_the_picture_shows_every_form_with_its_question_and_end() -> None:
    dialog = welfare_info()
    shown = texts(to_svg(dialog))
    assert set(dialog.forms) <= set(shown)
    assert "■ 끝: 신청 접수" in shown
    assert "☎ 연결: situation_room" in shown
    assert any(text.startswith("어디서든 ▸") and "사람 찾음" in text for text in shown)
    assert any("무응답 3번 → silence" in text for text in shown)


def test_answers_stand_on_the_arrows_with_their_keys(small: Dialog) -> None:
    shown = texts(to_svg(small))
    assert {"예 (1)", "아니요 (2)", "받음", "안 받음"} <= set(shown)
    assert "meal == 'rice' and times < 3" in shown


def test_kinds_of_forms_differ_in_outline_not_only_in_colour() -> None:
    outlines = {re.sub(r'class="[^"]*"', "", outline(shape, 0, 0, 100, 50)) for shape in Shape}
    assert len(outlines) == len(Shape)


def test_legal_notices_have_a_bar_of_their_own(small: Dialog) -> None:
    forms = [each for each in ET.fromstring(to_svg(small)).iter(f"{SVG}g") if each.get("id")]
    barred = {each.get("id") for each in forms if each.find(f"{SVG}rect[@class='legal']") is not None}
    assert barred == {"hello"}


def test_boxes_and_labels_never_lie_on_one_another() -> None:
    picture = ET.fromstring(to_svg(welfare_info()))
    shapes = [shape for group in picture.iter(f"{SVG}g") if group.get("id") for shape in list(group)[:1]]
    shapes += picture.findall(f"{SVG}rect[@class='label']")
    assert len(shapes) > len(welfare_info().forms) + 20
    for one, other in combinations([corners(shape) for shape in shapes], 2):
        is_beside = one[2] <= other[0] + 0.2 or other[2] <= one[0] + 0.2
        is_below = one[3] <= other[1] + 0.2 or other[3] <= one[1] + 0.2
        assert is_beside or is_below, f"{one} lies on {other}"


def corners(shape: ET.Element) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    if shape.tag == f"{SVG}polygon":
        points = [tuple(map(float, pair.split(","))) for pair in shape.attrib["points"].split()]
        across, down = [x for x, _ in points], [y for _, y in points]
        return min(across), min(down), max(across), max(down)
    x, y, width, height = (float(shape.attrib[name]) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def test_lines_run_downwards_from_the_first_form() -> None:
    sizes = {name: Size(100, 40) for name in "abcd"}
    placed = arrange(sizes, [("a", "b"), ("b", "c"), ("c", "a"), ("a", "d")], first="a", least_height=0)
    assert placed.boxes["a"][1] < placed.boxes["b"][1] < placed.boxes["c"][1]


def test_the_same_dialog_gives_the_same_picture(small: Dialog) -> None:
    assert to_svg(welfare_info()) == to_svg(welfare_info())
    assert to_mermaid(small) == to_mermaid(small)


def test_what_no_call_has_tried_is_marked_with_a_sign(small: Dialog) -> None:
    nothing = coverage_of(graph_of(small), [])
    shown = texts(to_svg(small, nothing))
    assert "✗ hello (시험 통화 없음)" in shown
    assert "✗ 예 (1)" in shown
    assert any(f"자리 0/{len(small.forms)}" in text for text in shown)
    assert not any("✗" in text for text in texts(to_svg(small)))


def test_text_that_looks_like_markup_is_only_text(tmp_path: Path) -> None:
    text = spoiled({"시청 복지과입니다.": '<b>"시청" & 복지과</b>'})
    dialog = load_text(tmp_path, text).dialog
    assert '<b>"시청" & 복지과</b>' in " ".join(texts(to_svg(dialog)))
    assert "#quot;시청#quot; #amp;" in to_mermaid(dialog)


def test_mermaid_has_every_form_and_arrows_between_them(small: Dialog) -> None:
    chart = to_mermaid(small)
    assert chart.startswith("flowchart TD\n")
    assert all(f"<b>{name}</b>" in chart for name in small.forms)
    assert 'f0 -->|"예 (1)"| f1' in chart
    assert re.search(r'anywhere -\.->\|"사람 찾음"\| f\d+', chart)
    assert chart.count("[[") == 1


@pytest.mark.parametrize("path", sorted(DIALOGS.glob("[a-z]*.yaml")), ids=lambda path: path.stem)
def test_every_dialog_can_be_drawn(path: Path) -> None:
    dialog = load_dialog(path).dialog
    assert set(dialog.forms) <= set(texts(to_svg(dialog)))


def test_long_sentences_are_broken_at_spaces() -> None:
    lines = wrapped("안녕하세요 부천시청에서 복지 제도를 알려 드리는 인공지능 안내 전화입니다")
    assert len(lines) > 1
    assert " ".join(lines) == "안녕하세요 부천시청에서 복지 제도를 알려 드리는 인공지능 안내 전화입니다"
