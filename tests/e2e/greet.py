"""Scenes that greet by name, a server over them, and what tests do with a viewer's own segments."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from streamsrv.config import load_ladder
from streamsrv.media.packager import package_scene
from streamsrv.media.request import PackageRequest
from tests.e2e.barcode import write_source
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
{"viewer": "erased", "campaign": "greet", "attributes": {"kind": "short", "name": "Erasmus"}}
{"viewer": "namesake", "campaign": "greet", "attributes": {"kind": "short", "name": "Erasmus"}}
{"viewer": "frozen", "campaign": "greet", "attributes": {"kind": "short", "name": "Frozen"}}
{"viewer": "stateless", "campaign": "greet", "attributes": {"kind": "short", "name": "Stateless"}}
{"viewer": "late", "campaign": "greet", "attributes": {"kind": "short", "name": "Latecomer"}}
"""
HELLO_FRAMES, END_FRAMES = 96, 32


def write_greet(folder: Path, *, ladder: str) -> None:
    """`segments`, `campaigns`, `viewers.ndjson` and `ladder.toml`."""
    (folder / "ladder.toml").write_text(ladder)
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / "greet.yaml").write_text(CAMPAIGN)
    (folder / "viewers.ndjson").write_text(VIEWERS)
    (folder / "slots.toml").write_text(SLOTS)
    for number, (scene, frames) in enumerate({"hello": HELLO_FRAMES, "end": END_FRAMES}.items(), start=1):
        write_source(folder / f"{scene}.mkv", number, frames)
        slots = folder / "slots.toml" if scene == "hello" else None
        captions = folder / f"{scene}.vtt"
        captions.write_text(f"WEBVTT\n\n00:00.100 --> 00:00.500\nScene {scene}\n")
        package_scene(
            PackageRequest(folder / f"{scene}.mkv", scene, overlays=slots, captions={"en": captions}),
            ladder=load_ladder(folder / "ladder.toml"),
            store=folder / "segments",
        )


def serving(
    store: Path, folder: Path, *, rendering: str = "", before: Sequence[str] = ()
) -> AbstractContextManager[Server]:
    """A server over what `write_greet` wrote."""
    return running_server(
        folder,
        segments=store / "segments",
        campaigns=store / "campaigns",
        viewers=store / "viewers.ndjson",
        ladder=store / "ladder.toml",
        rendering=rendering,
        before=before,
    )


def begin(server: Server, viewer: str) -> str:
    """The folder of a fresh session's playlists."""
    url: str = server.open_session(viewer, "greet")["multivariant_url"]
    return f"{server.base_url}{url.rpartition('/')[0]}"


def listed(base: str, rung: str = "360p") -> list[str]:
    """The URLs of a rung's segments, in order."""
    text = fetch(f"{base}/video/{rung}.m3u8").body.decode()
    return [base + line[2:] for line in text.splitlines() if line.startswith("../")]


def own_urls(base: str, rung: str = "360p") -> list[str]:
    return [url for url in listed(base, rung) if "/own/" in url]


def until_personal(url: str) -> Answer:
    """The viewer's own segment, once it is rendered: on a busy machine the shared one may stand in at first."""
    end_s = time.monotonic() + 60
    while True:
        answer = fetch(url)
        if "immutable" in answer.headers["Cache-Control"]:
            return answer
        assert time.monotonic() < end_s
        time.sleep(0.2)


def renderers(server: Server) -> list[int]:
    found = subprocess.run(
        ["pgrep", "-f", "streamsrv.media.render.worker"], capture_output=True, text=True, check=False
    ).stdout.split()
    own = descendants(server.process.pid)
    return [int(pid) for pid in found if int(pid) in own]


def descendants(pid: int) -> set[int]:
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
def frozen(pids: list[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
