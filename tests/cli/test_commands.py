"""The commands as a shell runs them, in the repository: what they print and how they end."""

import csv
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from streamsrv.core.tokens import TokenKeys, parse_link

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


def test_links_are_genuine_and_one_a_viewer() -> None:
    done = run("links", STREAMSRV_LINKS_SECRET=SECRET, STREAMSRV_SERVER_BASE_URL="https://video.example.com/")

    assert (0, "") == (done.returncode, done.stderr)
    rows = list(csv.DictReader(StringIO(done.stdout)))
    assert ["ana", "ben", "chloe"] == [row["viewer"] for row in rows]
    keys = TokenKeys(current=1, secrets={1: SECRET.encode()})
    tokens = [row["url"].removeprefix("https://video.example.com/v/") for row in rows]
    assert 3 == len({parse_link(token, now_s=1_800_000_000, keys=keys) for token in tokens})
    assert [f"{row['url']}/poster.jpg" for row in rows] == [row["poster_url"] for row in rows]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("links",), "streamsrv: links: no secret; expected STREAMSRV_LINKS_SECRET or links.secret_file"),
        (("serve", "--config", "nowhere.toml"), "streamsrv: nowhere.toml: cannot be read: No such file or directory"),
        (("why", "--campaign", "renewal", "--viewer", "nobody"), 'has no viewer "nobody" of campaign renewal'),
        (("why", "--campaign", "nothing", "--viewer", "ana"), "nothing"),
        (("package", "nowhere.mp4", "--scene", "x"), "nowhere.mp4"),
    ],
)
def test_a_mistake_is_one_clear_line(arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments, STREAMSRV_LINKS_SECRET="")

    assert (1, "") == (done.returncode, done.stdout)
    assert message in done.stderr
    assert 1 == len(done.stderr.splitlines())


def test_a_segment_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere", "nonsense://bucket"):
        done = run("check", STREAMSRV_STORAGE_SEGMENTS=str(place))
        assert (1, "") == (done.returncode, done.stdout)
        assert f"streamsrv: storage.segments: {place}: cannot be opened" in done.stderr


def test_why_says_which_rules_fired_on_which_values() -> None:
    done = run("why", "--campaign", "renewal", "--viewer", "ben")

    assert 0 == done.returncode
    assert "hello → explain-motor → claim-card" in done.stdout
    assert 'product is "motor"' in done.stdout


def test_a_setting_that_does_not_exist_is_named_with_its_file(tmp_path: Path) -> None:
    config = tmp_path / "server.toml"
    config.write_text("[server]\nprot = 1\n", encoding="utf-8")
    done = run("check", "--config", str(config))

    assert 1 == done.returncode
    assert f"{config}: server.prot" in done.stderr
