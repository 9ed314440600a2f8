"""Viewers' own segments, served: their words on the shared pictures, or the shared pictures, never anything else."""

import asyncio
import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from urllib.error import HTTPError

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from load import world
from streamsrv.config import StateSettings
from streamsrv.core.model import SceneId
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import open_store
from streamsrv.stores.state import names, open_state
from tests.e2e.barcode import read
from tests.e2e.conftest import need
from tests.e2e.greet import (
    END_FRAMES,
    HELLO_FRAMES,
    begin,
    frozen,
    listed,
    own_urls,
    renderers,
    serving,
    until_personal,
)
from tests.e2e.server import Answer, Server, fetch

BAND = slice(int(360 * 0.44), int(360 * 0.56))
"""The rows of the 360p rung that words are drawn in: between the squares of the board."""


@pytest.fixture(scope="module")
def greet_server(greet_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(greet_store, tmp_path_factory.mktemp("greet-server")) as running:
        yield running


def test_playlists_list_what_is_drawn_on_under_the_viewer_s_own_place(greet_server: Server) -> None:
    base = begin(greet_server, "ana")

    kinds = [
        [re.sub(r".*/p/[^/]+/(seg|own)/.*", r"\1", url) for url in listed(base, rung)] for rung in ("180p", "360p")
    ]
    assert [["seg", "own", "seg", "seg"]] * 2 == kinds


def test_equal_words_are_one_render_and_others_another(greet_server: Server) -> None:
    ana, another, zoe = (
        until_personal(own_urls(begin(greet_server, viewer))[0]) for viewer in ("ana", "another-ana", "zoe")
    )

    assert ana.body == another.body
    assert ana.headers["ETag"] == another.headers["ETag"]
    assert ana.body != zoe.body
    files = [path for path in (greet_server.folder / "rendered").rglob("360p-*") if path.is_file()]
    # Ana's, Zoe's two greetings, and whatever other tests asked for.
    assert len(files) == len({path.read_bytes() for path in files})


def test_an_own_segment_is_private_and_names_nothing(greet_server: Server) -> None:
    url = own_urls(begin(greet_server, "zoe"))[0]
    answer = until_personal(url)

    assert "private, max-age=3600, immutable" == answer.headers["Cache-Control"]
    names = [path.as_posix() for path in (greet_server.folder / "rendered").rglob("*")]
    assert [] == [text for text in [*names, url, answer.headers["ETag"]] if "Zo" in text or "zoe" in text]


@pytest.mark.ffmpeg
@pytest.mark.parametrize("viewer", ["ana", "zoe", "nobody"])
def test_a_personal_video_is_decoded_without_a_warning_and_every_frame_is_the_expected_one(
    greet_server: Server, viewer: str
) -> None:
    base = begin(greet_server, viewer)
    for rung in ("180p", "360p"):
        for url in own_urls(base, rung):
            until_personal(url)
    pictures = _decoded(f"{base}/multivariant.m3u8", stream=0)

    hello = [(1, number) for number in range(HELLO_FRAMES)]
    expected = [*hello * (2 if viewer == "zoe" else 1), *((2, number) for number in range(END_FRAMES))]
    assert expected == [read(picture) for picture in pictures]
    middle = pictures[48][BAND]
    before = pictures[0][BAND]
    assert np.abs(middle.astype(int) - before.astype(int)).max() > 60, "words are drawn in the band"


@pytest.mark.ffmpeg
def test_a_player_given_the_bare_link_sees_the_words_as_well(greet_server: Server) -> None:
    url = greet_server.multivariant_url("another-ana", "greet")
    top = fetch(url).body.decode()
    media = next(line for line in top.splitlines() if line.endswith("video/360p.m3u8"))
    playlist = f"{greet_server.base_url}/{media.replace('../', '')}"
    base = playlist.rpartition("/video/")[0]
    until_personal(own_urls(base)[0])

    pictures = _decoded(f"{base}/multivariant.m3u8", stream=0)
    assert np.abs(pictures[48][BAND].astype(int) - pictures[0][BAND].astype(int)).max() > 60


def _decoded(url: str, *, stream: int) -> NDArray[np.uint8]:
    command = [need("ffmpeg"), "-nostdin", "-v", "warning", "-i", url, "-map", f"0:v:{stream}", "-f", "rawvideo",
               "-pix_fmt", "gray", "pipe:1"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert "" == done.stderr.decode()
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, 360, 640)


def test_frozen_renderers_stall_nobody_and_what_stands_in_is_kept_by_nobody(greet_server: Server) -> None:
    """A4 and A6: the shared segment, whole and decodable, and the viewer's own as soon as there is one."""
    until_personal(own_urls(begin(greet_server, "ana"))[0])
    with frozen(renderers(greet_server)):
        base = begin(greet_server, "late")
        (url,) = own_urls(base)
        first = fetch(url)
        shared = fetch(url.replace("/own/", "/seg/"))

    assert shared.body == first.body
    assert "private, no-store" == first.headers["Cache-Control"]
    assert "ETag" not in first.headers
    assert shared.body != until_personal(url).body


@pytest.mark.ffmpeg
def test_with_every_renderer_frozen_a_decoder_plays_from_start_to_end(greet_server: Server) -> None:
    """A4: nobody waits longer than a segment's deadline, and what stands in fits to the bit."""
    with frozen(renderers(greet_server)):
        pictures = _decoded(f"{begin(greet_server, 'frozen')}/multivariant.m3u8", stream=0)

    assert [(1, number) for number in range(HELLO_FRAMES)] == [read(picture) for picture in pictures[:HELLO_FRAMES]]
    assert HELLO_FRAMES + END_FRAMES == len(pictures)


@pytest.mark.ffmpeg
def test_with_the_store_for_state_frozen_a_decoder_plays_from_start_to_end(greet_server: Server) -> None:
    base = begin(greet_server, "stateless")
    store = [
        int(place.parent.name)
        for place in Path("/proc").glob("[0-9]*/comm")
        if place.read_text().startswith("valkey") and _works_in(place.parent, greet_server.folder / "state")
    ]
    assert 1 == len(store)
    with frozen([*renderers(greet_server), *store]):
        pictures = _decoded(f"{base}/multivariant.m3u8", stream=0)

    assert HELLO_FRAMES + END_FRAMES == len(pictures)
    end_s = time.monotonic() + 20
    while not any(event.get("own") == "circuit_open" for event in greet_server.events()):
        assert time.monotonic() < end_s
        time.sleep(0.2)


def _works_in(process: Path, folder: Path) -> bool:
    try:
        command = (process / "cmdline").read_bytes().decode()
        return folder.as_posix() in command or (process / "cwd").readlink() == folder
    except OSError:
        # It ended while it was looked at.
        return False


@pytest.mark.skipif(
    subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode != 0,
    reason="needs the right to mount",
)
def test_with_the_disk_full_own_segments_are_served_all_the_same(
    greet_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A29."""
    folder = tmp_path_factory.mktemp("full")
    (folder / "rendered").mkdir()
    mounted = f"mount -t tmpfs -o size=4k full '{folder / 'rendered'}' && exec \"$@\""
    with serving(greet_store, folder, before=["unshare", "-m", "sh", "-c", mounted, "sh"]) as server:
        (url,) = own_urls(begin(server, "ana"))
        assert until_personal(url).body != fetch(url.replace("/own/", "/seg/")).body
        metrics = fetch(f"{server.internal_url}/metrics").body.decode()

    assert re.search(r'streamsrv_rendered_trouble_total\{kind="refused"\} [1-9]', metrics)


def test_what_was_sent_is_in_the_event_and_the_metric(greet_server: Server) -> None:
    base = begin(greet_server, "ana")
    until_personal(own_urls(base)[0])

    metrics = fetch(f"{greet_server.internal_url}/metrics").body.decode()
    assert re.search(r'streamsrv_own_segments_total\{outcome="personal"\} [1-9]', metrics)
    end_s = time.monotonic() + 20
    while not any(event.get("own") == "personal" for event in greet_server.events()):
        assert time.monotonic() < end_s
        time.sleep(0.2)


def test_many_who_ask_at_once_for_a_cold_segment_are_one_render(greet_server: Server) -> None:
    """A14, over two workers' worth of connections; whoever waits gets the same bytes or the shared segment."""
    rendered = greet_server.folder / "rendered"
    bases = [begin(greet_server, "another-ana") for _ in range(4)]
    urls = [own_urls(base, "180p")[0] for base in bases] * 10
    for path in rendered.rglob("180p-*"):
        path.unlink()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(fetch, urls))
    own = {answer.body for answer in answers if "immutable" in answer.headers["Cache-Control"]}
    assert len(own) <= 1
    assert {200} == {answer.status for answer in answers}


def test_erasing_a_viewer_leaves_no_file_that_shows_them_and_a_namesake_is_rendered_anew(greet_server: Server) -> None:
    mine = until_personal(own_urls(begin(greet_server, "erased"))[0])
    content = mine.headers["ETag"].strip('"').partition("-")[0]

    def folders() -> list[Path]:
        return list((greet_server.folder / "rendered").glob(f"??/{content}*"))

    (mine_alone,) = folders()
    command = [sys.executable, "-m", "streamsrv", "erase", "--campaign", "greet", "--viewer", "erased", "--config",
               str(greet_server.folder / "server.toml")]  # fmt: skip
    subprocess.run(command, env={**os.environ, **world.ENVIRON}, check=True, capture_output=True, timeout=120)

    assert [] == folders()
    # For half a minute nothing is drawn under that name. The half minute ends here and now.
    assert 0 < asyncio.run(_end_of(names.gone_content(mine_alone.name), greet_server)) <= 30
    end_s = time.monotonic() + 90
    # What the server has in memory goes within seconds.
    while not folders():
        assert mine.body == until_personal(own_urls(begin(greet_server, "namesake"))[0]).body
        assert time.monotonic() < end_s
        time.sleep(0.2)


async def _end_of(key: str, server: Server) -> int:
    """End a key's time in the server's state; how many seconds it had left, negative where it had no end."""
    async with open_state(StateSettings(dir=server.folder / "state")) as state:
        left_s = int(await state.client.ttl(key))
        await state.client.unlink(key)
        return left_s


def _until_picture(url: str, plain: bytes) -> Answer:
    end_s = time.monotonic() + 60
    while (answer := fetch(url)).body == plain:
        assert time.monotonic() < end_s
    return answer


def test_an_e_mail_s_pictures_show_the_viewer_s_words(greet_server: Server, greet_store: Path) -> None:
    link = greet_server.base_url + greet_server.link("zoe", "greet")
    other = greet_server.base_url + greet_server.link("ana", "greet")
    catalog = load_catalog(open_store(str(greet_store / "segments")), target_duration_s=6)
    name = catalog.scene(SceneId("hello")).poster_name
    plain = next(
        data
        for data in (path.read_bytes() for path in (greet_store / "segments").rglob("*") if path.is_file())
        if hashlib.sha256(data).hexdigest() == name
    )
    still, others = (_until_picture(f"{one}/poster.jpg", plain) for one in (link, other))
    moving = _until_picture(f"{link}/moment.webp", plain)

    assert ["image/jpeg", "image/webp"] == [one.headers["Content-Type"] for one in (still, moving)]
    assert {"private, no-store"} == {one.headers["Cache-Control"] for one in (still, moving)}
    assert max(len(still.body), len(moving.body)) < 500_000
    assert (b"\xff\xd8", b"RIFF", b"ANIM") == (still.body[:2], moving.body[:4], moving.body[30:34])
    (mine,), (theirs,) = (list(av.open(BytesIO(one.body), "r").decode(video=0)) for one in (still, others))
    rows = BAND
    first, second = (picture.to_ndarray(format="gray")[rows] for picture in (mine, theirs))
    assert (640, 360) == (mine.width, mine.height)
    assert np.abs(first.astype(int) - second.astype(int)).max() > 60, "each has their own words"


def test_only_what_is_drawn_on_is_found_under_own(greet_server: Server) -> None:
    base = begin(greet_server, "ana")
    shared = next(url for url in listed(base) if "/seg/" in url)

    with pytest.raises(HTTPError) as caught:
        fetch(shared.replace("/seg/", "/own/"))
    assert 404 == caught.value.code
    caught.value.close()


def test_captions_and_the_transcript_say_the_viewer_s_own_words(greet_server: Server) -> None:
    base = begin(greet_server, "zoe")

    captions = fetch(f"{base}/text/en.vtt")
    transcript = fetch(f"{base}/text/en.txt")
    assert "Hello Zoë Łukasiewicz" in captions.body.decode()
    assert "Again, Zoë Łukasiewicz" in captions.body.decode()
    assert ["[Hello Zoë Łukasiewicz]", "[Again, Zoë Łukasiewicz]"] == [
        line for line in transcript.body.decode().splitlines() if "Zo" in line
    ]
    assert ["private, no-store"] * 2 == [captions.headers["Cache-Control"], transcript.headers["Cache-Control"]]
