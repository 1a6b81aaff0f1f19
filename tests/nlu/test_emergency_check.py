"""The emergency check: recall over sentences to a duty desk, idioms left alone, helplines named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.nlu import hear_emergency

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "emergencies.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def test_it_hears_nearly_every_emergency() -> None:
    heard = [hear_emergency(row["text"]) is not None for row in ROWS if row["emergency"]]
    assert sum(heard) >= 0.98 * len(heard)


def test_it_raises_few_false_alarms() -> None:
    heard = [hear_emergency(row["text"]) is not None for row in ROWS if not row["emergency"]]
    assert sum(heard) <= 0.025 * len(heard)


@pytest.mark.parametrize(
    ("text", "kind", "helpline"),
    [
        ("그냥 죽고 싶어요", "suicide", "109"),
        ("더 살아서 뭐 해 눈 감으면 안 깨어났으면 좋겠어", "suicide", "109"),
        ("넘어져서 못 일어나겠어", "medical", "119"),
        ("가슴이 조여 오고 숨이 차요", "medical", "119"),
        ("부엌에 불이 났어요", "fire", "119"),
        ("가스 냄새가 심하게 나요", "gas_leak", "119"),
        ("누가 칼을 들고 문 앞에 있어요", "violence", "112"),
        ("아들이 자꾸 때려요", "abuse", "112"),
        ("치매 있는 아버지가 집을 나가셨는데 못 찾겠어요", "missing", "112"),
        ("반지하에 물이 차서 못 나가요", "disaster", "119"),
        ("쌀이 떨어져서 이틀을 굶었어요", "hunger", "129"),
    ],
)
def test_it_names_the_kind_and_the_helpline(text: str, kind: str, helpline: str) -> None:
    emergency = hear_emergency(text)
    assert emergency is not None
    assert (emergency.kind, emergency.helpline) == (kind, helpline)
    assert "'" in emergency.why


@pytest.mark.parametrize(
    "text",
    [
        "배불러 죽겠어요",
        "아이고 시끄러워 죽겠네",
        "더워 죽겠는데 전기세는 왜 이리 비싸",
        "불난 게 아니라 불이 나갔다고요",
        "가스 냄새는 안 나고 시끄럽기만 해요",
        "죽기 전에 나라에서 전화를 다 받아 보네",
        "고양이가 죽어 있어요",
        "구급차 부를 정도는 아니고요",
        "숨넘어가겠네 천천히 좀 해",
        "네 좋아요 해 주세요",
    ],
)
def test_it_leaves_idioms_and_denials_alone(text: str) -> None:
    assert hear_emergency(text) is None


def test_a_denial_does_not_hide_what_follows_it() -> None:
    emergency = hear_emergency("쓰레기 태우는 거 아니에요 진짜로 건물에 불이 붙었다니까요")
    assert emergency is not None
    assert emergency.kind == "fire"


def test_spacing_does_not_matter() -> None:
    assert (
        hear_emergency("죽 고싶 어요") == hear_emergency("죽고싶어요")
        or hear_emergency("죽 고싶 어요") is not None
    )


@given(st.text(max_size=200))
def test_it_never_raises(text: str) -> None:
    hear_emergency(text)


@given(st.text(alphabet=" \t\n.,!", max_size=30))
def test_silence_is_no_emergency(text: str) -> None:
    assert hear_emergency(text) is None
