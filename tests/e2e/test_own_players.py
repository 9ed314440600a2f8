"""A personal video in four players, each made to change the rendition all the time, overlay windows included."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import AUTOPLAY, chromium, page_origin, watch
from tests.e2e.conftest import need
from tests.e2e.greet import END_FRAMES, HELLO_FRAMES, begin, own_urls, serving, until_personal
from tests.e2e.server import Server, fetch

PLAYERS = ("hlsjs", "shaka", "videojs", "native")
pytestmark = [pytest.mark.chromium, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(scope="module")
def greet_server(greet_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(greet_store, tmp_path_factory.mktemp("greet-players")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(need("chromium"), AUTOPLAY) as running:
        yield running


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with page_origin() as running:
        yield running


@pytest.mark.parametrize("player", PLAYERS)
def test_a_personal_video_plays_to_its_end_through_rendition_switches(
    greet_server: Server, browser: Browser, origin: str, player: str
) -> None:
    base = begin(greet_server, "zoe")
    for rung in ("180p", "360p"):
        for url in own_urls(base, rung):
            until_personal(url)
    # The smaller rung's whole pictures, and of the larger one only the rows: joins of both kinds are played.
    metrics = fetch(f"{greet_server.internal_url}/metrics").body.decode()
    assert {"banded", "whole"} == set(re.findall(r'streamsrv_renders_total\{way="(\w+)"\} [1-9]', metrics))
    record = watch(
        browser,
        origin,
        player=player,
        url=f"{base}/multivariant.m3u8",
        barcode=True,
        deadline_s=60,
        switching=True,
    )

    assert {"errors": [], "seeks": [], "backwards": 0, "gaps": [], "ended": True} == {
        key: record[key] for key in ("errors", "seeks", "backwards", "gaps", "ended")
    }
    frames = [*[(1, at) for at in range(HELLO_FRAMES)] * 2, *((2, at) for at in range(END_FRAMES))]
    assert abs(record["duration"] - len(frames) / 30) < 0.01
    wrong = [
        (media_time, scene, frame)
        for media_time, scene, frame in record["frames"]
        if (scene, frame) not in frames[round(media_time * 30) : round(media_time * 30) + 3]
    ]
    assert [] == wrong
    if player != "native":
        assert {320, 640} == set(record["widths"]), "the rendition was changed"
