"""The landing page over the real server, as people use it: by keyboard, with captions, on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import chromium
from tests.e2e.conftest import need
from tests.e2e.server import Server
from tests.e2e.test_stitching import starts
from tests.player.page import PHONE, LandingPage

pytestmark = [pytest.mark.chromium, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(need("chromium")) as running:
        yield running


def test_a_viewer_watches_to_the_end_by_keyboard_and_reaches_the_call_to_action(
    server: Server, browser: Browser
) -> None:
    seconds = starts("short")[-1] / 30
    with LandingPage.open(browser, server.base_url + server.link("short", "numbers")) as landing:
        landing.wait_for_state("ready")
        landing.start_by_keyboard()
        landing.press("c")
        landing.page.wait_for_timeout(300)
        assert "en" == landing.shown_captions()
        landing.wait_for_state("ended", timeout_s=seconds + 20)
        expect(landing.page.locator(".end-card a")).to_be_focused()
        assert "https://example.com/renew" == landing.page.locator(".end-card a").get_attribute("href")
        assert abs(landing.video("duration") - seconds) < 0.01
        assert [] == landing.csp_violations()
        assert [] == landing.complaints


def test_captions_stand_on_the_viewers_own_clock(server: Server, browser: Browser) -> None:
    with LandingPage.open(browser, server.base_url + server.link("long", "numbers")) as landing:
        landing.wait_for_state("ready")
        landing.start()
        landing.press("k", "c")
        for scene, first in zip((4, 2, 2, 5, 3, 6), starts("long"), strict=False):
            landing.seek(first / 30 + 0.3)
            assert [f"Scene {scene}"] == settled_cues(landing)


def settled_cues(landing: LandingPage) -> list[str]:
    """The captions shown, once the seek that came before is over."""
    for _ in range(100):
        if not landing.video("seeking") and landing.shown_cues():
            break
        landing.page.wait_for_timeout(50)
    return landing.shown_cues()


def test_the_page_fits_a_phone(server: Server, browser: Browser) -> None:
    with LandingPage.open(browser, server.base_url + server.link("short", "numbers"), size=PHONE) as landing:
        landing.wait_for_state("ready")
        assert landing.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        box = landing.page.locator("#stage").bounding_box()
        assert box is not None
        assert PHONE[0] == box["width"]


def test_a_link_that_was_mangled_shows_a_plain_page(server: Server, browser: Browser) -> None:
    page = browser.new_page()
    answer = page.goto(server.base_url + server.link("short", "numbers")[:-1] + "A")
    assert answer is not None
    assert 404 == answer.status
    assert page.locator("h1").inner_text()
    page.close()
