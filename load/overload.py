"""Five times more than can be rendered, for minutes: does anybody else notice, and is all well again afterwards?

`python -m load.overload [--minutes 10] [--times 5]`. A real server with its renderers over one scene at 720p; every
viewer has a name of their own, so every session wants a render. First: how long playlists and shared segments take
while nothing else goes on, and how many segments are rendered a second when as many as can be are wanted. Then
sessions begin at five times that rate, while the clients of before go on. Then they stop, and one new session a second
shows when its own segment comes in time again.
"""

import argparse
import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import urlopen

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from rich.progress import track

from load import world
from load.launch import prepare
from load.measure import process
from load.steady import Asked, Steady, Target, steady
from streamsrv.config import StateSettings
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.stores.state import State, names, open_state

UNLOADED_S = 30.0
CAPACITY_S = 30.0
ASKING = 6
"""Viewers at once while the capacity is measured: more than there are renderers."""
BACK_S = 60.0
"""Within so long of the load's end all is well again."""
IN_A_ROW = 3
"""So many new sessions one after the other whose own segment came in time."""
GOOD_SHARE, LATER = 0.999, 2.0


class Seen(NamedTuple):
    """What one viewer got."""

    took_s: float
    """For their own segment alone."""
    status: int
    """0 where there was no whole answer."""
    is_own: bool


@dataclass
class Run:
    """What came of it."""

    capacity: float = 0.0
    unloaded: list[Asked] = field(default_factory=list)
    loaded: list[Asked] = field(default_factory=list)
    after: list[Asked] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    opened: Counter[int] = field(default_factory=Counter)
    """Sessions asked for, by status."""
    outcomes: Counter[str] = field(default_factory=Counter)
    queued: list[tuple[int, int]] = field(default_factory=list)
    """Each second: orders that are waited for, and those ahead."""
    back_s: float | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--times", type=float, default=5.0)
    arguments = parser.parse_args()
    # More than enough for the fastest machine that this was tried on.
    people = [
        Viewer(ViewerId(f"v-{at}"), CampaignId("launch"), {"name": f"Viewer {at}"})
        for at in range(2_000 + round(arguments.minutes * 60 * arguments.times * 15))
    ]
    with tempfile.TemporaryDirectory(prefix="streamsrv-load-") as name:
        config = prepare(Path(name), people)
        run = asyncio.run(measure(Path(name), config, people, minutes=arguments.minutes, times=arguments.times))
    sys.exit(report(run, minutes=arguments.minutes, times=arguments.times))


async def measure(folder: Path, config: Path, people: list[Viewer], *, minutes: float, times: float) -> Run:
    run, viewers = Run(), iter(people)
    command = [sys.executable, "-m", "streamsrv", "serve", "--config", str(config)]
    with process(command, ready="serving on", env=world.ENVIRON) as (_, line):
        found = re.search(r"serving on (\S+), metrics and health on (\S+)", line)
        assert found
        base_url, internal_url = found[1], found[2]
        async with _client(base_url) as client, open_state(StateSettings(dir=folder / "state")) as state:
            targets = await _targets(client, next(viewers))
            with steady(base_url, targets) as clients:
                await _pass(clients, UNLOADED_S, "Nothing else")
                run.unloaded = clients.asked()
                run.capacity = await _capacity(client, viewers, internal_url)
                clients.asked()
                before = _counts(internal_url, "streamsrv_own_segments_total", "outcome")
                await _overload(client, viewers, state, run, per_s=run.capacity * times, seconds=minutes * 60)
                run.loaded = clients.asked()
                run.outcomes = _counts(internal_url, "streamsrv_own_segments_total", "outcome") - before
                run.back_s = await _until_well(client, viewers)
                clients.asked()
                await _pass(clients, UNLOADED_S, "Nothing else again")
                run.after = clients.asked()
    return run


@asynccontextmanager
async def _client(base_url: str) -> AsyncIterator[ClientSession]:
    async with ClientSession(base_url, connector=TCPConnector(limit=0), timeout=ClientTimeout(total=30)) as client:
        yield client


async def _targets(client: ClientSession, viewer: Viewer) -> list[Target]:
    """Playlists and shared segments of one session, and how long they are."""
    base = await _begin(client, viewer)
    assert isinstance(base, str)
    async with client.get(f"{base}/video/720p.m3u8") as response:
        media = await response.text()
    shared = [f"{base}/{path}" for path in re.findall(r"^\.\./(seg/\S+)$", media, re.MULTILINE)]
    lists = [f"{base}/{name}" for name in ("multivariant.m3u8", "video/720p.m3u8", "audio/en.m3u8")]
    targets = []
    for number in range(max(len(shared), len(lists)) * 2):
        for kind, paths in (("playlist", lists), ("shared segment", shared)):
            path = paths[number % len(paths)]
            async with client.get(path, headers={"Accept-Encoding": "identity"}) as response:
                assert response.status == 200, path
                targets.append(Target(kind, path, len(await response.read())))
    return targets


async def _pass(clients: Steady, seconds: float, what: str) -> None:
    await asyncio.sleep(2.0)
    clients.asked()
    for _ in track(range(round(seconds)), description=what, transient=True):
        await asyncio.sleep(1.0)


async def _capacity(client: ClientSession, viewers: Iterator[Viewer], internal_url: str) -> float:
    """Segments rendered a second while a few viewers ask for theirs without a pause."""

    async def ask() -> None:
        while True:
            await _watch(client, next(viewers))

    asking = [asyncio.create_task(ask()) for _ in range(ASKING)]
    await asyncio.sleep(5.0)
    began_s, before = time.monotonic(), _rendered(internal_url)
    for _ in track(range(round(CAPACITY_S)), description="Capacity", transient=True):
        await asyncio.sleep(1.0)
    found = (_rendered(internal_url) - before) / (time.monotonic() - began_s)
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    return found


async def _overload(
    client: ClientSession, viewers: Iterator[Viewer], state: State, run: Run, *, per_s: float, seconds: float
) -> None:
    """Sessions begin at this rate, whatever becomes of them."""
    watching: set[asyncio.Task[None]] = set()

    async def watch(viewer: Viewer) -> None:
        status, seen = await _watch(client, viewer)
        run.opened[status] += 1
        if seen is not None:
            run.seen.append(seen)

    began_s = time.monotonic()
    looked_s = 0.0
    for number in track(range(round(per_s * seconds)), description="Overload", transient=True):
        await asyncio.sleep(max(0.0, began_s + number / per_s - time.monotonic()))
        task = asyncio.create_task(watch(next(viewers)))
        watching.add(task)
        task.add_done_callback(watching.discard)
        if time.monotonic() - looked_s >= 1.0:
            looked_s = time.monotonic()
            with suppress(Exception):
                run.queued.append(await _queued(state))
    await asyncio.gather(*watching)


async def _until_well(client: ClientSession, viewers: Iterator[Viewer]) -> float | None:
    """One new session a second; when the first of some began that all got their own segment in time."""
    began_s, good = time.monotonic(), list[float]()
    while time.monotonic() - began_s < BACK_S + IN_A_ROW:
        asked_s = time.monotonic() - began_s
        _, seen = await _watch(client, next(viewers))
        good = [*good, asked_s] if seen is not None and seen.is_own else []
        if len(good) == IN_A_ROW:
            return good[0]
        await asyncio.sleep(1.0)
    return None


async def _begin(client: ClientSession, viewer: Viewer) -> str | int:
    """The folder of a new session's playlists, or why there is none."""
    link = f"/v/{world.link_token(viewer, now_s=int(time.time()))}"
    async with client.post(f"{link}/sessions") as response:
        body = await response.read()
        if response.status != 201:
            return response.status
    return str(urlsplit(orjson.loads(body)["multivariant_url"]).path.rpartition("/")[0])


async def _watch(client: ClientSession, viewer: Viewer) -> tuple[int, Seen | None]:
    """Begin, fetch the playlist, and the first own segment: the status of the beginning, and what came of the rest."""
    try:
        base = await _begin(client, viewer)
        if isinstance(base, int):
            return base, None
        async with client.get(f"{base}/video/720p.m3u8") as response:
            own = re.search(r"^\.\./(own/\S+)$", await response.text(), re.MULTILINE)
    except (ClientError, TimeoutError):
        return 0, None
    assert own
    asked_s = time.monotonic()
    try:
        async with client.get(f"{base}/{own[1]}") as response:
            await response.read()
            is_own = "immutable" in response.headers.get("Cache-Control", "")
            return 201, Seen(time.monotonic() - asked_s, response.status, is_own)
    except (ClientError, TimeoutError):
        return 201, Seen(time.monotonic() - asked_s, 0, False)


async def _queued(state: State) -> tuple[int, int]:
    return await state.client.xlen(names.RENDER_NOW), await state.client.xlen(names.RENDER_AHEAD)


def _counts(internal_url: str, metric: str, label: str) -> Counter[str]:
    text = urlopen(f"{internal_url}/metrics", timeout=20).read().decode()
    found = Counter[str]()
    for name, value in re.findall(rf'^{metric}\{{[^}}]*{label}="([^"]+)"[^}}]*\}} (\S+)$', text, re.MULTILINE):
        found[name] += round(float(value))
    return found


def _rendered(internal_url: str) -> int:
    return _counts(internal_url, "streamsrv_render_jobs_total", "outcome")["done"]


def report(run: Run, *, minutes: float, times: float) -> int:
    """Print all of it; 1 where something is not as it must be."""
    print(f"capacity {run.capacity:.2f} segments/s; {times:g} times that for {minutes:g} minutes")
    print(f"sessions by status: {dict(run.opened)}")
    failed = False
    print(f"{'':<16} {'requests':>9} {'good':>9} {'p50 ms':>8} {'p99 ms':>8}   unloaded p50, p99   after p99   ratio")
    for kind in ("playlist", "shared segment"):
        before, now, after = (_of(asked, kind) for asked in (run.unloaded, run.loaded, run.after))
        good = sum(one.is_good for one in now) / len(now)
        ratio = _p(now, 99) / _p(before, 99)
        failed |= good < GOOD_SHARE or ratio > LATER
        print(
            f"{kind:<16} {len(now):>9} {good:>9.3%} {_p(now, 50):>8.2f} {_p(now, 99):>8.2f}   "
            f"{_p(before, 50):>8.2f} {_p(before, 99):>9.2f} {_p(after, 99):>11.2f} {ratio:>7.2f}"
        )
    took = sorted(one.took_s for one in run.seen)
    statuses = Counter(one.status for one in run.seen)
    failed |= set(statuses) != {200}
    print(f"own segments by outcome: {dict(run.outcomes)}, by status: {dict(statuses)}")
    print(
        f"they took: p50 {took[len(took) // 2]:.2f} s, p99 {took[len(took) * 99 // 100]:.2f} s, last {took[-1]:.2f} s"
    )
    for name, lengths in zip(("waited for", "ahead"), zip(*run.queued, strict=True), strict=True):
        print(f"orders {name}: median {statistics.median(lengths):.0f}, most {max(lengths)}")
    print(f"all well again after {'more than ' if run.back_s is None else ''}{run.back_s or BACK_S:.1f} s")
    return int(failed or run.back_s is None or run.back_s > BACK_S)


def _of(asked: Sequence[Asked], kind: str) -> list[Asked]:
    return [one for one in asked if one.kind == kind]


def _p(asked: Sequence[Asked], percent: int) -> float:
    took = sorted(one.took_ms for one in asked)
    return took[min(len(took) - 1, len(took) * percent // 100)]


if __name__ == "__main__":
    main()
