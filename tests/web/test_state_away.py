"""The store for state is away: what plays plays on, also elsewhere; what is new waits, and is told so in time (A19)."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import orjson
import pytest

from tests.chaos.proxy import Latency, Proxy, open_proxy
from tests.chaos.servers import Server, single
from tests.web.conftest import OpenSite, Site

BUDGET_S = 0.25
GENEROUS_S = 3.0
"""A busy machine is slow; without a bound it would be the request's deadline, 30 s."""
TEXTS = (
    "multivariant.m3u8", "video/720p.m3u8", "audio/en.m3u8", "text/en.m3u8", "iframe/432p.m3u8", "text/en.vtt",
    "chapters.json",
)  # fmt: skip
READ_ONLY = ("killed", "frozen", "slow")
"""Troubles in which nothing can be read either."""

Harm = Callable[[Server, Proxy], Awaitable[object]]
HARMS: dict[str, Harm] = {
    "killed": lambda server, proxy: server.kill(),
    "frozen": lambda server, proxy: asyncio.to_thread(server.freeze),
    "slow": lambda server, proxy: _slow(proxy),
    "read-only": lambda server, proxy: server.do("REPLICAOF", "127.0.0.1", 1),
    "full": lambda server, proxy: server.do("CONFIG", "SET", "maxmemory", 1),
}
CURES: dict[str, Harm] = {
    "killed": lambda server, proxy: server.start(),
    "frozen": lambda server, proxy: asyncio.to_thread(server.freeze, thaw=True),
    "slow": lambda server, proxy: _fast(proxy),
    "read-only": lambda server, proxy: server.do("REPLICAOF", "NO", "ONE"),
    "full": lambda server, proxy: server.do("CONFIG", "SET", "maxmemory", 0),
}


async def _slow(proxy: Proxy) -> None:
    proxy.add(Latency(latency_ms=2_000))


async def _fast(proxy: Proxy) -> None:
    proxy.clear()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with single(tmp_path / "redis", "--appendonly", "yes", "--appendfsync", "always") as running:
        yield running


async def media_of(site: Site, folder: str) -> list[str]:
    """Addresses of one init section and one segment."""
    reply = await site.fetch(f"{folder}/video/720p.m3u8", headers={"Accept-Encoding": "identity"})
    found = re.findall(r"\.\./((?:init|seg)/[^\s\"]+)", reply.body.decode())
    return [f"{folder}/{found[0]}", f"{folder}/{found[-1]}"]


@pytest.mark.parametrize("trouble", HARMS)
async def test_what_plays_plays_on_and_what_is_new_is_told_to_come_back(
    open_site: OpenSite, server: Server, trouble: str
) -> None:
    async with open_proxy(("127.0.0.1", server.port)) as proxy:
        environ = {
            "STREAMSRV_STATE_REDIS_URL": f"redis://127.0.0.1:{proxy.port}",
            "STREAMSRV_STATE_BUDGET_MS": str(round(BUDGET_S * 1000)),
        }
        async with open_site(name="one", environ=environ) as site, open_site(name="two", environ=environ) as another:
            session = orjson.loads((await site.fetch(f"{site.link}/sessions", method="POST")).body)
            folder = session["multivariant_url"].rpartition("/")[0]
            paths = [*(f"{folder}/{text}" for text in TEXTS), *await media_of(site, folder)]
            before = [(await site.fetch(path)).body for path in paths]

            await HARMS[trouble](server, proxy)
            for place in (site, another):
                # The second process has never heard of the session.
                assert before == [(await place.fetch(path)).body for path in paths]
            began_s = time.monotonic()
            refused = await site.fetch(f"{site.link}/sessions", method="POST")
            assert (refused.status, orjson.loads(refused.body)["error"]) == (503, "unavailable")
            assert 1 <= int(refused.headers["Retry-After"]) <= 60
            assert "Access-Control-Allow-Origin" in refused.headers
            looked = [(await site.fetch(site.link + look)).status for look in ("", "/multivariant.m3u8")]
            assert ([503] * 2 if trouble in READ_ONLY else [200] * 2) == looked
            assert time.monotonic() - began_s < GENEROUS_S

            await CURES[trouble](server, proxy)
            for place in (site, another):
                await begins_again(place)
            assert before == [(await site.fetch(path)).body for path in paths]


async def begins_again(site: Site) -> None:
    for _ in range(600):
        if (await site.fetch(f"{site.link}/sessions", method="POST")).status == 201:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("no session begins again")
