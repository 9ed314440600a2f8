"""What a link leaves behind (B4): nothing in the address bar, and in its own tab alone something to go on with."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import chromium
from tests.e2e.conftest import need
from tests.e2e.server import Server
from tests.player.page import LandingPage

pytestmark = [pytest.mark.chromium, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(need("chromium")) as running:
        yield running


def opened(server: Server, browser: Browser, viewer: str = "long") -> Any:
    return LandingPage.open(browser, server.base_url + server.link(viewer, "numbers"))


def stored(page: Page) -> str:
    """Everything that the page keeps in the browser."""
    kept: str = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])")
    return kept


def test_the_link_leaves_the_address_bar_and_is_kept_nowhere(server: Server, browser: Browser) -> None:
    link = server.link("long", "numbers")
    with LandingPage.open(browser, server.base_url + link) as landing:
        landing.wait_for_state("ready")

        assert f"{server.base_url}/watch" == landing.page.url
        assert link.removeprefix("/v/") not in stored(landing.page)
        assert "/v/" not in stored(landing.page)
        assert 1 == landing.page.evaluate("history.length") - 1  # The blank page before it, and no page of the link.
        assert [] == landing.csp_violations()


def test_a_session_says_which_browser_opened_it_by_the_same_128_random_bits_each_time(
    server: Server, browser: Browser
) -> None:
    with opened(server, browser) as landing:
        said = []
        landing.page.on("request", lambda sent: said.append(sent.post_data_json) if sent.method == "POST" else None)
        for viewer in ("short", "long"):
            landing.page.goto(server.base_url + server.link(viewer, "numbers"))
            landing.wait_for_state("ready")

        assert 1 == len({one["device"] for one in said})
        assert [["device"]] * 2 == [list(one) for one in said]
        assert re.fullmatch(r"[0-9a-f]{32}", said[0]["device"])


def test_a_reload_goes_on_with_the_same_session_where_it_was(server: Server, browser: Browser) -> None:
    with opened(server, browser) as landing:
        landing.start()
        landing.seek(8)
        landing.wait_for_position(8.2)
        before = landing.session_id()
        posts = landing.count_posts()
        landing.page.reload()
        landing.wait_for_state("ready")

        assert before == landing.session_id()
        assert [] == posts
        expect(landing.page.locator("h1:visible")).to_have_text("Numbers")
        expect(landing.page).to_have_title("Numbers")
        landing.start()
        assert 8 <= landing.video("currentTime") < 12
        assert [] == landing.csp_violations()
        assert [] == landing.complaints


def test_the_call_to_action_and_the_way_back_lead_to_the_same_session(server: Server, browser: Browser) -> None:
    with opened(server, browser) as landing:
        landing.page.route("https://example.com/**", lambda route: route.fulfill(body="renewed"))
        landing.start()
        before = landing.session_id()
        landing.page.locator(".about a").click()
        expect(landing.page.locator("body")).to_have_text("renewed")
        landing.page.go_back()

        landing.start()
        assert (f"{server.base_url}/watch", before) == (landing.page.url, landing.session_id())


def test_each_entry_of_a_tabs_history_is_the_session_that_it_was(server: Server, browser: Browser) -> None:
    with opened(server, browser, "short") as landing:
        landing.wait_for_state("ready")
        first = landing.session_id()
        landing.page.goto(server.base_url + server.link("long", "numbers"))
        landing.wait_for_state("ready")
        second = landing.session_id()
        landing.page.go_back()
        landing.wait_for_state("ready")
        assert first == landing.session_id()
        landing.page.go_forward()
        landing.wait_for_state("ready")
        assert second == landing.session_id()


def test_whoever_is_sent_the_address_bar_is_asked_to_open_the_link(server: Server, browser: Browser) -> None:
    with opened(server, browser) as landing:
        landing.wait_for_state("ready")
        # A second tab of the same browser, too: what a tab keeps is its own.
        other = landing.page.context.new_page()
        requests: list[str] = []
        other.on("request", lambda sent: requests.append(sent.url.removeprefix(server.base_url)))
        answer = other.goto(landing.page.url)

        assert answer is not None
        assert (200, "private, no-store") == (answer.status, answer.headers["cache-control"])
        expect(other.locator("h1:visible")).to_have_text("Please open your link again")
        expect(other.locator("#stage")).to_be_hidden()
        assert ["/watch"] == [url for url in requests if not url.startswith("/assets/")]


def test_a_session_that_is_over_asks_for_the_link(server: Server, browser: Browser) -> None:
    with opened(server, browser) as landing:
        landing.wait_for_state("ready")
        landing.page.evaluate(
            "sessionStorage['streamsrv.watch'] = JSON.stringify("
            "JSON.parse(sessionStorage['streamsrv.watch']).map((kept) => ({ ...kept, endsAtMs: Date.now() })))"
        )
        landing.page.reload()

        expect(landing.page.locator("h1:visible")).to_have_text("Please open your link again")


def test_a_session_that_the_server_no_longer_plays_asks_for_the_link(server: Server, browser: Browser) -> None:
    with opened(server, browser) as landing:
        landing.wait_for_state("ready")
        landing.page.route("**/p/**", lambda route: route.fulfill(status=410, body="over"))
        landing.page.reload()

        expect(landing.page.locator("h1:visible")).to_have_text("Please open your link again")
        assert [] == landing.page.evaluate("JSON.parse(sessionStorage['streamsrv.watch'])")


@pytest.mark.parametrize(
    ("locale", "heading"), [("nl-NL", "Open uw link opnieuw"), ("sv", "Please open your link again")]
)
def test_a_stranger_is_told_in_their_own_language(server: Server, browser: Browser, locale: str, heading: str) -> None:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(f"{server.base_url}/watch")
    expect(page.locator("h1:visible")).to_have_text(heading)
    context.close()


def test_without_a_script_the_address_asks_for_the_link(server: Server, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.base_url}/watch")
    expect(page.locator("h1:visible")).to_have_text("Please open your link again")
    context.close()
