"""The real server in the test's own event loop, over a made-up store, with a real client."""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
import pytest
import uvloop
from aiohttp import ClientSession, ClientTimeout
from blockbuster import blockbuster_ctx
from multidict import CIMultiDict

from load import world
from streamsrv.app.listeners import Bound, open_server
from streamsrv.app.services import Services, open_services
from streamsrv.config import load_settings
from streamsrv.core.model import Scene
from tests.shared import PATIENT

ROOT = Path(__file__).resolve().parents[2]
VIEWERS = 24
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Reply:
    status: int
    headers: CIMultiDict[str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """A running server and what a test needs to talk to it."""

    services: Services
    bound: Bound
    client: ClientSession
    folder: Path
    scenes: dict[str, Scene]
    playback: str
    """The path of one viewer's playback token."""
    link: str
    """The path of one viewer's link."""

    async def fetch(
        self, path: str, *, method: str = "GET", headers: dict[str, str] | None = None, **more: Any
    ) -> Reply:
        """One request for a path, sent as it is written."""
        async with self.client.request(method, self.bound.base_url + path, headers=headers, **more) as response:
            return Reply(response.status, CIMultiDict(response.headers), await response.read())

    async def operations(self, path: str) -> Reply:
        async with self.client.get(self.bound.internal_url + path) as response:
            return Reply(response.status, CIMultiDict(response.headers), await response.read())

    async def raw(self, data: bytes) -> bytes:
        """Everything that the server sends for `data` until it closes."""
        reader, writer = await self.connect()
        writer.write(data)
        try:
            return await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, _, port = self.bound.base_url.removeprefix("http://").partition(":")
        return await asyncio.open_connection(host, int(port))

    async def events(self) -> list[dict[str, Any]]:
        """Everything written down; closes the event log."""
        await self.services.events.aclose()
        paths = sorted((self.folder / "events").glob("*.jsonl"))
        return [orjson.loads(line) for path in paths for line in path.read_bytes().splitlines()]


OpenSite = Callable[..., AbstractAsyncContextManager[Site]]


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> dict[str, Callable[[], Any]]:
    """The loop that the product runs on."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Scene]]:
    """A segment store with the demo's scenes. To be read only."""
    folder = tmp_path_factory.mktemp("store")
    return folder, {scene.scene_id: scene for scene in world.write_store(folder)}


@pytest.fixture
def open_site(store: tuple[Path, dict[str, Scene]], tmp_path: Path) -> OpenSite:
    @asynccontextmanager
    async def opened(
        *, server: str = "", segments: Path | None = None, name: str = "", environ: Mapping[str, str] = NOTHING
    ) -> AsyncIterator[Site]:
        """`name` is the folder of one of several sites, which may block while others open; `environ` are settings."""
        alone, folder = not name, tmp_path / name
        folder.mkdir(exist_ok=True)
        people = world.viewers(VIEWERS)
        world.write_viewers(folder / "viewers.ndjson", people)
        config = world.write_settings(
            folder, segments=segments or store[0], viewers_file=folder / "viewers.ndjson", root=ROOT, server=server
        )
        given = {**world.ENVIRON, **PATIENT, "STREAMSRV_SERVER_DRAIN_S": "2", **environ}
        settings = load_settings(config, given)
        now_s = int(time.time())
        playback = next(world.playback_tokens(people, 1, segments=store[0], now_s=now_s))
        await world.put(config, people, given)
        async with (
            open_services(settings) as services,
            open_server(settings, services) as bound,
            ClientSession(timeout=ClientTimeout(total=20), auto_decompress=False) as client,
        ):
            # Once it is open, nothing of ours may block the event loop (A26).
            with blockbuster_ctx("streamsrv") if alone else nullcontext() as blockbuster:
                if blockbuster is not None:
                    # Prometheus' own collector reads /proc, which is memory.
                    for function in ("io.BufferedReader.read", "os.listdir", "io.TextIOWrapper.read"):
                        blockbuster.functions[function].can_block_in("process_collector.py", "collect")
                yield Site(
                    services=services,
                    bound=bound,
                    client=client,
                    folder=folder,
                    scenes=store[1],
                    playback=f"/p/{playback}",
                    link=f"/v/{world.link_token(people[0], now_s=now_s)}",
                )

    return opened


@pytest.fixture
async def site(open_site: OpenSite) -> AsyncIterator[Site]:
    async with open_site() as opened:
        yield opened


@pytest.fixture
def hostile_site(store: tuple[Path, dict[str, Scene]], tmp_path: Path) -> Iterator[tuple[str, int, str]]:
    """A server in a process of its own, for tests that block: host, port and the path of a playback token."""
    people = world.viewers(4)
    world.write_viewers(tmp_path / "viewers.ndjson", people)
    config = world.write_settings(tmp_path, segments=store[0], viewers_file=tmp_path / "viewers.ndjson", root=ROOT)
    world.fill(config, people)
    with running(config) as (_, base_url, _internal):
        host, _, port = base_url.removeprefix("http://").partition(":")
        yield host, int(port), f"p/{next(world.playback_tokens(people, 1, segments=store[0], now_s=int(time.time())))}"


@contextmanager
def running(config: Path) -> Iterator[tuple["subprocess.Popen[str]", str, str]]:
    """A server process, its base URL and its internal URL; killed if it is still there at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "streamsrv", "serve", "--config", str(config)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **world.ENVIRON},
    )
    assert process.stdout is not None
    try:
        urls = re.findall(r"http://[^\s,]+", process.stdout.readline())
        yield process, urls[0], urls[1]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
