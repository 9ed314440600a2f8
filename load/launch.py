"""From cold to warm: viewers with Zipf-distributed names open their links, and each fetches the first personal segment.

`python -m load.launch [--viewers 200] [--per-s 4]`. A real server over one scene at 720p, with its own renderers.
Beside it, in the same run, the `ffmpeg` command burns words into that one segment.
"""

import argparse
import math
import random
import re
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.request import Request, urlopen

import orjson

from load import world
from load.measure import ROOT, streamsrv
from load.packaging import make_footage
from load.rendering import SLOTS
from streamsrv.config import load_ladder
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.core.tokens import sign_link
from streamsrv.core.urls import link_path
from streamsrv.media.packager import package_scene
from streamsrv.media.request import PackageRequest

SECONDS = 4
LADDER = """\
frame_rate = 30
audio_bps = 96000
[[rung]]
name = "720p"
width = 1280
height = 720
average_bps = 2_600_000
peak_bps = 3_400_000
level = "3.1"
"""
CAMPAIGN = """\
campaign: launch
schema:
  name: {type: string, max_length: 60, personal: true}
story:
  - slot: hello
    scene: hello
    overlays: {words: {text: "Hello {name}", default: Hello}}
fallback: [hello]
"""
NAMES = 400
BURN = "drawtext=text='Hello Name 1':fontsize=48:x=(w-tw)/2:y=h*0.8:fontcolor=white:box=1:boxcolor=black@0.6"


class Seen(NamedTuple):
    """What one viewer got."""

    at_s: float
    wait_s: float
    """From POST to the last byte of the first personal segment, or of what stood in."""
    is_personal: bool


def people_of(count: int, seed: int = 1) -> list[Viewer]:
    """Viewers whose names are as common as names are: the n-th with a weight of 1/n."""
    weights = [1 / rank for rank in range(1, NAMES + 1)]
    ranks = random.Random(seed).choices(range(NAMES), weights, k=count)
    return [
        Viewer(ViewerId(f"v-{number}"), CampaignId("launch"), {"name": f"Name {rank}"})
        for number, rank in enumerate(ranks)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--per-s", type=float, default=4.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="streamsrv-load-") as name:
        measure(Path(name), people_of(arguments.viewers), arguments.per_s)


def prepare(folder: Path, people: list[Viewer]) -> Path:
    """Package the scene, put the viewers in; the settings file of a server over them."""
    make_footage(folder / "source.mp4", SECONDS)
    (folder / "campaigns").mkdir()
    (folder / "ladder.toml").write_text(LADDER)
    (folder / "campaigns" / "launch.yaml").write_text(CAMPAIGN)
    (folder / "slots.toml").write_text(f'{SLOTS}default = "Hello"\n')
    request = PackageRequest(folder / "source.mp4", "hello", overlays=folder / "slots.toml")
    package_scene(request, ladder=load_ladder(folder / "ladder.toml"), store=folder / "segments")
    world.write_viewers(folder / "viewers.ndjson", people)
    config = world.write_settings(
        folder, segments=folder / "segments", viewers_file=folder / "viewers.ndjson", root=ROOT,
        campaigns=folder / "campaigns", ladder=folder / "ladder.toml",
    )  # fmt: skip
    world.fill(config, people)
    return config


def measure(folder: Path, people: list[Viewer], per_s: float) -> None:
    config = prepare(folder, people)
    burnt = [burn(folder) for _ in range(5)]
    with streamsrv(config, world.ENVIRON) as (_, url), ThreadPoolExecutor(64) as pool:
        began_s = time.monotonic()
        waiting = []
        for number, one in enumerate(people):
            time.sleep(max(0.0, began_s + number / per_s - time.monotonic()))
            waiting.append(pool.submit(open_one, url, one, began_s))
        seen = [one.result() for one in waiting]
    renders = len([path for path in (folder / "rendered").rglob("720p-*") if path.is_file()])
    report(seen, names=len({str(one.attributes["name"]) for one in people}), renders=renders, burnt_s=burnt)


def open_one(url: str, viewer: Viewer, began_s: float) -> Seen:
    """Begin a session and fetch its first own segment."""
    link_id = world.IDENTITY.link_id(viewer.campaign_id, viewer.viewer_id)
    link = link_path(sign_link(link_id, expires_at_s=int(time.time()) + 3600, keys=world.KEYS))
    started_s = time.monotonic()
    opened = orjson.loads(urlopen(Request(f"{url}{link}/sessions", method="POST"), timeout=30).read())
    base = url + opened["multivariant_url"].rpartition("/")[0]
    listed = urlopen(f"{base}/video/720p.m3u8", timeout=30).read().decode()
    own = re.search(r"^\.\./(own/\S+)$", listed, re.MULTILINE)
    assert own
    with urlopen(f"{base}/{own[1]}", timeout=30) as answer:
        answer.read()
        is_personal = "immutable" in answer.headers["Cache-Control"]
    return Seen(started_s - began_s, time.monotonic() - started_s, is_personal)


def burn(folder: Path) -> float:
    """What the command takes for the one segment that words are drawn on: about two seconds of pictures."""
    command = ["ffmpeg", "-v", "error", "-y", "-ss", "0.5", "-t", "2.1", "-i", str(folder / "source.mp4"), "-an"]
    command += ["-vf", BURN, "-c:v", "libx264", "-preset", "medium", "-crf", "23", str(folder / "burnt.mp4")]
    started_s = time.monotonic()
    subprocess.run(command, check=True)
    return time.monotonic() - started_s


def report(seen: list[Seen], *, names: int, renders: int, burnt_s: list[float]) -> None:
    """The curve by tenths of the launch, and the whole."""
    tenth = max(1, math.ceil(len(seen) / 10))
    print("from s   viewers  personal  p50 s  p95 s")
    for start in range(0, len(seen), tenth):
        print(_line(seen[start : start + tenth]))
    print(f"all:\n{_line(seen)}")
    print(f"{names} names, {renders} renders; ffmpeg for that one segment: {statistics.median(burnt_s):.2f} s")


def _line(seen: list[Seen]) -> str:
    waits = sorted(one.wait_s for one in seen)
    share = sum(one.is_personal for one in seen) / len(seen)
    late = waits[min(len(waits) - 1, math.floor(len(waits) * 0.95))]
    return f"{seen[0].at_s:6.1f}   {len(seen):7}  {share:8.0%}  {statistics.median(waits):5.2f}  {late:5.2f}"


if __name__ == "__main__":
    main()
