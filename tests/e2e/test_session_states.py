"""What the page does with each answer to its request for a session. The server is real; rare answers are written in."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import chromium
from tests.e2e.conftest import need
from tests.e2e.server import Server
from tests.player.desk import LOCKED, RIGHT, UNANSWERED, Desk, Reply, asking, away, wrong
from tests.player.page import PHONE, LandingPage

pytestmark = [pytest.mark.chromium, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(need("chromium")) as running:
        yield running


@contextmanager
def opened(
    server: Server, browser: Browser, *replies: Reply, viewer: str = "short", **options: Any
) -> Iterator[tuple[LandingPage, Desk]]:
    """A viewer's page, and the desk that answers it."""
    with LandingPage.open(browser, "about:blank", **options) as landing:
        desk = Desk(landing.page, replies)
        landing.page.goto(server.base_url + server.link(viewer, "numbers"))
        yield landing, desk
        assert [] == landing.csp_violations()


def answers(desk: Desk) -> Sequence[str | None]:
    return [said.get("answer") for said in desk.said]


def test_the_question_is_answered_by_keyboard_alone(server: Server, browser: Browser) -> None:
    with opened(server, browser, UNANSWERED, RIGHT) as (landing, desk):
        landing.wait_for_state("asking")
        field = landing.page.get_by_role("textbox", name="Your year of birth")
        expect(field).to_be_focused()
        expect(field).to_have_attribute("inputmode", "numeric")
        assert "/v/" in landing.page.url  # Until it is answered, a reload asks again.
        landing.page.keyboard.type("1984")
        landing.press("Enter")
        landing.wait_for_state("playing")

        assert [None, "1984"] == answers(desk)
        assert f"{server.base_url}/watch" == landing.page.url
        assert landing.note() is None
        assert "1984" not in landing.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_a_wrong_answer_says_so_and_keeps_the_form(server: Server, browser: Browser) -> None:
    with opened(server, browser, UNANSWERED, wrong(2), wrong(1), RIGHT) as (landing, desk):
        field = landing.page.get_by_role("textbox")
        alert = landing.page.locator(".field-error")
        landing.answer("1900")
        expect(alert).to_have_text("That does not match what we know. Please try again. You can try 2 more times.")
        expect(field).to_be_focused()
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile("does not match"))
        landing.answer("1901")
        expect(alert).to_have_text("That does not match what we know. Please try again. You can try once more.")
        landing.answer("1984")
        landing.wait_for_state("playing")

        assert [None, "1900", "1901", "1984"] == answers(desk)


def test_an_empty_answer_is_not_sent(server: Server, browser: Browser) -> None:
    with opened(server, browser, UNANSWERED) as (landing, desk):
        landing.answer("  ")
        expect(landing.page.locator(".field-error")).to_have_text("Please fill in an answer.")

        assert [None] == answers(desk)


def test_too_many_wrong_answers_lock_the_form_and_the_video_plays_without_personal_details(
    server: Server, browser: Browser
) -> None:
    with opened(server, browser, UNANSWERED, LOCKED) as (landing, desk):
        landing.answer("1900")
        expect(landing.page.locator(".ask-detail")).to_have_text(
            re.compile(r"You can try again from \d+:\d\d\s[AP]M\. Until then you can watch without personal details\.")
        )
        expect(landing.page.locator(".ask input")).to_be_hidden()
        expect(landing.page.locator(".ask-skip")).to_be_focused()
        landing.press("Enter")
        landing.wait_for_state("playing")

        assert [None, "1900"] == answers(desk)
        assert "without personal details" in (landing.note() or "")


def test_a_link_that_is_locked_says_so_at_once(server: Server, browser: Browser) -> None:
    with opened(server, browser, LOCKED) as (landing, _):
        landing.wait_for_state("asking")
        expect(landing.page.locator(".ask-detail")).to_be_visible()
        expect(landing.page.locator(".ask-submit")).to_be_hidden()


def test_the_question_may_be_passed_over(server: Server, browser: Browser) -> None:
    with opened(server, browser, UNANSWERED) as (landing, desk):
        landing.wait_for_state("asking")
        landing.page.get_by_role("button", name="Watch without personal details").click()
        landing.wait_for_state("playing")

        assert [None] == answers(desk)
        assert "To see your own version, open the link from your message again." in (landing.note() or "")
        landing.page.reload()
        landing.wait_for_state("ready")
        assert "To see your own version, open the link from your message again." in (landing.note() or "")


def test_an_answer_that_cannot_be_checked_now_is_kept_in_the_form(server: Server, browser: Browser) -> None:
    with opened(server, browser, UNANSWERED, away(), RIGHT) as (landing, _):
        landing.answer("1984")
        expect(landing.page.locator(".field-error")).to_have_text(
            "We could not check your answer just now. Please try again."
        )
        expect(landing.page.get_by_role("textbox")).to_have_value("1984")
        landing.press("Enter")
        landing.wait_for_state("playing")


@pytest.mark.parametrize(
    ("kind", "field"), [("number", ("text", "numeric")), ("date", ("date", "")), ("text", ("text", "text"))]
)
def test_the_kind_of_answer_chooses_the_keys(
    server: Server, browser: Browser, kind: str, field: tuple[str, str]
) -> None:
    with opened(server, browser, asking(kind=kind), size=PHONE) as (landing, _):
        landing.wait_for_state("asking")
        shown = landing.page.locator(".ask input")
        assert field == (shown.get_attribute("type"), shown.get_attribute("inputmode") or "")
        assert landing.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("language", "heading", "skip"),
    [
        ("nl-BE", "Eén vraag vóór uw video", "Bekijk zonder persoonlijke gegevens"),
        ("de", "Eine Frage vor Ihrem Video", "Ohne persönliche Angaben ansehen"),
        ("fr", "Une question avant votre vidéo", "Regarder sans données personnelles"),
    ],
)
def test_the_question_is_in_the_sessions_language(
    server: Server, browser: Browser, language: str, heading: str, skip: str
) -> None:
    reply = Reply({**UNANSWERED.changes, "language": language})
    with opened(server, browser, reply) as (landing, _):
        landing.wait_for_state("asking")
        expect(landing.page.locator(".ask .card-heading")).to_have_text(heading)
        expect(landing.page.get_by_role("button", name=skip)).to_be_visible()


def test_hostile_words_in_an_answer_are_shown_as_they_are(server: Server, browser: Browser) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    cta = {"label": hostile, "url": "https://example.com/?a=%22%3E"}
    reply = Reply({**asking(label=hostile).changes, "cta": cta})
    with opened(server, browser, reply) as (landing, _):
        landing.wait_for_state("asking")
        assert hostile == landing.page.locator(".ask label").inner_text()
        assert 0 == landing.page.locator("img[src=x]").count()


@pytest.mark.parametrize("reason", ["devices", "sessions"])
def test_a_link_that_went_round_plays_the_general_video_and_says_so(
    server: Server, browser: Browser, reason: str
) -> None:
    reply = Reply({"personal": False, "reason": reason, "ask": None, "cta": None})
    with opened(server, browser, reply) as (landing, _):
        landing.wait_for_state("ready")
        assert "this is the version without personal details" in (landing.note() or "")
        expect(landing.page.locator(".about a")).to_be_hidden()
        landing.start()


def test_a_story_for_people_like_the_viewer_needs_no_explanation(server: Server, browser: Browser) -> None:
    with opened(server, browser, Reply({"personal": False, "reason": None})) as (landing, _):
        landing.wait_for_state("ready")
        assert landing.note() is None


def test_the_call_to_action_is_the_sessions(server: Server, browser: Browser) -> None:
    reply = Reply({"cta": {"label": "See your offer", "url": "https://example.com/offer?ref=1"}})
    with opened(server, browser, reply) as (landing, _):
        landing.wait_for_state("ready")
        link = landing.page.locator(".about a")
        assert ("See your offer", "https://example.com/offer?ref=1") == (link.inner_text(), link.get_attribute("href"))


def test_a_call_to_action_leads_to_the_web_and_nowhere_else(server: Server, browser: Browser) -> None:
    with opened(server, browser, Reply({"cta": {"label": "Run", "url": "javascript:alert(1)"}})) as (landing, _):
        landing.wait_for_state("ready")
        expect(landing.page.locator(".about a")).to_be_hidden()


def test_while_the_server_is_away_the_page_says_one_moment_and_starts_by_itself(
    server: Server, browser: Browser
) -> None:
    with opened(server, browser, away(), away(), Reply()) as (landing, desk):
        landing.wait_for_state("waiting")
        assert "One moment, please" == landing.message()
        landing.wait_for_state("ready", timeout_s=20)

        assert 3 == len(desk.said)
        landing.start()


def test_the_server_may_be_tried_at_once(server: Server, browser: Browser) -> None:
    with opened(server, browser, away(retry_after_s=600), Reply()) as (landing, desk):
        landing.wait_for_state("waiting")
        landing.page.get_by_role("button", name="Try now").click()
        # Pressing it said that the viewer wants to watch.
        landing.wait_for_state("playing")

        assert 2 == len(desk.said)
