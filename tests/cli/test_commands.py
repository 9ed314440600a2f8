"""The commands as a shell runs them, in the repository: what they print and how they end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from load import world
from streamsrv.core.model import Viewer
from streamsrv.stores.viewers import read_rows

ROOT = Path(__file__).parent.parent.parent
SECRET = "for tests only: 32 characters or more"


def run(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "streamsrv", *arguments],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings over a store with the demo's viewers."""
    viewers = ROOT / "config/demo/viewers.ndjson"
    written = world.write_settings(tmp_path, segments=tmp_path / "segments", viewers_file=viewers, root=ROOT)
    world.fill(written, [row.viewer for row in read_rows(viewers) if isinstance(row.viewer, Viewer)])
    return written


def test_why_says_where_the_viewers_data_is_from(config: Path) -> None:
    ask = ("why", "--campaign", "renewal", "--viewer", "ben", "--config", str(config))
    demo = str(ROOT / "config/campaigns")
    in_store = run(*ask, **world.ENVIRON, STREAMSRV_STORAGE_CAMPAIGNS=demo)
    in_file = run(*ask, STREAMSRV_STATE_DIR=str(config.parent / "nothing-here"), STREAMSRV_STORAGE_CAMPAIGNS=demo)

    assert "The viewer's data is from the store." == in_store.stdout.splitlines()[-1]
    assert f"The viewer's data is from {ROOT}/config/demo/viewers.ndjson." == in_file.stdout.splitlines()[-1]
    assert in_store.stdout.splitlines()[1:-1] == in_file.stdout.splitlines()[1:-1]
    assert not (config.parent / "nothing-here").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("serve", "--config", "nowhere.toml"), "streamsrv: nowhere.toml: cannot be read: No such file or directory"),
        (("why", "--campaign", "renewal", "--viewer", "nobody"), 'has no viewer "nobody" of campaign renewal'),
        (("why", "--campaign", "nothing", "--viewer", "ana"), "nothing"),
        (("package", "nowhere.mp4", "--scene", "x"), "nowhere.mp4"),
    ],
)
def test_a_mistake_is_one_clear_line(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments, STREAMSRV_LINKS_SECRET="", STREAMSRV_STATE_DIR=str(tmp_path / "state"))

    assert (1, "") == (done.returncode, done.stdout)
    assert message in done.stderr
    assert 1 == len(done.stderr.splitlines())


def test_a_segment_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere", "nonsense://bucket"):
        done = run("check", STREAMSRV_STORAGE_SEGMENTS=str(place))
        assert (1, "") == (done.returncode, done.stdout)
        assert f"streamsrv: storage.segments: {place}: cannot be opened" in done.stderr


def test_why_says_which_rules_fired_on_which_values(tmp_path: Path) -> None:
    done = run("why", "--campaign", "renewal", "--viewer", "ben", STREAMSRV_STATE_DIR=str(tmp_path / "state"))

    assert 0 == done.returncode
    assert "hello → explain-motor → claims-year → claim-card" in done.stdout
    assert 'product is "motor"' in done.stdout


def test_a_setting_that_does_not_exist_is_named_with_its_file(tmp_path: Path) -> None:
    config = tmp_path / "server.toml"
    config.write_text("[server]\nprot = 1\n", encoding="utf-8")
    done = run("check", "--config", str(config))

    assert 1 == done.returncode
    assert f"{config}:2: server.prot" in done.stderr
