"""`streamsrv preview` in a real browser: the video plays, its decisions follow it, and edits show on reload."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import AUTOPLAY, chromium
from tests.e2e.conftest import need
from tests.e2e.previewing import Preview, previewing
from tests.e2e.test_stitching import starts
from tests.player.page import DESKTOP, PHONE, LandingPage

pytestmark = [pytest.mark.chromium, pytest.mark.filterwarnings("ignore::ResourceWarning")]

EXPERIMENT = """\
  - slot: tried
    experiment: ending
    arms: {none: {weight: 1, skip: true}, more: {weight: 0, scene: scene-2}}
"""

_KEEP_MARKS = """
window.marks = [];
new MutationObserver((changes) => {
  for (const { target } of changes) if (target.hasAttribute("aria-current")) marks.push(target.dataset.startS);
}).observe(document.getElementById("rows"), { attributes: true, attributeFilter: ["aria-current"], subtree: true });
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(need("chromium"), AUTOPLAY) as running:
        yield running


@pytest.fixture
def preview(numbered_store: Path, tmp_path: Path) -> Iterator[Preview]:
    file = tmp_path / "numbers.yaml"
    file.write_text((numbered_store / "campaigns" / "numbers.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    ladder = numbered_store / "ladder.toml"
    with previewing(tmp_path, file, numbered_store / "viewers.ndjson", numbered_store / "segments", ladder) as url:
        yield Preview(url, file)
    assert ["numbers.yaml"] == [path.name for path in tmp_path.iterdir()]


def marked(shown: LandingPage) -> Any:
    """The row that is marked as playing: its number from 0, or -1."""
    return shown.page.evaluate(
        "[...document.querySelectorAll('#rows .row')].findIndex((row) => row.hasAttribute('aria-current'))"
    )


def test_the_video_plays_to_its_end_and_each_row_is_marked_in_turn(preview: Preview, browser: Browser) -> None:
    first_frames = starts("short")
    with LandingPage.open(browser, preview.page("short")) as shown:
        shown.wait_for_state("ready")
        assert -1 == marked(shown)
        shown.page.evaluate(_KEEP_MARKS)
        shown.start()
        shown.wait_for_state("ended", timeout_s=first_frames[-1] / 30 + 20)

        assert [float(at) for at in shown.page.evaluate("marks")] == pytest.approx(
            [frame / 30 for frame in first_frames[:-1]], abs=0.001
        )
        assert 2 == marked(shown)
        assert ([], []) == (shown.csp_violations(), shown.complaints)


def test_a_rows_time_seeks_there_by_keyboard(preview: Preview, browser: Browser) -> None:
    with LandingPage.open(browser, preview.page("long")) as shown:
        shown.wait_for_state("ready")
        shown.start()
        shown.page.keyboard.press("k")
        shown.page.locator(".seek").nth(4).focus()
        shown.press("Enter")
        expect(shown.page.locator("#rows .row").nth(4)).to_have_attribute("aria-current", "true")
        expect(shown.page.get_by_role("button", name="Play from 0:09: scene-3")).to_be_focused()

        assert abs(starts("long")[4] / 30 - shown.video("currentTime")) < 0.1
        assert shown.video("paused")


def test_a_rows_time_starts_a_video_that_was_not_started(preview: Preview, browser: Browser) -> None:
    with LandingPage.open(browser, preview.page("long")) as shown:
        shown.page.locator(".seek").nth(3).click()
        shown.wait_for_state("playing")
        expect(shown.page.locator("#rows .row").nth(3)).to_have_attribute("aria-current", "true")


def test_a_broken_file_shows_its_mistakes_and_a_mended_one_its_story(preview: Preview, browser: Browser) -> None:
    good = preview.file.read_text(encoding="utf-8")
    with LandingPage.open(browser, preview.page("short")) as shown:
        preview.file.write_text(good.replace('kind == "short"', 'kind == "shrot"'), encoding="utf-8")
        shown.page.reload()
        expect(shown.page.locator("h1")).to_have_text("1 thing keeps this from being shown")
        expect(shown.page.locator("pre")).to_have_text('      - {when: kind == "shrot", scene: scene-1}')
        assert [0, 0] == [shown.page.locator(part).count() for part in ("#stage", "#rows")]

        preview.file.write_text(good.replace("    scene: scene-5\n", "    scene: scene-2\n"), encoding="utf-8")
        shown.page.get_by_role("link", name="Show again").click()
        assert ["scene-1", "scene-2", "scene-6"] == shown.page.locator("#rows h3").all_inner_texts()
        shown.wait_for_state("ready")
        shown.start()
        assert ([], []) == (shown.csp_violations(), shown.complaints)


def test_an_arm_and_a_moment_can_be_asked_for_in_the_address(preview: Preview, browser: Browser) -> None:
    preview.file.write_text(
        preview.file.read_text(encoding="utf-8").replace("  - slot: last\n", EXPERIMENT + "  - slot: last\n"),
        encoding="utf-8",
    )
    with LandingPage.open(browser, f"{preview.page('short')}?arm=ending:more&at=2030-02-03T04:05") as shown:
        shown.page.wait_for_url("**/show/viewer=short;arm=ending:more;at=2030-02-03T04:05")
        expect(shown.page.locator("#rows h3")).to_have_text(["scene-1", "scene-5", "scene-2", "scene-6"])
        expect(shown.page.get_by_label("Decided for")).to_have_value("2030-02-03T04:05")
        shown.page.get_by_role("link", name="none (assigned)").click()
        expect(shown.page.locator("#rows h3")).to_have_text(["scene-1", "scene-5", "scene-6"])

        shown.page.get_by_label("Decided for").fill("2031-01-01T00:00")
        shown.page.get_by_role("button", name="Show", exact=True).click()
        shown.page.wait_for_url("**/show/viewer=short;arm=ending:none;at=2031-01-01T00%3A00")
        expect(shown.page.get_by_label("Decided for")).to_have_value("2031-01-01T00:00")


def test_viewers_are_reached_from_the_list_and_from_each_other(preview: Preview, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(preview.url)
    page.get_by_role("link", name="short").click()
    page.get_by_role("link", name="long →").click()
    expect(page.locator("h1")).to_contain_text("long 2 of 3")
    page.get_by_role("link", name="All viewers").click()

    assert ["short", "long", "joins"] == page.locator("h2").all_inner_texts()
    page.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_decisions_stand_beside_the_video_and_below_it_on_a_phone(
    preview: Preview, browser: Browser, size: tuple[int, int]
) -> None:
    with LandingPage.open(browser, preview.page("joins"), size=size) as shown:
        shown.wait_for_state("ready")
        stage, rows = (shown.page.locator(part).bounding_box() for part in ("#stage", "#rows"))
        assert stage is not None
        assert rows is not None
        beside, below = rows["x"] >= stage["x"] + stage["width"], rows["y"] >= stage["y"] + stage["height"]

        assert (size == DESKTOP, size == PHONE) == (beside, below)
        assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
