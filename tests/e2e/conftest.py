"""One store of numbered scenes and one server over it, for all end-to-end tests."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from load import world
from streamsrv.config import load_ladder
from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CampaignId, Viewer
from streamsrv.media.packager import package_scene
from streamsrv.media.request import PackageRequest
from streamsrv.stores.campaigns import Against, load_campaigns
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import open_store
from streamsrv.stores.viewers import load_viewers
from tests.e2e.barcode import write_source
from tests.e2e.every.expected import VIEWERS as EVERY_VIEWERS
from tests.e2e.every.scenes import FOLDER as EVERY
from tests.e2e.every.scenes import package_all
from tests.e2e.every.sessions import Opened, open_session, written_sessions
from tests.e2e.greet import write_greet
from tests.e2e.server import Server, running_server
from tests.shared import made_once

LADDER = """\
frame_rate = 30
audio_bps = 96000

[[rung]]
name = "180p"
width = 320
height = 180
average_bps = 64000
peak_bps = 84000
level = "3.0"

[[rung]]
name = "360p"
width = 640
height = 360
average_bps = 500000
peak_bps = 750000
level = "3.0"
"""

# Scene number: its frames. Units are 16 frames: 5 and 6 are off the grid, so their last picture is held.
SCENE_FRAMES = {1: 48, 2: 16, 3: 80, 4: 208, 5: 37, 6: 100}

CAMPAIGN = """\
campaign: numbers
title: Numbers
schema:
  joins: {type: list, max_items: 40, of: {n: {type: int}}}
  kind: {type: enum, values: [short, long]}
require: [kind]
story:
  - slot: first
    choose:
      - {when: kind == "short", scene: scene-1}
    otherwise: scene-4
  - slot: many
    for_each: joins
    scene: scene-2
  - slot: odd
    scene: scene-5
  - slot: middle
    when: kind == "long"
    scene: scene-3
  - slot: last
    scene: scene-6
    cta: {label: Renew now, url: "https://example.com/renew"}
fallback: [scene-1]
"""

_JOINS = ", ".join('{"n": 1}' for _ in range(28))
VIEWERS = """\
{"viewer": "short", "campaign": "numbers", "attributes": {"kind": "short", "joins": []}}
{"viewer": "long", "campaign": "numbers", "attributes": {"kind": "long", "joins": [{"n": 1}, {"n": 2}]}}
{"viewer": "joins", "campaign": "numbers", "attributes": {"kind": "long", "joins": [JOINS]}}
""".replace("JOINS", _JOINS)

CUTS = {
    "short": (1, 5, 6),
    "long": (4, 2, 2, 5, 3, 6),
    "joins": (4, *(2,) * 28, 5, 3, 6),
}
"""The scenes of each viewer, in order."""


def need(command: str) -> str:
    """The path of a command; skips where it is missing, and fails there in CI."""
    path = shutil.which(command)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{command} is missing, and CI may not skip")
        pytest.skip(f"{command} is not installed")
    return path


@pytest.fixture(scope="session")
def numbered_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `segments`, `campaigns`, `viewers.ndjson` and `ladder.toml`."""
    return made_once(tmp_path_factory, "numbers", _write_numbered)


def _write_numbered(folder: Path) -> None:
    (folder / "ladder.toml").write_text(LADDER, encoding="utf-8")
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / "numbers.yaml").write_text(CAMPAIGN, encoding="utf-8")
    (folder / "viewers.ndjson").write_text(VIEWERS, encoding="utf-8")
    ladder = load_ladder(folder / "ladder.toml")
    for scene, frames in SCENE_FRAMES.items():
        source = folder / f"{scene}.mkv"
        captions = folder / f"{scene}.vtt"
        write_source(source, scene, frames)
        captions.write_text(f"WEBVTT\n\n00:00.100 --> 00:00.500\nScene {scene}\n", encoding="utf-8")
        package_scene(
            PackageRequest(source=source, scene_id=f"scene-{scene}", title=f"Scene {scene}", captions={"en": captions}),
            ladder=ladder,
            store=folder / "segments",
            progress=lambda share: None,
        )


@pytest.fixture(scope="session")
def greet_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scenes with words drawn on them; see `greet`."""
    return made_once(tmp_path_factory, "greet", partial(write_greet, ladder=LADDER))


@pytest.fixture(scope="session")
def server(numbered_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with running_server(
        folder,
        segments=numbered_store / "segments",
        campaigns=numbered_store / "campaigns",
        viewers=numbered_store / "viewers.ndjson",
        ladder=numbered_store / "ladder.toml",
    ) as running:
        yield running


@pytest.fixture(scope="session")
def every_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the `segments` in three languages that tests/e2e/every plays, and their `ladder.toml`."""
    return made_once(tmp_path_factory, "every", _write_every)


def _write_every(folder: Path) -> None:
    (folder / "ladder.toml").write_text(LADDER, encoding="utf-8")
    package_all(folder, load_ladder(folder / "ladder.toml"))


@pytest.fixture(scope="session")
def every_server(every_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(
        tmp_path_factory.mktemp("every-server"),
        segments=every_store / "segments",
        campaigns=EVERY / "campaigns",
        viewers=EVERY / "viewers.ndjson",
        ladder=every_store / "ladder.toml",
    ) as running:
        yield running


@pytest.fixture(scope="session")
def every_campaigns(every_store: Path) -> Mapping[CampaignId, Campaign]:
    """The campaigns as the server has loaded them."""
    target_duration_s = load_ladder(every_store / "ladder.toml").target_duration_s()
    catalog = load_catalog(open_store(str(every_store / "segments")), target_duration_s=target_duration_s)
    return load_campaigns(EVERY / "campaigns", Against(catalog.scenes))


@pytest.fixture(scope="session")
def every_people(every_campaigns: Mapping[CampaignId, Campaign]) -> dict[str, Viewer]:
    """The viewers as the server knows them."""
    return {
        viewer.viewer_id: replace(viewer, link_ref=world.IDENTITY.link_ref(viewer.campaign_id, viewer.viewer_id))
        for viewer in load_viewers(EVERY / "viewers.ndjson", every_campaigns)
    }


@pytest.fixture(scope="session")
def every_sessions(every_server: Server) -> dict[str, Opened]:
    """A session of each viewer."""
    return {viewer: open_session(every_server, viewer) for viewer in EVERY_VIEWERS}


@pytest.fixture(scope="session")
def every_events(every_server: Server, every_sessions: Mapping[str, Opened]) -> dict[str, dict[str, Any]]:
    """What was written down when each viewer's session was opened."""
    by_session = written_sessions(every_server, {opened.session_id for opened in every_sessions.values()})
    return {viewer: by_session[opened.session_id] for viewer, opened in every_sessions.items()}
