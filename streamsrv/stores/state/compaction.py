"""The files of the servers written anew, so that what was deleted is on no disk of theirs any more."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from redis.exceptions import ResponseError

from streamsrv.config import StateSettings
from streamsrv.core.errors import Unavailable
from streamsrv.stores.state.bulk import Node, nodes_of
from streamsrv.stores.state.connections import AnyRedis
from streamsrv.stores.state.store import State

PATIENCE_S = 600.0
"""How long a server may take: seconds for a million viewers, on a disk that keeps up."""
_LOOK_EVERY_S = 0.05
_BUDGET_MS = 10_000
_WHAT = "the files of the state store"
_LOG_FILES = 3
"""Of an append-only log at rest: its base, what was added since, and the list of the two."""


async def compact(state: State, settings: StateSettings) -> bool:
    """Write every server's append-only file anew and wait for it; whether that could be done.

    False where a server does not let us, as hosted ones may not, or keeps none. Raises `Unavailable` past its time.
    """
    done = True
    for node in await state.run(nodes_of, what=_WHAT, budget_ms=_BUDGET_MS):
        done = await _compacted(state, node) and done
    if done and not settings.redis_url:
        await _old_files_gone(settings.dir / "appendonlydir")
    return done


async def _compacted(state: State, node: Node) -> bool:
    try:
        before = await _persistence(state, node)
        if not before.get("aof_enabled") or "aof_rewrites" not in before:
            return False
        loop = asyncio.get_running_loop()
        until_s = loop.time() + PATIENCE_S
        started = False
        while loop.time() < until_s:
            now = await _persistence(state, node)
            busy = now["aof_rewrite_in_progress"] or now["aof_rewrite_scheduled"]
            if not busy and started:
                return bool(now["aof_last_bgrewrite_status"] == "ok")
            if not busy:
                # One that ran already may have begun before what must not be in it was deleted.
                await _say(state, node, "BGREWRITEAOF")
                started = True
            await asyncio.sleep(_LOOK_EVERY_S)
    except ResponseError:
        return False
    raise Unavailable(_WHAT)


async def _persistence(state: State, node: Node) -> Mapping[str, Any]:
    found: Any = await _say(state, node, "INFO", "persistence")
    return found if node is None else next(iter(found.values())) if _is_by_node(found) else found


def _is_by_node(found: Mapping[str, Any]) -> bool:
    return all(isinstance(value, Mapping) for value in found.values())


async def _say(state: State, node: Node, *command: str) -> Any:
    async def say(client: AnyRedis) -> Any:
        where: dict[str, Any] = {} if node is None else {"target_nodes": node}
        try:
            return await client.execute_command(*command, **where)
        except ResponseError as error:
            # `State.run` tells no refusal from an absence.
            return error

    answer = await state.run(say, what=_WHAT, budget_ms=_BUDGET_MS)
    if isinstance(answer, ResponseError):
        raise answer
    return answer


async def _old_files_gone(folder: Path) -> None:
    """The server removes its former files a moment after it has said that the new ones are whole."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + PATIENCE_S
    while loop.time() < until_s:
        if len(await asyncio.to_thread(lambda: list(folder.iterdir()))) <= _LOG_FILES:
            return
        await asyncio.sleep(_LOOK_EVERY_S)
    raise Unavailable(_WHAT)
