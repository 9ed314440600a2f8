"""What every kind of state store does, the same on each (A38)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import RedisCluster

from streamsrv.config import StateSettings
from streamsrv.core.errors import Unavailable
from streamsrv.stores.state import State, names, open_state
from tests.chaos import servers
from tests.e2e.conftest import need

LINK = "A" * 28
KINDS = ["embedded", "valkey", "redis", "sentinel", "cluster"]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=KINDS)
async def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a server of this kind; empty for the embedded one."""
    async with AsyncExitStack() as stack:
        yield await _started(request.param, tmp_path_factory.mktemp(request.param), stack)


@pytest.fixture
async def state(url: str, tmp_path: Path) -> AsyncIterator[State]:
    # The suite is about what is answered; on a busy machine a whole cluster's first answer takes a while.
    settings = StateSettings(redis_url=url, dir=tmp_path / "state", budget_ms=5_000, pool_wait_ms=5_000)
    async with open_state(settings) as opened:
        yield opened
        where: dict[str, Any] = {"target_nodes": RedisCluster.PRIMARIES} if "cluster" in url else {}
        await opened.client.flushall(**where)


async def test_keeps_bytes_and_tells_what_is_not_there(state: State) -> None:
    await state.run(lambda client: client.set(names.viewer(LINK), b"\x00\xff"), what="viewers")

    assert await state.run(lambda client: client.get(names.viewer(LINK)), what="viewers") == b"\x00\xff"
    assert await state.run(lambda client: client.get(names.erased(LINK)), what="viewers") is None


async def test_the_first_writer_wins_and_what_expires_says_when(state: State) -> None:
    key = names.session(LINK, b"\x01" * 16)

    async def pin(value: bytes) -> object:
        return await state.run(lambda client: client.set(key, value, nx=True, ex=60, get=True), what="sessions")

    assert [await pin(b"first"), await pin(b"second")] == [None, b"first"]
    assert 0 < await state.run(lambda client: client.ttl(key), what="sessions") <= 60


async def test_many_keys_are_set_and_got_in_order(state: State) -> None:
    values = {names.viewer(f"{number:028}"): f"{number}".encode() for number in range(2500)}
    await state.many_set(values)

    assert await state.many_get([*values, names.viewer("nobody")]) == [*values.values(), None]


async def test_a_scan_finds_every_key_of_a_kind_and_no_other(state: State) -> None:
    values = {names.viewer(f"{number:028}"): b"" for number in range(2500)}
    await state.many_set(values)
    await state.many_set({names.erased(LINK): b""})

    assert {key.decode() async for key in state.scan("v:*")} == set(values)


async def test_keys_set_for_a_while_expire(state: State) -> None:
    await state.many_set({names.viewer(LINK): b"1"}, expire_s=60)

    assert 0 < await state.run(lambda client: client.ttl(names.viewer(LINK)), what="viewers") <= 60


async def test_one_script_reaches_all_keys_of_a_viewer(state: State) -> None:
    keys = [
        names.viewer(LINK),
        names.minimum_serial(LINK),
        names.erased(LINK),
        names.session(LINK, b"1"),
        names.devices(LINK),
        names.failed_tries(LINK),
    ]
    script = "for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1]) end return #KEYS"

    assert await state.run(lambda client: client.eval(script, len(keys), *keys, b"1"), what="viewers") == len(keys)
    assert await state.many_get(keys) == [b"1"] * len(keys)


async def test_a_key_that_holds_something_else_is_unavailable_and_harms_nobody_else(state: State) -> None:
    await state.run(lambda client: client.hset("poisoned", "a", "1"), what="viewers")
    for _ in range(30):
        with pytest.raises(Unavailable, match="viewers"):
            await state.run(lambda client: client.get("poisoned"), what="viewers")

    assert await state.run(lambda client: client.get("other"), what="viewers") is None
    assert (state.failures, state.breaker_opened) == (30, 0)


async def test_a_mistake_of_ours_is_not_taken_for_trouble(state: State) -> None:
    async def mistaken(client: object) -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        await state.run(mistaken, what="viewers")


async def test_closing_waits_for_no_news(url: str, tmp_path: Path) -> None:
    """Whatever is asked under way is answered; what waits until there is news is told that there is none."""
    day_ms = 86_400_000
    settings = StateSettings(redis_url=url, dir=tmp_path / "state", budget_ms=5_000, pool_wait_ms=5_000)
    async with open_state(settings) as state:
        await state.run(lambda client: client.ping(), what="state")
        hearing = asyncio.create_task(
            state.run(
                lambda client: client.xread({"news": "$"}, block=day_ms), what="news", budget_ms=2 * day_ms, waits=True
            )
        )
        asking = asyncio.create_task(state.run(lambda client: client.get("a"), what="state"))
        await asyncio.sleep(0)
        assert state.in_flight == 2

    assert await asking is None
    with pytest.raises(Unavailable, match="news"):
        await hearing


async def _started(kind: str, folder: Path, stack: AsyncExitStack) -> str:
    match kind:
        case "embedded":
            return ""
        case "valkey":
            return (await stack.enter_async_context(servers.single(folder / "valkey"))).url
        case "redis":
            redis = need("redis-server")
            return (await stack.enter_async_context(servers.single(folder / "redis", binary=redis))).url
        case "sentinel":
            return (await stack.enter_async_context(servers.watched(folder / "watched"))).url
        case _:
            return (await stack.enter_async_context(servers.cluster(folder / "cluster"))).url
