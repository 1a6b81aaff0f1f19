"""Places as callers say them: found, resolved to district and dong where certain, asked about where not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.nlu.places import find_place, places


@pytest.mark.parametrize(
    ("text", "spoken", "gu", "dong"),
    [
        ("부천역 북부 광장 앞에 쓰레기가 쌓였어요", "부천역 북부 광장 앞", "원미구", None),
        ("심곡1동 골목에 가로등이 나갔어요", "심곡1동 골목", "원미구", "심곡1동"),
        ("상 삼동 학원 차들이 막고 있어요", "상 삼동", "원미구", "상3동"),
        ("역곡 일동인데요 물이 안 나와요", "역곡 일동", "원미구", "역곡1동"),
        ("송내 이똥 골목이 깜깜해요", "송내 이똥 골목", "소사구", "송내2동"),
        ("여월동 공원에 나무가 넘어졌어요", "여월동 공원", "오정구", "성곡동"),
        ("작동 굴다리 밑이 잠겼어요", "작동 굴다리 밑", "오정구", "성곡동"),
        ("삼정동 공장에서 냄새가 나요", "삼정동", "오정구", "신흥동"),
        ("소사력 앞에 누가 누워 있어요", "소사력 앞", "소사구", None),
        ("괴한동 재건축 현장이 시끄러워요", "괴한동", "소사구", None),
        ("역꼭시장 입구에 노점이 있어요", "역꼭시장 입구", "원미구", None),
        ("시청 앞 횡단보도 신호등이 꺼졌어요", "시청 앞", "원미구", None),
        ("소사본동 아니 소사동 시장이요", "소사동 시장", "원미구", "소사동"),
        ("신중동역 3번 출구에 오토바이가 섰어요", "신중동역 3번 출구", "원미구", None),
        ("도당동 장미원 올라가는 길이요", "도당동 장미원", "원미구", "도당동"),
    ],
)
def test_it_finds_and_resolves(text: str, spoken: str, gu: str | None, dong: str | None) -> None:
    found = find_place(text)
    assert found is not None
    assert (found.spoken, found.gu, found.dong) == (spoken, gu, dong)


@pytest.mark.parametrize(
    "text",
    [
        "우리 집 앞에 차가 있어요",
        "시청에 전화했는데 안 받아요",
        "내 동생이 없어졌어요",
        "자동으로 작동이 안 돼요",
        "운동하다가 활동을 못 하게 됐어요",
        "서울에서 왔는데 길을 모르겠어요",
        "유튜브 시청하다가 알았어요",
        "원미동 사무소에 서류 떼러 가려고요",
        "",
    ],
)
def test_it_takes_no_other_word_for_a_place(text: str) -> None:
    assert find_place(text) is None


@pytest.mark.parametrize(
    "name", ["중동", "상동", "심곡동", "송내동", "원종동", "심곡본동", "고강동", "괴안동", "범박동"]
)
def test_a_name_that_several_dongs_share_is_asked_about(name: str) -> None:
    found = find_place(f"{name} 골목에 쓰레기가 있어요")
    assert found is not None
    assert found.dong is None
    assert found.gu is not None
    assert len(found.choices) > 1
    assert found.ask_ko is not None
    assert name in found.ask_ko


def test_the_two_sides_of_the_station_lie_in_different_districts() -> None:
    found = find_place("부천역에 사람이 쓰러졌어요")
    assert found is not None
    assert found.gu is None
    assert found.ask_ko == "부천역 북부 쪽인가요, 남부 쪽인가요?"


def test_every_dong_resolves_to_itself_or_is_asked_about() -> None:
    for dong in places().dongs:
        found = find_place(f"{dong.name}인데요")
        assert found is not None, dong.name
        assert found.gu == dong.gu
        assert found.dong == dong.name or dong.name in found.choices


@given(st.text(alphabet="부천역심곡소사중상동본1234일이삼 시청앞로길가나다", max_size=40))
def test_what_it_finds_stands_in_the_text(text: str) -> None:
    found = find_place(text)
    assert found is None or found.spoken in text
