"""Sentinel and Cluster when their servers fail."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from redis.asyncio import Redis

from streamsrv.config import StateSettings
from streamsrv.core.errors import Unavailable
from streamsrv.stores.state import State, names, open_state
from tests.chaos.servers import Server, cluster, watched

PATIENCE_S = 30.0
"""A failover takes about two seconds on an idle machine."""


async def test_when_the_master_dies_calls_go_to_the_one_that_sentinels_made_of_its_replica(tmp_path: Path) -> None:
    async with watched(tmp_path) as servers, open_state(_settings(servers.url)) as state:
        await _set(state, "a")
        await _copied(servers.master)
        await servers.master.kill()
        await _eventually(lambda: _set(state, "b"))

        assert await state.many_get(["a", "b"]) == [b"a", b"b"]
        assert await _port(state) == servers.replica.port


async def test_a_master_that_was_demoted_while_connected_is_left(tmp_path: Path) -> None:
    async with watched(tmp_path) as servers, open_state(_settings(servers.url)) as state:
        await _set(state, "a")
        await _copied(servers.master)
        await servers.sentinels[0].do("SENTINEL", "FAILOVER", "main")
        for sentinel in servers.sentinels:
            await _eventually(lambda one=sentinel: _knows_master(one, servers.replica))  # type: ignore[misc] # binds it
        # What the Sentinels do some seconds later.
        await servers.master.do("REPLICAOF", "127.0.0.1", servers.replica.port)
        await _eventually(lambda: _is_at(state, servers.replica))
        # And with it: a late call has left a connection, and a read over it is not told that no master answers.
        await servers.master.do("CLIENT", "KILL", "TYPE", "normal")

        assert await state.many_get(["a"]) == [b"a"]


async def test_a_frozen_sentinel_keeps_nobody_waiting(tmp_path: Path) -> None:
    async with watched(tmp_path) as servers:
        servers.sentinels[0].freeze()
        async with open_state(_settings(servers.url)) as state:
            await _set(state, "a")

            assert state.failures == 0


async def test_a_frozen_node_of_a_cluster_takes_only_its_own_keys_with_it(tmp_path: Path) -> None:
    async with cluster(tmp_path) as servers, open_state(_settings(servers.url)) as state:
        keys = [names.viewer(f"{number:028}") for number in range(60)]
        await state.many_set({key: key.encode() for key in keys}, budget_ms=5_000)
        frozen = servers.nodes[1]
        lost = await _keys_at(frozen, keys)
        frozen.freeze()
        for _ in range(3):
            outcomes = await asyncio.gather(*(_outcome(state, key) for key in keys))
        frozen.freeze(thaw=True)
        for key in keys:
            await _eventually(lambda key=key: _got(state, key))  # type: ignore[misc] # a default binds the key

        assert {key for key, got in zip(keys, outcomes, strict=True) if not got} == lost


async def test_when_a_node_of_a_cluster_dies_calls_go_to_its_replica(tmp_path: Path) -> None:
    async with cluster(tmp_path, replicas=1) as servers, open_state(_settings(servers.url)) as state:
        keys = [names.viewer(f"{number:028}") for number in range(30)]
        await state.many_set({key: key.encode() for key in keys}, budget_ms=5_000)
        assert await _keys_at(servers.nodes[0], keys)
        await servers.nodes[0].kill()
        for key in keys:
            await _eventually(lambda key=key: _got(state, key))  # type: ignore[misc] # a default binds the key

        assert await state.many_get(keys) == [key.encode() for key in keys]


def _settings(url: str) -> StateSettings:
    return StateSettings(redis_url=url, budget_ms=500)


async def _copied(master: Server) -> None:
    """Until its replica has what it has."""
    while await master.do("WAIT", 1, 1_000) != 1:
        pass


async def _set(state: State, key: str) -> None:
    await state.run(lambda client: client.set(key, key.encode()), what="state")


async def _got(state: State, key: str) -> None:
    assert await state.run(lambda client: client.get(key), what="state") == key.encode()


async def _outcome(state: State, key: str) -> bool:
    try:
        await _got(state, key)
    except Unavailable:
        return False
    return True


async def _port(state: State) -> int:
    about = await state.run(lambda client: client.info("server"), what="state")
    return int(about["tcp_port"])


async def _is_at(state: State, server: Server) -> None:
    await _set(state, "b")
    if await _port(state) != server.port:
        raise Unavailable("the other master")


async def _knows_master(sentinel: Server, master: Server) -> None:
    if await sentinel.do("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main") != [b"127.0.0.1", str(master.port).encode()]:
        raise Unavailable("the new master")


async def _keys_at(server: Server, keys: list[str]) -> set[str]:
    async with Redis(port=server.port, protocol=2) as client:
        return {key for key in keys if key.encode() in await client.keys("*")}


async def _eventually(act: Callable[[], Awaitable[None]]) -> None:
    for _ in range(1000):
        try:
            return await act()
        except Unavailable:
            await asyncio.sleep(PATIENCE_S / 1000)
    raise AssertionError(f"not within {PATIENCE_S} s")
