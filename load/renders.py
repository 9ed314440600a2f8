"""Is a broken segment ever served? Renders while renderers, workers and whole commands are ended with SIGKILL.

`python -m load.renders [--renders 500] [--seed 1]`. Every viewer has a name of their own, so nothing is shared. They
ask for their own segments through a server of two workers, with renderers in it and in one `streamsrv render` beside
it. Processes are killed at random moments; in the middle everything is, the store for state as well. Each answer must
be the viewer's own segment, whole, with the right pictures at the right times, or the shared one to the bit. Then every
kept file is looked at, one bit is flipped in each of 100 of them, and all is asked for once more.
"""

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import urlopen

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from load import world
from load.eyes import Eyes, Place
from load.hunting import Prey, hunt
from load.measure import ROOT
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.core.own import OwnName
from streamsrv.stores.rendered import FolderObjects, RenderedStore
from tests.chaos.servers import free_port
from tests.e2e.conftest import LADDER
from tests.e2e.greet import write_greet

RUNGS = ("180p", "360p")
OWN_A_VIEWER = 4
"""Two places with words, in two rungs."""
FLIPS = 100
WATCHING = 8
"""Viewers at once."""
PAUSE_S = 0.25
STORM_S, CALM_S = 20.0, 180.0
"""How long a viewer asks for one segment while processes are killed, and afterwards."""


class Reply(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Found:
    """What came of it."""

    eyes: Eyes = field(default_factory=Eyes)
    killed: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    """Requests without a whole answer, which a client notices, by what it noticed."""
    late: list[Place] = field(default_factory=list)
    """Places whose own segment nobody had in the end."""
    files: int = 0
    bad_files: list[str] = field(default_factory=list)
    unfinished: int = 0
    flipped: int = 0
    restored: int = 0
    damaged: int = 0
    """Damaged files that the server says it found."""
    storm_s: float = 0.0

    def violations(self) -> list[str]:
        late = [f"viewer {place.viewer}, {place.path}: never rendered" for place in self.late]
        missed = self.flipped - min(self.damaged, self.restored)
        flips = [f"{missed} flipped files were not caught"] if missed else []
        return [*self.eyes.wrong, *self.eyes.twins(), *late, *self.bad_files, *flips]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renders", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="streamsrv-load-") as name:
        write_greet(Path(name), ladder=LADDER)
        found = measure(Path(name), Path(name) / "server", renders=arguments.renders, seed=arguments.seed)
    report(found)
    for line in found.violations()[:50]:
        print(line)
    sys.exit(bool(found.violations()))


def measure(store: Path, folder: Path, *, renders: int, seed: int) -> Found:
    """All of it, over scenes that `tests.e2e.greet` has written to `store`."""
    folder.mkdir()
    people = [
        Viewer(ViewerId(f"v-{at}"), CampaignId("greet"), {"kind": "long", "name": f"Viewer {at}"})
        for at in range(-(-renders // OWN_A_VIEWER))
    ]
    world.write_viewers(folder / "viewers.ndjson", people)
    config = world.write_settings(
        folder, segments=store / "segments", viewers_file=folder / "viewers.ndjson", root=ROOT,
        campaigns=store / "campaigns", ladder=store / "ladder.toml",
    )  # fmt: skip
    world.fill(config, people)
    return asyncio.run(_storm(folder, config, people, random.Random(seed)))


async def _storm(folder: Path, config: Path, people: list[Viewer], dice: random.Random) -> Found:
    found = Found()
    prey = Prey(config, port=free_port(), internal_port=free_port())
    try:
        await prey.start(beside=True)
        began_s = time.monotonic()
        tasks = [
            asyncio.create_task(hunt(prey, found.killed, dice)),
            asyncio.create_task(_anew(prey, found, at=len(people) * OWN_A_VIEWER // 2)),
        ]
        await _watch_all(prey, people, found, patience_s=STORM_S)
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended
        await prey.end()
        await prey.start(beside=True)
        found.storm_s = time.monotonic() - began_s
        await _watch_all(prey, people, found, patience_s=CALM_S)
        await prey.end()
        await asyncio.to_thread(_look_at_files, folder / "rendered", found)
        flipped = _flip(folder / "rendered", dice)
        await prey.start(beside=False)
        await _watch_all(prey, people, found, patience_s=CALM_S)
        found.flipped = len(flipped)
        found.damaged = await asyncio.to_thread(_damaged, prey)
        found.restored = await asyncio.to_thread(_same, flipped)
    finally:
        await prey.end()
    return found


async def _anew(prey: Prey, found: Found, *, at: int) -> None:
    """Kill everything when so many own segments were served, while more are being asked for, and start it again."""
    while len(found.eyes.own) < at:  # noqa: ASYNC110  nothing there tells of itself
        await asyncio.sleep(0.05)
    found.killed["everything"] += 1
    await prey.end()
    await prey.start(beside=True)


async def _watch_all(prey: Prey, people: list[Viewer], found: Found, *, patience_s: float) -> None:
    """Every viewer asks for all that is their own, a few at a time; what nobody got in the end is `late`."""
    found.late.clear()
    few = asyncio.Semaphore(WATCHING)
    connector = TCPConnector(force_close=True, limit=0)
    async with ClientSession(connector=connector, timeout=ClientTimeout(total=30)) as client:

        async def watch(number: int, viewer: Viewer) -> None:
            async with few:
                await _Watcher(prey, client, found, number, patience_s).watch(viewer)

        await asyncio.gather(*(watch(number, one) for number, one in enumerate(people)))


class _Watcher:
    def __init__(self, prey: Prey, client: ClientSession, found: Found, number: int, patience_s: float) -> None:
        self._prey = prey
        self._client = client
        self._found = found
        self._number = number
        self._patience_s = patience_s

    async def watch(self, viewer: Viewer) -> None:
        link = f"/v/{world.link_token(viewer, now_s=int(time.time()))}"
        opened = orjson.loads((await self._surely(f"{link}/sessions", method="POST")).body)
        base = urlsplit(opened["multivariant_url"]).path.rpartition("/")[0]
        for rung in RUNGS:
            text = (await self._surely(f"{base}/video/{rung}.m3u8")).body.decode()
            (init_path,) = set(re.findall(r'#EXT-X-MAP:URI="\.\.(/[^"]+)"', text))
            init = (await self._surely(base + init_path)).body
            for own in re.findall(r"^\.\.(/own/\S+)$", text, re.MULTILINE):
                shared = (await self._surely(base + own.replace("/own/", "/seg/"))).body
                await self._until_own(base, Place(self._number, own), shared=shared, init=init)

    async def _until_own(self, base: str, place: Place, *, shared: bytes, init: bytes) -> None:
        give_up_s = time.monotonic() + self._patience_s
        while time.monotonic() < give_up_s:
            reply = await self._ask(base + place.path)
            if reply is not None and reply.status == 200:
                look = self._found.eyes.look
                if await asyncio.to_thread(look, place, reply.headers, reply.body, shared=shared, init=init):
                    return
            elif reply is not None and reply.status != 503:
                self._found.eyes.wrong.append(f"viewer {place.viewer}, {place.path}: answered {reply.status}")
            await asyncio.sleep(PAUSE_S)
        self._found.late.append(place)

    async def _surely(self, path: str, *, method: str = "GET") -> Reply:
        """The answer, asked for until it is a good one."""
        give_up_s = time.monotonic() + CALM_S
        while time.monotonic() < give_up_s:
            reply = await self._ask(path, method)
            if reply is not None and reply.status < 300:
                return reply
            await asyncio.sleep(PAUSE_S)
        raise RuntimeError(f"no good answer to {method} {path} for {CALM_S} s")

    async def _ask(self, path: str, method: str = "GET") -> Reply | None:
        try:
            async with self._client.request(method, self._prey.base_url + path) as response:
                return Reply(response.status, response.headers, await response.read())
        except (ClientError, TimeoutError, OSError) as error:
            self._found.broken[type(error).__name__] += 1
            return None


def _look_at_files(folder: Path, found: Found) -> None:
    """Every kept file, as a server that starts anew reads it. What is in them is looked at when it is served."""
    kept = RenderedStore(FolderObjects(folder, max_bytes=2**40), cache_bytes=0, deadline_s=60)
    for path in _kept_in(folder):
        found.files += 1
        rendition, _, number = path.name.rpartition("-")
        if asyncio.run(kept.get(OwnName(path.parent.name, rendition, int(number)))) is None:
            found.bad_files.append(f"{path.relative_to(folder)} is damaged")
    found.unfinished = len([*folder.rglob(".part-*")])


def _kept_in(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("??/*/*-*")) if not path.name.startswith(".part-")]


def _flip(folder: Path, dice: random.Random) -> dict[Path, bytes]:
    """Flip one bit in each of so many files; what they held before."""
    paths, flipped = _kept_in(folder), {}
    for path in dice.sample(paths, min(FLIPS, len(paths))):
        data = flipped[path] = path.read_bytes()
        bit = dice.randrange(len(data) * 8)
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
    return flipped


def _same(files: Mapping[Path, bytes]) -> int:
    return sum(path.exists() and path.read_bytes() == data for path, data in files.items())


def _damaged(prey: Prey) -> int:
    text = urlopen(f"{prey.internal_url}/metrics", timeout=20).read().decode()
    lines = re.findall(r'^streamsrv_rendered_trouble_total\{kind="damaged"[^}]*\} (\S+)$', text, re.MULTILINE)
    return sum(int(float(value)) for value in lines)


def report(found: Found) -> None:
    eyes = found.eyes
    killed = ", ".join(f"{count} x {kind}" for kind, count in sorted(found.killed.items()))
    broken = ", ".join(f"{count} {kind}" for kind, count in sorted(found.broken.items())) or "none"
    rows = {
        "own segments rendered": f"{len(eyes.own)}, the storm took {found.storm_s:.0f} s",
        "killed": killed,
        "answers": f"{eyes.answers['own']} own, {eyes.answers['shared']} shared",
        "requests without a whole answer": broken,
        "answers that were wrong": f"{len(eyes.wrong)}",
        "served to two viewers": f"{len(eyes.twins())}",
        "never rendered": f"{len(found.late)}",
        "files kept, damaged, unfinished": f"{found.files}, {len(found.bad_files)}, {found.unfinished}",
        "bits flipped, caught, restored": f"{found.flipped}, {found.damaged}, {found.restored}",
    }
    for name, text in rows.items():
        print(f"{name:<32} {text}")


if __name__ == "__main__":
    main()
