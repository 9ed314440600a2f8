"""Many keys in one round trip, the same way on one server and in a cluster, where a round trip goes to each node."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from redis.asyncio import RedisCluster
from redis.asyncio.cluster import ClusterNode

from streamsrv.stores.state.connections import AnyRedis

SCAN_COUNT = 1_000
"""Keys that a server looks at before it answers."""
Node: TypeAlias = ClusterNode | None
"""None: the only one."""


def getting(keys: Sequence[str]) -> Callable[[AnyRedis], Awaitable[list[bytes | None]]]:
    async def get(client: AnyRedis) -> list[bytes | None]:
        if not isinstance(client, RedisCluster):
            # One command: a pipeline of as many costs this process ten times the time.
            found: Any = await client.mget(keys)
            return list(found)
        pipeline = client.pipeline(transaction=False)
        for key in keys:
            pipeline.get(key)
        return await pipeline.execute()

    return get


def setting(items: Sequence[tuple[str, bytes]], expire_s: int | None) -> Callable[[AnyRedis], Awaitable[None]]:
    async def set_all(client: AnyRedis) -> None:
        if expire_s is None and not isinstance(client, RedisCluster):
            await client.mset(dict(items))
            return
        pipeline = client.pipeline(transaction=False)
        for key, value in items:
            pipeline.set(key, value, ex=expire_s)
        await pipeline.execute()

    return set_all


async def nodes_of(client: AnyRedis) -> list[Node]:
    """The nodes that hold keys of their own."""
    if not isinstance(client, RedisCluster):
        return [None]
    await client.initialize()
    return list(client.get_primaries())


def scanning(node: Node, cursor: int, match: str) -> Callable[[AnyRedis], Awaitable[tuple[int, list[bytes]]]]:
    """One step of a scan: where the next begins (0: nowhere), and the keys found."""

    async def scan(client: AnyRedis) -> tuple[int, list[bytes]]:
        where: dict[str, Any] = {} if node is None else {"target_nodes": node}
        found: Any = await client.scan(cursor, match=match, count=SCAN_COUNT, **where)
        # In a cluster, cursors are told by the node's name.
        return (found[0] if node is None else found[0][node.name]), found[1]

    return scan
