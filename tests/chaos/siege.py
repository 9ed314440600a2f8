"""A server of two processes under load while harm is done to its state store: those who watch, and those who come."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from multidict import CIMultiDict

from load import world
from tests.app.fleet import Fleet, running_fleet

ROOT = Path(__file__).resolve().parents[2]
WATCHING, COMING = 12, 6
PAUSE_S = 0.02
GIVE_UP_S = 60.0
WELL = 30
"""So many sessions in a row that begin: every process is back."""


@dataclass(frozen=True, slots=True)
class Answer:
    at_s: float
    took_ms: float
    status: int
    """0 where there was none."""
    retry_after: str = ""


@dataclass
class Siege:
    """All that was answered, to those who watch and to those who want to begin."""

    fleet: Fleet
    watched: list[Answer] = field(default_factory=list)
    came: list[Answer] = field(default_factory=list)

    def since(self, at_s: float) -> tuple[list[Answer], list[Answer]]:
        """What was asked after that moment, and answered."""
        return [one for one in self.watched if one.at_s >= at_s], [one for one in self.came if one.at_s >= at_s]

    async def until_well(self) -> float:
        """Wait until all who come begin their sessions again; how long that took."""
        began_s = time.monotonic()
        while time.monotonic() < began_s + GIVE_UP_S:
            last = [one.status for one in self.came[-WELL:] if one.at_s >= began_s]
            if last == [201] * WELL:
                return self.came[-WELL].at_s - began_s
            await asyncio.sleep(0.02)
        raise AssertionError(f"not well in {GIVE_UP_S} s: {Counter(one.status for one in self.came[-WELL:])}")


@asynccontextmanager
async def besieged(folder: Path, environ: Mapping[str, str]) -> AsyncIterator[Siege]:
    """Two processes over the state store that `environ` names, viewers in it, and clients that never pause long."""
    environ = {**world.ENVIRON, **environ}
    world.write_store(folder / "segments")
    people = world.viewers(WATCHING + COMING)
    config = world.write_settings(
        folder, segments=folder / "segments", viewers_file=folder / "none.ndjson", root=ROOT, server="drain_s = 2"
    )
    await world.put(config, people, environ)
    links = [f"/v/{world.link_token(viewer, now_s=int(time.time()))}" for viewer in people]
    with ExitStack() as stack:
        fleet = await asyncio.to_thread(stack.enter_context, running_fleet(config, workers=2, environ=environ))
        siege = Siege(fleet)
        # A connection for each request: who comes finds every process.
        async with ClientSession(
            fleet.base_url, connector=TCPConnector(force_close=True, limit=0), timeout=ClientTimeout(total=10)
        ) as client:
            tasks = [asyncio.create_task(_watch(siege, client, link)) for link in links[:WATCHING]]
            tasks += [asyncio.create_task(_come(siege, client, link)) for link in links[WATCHING:]]
            try:
                await siege.until_well()
                yield siege
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(stack.close)


async def _watch(siege: Siege, client: ClientSession, link: str) -> None:
    """Begin, on a busy machine at a later try, then play for ever."""
    began, body = await _ask(client, f"{link}/sessions", "POST")
    while began.status != 201:
        await asyncio.sleep(PAUSE_S)
        began, body = await _ask(client, f"{link}/sessions", "POST")
    folder = urlsplit(orjson.loads(body)["multivariant_url"]).path.rpartition("/")[0]
    while True:
        for name in ("multivariant.m3u8", "video/432p.m3u8", "audio/en.m3u8", "text/en.vtt"):
            answer, body = await _ask(client, f"{folder}/{name}")
            siege.watched.append(answer)
            await asyncio.sleep(PAUSE_S)
            for uri in re.findall(rb"^\.\./(seg/\S+)$", body, re.MULTILINE)[:2]:
                siege.watched.append((await _ask(client, f"{folder}/{uri.decode()}"))[0])
                await asyncio.sleep(PAUSE_S)


async def _come(siege: Siege, client: ClientSession, link: str) -> None:
    while True:
        siege.came.append((await _ask(client, f"{link}/sessions", "POST"))[0])
        await asyncio.sleep(PAUSE_S)


async def _ask(client: ClientSession, path: str, method: str = "GET") -> tuple[Answer, bytes]:
    asked_s = time.monotonic()
    status, headers, body = 0, CIMultiDict[str](), b""
    try:
        async with client.request(method, path) as response:
            headers, body = CIMultiDict(response.headers), await response.read()
            status = response.status
    except (ClientError, TimeoutError, OSError):
        pass  # Status 0 says so.
    took_ms = (time.monotonic() - asked_s) * 1000
    return Answer(asked_s, took_ms, status, headers.get("Retry-After", "")), body
