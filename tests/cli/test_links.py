"""`streamsrv links` as a mail system takes it: one genuine link for each viewer, or no file at all."""

import asyncio
import csv
import signal
from io import StringIO
from pathlib import Path

import pytest

from streamsrv.core.tokens import LinkClaims, TokenKeys, parse_link
from tests.cli.imports import SECRET, copy_of, installation, run, start

CSV = """\
viewer,first_name,product,premium,renewal_on
zoe,Zoë,home,47.11,2026-03-31
-anna,Anna,motor,812.40,2026-03-31
"b,en",Ben,life,100.00,2026-03-31
"""
HEADER = ["viewer", "campaign", "url", "multivariant_url", "poster_url", "moment_url", "held_out"]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation with three viewers. To be copied only."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "export.csv").write_text(CSV)
    done = run(installation(folder), "import", "export.csv", "--campaign", "renewal")
    assert 0 == done.returncode, done.stderr
    return folder


@pytest.fixture
def config(imported: Path, tmp_path: Path) -> Path:
    """An installation with three viewers."""
    return copy_of(imported, tmp_path)


def _claims(url: str) -> LinkClaims:
    token = url.removeprefix("https://video.example.com/v/")
    return parse_link(token, now_s=1_700_000_000, keys=TokenKeys(current=1, secrets={1: SECRET.encode()}))


def test_each_viewer_gets_a_genuine_link_and_what_hangs_on_it(config: Path) -> None:
    done = run(config, "links", "--campaign", "renewal")

    assert (0, "3 links of campaign renewal\n") == (done.returncode, done.stderr)
    rows = sorted(csv.DictReader(StringIO(done.stdout)), key=lambda row: row["viewer"])
    assert [HEADER] * 3 == [list(row) for row in rows]
    assert ["'-anna", "b,en", "zoe"] == [row["viewer"] for row in rows]
    assert 3 == len({_claims(row["url"]).link_id for row in rows})
    assert [(f"{row['url']}/multivariant.m3u8", f"{row['url']}/poster.jpg", "false") for row in rows] == [
        (row["multivariant_url"], row["poster_url"], row["held_out"]) for row in rows
    ]


def test_links_of_one_day_are_the_same_and_last_as_long_as_is_said(config: Path) -> None:
    first, second = (run(config, "links", "--viewer", "zoe", "--days", 30) for _ in range(2))
    longer = run(config, "links", "--viewer", "zoe", "--days", 31)

    urls = [next(csv.DictReader(StringIO(done.stdout)))["url"] for done in (first, second, longer)]
    assert urls[0] == urls[1]
    assert 86_400 == _claims(urls[2]).expires_at_s - _claims(urls[0]).expires_at_s


def test_a_file_is_written_whole(config: Path, tmp_path: Path) -> None:
    done = run(config, "links", "--out", tmp_path / "links.csv")

    assert (0, "") == (done.returncode, done.stdout)
    assert 4 == len((tmp_path / "links.csv").read_text().splitlines())
    assert [] == list(tmp_path.glob(".*.part"))


def test_a_revoked_viewers_new_link_is_of_a_later_generation(config: Path) -> None:
    run(config, "revoke", "--campaign", "renewal", "--viewer", "zoe")

    done = run(config, "links", "--viewer", "zoe", "--viewer", "b,en")

    zoe, ben = (_claims(row["url"]) for row in csv.DictReader(StringIO(done.stdout)))
    assert (True, 0) == (zoe.serial > 1_700_000_000, ben.serial)


def test_a_viewer_who_is_not_there_is_named_and_nothing_is_written(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "links.csv"

    done = run(config, "links", "--viewer", "zoe", "--viewer", "nobody", "--out", out)

    assert (1, False) == (done.returncode, out.exists())
    assert "streamsrv: --viewer: campaign renewal has no viewer 'nobody'" in done.stderr


def test_without_a_secret_and_a_store_elsewhere_it_says_how_to_give_one(config: Path) -> None:
    elsewhere = {"STREAMSRV_STATE_REDIS_URL": "redis://127.0.0.1:1", "STREAMSRV_LINKS_SECRET": ""}
    done = run(config, "links", **elsewhere)

    assert (1, "") == (done.returncode, done.stdout)
    assert "streamsrv: links: no secret; expected STREAMSRV_LINKS_SECRET or links.secret_file" in done.stderr


def test_a_file_that_cannot_be_written_is_named(config: Path) -> None:
    done = run(config, "links", "--out", "nowhere/links.csv")

    assert (1, "") == (done.returncode, done.stdout)
    assert "streamsrv: nowhere/links.csv: cannot be written: No such file or directory" in done.stderr


async def test_ctrl_c_leaves_no_file(config: Path, tmp_path: Path) -> None:
    lines = [f"v{number},Ana,home,1.00,2026-03-31" for number in range(30_000)]
    (tmp_path / "many.csv").write_text("\n".join([CSV.splitlines()[0], *lines]))
    await asyncio.to_thread(run, config, "import", "many.csv", "--campaign", "renewal")
    process = start(config, "links", "--out", "links.csv")
    for _ in range(20_000):
        if list(tmp_path.glob(".*.part")):
            break
        await asyncio.sleep(0.002)
    process.send_signal(signal.SIGINT)

    _, errors = await asyncio.to_thread(process.communicate)

    assert 130 == process.returncode, errors
    assert errors.endswith("interrupted; no file was written\n")
    assert [] == [*tmp_path.glob("links.csv"), *tmp_path.glob(".*.part")]
