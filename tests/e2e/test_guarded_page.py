"""The page of a campaign that does not let everybody in, and of a server whose store is away: nothing is made up."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.pages import chromium
from tests.e2e.conftest import need
from tests.e2e.server import Server, running_server
from tests.player.page import LandingPage

pytestmark = [pytest.mark.chromium, pytest.mark.filterwarnings("ignore::ResourceWarning")]

GUARDED = """\
campaign: guarded
title: Your year
schema:
  birth_year: {type: int}
  name: {type: string, personal: true}
require: [birth_year, name]
access: {verify: {attribute: birth_year, label: Your year of birth, tries: 3}}
story:
  - {slot: own, scene: scene-4}
  - {slot: last, scene: scene-6, cta: {label: See your offer, url: "https://example.com/renew?ref={link_ref}"}}
fallback: [scene-1]
"""
CAPPED = """\
campaign: capped
title: One for each
schema:
  name: {type: string, personal: true}
access: {devices: 1}
story:
  - {slot: own, scene: scene-4}
fallback: [scene-1]
"""
VIEWERS = """\
{"viewer": "ana", "campaign": "guarded", "attributes": {"birth_year": 1984, "name": "ana-canary"}}
{"viewer": "ben", "campaign": "guarded", "attributes": {"birth_year": 1984, "name": "ben-canary"}}
{"viewer": "eve", "campaign": "guarded", "attributes": {"birth_year": 1984, "name": "eve-canary"}}
{"viewer": "ana", "campaign": "capped", "attributes": {"name": "ana-canary"}}
"""
OWN_FRAMES, FALLBACK_FRAMES = 208, 48


@dataclass(frozen=True)
class Guarded:
    """A server over both campaigns, and its embedded store."""

    server: Server
    store_pid: int

    def url(self, viewer: str, campaign: str = "guarded") -> str:
        return self.server.base_url + self.server.link(viewer, campaign)


@pytest.fixture(scope="module")
def guarded(numbered_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / "guarded.yaml").write_text(GUARDED, encoding="utf-8")
    (folder / "campaigns" / "capped.yaml").write_text(CAPPED, encoding="utf-8")
    (folder / "viewers.ndjson").write_text(VIEWERS, encoding="utf-8")
    with running_server(
        folder,
        segments=numbered_store / "segments",
        campaigns=folder / "campaigns",
        viewers=folder / "viewers.ndjson",
        ladder=numbered_store / "ladder.toml",
    ) as server:
        yield Guarded(server, store_pid(folder / "state"))


def _is_store(process: Path, state: Path) -> bool:
    try:
        return (process / "comm").read_text().startswith("valkey") and (process / "cwd").readlink() == state
    except OSError:
        # It ended while it was looked at.
        return False


def store_pid(state: Path) -> int:
    """The embedded store's process: it works in its folder."""
    found = [int(process.name) for process in Path("/proc").glob("[0-9]*") if _is_store(process, state)]
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="module")
def browser(guarded: Guarded) -> Iterator[Browser]:
    with chromium(need("chromium")) as running:
        yield running


def frames(landing: LandingPage) -> int:
    """How long the video is: which story is told."""
    return round(float(landing.video("duration")) * 30)


def test_nothing_personal_is_shown_before_the_right_answer(guarded: Guarded, browser: Browser) -> None:
    with LandingPage.open(browser, guarded.url("ana")) as landing:
        landing.wait_for_state("asking")
        expect(landing.page.get_by_label("Your year of birth")).to_be_focused()
        assert "canary" not in landing.page.content()
        expect(landing.page.locator(".about a")).to_be_hidden()
        landing.answer("1983")
        expect(landing.page.locator(".field-error")).to_have_text(
            "That does not match what we know. Please try again. You can try 2 more times."
        )
        assert "canary" not in landing.page.content()
        landing.answer(" 1984 ")
        landing.wait_for_state("playing")

        assert frames(landing) > OWN_FRAMES
        assert "See your offer" == landing.page.locator(".about a").inner_text()
        assert landing.note() is None


def test_a_viewer_who_has_answered_is_not_asked_again_in_the_same_browser(guarded: Guarded, browser: Browser) -> None:
    with LandingPage.open(browser, guarded.url("ana")) as landing:
        landing.answer("1984")
        landing.wait_for_state("playing")
        landing.page.goto(guarded.url("ana"))
        landing.wait_for_state("ready")

        assert "See your offer" == landing.page.locator(".about a").inner_text()


def test_a_stranger_who_guesses_is_locked_out_and_sees_nothing_personal(guarded: Guarded, browser: Browser) -> None:
    with LandingPage.open(browser, guarded.url("eve")) as landing:
        for year in ("1901", "1902", "1903"):
            landing.answer(year)
            expect(landing.page.locator(".ask")).to_have_attribute("aria-busy", "false")
        expect(landing.page.locator(".ask-detail")).to_be_visible()
        landing.press("Enter")
        landing.wait_for_state("playing")

        assert FALLBACK_FRAMES == frames(landing)
        assert "canary" not in landing.page.content()
    with LandingPage.open(browser, guarded.url("eve")) as landing:
        landing.wait_for_state("asking")
        expect(landing.page.locator(".ask-detail")).to_be_visible()


def test_who_passes_over_the_question_watches_the_general_video(guarded: Guarded, browser: Browser) -> None:
    with LandingPage.open(browser, guarded.url("ben")) as landing:
        landing.wait_for_state("asking")
        landing.page.locator(".ask-skip").click()
        landing.wait_for_state("playing")

        assert FALLBACK_FRAMES == frames(landing)
        assert "without personal details" in (landing.note() or "")


def test_one_device_too_many_watches_the_general_video_and_is_told(guarded: Guarded, browser: Browser) -> None:
    with LandingPage.open(browser, guarded.url("ana", "capped")) as landing:
        landing.wait_for_state("ready")
        landing.start()
        assert (OWN_FRAMES, None) == (frames(landing), landing.note())
    with LandingPage.open(browser, guarded.url("ana", "capped")) as landing:
        landing.wait_for_state("ready")
        landing.start()
        assert FALLBACK_FRAMES == frames(landing)
        assert (landing.note() or "").startswith("This link has been opened in more places than it is meant for")


def test_a_frozen_store_stops_no_one_who_watches_and_new_viewers_start_by_themselves(
    guarded: Guarded, browser: Browser
) -> None:
    with LandingPage.open(browser, guarded.url("ben")) as watching:
        watching.wait_for_state("asking")
        watching.page.locator(".ask-skip").click()
        watching.wait_for_state("playing")
        waiting = watching.page.context.new_page()
        os.kill(guarded.store_pid, signal.SIGSTOP)
        try:
            watching.page.reload()
            watching.wait_for_state("ready")
            watching.start()
            answer = waiting.goto(guarded.url("ben"))
            assert answer is not None
            assert 503 == answer.status
            expect(waiting.locator("h1")).to_have_text("One moment, please")
        finally:
            os.kill(guarded.store_pid, signal.SIGCONT)
        # The page of the link loads itself again.
        expect(waiting.locator("#stage")).to_be_visible(timeout=30_000)


def test_a_store_that_freezes_under_the_page_is_waited_for(guarded: Guarded, browser: Browser) -> None:
    with LandingPage.open(browser, "about:blank") as landing:

        def freeze(route: Route) -> None:
            # The page is there; its request for a session is under way.
            os.kill(guarded.store_pid, signal.SIGSTOP)
            route.continue_()

        landing.page.route("**/sessions", freeze, times=1)
        try:
            landing.page.goto(guarded.url("ben"))
            landing.wait_for_state("waiting")
            assert "One moment, please" == landing.message()
        finally:
            os.kill(guarded.store_pid, signal.SIGCONT)
        landing.wait_for_state("asking", timeout_s=30)
