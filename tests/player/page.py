"""Drives the landing page in a real browser: presses what a viewer presses, keeps what the browser said.

Owns the page's selectors, so that tests speak of the start button and the end card. Starts no server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, expect

DESKTOP = (1280, 800)
PHONE = (390, 844)

_WATCH_CSP = """
window.cspViolations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.cspViolations.push(`${event.effectiveDirective} ${event.blockedURI} in ${event.sourceFile}`));
"""


@dataclass(slots=True)
class LandingPage:
    """One opened link, as a viewer has it in front of them."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    """Console errors and warnings (a failed request is one) and uncaught exceptions, in order."""

    @classmethod
    @contextmanager
    def open(
        cls, browser: Browser, url: str, *, size: tuple[int, int] = DESKTOP, **context_options: Any
    ) -> Iterator["LandingPage"]:
        """The page at `url` in a fresh browser context (no storage from before)."""
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, **context_options)
        landing = cls(context.new_page())
        landing._listen()
        try:
            landing.page.goto(url)
            yield landing
        finally:
            context.close()

    def _listen(self) -> None:
        self.page.add_init_script(_WATCH_CSP)
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None,
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def csp_violations(self) -> list[str]:
        """What the content security policy has blocked so far."""
        violations: list[str] = self.page.evaluate("window.cspViolations")
        return violations

    def wait_for_state(self, state: str, *, timeout_s: float = 10) -> None:
        """Waits until the stage is `loading`, `ready`, `playing`, `ended` or `failed`."""
        expect(self.page.locator("#stage")).to_have_attribute("data-state", state, timeout=timeout_s * 1000)

    def start(self) -> None:
        """Presses the start button with the pointer and waits for the first picture and its controls."""
        self.page.locator(".start").click()
        self._wait_for_controls()

    def start_by_keyboard(self) -> None:
        """Reaches the start button with the first Tab, presses Enter, and waits for a picture with controls."""
        self.page.keyboard.press("Tab")
        expect(self.page.locator(".start")).to_be_focused()
        self.page.keyboard.press("Enter")
        self._wait_for_controls()

    def _wait_for_controls(self) -> None:
        self.wait_for_state("playing")
        expect(self.page.locator("media-controller:defined media-play-button")).to_be_focused()

    def press(self, *keys: str) -> None:
        """Presses keys where the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def choose_captions(self, label: str) -> None:
        """Chooses an entry of the captions menu."""
        self.page.locator("media-captions-menu-button").click()
        self.page.locator("media-captions-menu media-chrome-menu-item", has_text=label).click()

    def shown_captions(self) -> str | None:
        """The language of the captions that are on, or None."""
        language: str | None = self.page.evaluate(
            "[...document.querySelector('video').textTracks].find((t) => t.mode === 'showing')?.language ?? null"
        )
        return language

    def shown_cues(self) -> list[str]:
        """The caption lines on the picture now."""
        cues: list[str] = self.page.evaluate(
            "[...document.querySelector('video').textTracks].filter((t) => t.mode === 'showing')"
            ".flatMap((t) => [...(t.activeCues ?? [])].map((c) => c.text))"
        )
        return cues

    def seek(self, position_s: float) -> None:
        """Moves playback to a position, as dragging the time range does."""
        self.page.evaluate("(t) => { document.querySelector('video').currentTime = t }", position_s)

    def video(self, attribute: str) -> Any:
        """A property of the video element, such as `currentTime` or `paused`."""
        return self.page.evaluate("(name) => document.querySelector('video')[name]", attribute)

    def wait_for_position(self, position_s: float) -> None:
        """Waits until playback is past a position. By asking: the page's policy forbids Playwright's own way."""
        for _ in range(200):
            if self.video("currentTime") > position_s and not self.video("seeking"):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"playback never went past {position_s} s")

    def session_id(self) -> str:
        """The session that this entry of the tab's history stands for."""
        session: str = self.page.evaluate("history.state.session")
        return session

    def count_posts(self) -> list[str]:
        """The addresses that are POSTed to from now on; grows by itself."""
        posts: list[str] = []
        self.page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
        return posts

    def answer(self, text: str) -> None:
        """Types into the question's field and presses Enter."""
        self.wait_for_state("asking")
        field = self.page.locator(".ask input")
        field.fill(text)
        field.press("Enter")

    def note(self) -> str | None:
        """The line under the video, or None."""
        note = self.page.locator("#note")
        return note.inner_text() if note.is_visible() else None

    def message(self) -> str:
        """The heading of the message over the picture."""
        return self.page.locator(".notice-heading").inner_text()

    def retry(self) -> None:
        """Presses the message's retry button."""
        self.page.locator(".notice-retry").click()
