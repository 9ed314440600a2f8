"""A server of two processes over a made-up store, with campaign files and a ladder that a test may spoil."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from load import world
from tests.app.fleet import Fleet, running_fleet

ROOT = Path(__file__).parents[2]
SERVER = """\
drain_s = 6
silence_deadline_s = 5
"""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A segment store with the demo's scenes. To be read only."""
    folder = tmp_path_factory.mktemp("store")
    world.write_store(folder)
    return folder


@pytest.fixture
def config(store: Path, tmp_path: Path) -> Path:
    """Settings of a server with campaign files of its own."""
    world.write_viewers(tmp_path / "viewers.ndjson", world.viewers(8))
    config = world.write_settings(
        tmp_path, segments=store, viewers_file=tmp_path / "viewers.ndjson", root=ROOT, server=SERVER
    )
    shutil.copytree(world.CAMPAIGNS, tmp_path / "campaigns")
    shutil.copy(ROOT / "config/ladder.toml", tmp_path / "ladder.toml")
    text = config.read_text("utf-8")
    for key, value in (("campaigns", tmp_path / "campaigns"), ("ladder", tmp_path / "ladder.toml")):
        text = re.sub(rf"(?m)^{key} = .*$", f'{key} = "{value}"', text)
    config.write_text(text, "utf-8")
    world.fill(config, world.viewers(8))
    return config


@pytest.fixture
def fleet(config: Path) -> Iterator[Fleet]:
    with running_fleet(config, workers=2) as running:
        yield running
