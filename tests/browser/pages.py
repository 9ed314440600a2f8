"""Chromium, and an origin of its own for the test pages, so that every media request is cross-origin."""

import functools
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parent
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AUTOPLAY = "--autoplay-policy=no-user-gesture-required"


class _Quiet(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        return super().translate_path(path.replace("/lib/", "/node_modules/", 1))

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def page_origin() -> Iterator[str]:
    """Serves tests/browser, with the players under /lib/."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(FOLDER)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def chromium(executable: str, *flags: str) -> Iterator[Browser]:
    """A headless Chromium that reaches for nothing but the pages it is given."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


def watch(
    browser: Browser, origin: str, *, player: str, url: str, barcode: bool, deadline_s: float, switching: bool = False
) -> dict[str, Any]:
    """Play `url` to its end in one player; the record that tests/browser/watch.js keeps."""
    watched = [(player, url)]
    return watch_together(browser, origin, watched, barcode=barcode, deadline_s=deadline_s, switching=switching)[0]


def watch_together(
    browser: Browser,
    origin: str,
    watched: Sequence[tuple[str, str]],
    *,
    barcode: bool,
    deadline_s: float,
    switching: bool = False,
) -> list[dict[str, Any]]:
    """Play several URLs to their ends at once, each in the player named before it; their records in order."""
    with ExitStack() as stack:
        pages = [stack.enter_context(closing(browser.new_page())) for _ in watched]
        for page, (player, url) in zip(pages, watched, strict=True):
            query = {"player": player, "url": url} | ({"barcode": "1"} if barcode else {})
            query |= {"switching": "1"} if switching else {}
            page.goto(f"{origin}/player.html?{urlencode(query)}")
        records = []
        for page in pages:
            page.wait_for_function("record.ended || record.errors.length", timeout=deadline_s * 1000)
            records.append(page.evaluate("({...record, position: video.currentTime})"))
        return records
