"""An official adds a survey by writing a file: it can be rung, and its answers are kept with the call."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from tests.city import City
from tests.telephones import telephones_for
from voicebot.app import create_app
from voicebot.clock import ManualClock
from voicebot.console.view import call_page
from voicebot.dialog import DialogShelf
from voicebot.records.calls import outcome_of
from voicebot.records.database import reading
from voicebot.telephony.simulated import Caller

SURVEY = Path(__file__).parent / "survey.yaml"


def _with_survey(city: City, folder: Path) -> City:
    """The same city with one dialog more, and no line that knows it."""
    shutil.copytree(city.settings.dialogs_path, folder, dirs_exist_ok=True)
    shutil.copy(SURVEY, folder)
    house = replace(city.house, centre=replace(city.house.centre, shelf=DialogShelf(folder)))
    return replace(city, house=house, app=create_app(house=house))


def test_a_survey_without_a_line_is_rung_and_its_answers_kept(
    city: City, clock: ManualClock, tmp_path: Path
) -> None:
    surveyed = _with_survey(city, tmp_path / "dialogs")
    telephones = telephones_for(surveyed, clock)
    malsun = Caller(telephones.exchange)
    telephones.ring(dialog="survey")
    malsun.answers()
    malsun.hears("선풍기가 있으신가요")
    malsun.says("없어요")
    malsun.hears("몇 분이 함께 사시나요")
    malsun.says("영감하고 둘이 살아요")
    malsun.hears("고맙습니다")
    with reading(surveyed.engine) as db:
        page = call_page(db, surveyed.house.centre.shelf, telephones.call_id)
        assert dict(page.answers) == {"선풍기": "아니요", "함께 사는 사람": "2"}
        outcome = outcome_of(db, telephones.call_id)
        assert outcome is not None
        assert outcome.code == "answered"
        assert page.row.outcome == "응답 완료"
