"""Four players in a real Chromium, on another origin, each from start to end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import AUTOPLAY, chromium, page_origin, watch
from tests.e2e.conftest import CUTS, SCENE_FRAMES, need
from tests.e2e.server import Server
from tests.e2e.test_stitching import starts

PLAYERS = ("hlsjs", "shaka", "videojs", "native")
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


@pytest.mark.parametrize("viewer", ["long"])
@pytest.mark.parametrize("player", PLAYERS)
def test_a_stitched_video_plays_to_its_end_without_a_gap(
    server: Server, browser: Browser, origin: str, player: str, viewer: str
) -> None:
    seconds = starts(viewer)[-1] / 30
    record = watch(
        browser,
        origin,
        player=player,
        url=server.multivariant_url(viewer, "numbers"),
        barcode=True,
        deadline_s=seconds * 2 + 30,
    )
    assert {"errors": [], "seeking": 0, "backwards": 0, "gaps": [], "ended": True} == {
        key: record[key] for key in ("errors", "seeking", "backwards", "gaps", "ended")
    }
    assert abs(record["duration"] - seconds) < 0.01
    for kind, ranges in record["ranges"].items():
        assert 1 == len(ranges), (kind, ranges)
        assert ranges[0][0] == 0
        assert abs(ranges[0][1] - seconds) < 0.01
    shown = frames_at(viewer)
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
