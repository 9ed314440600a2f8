"""Viewers' own segments, served: their words on the shared pictures, or the shared pictures, never anything else."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

import numpy as np
import pytest
from numpy.typing import NDArray

from streamsrv.config import load_ladder
from streamsrv.media.packager import package_scene
from streamsrv.media.request import PackageRequest
from tests.e2e.barcode import read, write_source
from tests.e2e.conftest import LADDER, need
from tests.e2e.server import Answer, Server, fetch, running_server

SLOTS = """\
[greeting]
from_s = 0.6
to_s = 2.6
box = [0.05, 0.44, 0.9, 0.12]
style = "plate"
default = "Hello"
"""
CAMPAIGN = """\
campaign: greet
schema:
  name: {type: string, max_length: 60, personal: true}
  kind: {type: enum, values: [short, long]}
require: [kind]
story:
  - slot: hello
    scene: hello
    overlays: {greeting: {text: "Hello {name}", default: Hello}}
  - slot: again
    when: kind == "long"
    scene: hello
    overlays: {greeting: {text: "Again, {name}", default: Again}}
  - slot: end
    scene: end
fallback: [hello, end]
"""
VIEWERS = """\
{"viewer": "ana", "campaign": "greet", "attributes": {"kind": "short", "name": "Ana"}}
{"viewer": "another-ana", "campaign": "greet", "attributes": {"kind": "short", "name": "Ana"}}
{"viewer": "zoe", "campaign": "greet", "attributes": {"kind": "long", "name": "Zoë Łukasiewicz"}}
{"viewer": "nobody", "campaign": "greet", "attributes": {"kind": "short"}}
{"viewer": "late", "campaign": "greet", "attributes": {"kind": "short", "name": "Latecomer"}}
"""
HELLO_FRAMES, END_FRAMES = 96, 32
BAND = slice(int(360 * 0.44), int(360 * 0.56))
"""The rows of the 360p rung that words are drawn in: between the squares of the board."""


@pytest.fixture(scope="module")
def greet_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("greet")
    (folder / "ladder.toml").write_text(LADDER)
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / "greet.yaml").write_text(CAMPAIGN)
    (folder / "viewers.ndjson").write_text(VIEWERS)
    (folder / "slots.toml").write_text(SLOTS)
    for number, (scene, frames) in enumerate({"hello": HELLO_FRAMES, "end": END_FRAMES}.items(), start=1):
        write_source(folder / f"{scene}.mkv", number, frames)
        slots = folder / "slots.toml" if scene == "hello" else None
        package_scene(
            PackageRequest(folder / f"{scene}.mkv", scene, overlays=slots),
            ladder=load_ladder(folder / "ladder.toml"),
            store=folder / "segments",
        )
    with running_server(
        folder,
        segments=folder / "segments",
        campaigns=folder / "campaigns",
        viewers=folder / "viewers.ndjson",
        ladder=folder / "ladder.toml",
    ) as running:
        yield running


def _session(server: Server, viewer: str) -> str:
    """The folder of a fresh session's playlists."""
    url: str = server.open_session(viewer, "greet")["multivariant_url"]
    return f"{server.base_url}{url.rpartition('/')[0]}"


def _listed(base: str, rung: str = "360p") -> list[str]:
    """The URLs of a rung's segments, in order."""
    text = fetch(f"{base}/video/{rung}.m3u8").body.decode()
    return [base + line[2:] for line in text.splitlines() if line.startswith("../")]


def _own(base: str, rung: str = "360p") -> list[str]:
    return [url for url in _listed(base, rung) if "/own/" in url]


def _until_personal(url: str) -> Answer:
    """The viewer's own segment, once it is rendered: on a busy machine the shared one may stand in at first."""
    end_s = time.monotonic() + 60
    while True:
        answer = fetch(url)
        if "immutable" in answer.headers["Cache-Control"]:
            return answer
        assert time.monotonic() < end_s
        time.sleep(0.2)


def test_playlists_list_what_is_drawn_on_under_the_viewer_s_own_place(greet_server: Server) -> None:
    base = _session(greet_server, "ana")

    kinds = [
        [re.sub(r".*/p/[^/]+/(seg|own)/.*", r"\1", url) for url in _listed(base, rung)] for rung in ("180p", "360p")
    ]
    assert [["seg", "own", "seg", "seg"]] * 2 == kinds


def test_equal_words_are_one_render_and_others_another(greet_server: Server) -> None:
    ana, another, zoe = (
        _until_personal(_own(_session(greet_server, viewer))[0]) for viewer in ("ana", "another-ana", "zoe")
    )

    assert ana.body == another.body
    assert ana.headers["ETag"] == another.headers["ETag"]
    assert ana.body != zoe.body
    files = [path for path in (greet_server.folder / "rendered").rglob("360p-*") if path.is_file()]
    # Ana's, Zoe's two greetings, and whatever other tests asked for.
    assert len(files) == len({path.read_bytes() for path in files})


def test_an_own_segment_is_private_and_names_nothing(greet_server: Server) -> None:
    url = _own(_session(greet_server, "zoe"))[0]
    answer = _until_personal(url)

    assert "private, max-age=3600, immutable" == answer.headers["Cache-Control"]
    names = [path.as_posix() for path in (greet_server.folder / "rendered").rglob("*")]
    assert [] == [text for text in [*names, url, answer.headers["ETag"]] if "Zo" in text or "zoe" in text]


@pytest.mark.ffmpeg
@pytest.mark.parametrize("viewer", ["ana", "zoe", "nobody"])
def test_a_personal_video_is_decoded_without_a_warning_and_every_frame_is_the_expected_one(
    greet_server: Server, viewer: str
) -> None:
    base = _session(greet_server, viewer)
    for rung in ("180p", "360p"):
        for url in _own(base, rung):
            _until_personal(url)
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
    _until_personal(_own(base)[0])

    pictures = _decoded(f"{base}/multivariant.m3u8", stream=0)
    assert np.abs(pictures[48][BAND].astype(int) - pictures[0][BAND].astype(int)).max() > 60


def _decoded(url: str, *, stream: int) -> NDArray[np.uint8]:
    command = [need("ffmpeg"), "-nostdin", "-v", "warning", "-i", url, "-map", f"0:v:{stream}", "-f", "rawvideo",
               "-pix_fmt", "gray", "pipe:1"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert "" == done.stderr.decode()
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, 360, 640)


def _renderers(server: Server) -> list[int]:
    found = subprocess.run(
        ["pgrep", "-f", "streamsrv.media.render.worker"], capture_output=True, text=True, check=False
    ).stdout.split()
    own = _descendants(server.process.pid)
    return [int(pid) for pid in found if int(pid) in own]


def _descendants(pid: int) -> set[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        fields = text.rpartition(")")[2].split()
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = set[int](), [pid]
    while todo:
        for child in children.get(todo.pop(), []):
            found.add(child)
            todo.append(child)
    return found


@contextmanager
def _frozen(pids: list[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_frozen_renderers_stall_nobody_and_what_stands_in_is_kept_by_nobody(greet_server: Server) -> None:
    """A4 and A6: the shared segment, whole and decodable, and the viewer's own as soon as there is one."""
    _until_personal(_own(_session(greet_server, "ana"))[0])
    with _frozen(_renderers(greet_server)):
        base = _session(greet_server, "late")
        (url,) = _own(base)
        first = fetch(url)
        shared = fetch(url.replace("/own/", "/seg/"))

    assert shared.body == first.body
    assert "private, no-store" == first.headers["Cache-Control"]
    assert "ETag" not in first.headers
    assert shared.body != _until_personal(url).body


def test_what_was_sent_is_in_the_event_and_the_metric(greet_server: Server) -> None:
    base = _session(greet_server, "ana")
    _until_personal(_own(base)[0])

    metrics = fetch(f"{greet_server.internal_url}/metrics").body.decode()
    assert re.search(r'streamsrv_own_segments_total\{outcome="personal"\} [1-9]', metrics)
    end_s = time.monotonic() + 20
    while not any(event.get("own") == "personal" for event in greet_server.events()):
        assert time.monotonic() < end_s
        time.sleep(0.2)


def test_many_who_ask_at_once_for_a_cold_segment_are_one_render(greet_server: Server) -> None:
    """A14, over two workers' worth of connections; whoever waits gets the same bytes or the shared segment."""
    rendered = greet_server.folder / "rendered"
    bases = [_session(greet_server, "another-ana") for _ in range(4)]
    urls = [_own(base, "180p")[0] for base in bases] * 10
    for path in rendered.rglob("180p-*"):
        path.unlink()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(fetch, urls))
    own = {answer.body for answer in answers if "immutable" in answer.headers["Cache-Control"]}
    assert len(own) <= 1
    assert {200} == {answer.status for answer in answers}


def test_only_what_is_drawn_on_is_found_under_own(greet_server: Server) -> None:
    base = _session(greet_server, "ana")
    shared = next(url for url in _listed(base) if "/seg/" in url)

    with pytest.raises(HTTPError) as caught:
        fetch(shared.replace("/seg/", "/own/"))
    assert 404 == caught.value.code
    caught.value.close()
