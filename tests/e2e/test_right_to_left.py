"""Pages from right to left in a real browser: in Arabic, and in Hebrew, for which we have English words only."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import chromium
from tests.e2e.conftest import need
from tests.e2e.server import Server, running_server
from tests.player.desk import Desk, Reply
from tests.player.page import DESKTOP, PHONE, LandingPage

pytestmark = [pytest.mark.chromium, pytest.mark.filterwarnings("ignore::ResourceWarning")]

TEXTS = Path(__file__).parents[2] / "streamsrv" / "player" / "templates" / "texts.json"
ARABIC: dict[str, Any] = json.loads(TEXTS.read_text("utf-8"))["ar"]
ENGLISH: dict[str, Any] = json.loads(TEXTS.read_text("utf-8"))["en"]
OPEN = """\
campaign: open
title: {en: Your renewal, ar: "تجديدك بوضوح", he: "החידוש שלך"}
description: {en: What changes this year., ar: "ماذا تغيّر هذا العام."}
brand: Northlight
languages: {attribute: language, offered: [en, ar, he], fallback: {ar: [en], he: [en]}}
schema:
  language: {type: string, max_length: 35, default: en}
story:
  - {slot: own, scene: scene-1}
  - slot: last
    scene: scene-5
    cta: {label: {en: Renew now, ar: "جدّد الآن", he: "לחידוש"}, url: "https://example.com/renew"}
fallback: [scene-1]
"""
GUARDED = """\
campaign: guarded
title: "تجديدك بوضوح"
lang: ar
schema:
  policy: {type: string, personal: true}
require: [policy]
access: {verify: {attribute: policy, label: "ما رقم وثيقتكم؟", tries: 4}}
story:
  - {slot: own, scene: scene-1}
fallback: [scene-5]
"""
VIEWERS = """\
{"viewer": "layla", "campaign": "open", "attributes": {"language": "ar"}}
{"viewer": "noa", "campaign": "open", "attributes": {"language": "he"}}
{"viewer": "ana", "campaign": "open", "attributes": {"language": "en"}}
{"viewer": "layla", "campaign": "guarded", "attributes": {"policy": "1234 AB"}}
"""
BOTH_SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture(scope="module")
def site(numbered_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("right-to-left")
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / "open.yaml").write_text(OPEN, encoding="utf-8")
    (folder / "campaigns" / "guarded.yaml").write_text(GUARDED, encoding="utf-8")
    (folder / "viewers.ndjson").write_text(VIEWERS, encoding="utf-8")
    with running_server(
        folder,
        segments=numbered_store / "segments",
        campaigns=folder / "campaigns",
        viewers=folder / "viewers.ndjson",
        ladder=numbered_store / "ladder.toml",
    ) as server:
        yield server


@pytest.fixture(scope="module")
def browser(site: Server) -> Iterator[Browser]:
    with chromium(need("chromium")) as running:
        yield running


def url(site: Server, viewer: str, campaign: str = "open") -> str:
    return site.base_url + site.link(viewer, campaign)


def tongue(landing: LandingPage, selector: str) -> list[str]:
    """The language and direction in which a browser takes what is in an element."""
    found: list[str] = landing.page.locator(selector).first.evaluate(
        "(element) => [element.closest('[lang]').lang, getComputedStyle(element).direction]"
    )
    return found


def fits(landing: LandingPage) -> bool:
    """Whether nothing can be scrolled sideways, in either direction."""
    fitting: bool = landing.page.evaluate(
        "(() => { const root = document.documentElement; scrollTo(-500, 0); const left = scrollX; scrollTo(500, 0);"
        " return root.scrollWidth <= innerWidth && left === 0 && scrollX === 0; })()"
    )
    return fitting


def left_px(landing: LandingPage, selector: str) -> float:
    box = landing.page.locator(selector).bounding_box()
    assert box is not None
    return box["x"]


@BOTH_SIZES
def test_an_arabic_viewers_page_is_in_arabic_from_right_to_left_and_fits(
    site: Server, browser: Browser, size: tuple[int, int]
) -> None:
    with LandingPage.open(browser, url(site, "layla"), size=size) as landing:
        landing.wait_for_state("ready")
        page = landing.page

        parts = ("html", "h1", ".description", ".footer", ".start", "media-controller", ".menu")
        assert {part: ["ar", "rtl"] for part in parts} == {part: tongue(landing, part) for part in parts}
        assert "ltr" == tongue(landing, ".bar")[1]
        assert ARABIC["personal"] == page.locator(".footer").inner_text()
        assert f"{ARABIC['watch']}: تجديدك بوضوح" == page.locator(".start").get_attribute("aria-label")
        assert fits(landing)
        landing.start()
        expect(page.locator("media-play-button")).to_have_attribute("aria-label", "إيقاف مؤقت")
        assert left_px(landing, "media-play-button") < left_px(landing, "media-fullscreen-button")
        assert fits(landing)
        landing.wait_for_state("ended", timeout_s=30)
        assert ARABIC["end_heading"] == page.locator(".end-heading").inner_text()
        assert fits(landing)
        assert ([], []) == (landing.csp_violations(), landing.complaints)


def test_the_question_counts_what_is_left_as_arabic_does(site: Server, browser: Browser) -> None:
    forms = ARABIC["ask_tries"]
    with LandingPage.open(browser, url(site, "layla", "guarded")) as landing:
        told = []
        for _ in range(3):
            landing.answer("0000 XX")
            expect(landing.page.locator(".ask")).to_have_attribute("aria-busy", "false")
            told.append(landing.page.locator(".field-error").inner_text().removeprefix(ARABIC["ask_wrong"]).strip())

        assert [forms["few"].replace("{count}", "3"), forms["two"], forms["one"]] == told


@BOTH_SIZES
def test_the_question_begins_at_the_right_and_takes_latin_answers_as_they_are_typed(
    site: Server, browser: Browser, size: tuple[int, int]
) -> None:
    with LandingPage.open(browser, url(site, "layla", "guarded"), size=size) as landing:
        landing.wait_for_state("asking")
        field = landing.page.locator(".ask input")
        field.fill("1234 AB")

        assert ["ar", "rtl"] == tongue(landing, ".field label")
        assert "right ltr" == field.evaluate(
            "(input) => (({textAlign, direction}) => `${textAlign} ${direction}`)(getComputedStyle(input))"
        )
        assert fits(landing)


def test_a_hebrew_page_says_that_our_words_on_it_are_english(site: Server, browser: Browser) -> None:
    with LandingPage.open(browser, url(site, "noa")) as landing:
        landing.wait_for_state("ready")
        parts = ("html", "h1", ".description", ".about .cta", ".footer", ".start", ".ask-skip", ".replay")

        assert ENGLISH["personal"] == landing.page.locator(".footer").inner_text()
        assert {part: tongue(landing, part) for part in parts} == {
            "html": ["he", "rtl"],
            "h1": ["he", "rtl"],
            # Its author has none in Hebrew: English stands in.
            ".description": ["en", "ltr"],
            ".about .cta": ["he", "rtl"],
            ".footer": ["en", "ltr"],
            ".start": ["en", "ltr"],
            ".ask-skip": ["en", "ltr"],
            ".replay": ["en", "ltr"],
        }
        assert fits(landing)


def test_a_session_in_arabic_turns_the_page_around_and_leaves_the_campaigns_words_as_they_are(
    site: Server, browser: Browser
) -> None:
    with LandingPage.open(browser, "about:blank") as landing:
        Desk(landing.page, [Reply({"language": "ar"})])
        landing.page.goto(url(site, "ana"))
        for _ in ("at the link", "at /watch"):
            landing.wait_for_state("ready")
            assert ["ar", "rtl"] == tongue(landing, "html") == tongue(landing, ".footer")
            assert ["en", "ltr"] == tongue(landing, "h1") == tongue(landing, ".description")
            assert ARABIC["personal"] == landing.page.locator(".footer").inner_text()
            landing.page.reload()


@BOTH_SIZES
def test_an_error_page_is_in_arabic_for_a_browser_that_asks_for_it(
    site: Server, browser: Browser, size: tuple[int, int]
) -> None:
    with LandingPage.open(browser, f"{site.base_url}/v/nothing", size=size, locale="ar-EG") as landing:
        assert ["ar", "rtl"] == tongue(landing, "html")
        assert ARABIC["missing_heading"] == landing.page.locator("h1").inner_text()
        assert fits(landing)
