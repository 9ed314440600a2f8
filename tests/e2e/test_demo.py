"""What a new user sees: `streamsrv demo` from the repository, and viewers with videos of their own.

Packaging the demo for every rung takes two cores minutes. CI does; elsewhere all rungs are looked at where `make demo`
has packaged them, and the lowest three where it has not, in a folder that is kept for the next time.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import orjson
import pytest

from streamsrv.cli.demo import LOG
from streamsrv.cli.demo_scenes import Workshop, missing_scenes, recipe_of
from streamsrv.config import load_settings
from streamsrv.stores.state import open_state
from tests.browser.node import refused_by_hls_parser
from tests.e2e.conftest import need
from tests.e2e.greet import own_urls, until_personal
from tests.e2e.server import absolute, fetch
from tests.hls.asset import Asset, load_asset
from tests.hls.media_rules import MEDIA_RULES, load
from tests.hls.rules import TEXT_RULES

ROOT = Path(__file__).parent.parent.parent
VIEWERS = ("ana", "ben", "chloe")
OTHERS = ("greta", "layla")
"""Told in German and in Arabic."""
FEW_RUNGS = 3
pytestmark = pytest.mark.timeout(2400)
"""With scenes to make first, at every rung, while other tests take one of two cores."""


@dataclass(frozen=True)
class Demo:
    ready: dict[str, Any]
    folder: Path
    """Where it was started."""
    console: Path
    """All that its terminal shows."""
    log_start_bytes: int
    """Where the log file ended when it was started."""

    def link(self, viewer: str) -> dict[str, str]:
        found: dict[str, str] = next(link for link in self.ready["links"] if link["viewer"] == viewer)
        return found

    def asset(self, viewer: str) -> Asset:
        opened = orjson.loads(fetch(f"{self.link(viewer)['url']}/sessions", method="POST").body)
        base = absolute(self.ready["base_url"], opened["multivariant_url"]).rpartition("/")[0] + "/"
        top = fetch(base + "multivariant.m3u8").body.decode()
        return load_asset(top, lambda uri: fetch(base + uri).body.decode(), lambda uri: fetch(base + uri).body)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, its scenes made first where that was not done before."""
    ready = tmp_path_factory.mktemp("demo") / "ready.json"
    log = ready.with_name("demo.log").open("w+", encoding="utf-8")
    folder, environ = (ROOT, {}) if _all_rungs() else _with_few_rungs(ROOT / "var/tests/demo")
    earlier = folder / LOG
    log_start_bytes = earlier.stat().st_size if earlier.exists() else 0
    process = subprocess.Popen(
        [sys.executable, "-m", "streamsrv", "demo", "--port", "0", "--ready-file", str(ready)],
        cwd=folder,
        env={**os.environ, **environ, "PYTHONPATH": str(ROOT)},
        stdout=log,
        stderr=log,
    )
    try:
        while not ready.exists():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.2)
                pytest.fail(ready.with_name("demo.log").read_text(encoding="utf-8"))
        yield Demo(orjson.loads(ready.read_bytes()), folder, ready.with_name("demo.log"), log_start_bytes)
        process.send_signal(signal.SIGTERM)
        assert 0 == process.wait(timeout=30)
    finally:
        process.kill()
        process.wait()
        log.close()


def _all_rungs() -> bool:
    made = Workshop(sources=ROOT / "var/demo/sources", store=ROOT / "segments", stamps=ROOT / "var/demo/made")
    return bool(os.environ.get("CI")) or not missing_scenes(made, recipe_of(ROOT / "config/ladder.toml"))


def _with_few_rungs(folder: Path) -> tuple[Path, dict[str, str]]:
    """A folder that is the repository to the demo but for its ladder, and the environment that says so."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "config").is_symlink():
        (folder / "config").symlink_to(ROOT / "config")
    head, *rungs = re.split(r"(?m)^(?=\[\[rung\]\]$)", (ROOT / "config/ladder.toml").read_text("utf-8"))
    (folder / "ladder.toml").write_text("".join([head, *rungs[:FEW_RUNGS]]), "utf-8")
    return folder, {"STREAMSRV_STORAGE_LADDER": str(folder / "ladder.toml")}


@pytest.fixture(scope="module")
def assets(demo: Demo) -> dict[str, Asset]:
    return {viewer: demo.asset(viewer) for viewer in VIEWERS}


def test_the_ready_file_says_where_everything_is(demo: Demo) -> None:
    assert {"base_url", "internal_url", "api_key", "pid", "links"} == demo.ready.keys()
    asked = Request(
        f"{demo.ready['base_url']}/api/v1/campaigns", headers={"Authorization": f"Bearer {demo.ready['api_key']}"}
    )
    with urlopen(asked, timeout=10) as reply:
        assert ["renewal"] == [campaign["campaign"] for campaign in orjson.loads(reply.read())["campaigns"]]
    assert [{"viewer", "campaign", "url", "multivariant_url"}] * 5 == [link.keys() for link in demo.ready["links"]]
    assert [*VIEWERS, *OTHERS] == [link["viewer"] for link in demo.ready["links"]]
    for link in demo.ready["links"]:
        assert f"{link['url']}/multivariant.m3u8" == link["multivariant_url"]
        assert link["url"].startswith(f"{demo.ready['base_url']}/v/")


def test_three_viewers_get_three_cuts(assets: dict[str, Asset]) -> None:
    scenes = {
        viewer: [tag.text("X-SLOT") for tag in asset.variants()[0][1].all("DATERANGE")]
        for viewer, asset in assets.items()
    }
    lengths = {viewer: asset.variants()[0][1].duration_micros / 1e6 for viewer, asset in assets.items()}

    assert {"ana": 0, "ben": 4, "chloe": 2} == {viewer: slots.count("claims") for viewer, slots in scenes.items()}
    assert 3 == len({len(slots) for slots in scenes.values()})
    assert 3 == len(set(lengths.values()))
    assert all(45 <= length <= 60 for length in lengths.values()), lengths
    assert ["claims-year" in slots for slots in scenes.values()] == [False, True, True]
    assert scenes["ana"].index("thanks-first") < scenes["ana"].index("product")
    assert scenes["ben"].index("thanks") > scenes["ben"].index("product")


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("rule", TEXT_RULES)
def test_text_rule(assets: dict[str, Asset], rule: str, viewer: str) -> None:
    TEXT_RULES[rule](assets[viewer])


@pytest.mark.parametrize("viewer", VIEWERS)
def test_media_rules(assets: dict[str, Asset], viewer: str) -> None:
    renditions = load(assets[viewer])
    broken = {}
    for name, rule in MEDIA_RULES.items():
        try:
            rule(renditions, assets[viewer])
        except AssertionError as error:
            broken[name] = str(error)
    assert {} == broken


@pytest.mark.parametrize("viewer", VIEWERS)
def test_hls_parser_in_strict_mode_accepts_every_playlist(assets: dict[str, Asset], viewer: str) -> None:
    asset = assets[viewer]
    texts = {uri: playlist.text for uri, playlist in asset.playlists.items()}
    assert {} == refused_by_hls_parser({"multivariant.m3u8": asset.multivariant.text, **texts})


@pytest.mark.ffmpeg
@pytest.mark.parametrize("viewer", VIEWERS)
def test_ffmpeg_reads_the_whole_video_without_a_warning(demo: Demo, assets: dict[str, Asset], viewer: str) -> None:
    micros = assets[viewer].variants()[0][1].duration_micros
    url = demo.link(viewer)["multivariant_url"]
    read = [need("ffmpeg"), "-nostdin", "-v", "warning", "-progress", "pipe:1", "-i", url]
    whole = ["-map", "0:v:0", "-map", "0:a:0", "-f", "null", "-"]
    done = subprocess.run([*read, *whole], capture_output=True, text=True, timeout=120, check=False)
    assert "" == done.stderr
    frames = [line.removeprefix("frame=") for line in done.stdout.splitlines() if line.startswith("frame=")]
    assert round(micros * 30 / 1e6) == int(frames[-1])


@pytest.mark.parametrize("viewer", [*VIEWERS, *OTHERS])
def test_every_viewers_words_are_in_the_coarsest_rung_too(demo: Demo, viewer: str) -> None:
    """Where an amount that counts up takes more bytes than there are, it is coarser, and not left out."""
    opened = orjson.loads(fetch(f"{demo.link(viewer)['url']}/sessions", method="POST").body)
    base = absolute(demo.ready["base_url"], opened["multivariant_url"]).rpartition("/")[0]
    urls = own_urls(base, "234p")

    assert urls
    for url in urls:
        until_personal(url)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_poster_is_a_jpeg_that_nobody_else_may_keep(demo: Demo, viewer: str) -> None:
    answer = fetch(f"{demo.link(viewer)['url']}/poster.jpg")
    assert "image/jpeg" == answer.headers["Content-Type"]
    assert "private, no-store" == answer.headers["Cache-Control"]
    assert answer.body.startswith(b"\xff\xd8\xff")


async def test_what_goes_wrong_stands_in_the_log_file_and_not_between_the_links(demo: Demo) -> None:
    settings = load_settings(ROOT / "config/server.toml", {})
    async with open_state(replace(settings.state, dir=demo.folder / settings.state.dir)) as state:
        await state.client.execute_command("CLIENT", "PAUSE", "1000", "ALL")
        with pytest.raises(HTTPError, match="503"):
            await asyncio.to_thread(fetch, f"{demo.link('ana')['url']}/sessions", method="POST")
    console = demo.console.read_text("utf-8")
    logged = (demo.folder / LOG).read_bytes()[demo.log_start_bytes :].splitlines()

    assert "a call to the state store failed" in [orjson.loads(line)["message"] for line in logged]
    assert f"Log: {LOG}" in console
    assert "state store" not in console
