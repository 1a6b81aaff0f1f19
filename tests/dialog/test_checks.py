"""Every check code: one spoiled dialog in which it is found on the right line, and the good one without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialog.small_dialog import ACTIONS, GOOD, load_text, spoiled
from voicebot.dialog.checks import ActionSignature, check_dialog, check_folder
from voicebot.dialog.checks.codes import CODES
from voicebot.dialog.checks.ending import CATCHABLE
from voicebot.dialog.drawing import to_mermaid, to_svg
from voicebot.errors import DataFileError
from voicebot.nlu.answers.acts import Act

_LONG = "아주 긴 말씀을 드리겠습니다 " * 12
_NOINPUT = "noinput:\n  - prompt: 듣고 계시면 아무 말씀이나 해 주세요.\n  - goto: missed\n"
_NAME = "      - prompt: 본인이 맞으시면 네라고 해 주세요.\n"

# Code; the passages of the good dialog and what they are spoiled to; words of the line that must be named.
SPOILED: list[tuple[str, dict[str, str], str]] = [
    ("unknown-form", {"yes: choose,": "yes: chose,"}, "yes: chose"),
    ("unknown-form", {"first: hello": "first: hallo"}, "first:"),
    ("unknown-form", {'"1": order}': '"1": ordre}'}, "ordre"),
    ("unreachable-form", {"  handed_over: {end": "  attic: {end: missed}\n  handed_over: {end"}, "attic"),
    (
        "no-way-out",
        {
            "handed_over: {end: handed_over}": "handed_over: {transfer: {to: staff, answered: desk, unanswered: desk}}",
            "unanswered: missed}": "unanswered: handed_over}",
        },
        "handed_over: {transfer",
    ),
    ("goes-in-circles", {"  missed: {end: missed}": "  missed: {goto: on}\n  on: {goto: missed}"}, "on: {"),
    ("return-without-interruption", {"    end: ordered": "    return: true # "}, "return: true #"),
    (
        "return-without-interruption",
        {
            "unanswered: missed}": "unanswered: back}\n  back: {return: true}",
            "  who: who_we_are": "  who: back",
        },
        "back: {return",
    ),
    ("return-into-loop", {"  machine: machine": "  machine: who_we_are"}, "  machine: who_we_are"),
    ("return-into-loop", {"  exhausted: desk": "  exhausted: who_we_are"}, "exhausted: who_we_are"),
    ("return-into-loop", {_NAME + "      - goto: desk": _NAME + "      - goto: hello"}, "- goto: hello"),
    ("branch-without-else", {"- {goto: ask_remark}": "- {if: times > 5, goto: ask_remark}"}, "filled:\n"),
    (
        "branch-never-taken",
        {"- {goto: ask_remark}": "- {goto: ask_remark}\n      - {goto: desk}"},
        "- {goto: desk}",
    ),
    ("no-noinput", {_NOINPUT: ""}, "  hello:\n"),
    (
        "no-nomatch",
        {
            "    prompt: 남기실": "    nomatch: []\n    prompt: 남기실",
            "    nomatch:\n      - prompt: 남기실 말씀을 한 번만 더 해 주세요.\n      - goto: order\n": "",
        },
        "ask_remark:\n",
    ),
    ("ladder-without-exit", {_NOINPUT: _NOINPUT.removesuffix("  - goto: missed\n")}, "듣고 계시면"),
    ("ladder-without-exit", {_NAME + "      - goto: desk\n": _NAME}, "네라고"),
    ("no-keypad-path", {', keys: {"1": order}}': "}"}, "field: {kind: speech"),
    ("no-keypad-path", {'say: 죽, key: "2"': "say: 죽"}, "    field:\n"),
    ("no-keypad-path", {"identity}": "identity, keys: {'1': 'yes'}}"}, "question_kind: identity"),
    ("missing-route", {"{yes: choose, no: refuse}": "{yes: choose}"}, "  hello:\n"),
    ("missing-route", {"    filled: order\n": ""}, "  ask_remark:\n"),
    ("route-never-taken", {"no: refuse}": "no: refuse, value: desk}"}, "value: desk"),
    ("route-never-taken", {"  who_we_are:\n": "  who_we_are:\n    filled: desk\n"}, "  who_we_are:\n"),
    (
        "too-many-options",
        {
            'say: 죽, key: "2"}': 'say: 죽, key: "2"}\n        - {value: a, say: 면, key: "3"}\n'
            '        - {value: b, say: 떡, key: "4"}'
        },
        "    field:\n",
    ),
    (
        "same-reprompt",
        {"밥과 죽 가운데 골라 주세요.": "무엇을 드릴까요, 밥은 일 번, 죽은 이 번입니다"},
        "드릴까요, 밥은",
    ),
    (
        "no-question",
        {
            "prompt: 무엇을 드릴까요? 밥은 일 번, 죽은 이 번입니다.": "prompt: {text: 밥은 일 번입니다., once: true}"
        },
        "  choose:\n",
    ),
    ("no-question", {"    prompt: 남기실 말씀이 있으세요? 없으면 일 번입니다.\n": ""}, "  ask_remark:\n"),
    ("unknown-slot", {"times: times + 1": "times: tmes + 1"}, "tmes"),
    ("unknown-slot", {"set: {times:": "set: {time:"}, "set: {time:"),
    ("unknown-slot", {"{price:won}": "{prize:won}"}, "prize"),
    ("unknown-slot", {"slot: remark": "slot: remarks"}, "remarks"),
    ("unknown-slot", {"into: {number:": "into: {nummer:"}, "nummer"),
    ("unknown-slot", {"note: remark": "note: remarks"}, "remarks"),
    ("type-error", {"times < 3": "times < 'three'"}, "three"),
    ("type-error", {"times: times + 1": "times: \"'one'\""}, "'one'"),
    ("type-error", {"meal == 'rice' and times < 3": "meal"}, 'if: "meal"'),
    ("type-error", {"{price:won}": "{name:won}"}, "{name:won}"),
    ("type-error", {"{price:won}": "{price:won"}, "{price:won"),
    ("type-error", {"example: 5000": "example: 오천"}, "오천"),
    ("type-error", {"meal: {type: text}": "meal: {type: int}"}, "slot: meal"),
    ("unknown-filter", {"{price:won}": "{price:wons}"}, "wons"),
    ("unused-slot", {"note: remark": "note: meal"}, "  remark: {"),
    ("empty-slot", {"시청 복지과입니다.": "'{meal} 주문입니다.'"}, "{meal} 주문"),
    (
        "empty-slot",
        {
            'keys: {"1": order}': 'keys: {"1": repeat_remark}',
            "  who_we_are:\n": "  repeat_remark:\n    prompt: '{remark}'\n    goto: order\n  who_we_are:\n",
        },
        "'{remark}'",
    ),
    ("empty-slot", {", initial: 0}": "}"}, "times + 1"),
    (
        "empty-slot",
        {", into: {number: number}": "", "  number: {type: text}": "  number: {type: text}"},
        "{number:digits}",
    ),
    ("given-slot-without-example", {", example: 5000": ""}, "  price: {"),
    ("unknown-action", {"do: leave_word": "do: leave_words"}, "leave_words"),
    ("missing-argument", {"with: {meal: meal, note": "with: {note"}, "do: {action: order"),
    ("unknown-argument", {"note: remark}": "remark: remark}"}, "do: {action: order"),
    ("unknown-result", {"{number: number}": "{number: ticket}"}, "ticket"),
    ("unknown-desk", {"to: staff,": "to: kitchen,"}, "kitchen"),
    ("interruptible-legal-notice", {"bargein: never, legal": "legal"}, "legal: true"),
    ("no-legal-notice-first", {", legal: true}": "}"}, "  hello:\n"),
    ("prompt-too-long", {"prompt: 시청에서 전화드렸습니다.": f"prompt: {_LONG}"}, "  machine:\n"),
    ("prompt-too-long", {"본인이 맞으시면 네라고 해 주세요.": _LONG}, _LONG.strip()),
    ("unspeakable-text", {"시청 복지과입니다.": "시청 3층 복지과입니다."}, "3층"),
    ("unspeakable-text", {"say: 밥,": "say: ABC,"}, "ABC"),
    (
        "duplicate-prompt-id",
        {"prompt: 시청 복지과입니다.": "prompt: {text: 시청입니다., id: who}"},
        "시청입니다",
    ),
    ("missing-catch", {"catch:\n  emergency: desk\n": "catch:\n"}, "catch:\n"),
    ("missing-catch", {"  deceased: refuse\n": ""}, "catch:\n"),
    ("unknown-catch", {"  human: desk": "  humans: desk\n  human: desk"}, "humans"),
    ("hangup-path-listens", {"  hangup: dropped": "  hangup: choose"}, "hangup:"),
    ("exhausted-path-listens", {"  exhausted: desk": "  exhausted: choose"}, "exhausted:"),
    ("unknown-outcome", {"    end: ordered": "    end: orderd"}, "orderd"),
    ("unknown-outcome", {"  line_dropped: {label: 끊김, reached: false}\n": ""}, "outcomes:"),
    (
        "unused-outcome",
        {"  missed: {label": "  spare: {label: 남음, reached: true}\n  missed: {label"},
        "spare",
    ),
    (
        "personal-word-on-machine",
        {"prompt: 시청에서": "prompt: '{name} 님, 시청에서", "전화드렸습니다.": "전화드렸습니다.'"},
        "{name} 님,",
    ),
]


@pytest.mark.parametrize(("code", "changes", "at"), SPOILED)
def test_it_finds_what_is_wrong_and_says_where(
    tmp_path: Path, code: str, changes: dict[str, str], at: str
) -> None:
    text = spoiled(changes)
    problems = [each for each in check_dialog(load_text(tmp_path, text), ACTIONS) if each.code == code]
    assert problems, f"{code} was not found"
    assert line_with(text, at) in {problem.line for problem in problems}
    for problem in problems:
        assert problem.path == str(tmp_path / "small.yaml")
        assert problem.remedy


def line_with(text: str, words: str) -> int:
    """The first line on which these words stand (with ``\\n``: at its end)."""
    return text[: text.index(words)].count("\n") + 1


def test_it_finds_nothing_in_a_good_dialog(tmp_path: Path) -> None:
    assert check_dialog(load_text(tmp_path, GOOD), ACTIONS) == []


def test_every_code_has_a_spoiled_example() -> None:
    assert {code for code, _, _ in SPOILED} == set(CODES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # A conditional notice beside the unconditional one, a shared text under one id, an unused given slot.
        (
            "legal: true}\n",
            "legal: true}\n      - {text: 안내입니다., if: times > 0, bargein: never, legal: true}\n",
        ),
        ("prompt: 시청에서 전화드렸습니다.", "prompt: {text: 시청에서 전화드렸습니다., id: who_machine}"),
        ("  meal: {type: text}", "  meal: {type: text}\n  town: {type: text, given: true, example: 부천}"),
        # A route with an else, an 'in', a length, a question that returns to where it came from.
        ("times < 3", "meal in ['rice', 'soup']"),
        ("  who: who_we_are", "  who: who_we_are\n  off_topic: who_we_are"),
        # A slot that was answered on the only way there; one that is asked about first.
        (
            "prompt: 남기실 말씀이 있으세요? 없으면 일 번입니다.",
            "prompt: '{meal:이/가} 나갑니다. 없으면 일 번입니다.'",
        ),
        (
            "prompt: 시청 복지과입니다.",
            "prompt: {text: '{meal} 말씀이시군요.', if: meal != None}\n    do: leave_word",
        ),
        # A rung that only goes on; a ladder of one rung.
        ("      - prompt: 밥과 죽 가운데 골라 주세요.\n", ""),
    ],
)
def test_it_lets_pass_what_only_looks_wrong(tmp_path: Path, old: str, new: str) -> None:
    assert check_dialog(load_text(tmp_path, spoiled({old: new})), ACTIONS) == []


@pytest.mark.parametrize(
    ("code", "old", "new", "at"),
    [
        ("unknown-key", "    end: ordered", "    ends: ordered", "ends:"),
        ("missing-key", "  refused: {label: 거절, reached: true}", "  refused: {label: 거절}", "refused:"),
        ("wrong-value", "kind: speech,", "kind: talk,", "talk"),
        ("wrong-value", "times < 3", "times.__class__ < 3", "__class__"),
        ("wrong-value", "times < 3", "open(meal) == 3", "open"),
        ("wrong-value", "    return: true\n", "    goto: refuse\n    return: true\n", "who_we_are:\n"),
        ("duplicate-key", "version: 1\n", "version: 1\nversion: 2\n", "version: 2"),
        ("yaml-syntax", "first: hello", "first: [hello", "catch:"),
        ("name-differs", "dialog: small", "dialog: large", "dialog: large"),
    ],
)
def test_a_faulty_form_is_told_with_its_place(tmp_path: Path, code: str, old: str, new: str, at: str) -> None:
    text = spoiled({old: new})
    with pytest.raises(DataFileError) as caught:
        load_text(tmp_path, text)
    problems = [problem for problem in caught.value.problems if problem.code == code]
    assert problems
    assert problems[0].line == line_with(text, at)


def test_a_file_that_is_no_dialog_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="not-a-dialog"):
        load_text(tmp_path, "- 하나\n- 둘\n")


def test_a_folder_is_checked_whole_though_one_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("dialog: [", encoding="utf-8")
    (tmp_path / "small.yaml").write_text(spoiled({"do: leave_word": "do: leave_words"}), encoding="utf-8")
    (tmp_path / "_shared.yaml").write_text("phrases: {}", encoding="utf-8")
    codes = {problem.code for problem in check_folder(tmp_path, ACTIONS)}
    assert codes == {"yaml-syntax", "unknown-action"}


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    text = spoiled({"do: leave_word": "do: leave_words"}).replace("to: staff,", "to: kitchen,")
    codes = {problem.code for problem in check_dialog(load_text(tmp_path, text), ACTIONS)}
    assert codes == {"unknown-action", "unknown-desk"}


def test_actions_are_not_judged_when_they_are_not_known(tmp_path: Path) -> None:
    text = spoiled({"do: leave_word": "do: leave_words"})
    assert check_dialog(load_text(tmp_path, text), None) == []
    assert check_dialog(load_text(tmp_path, text), {"order": ActionSignature()})


def test_length_counts_the_forms_passed_through_on_the_way(tmp_path: Path) -> None:
    words = "말" * 70
    text = spoiled({"    do: leave_word\n    end: refused": f"    prompt: {words}\n    goto: bye"})
    text = text.replace(
        "  missed: {end: missed}", f"  bye:\n    prompt: {words}\n    end: refused\n  missed: {{end: missed}}"
    )
    problems = check_dialog(load_text(tmp_path, text), None)
    assert any(each.code == "prompt-too-long" and "refuse → bye" in each.message for each in problems)


def test_however_long_and_branching_a_way_is_each_form_on_it_is_weighed_once(tmp_path: Path) -> None:
    """A thousand forms in a row, and forty forks with 2 to the power of 40 ways through them."""
    row = "".join(f"  row{n}:\n    prompt: 말말\n    goto: row{n + 1}\n" for n in range(1000))
    forks = "".join(
        f"  left{n}: {{goto: fork{n + 1}}}\n"
        f"  fork{n}:\n    goto:\n      - {{if: times > {n}, goto: left{n}}}\n      - {{goto: fork{n + 1}}}\n"
        for n in range(40)
    )
    text = spoiled({"    do: leave_word\n    end: refused": "    goto: row0"})
    more = f"{row}  row1000: {{goto: fork0}}\n{forks}  fork40: {{end: refused}}\n  missed: {{end"
    problems = check_dialog(load_text(tmp_path, text.replace("  missed: {end", more, 1)), None)
    assert any(each.code == "prompt-too-long" and "refuse → row0" in each.message for each in problems)


def test_the_acts_that_may_be_caught_are_those_of_the_understanding() -> None:
    events = {"machine", "hangup", "emergency", "exhausted", "hard_of_hearing", "hold", "time_over"}
    assert CATCHABLE - events == {act.value for act in Act} - {"noise"}


_LINES = GOOD.splitlines()
WORDS = [
    *(
        "hello",
        "choose",
        "order",
        "desk",
        "refuse",
        "missed",
        "who_we_are",
        "machine",
        "dropped",
        "times",
        "meal",
    ),
    *(
        "name",
        "remark",
        "text",
        "int",
        "bool",
        "list",
        "true",
        "field",
        "goto",
        "yes",
        "no",
        "speech",
        "choice",
    ),
    *("digits", "won", "일", "1", "0", "staff", "'rice'", "noinput", "if", "{", "}", "and", "<", "=="),
]


@settings(max_examples=150, deadline=None)
@given(
    gone=st.sets(st.integers(0, len(_LINES) - 1), max_size=4),
    swapped=st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)), max_size=3),
)
def test_however_a_dialog_is_spoiled_it_is_judged_and_drawn_without_a_crash(
    tmp_path_factory: pytest.TempPathFactory, gone: set[int], swapped: list[tuple[str, str]]
) -> None:
    text = "\n".join(line for number, line in enumerate(_LINES) if number not in gone)
    for old, new in swapped:
        text = text.replace(old, new)
    try:
        loaded = load_text(tmp_path_factory.mktemp("spoiled"), text)
    except DataFileError:
        return
    problems = check_dialog(loaded, ACTIONS)
    assert all(problem.line and problem.line <= text.count("\n") + 1 for problem in problems)
    assert to_svg(loaded.dialog).startswith("<svg")
    assert to_mermaid(loaded.dialog).startswith("flowchart")
