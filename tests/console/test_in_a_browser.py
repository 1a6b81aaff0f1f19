"""The demo's pages in a real browser: they are found, read and walked through, also on a telephone's width."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.telephones import Telephones
from voicebot.app import create_app
from voicebot.telephony.simulated import Caller

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("VOICEBOT_REQUIRE_BROWSER") == "1":
            pytest.fail("Chromium is required for this run and is not installed", pytrace=False)
        pytest.skip("no Chromium is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(telephones: Telephones) -> Iterator[str]:
    """The application with open pages, on a port of its own, after one finished call."""
    _talk(telephones)
    house = telephones.city.house
    opened = house.settings.model_copy(
        update={"console": house.settings.console.model_copy(update={"open_to_everyone": True})}
    )
    app = create_app(house=replace(house, settings=opened))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)


def _talk(telephones: Telephones) -> None:
    malsun: Caller = telephones.rung()
    for key in ("1", "2", "2", "1"):
        malsun.presses(key)
    malsun.hears("접수했습니다")
    malsun.hangs_up()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1200, "height": 900}, locale="ko-KR")
    yield page
    page.close()


def test_a_social_worker_finds_the_request_and_reads_the_call(site: str, page: Page) -> None:
    page.goto(site)
    assert page.title().startswith("통화와 할 일")
    assert "신청 도움 · 김말순" in page.inner_text("main")
    assert "심곡2동" in page.inner_text("main")
    page.click("text=통화 내용 보기 >> nth=0")
    talk = page.inner_text(".talk")
    assert "김말순 님 되시나요" in talk
    assert "[1 버튼]" in talk
    page.click("text=← 통화와 할 일")
    assert page.url.endswith("/console/")


def test_the_pages_fit_a_narrow_screen(site: str, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_pages_can_be_walked_by_keyboard(site: str, page: Page) -> None:
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "본문으로 건너뛰기"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_the_browser_reports_no_error(site: str, page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(site)
    page.click("tbody tr:first-child a")
    assert faults == []
