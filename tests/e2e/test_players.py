"""Four players in a real Chromium, on another origin, each from start to end."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import AUTOPLAY, chromium, page_origin, watch_together
from tests.e2e.conftest import CUTS, SCENE_FRAMES, need
from tests.e2e.server import Server
from tests.e2e.test_stitching import starts

VIEWER = "long"
pytestmark = [pytest.mark.chromium, pytest.mark.filterwarnings("ignore::ResourceWarning")]
MODULES = Path(__file__).parent.parent / "browser" / "node_modules"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not MODULES.is_dir():
        pytest.fail("tests/browser/node_modules is missing: run the tests by `make test`")
    with chromium(need("chromium"), AUTOPLAY) as running:
        yield running


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with page_origin() as running:
        yield running


@pytest.mark.parametrize("players", [("hlsjs",), ("shaka",), ("videojs",), ("native",)], ids="+".join)
def test_a_stitched_video_plays_to_its_end_without_a_gap(
    server: Server, browser: Browser, origin: str, players: tuple[str, ...]
) -> None:
    seconds = starts(VIEWER)[-1] / 30
    url = server.multivariant_url(VIEWER, "numbers")
    watched = [(player, url) for player in players]
    records = watch_together(browser, origin, watched, barcode=True, deadline_s=seconds * 2 + 30)

    for record in records:
        _shows_all(record, seconds)


def _shows_all(record: Mapping[str, Any], seconds: float) -> None:
    assert {"errors": [], "seeks": [], "backwards": 0, "gaps": [], "ended": True} == {
        key: record[key] for key in ("errors", "seeks", "backwards", "gaps", "ended")
    }
    assert abs(record["duration"] - seconds) < 0.01
    for kind, ranges in record["ranges"].items():
        assert 1 == len(ranges), (kind, ranges)
        assert ranges[0][0] == 0
        assert abs(ranges[0][1] - seconds) < 0.01
    shown = frames_at(VIEWER)
    # A busy machine may draw the board one frame after the callback that names it; never another scene's.
    wrong = [
        (media_time, scene, frame)
        for media_time, scene, frame in record["frames"]
        if (scene, frame) not in shown[round(media_time * 30) : round(media_time * 30) + 3]
    ]
    assert [] == wrong
    assert len(record["frames"]) > len(shown) / 4, "too few frames were seen to say anything"


def frames_at(viewer: str) -> list[tuple[int, int]]:
    """Which scene and frame each frame of the viewer's video shows."""
    return [
        (scene, min(frame, SCENE_FRAMES[scene] - 1))
        for scene in CUTS[viewer]
        for frame in range(-(-SCENE_FRAMES[scene] // 16) * 16)
    ]
