"""A cluster's client that lets one node's failure be that node's only.

redis-py's own looks for the cluster's nodes again after each failure, and everybody waits until it is done; one frozen
node then stops them all. This one looks once, at the first call; later it is told to `refresh`, and goes on with what
it knows meanwhile. A node that moved a slot says so itself.
"""

import asyncio
import time
from typing import Any, cast

from redis.asyncio import RedisCluster
from redis.asyncio.cluster import ClusterNode

from streamsrv.stores.state.deadlines import deadline_s, longest_wait_s
from streamsrv.stores.state.failures import BROKEN

REFRESH_EVERY_S = 1.0
"""At most so often: each time, connections are made anew."""


class SteadyCluster(RedisCluster):
    """`patience_s` is what one node may take to say who is in the cluster."""

    patience_s = 1.0
    _knows_commands = False
    _refresh_at_s = 0.0

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._looking = asyncio.Lock()

    async def initialize(
        self,
        additional_startup_nodes_info: list[tuple[str, int]] | None = None,
        last_failed_node_name: str | None = None,
    ) -> "SteadyCluster":
        """Look for the nodes, once. Redis-py calls this before each command when one has failed."""
        if not self._is_known():
            async with self._looking:
                if not self._is_known():
                    await self._look(additional_startup_nodes_info)
        self._initialize = False
        return self

    async def refresh(self) -> None:
        """Look for the nodes again, if that was not done just now; raises nothing. In a task of its own."""
        if not self._is_known() or time.monotonic() < self._refresh_at_s:
            return
        deadline_s.set(None)
        longest_wait_s.set(self.patience_s)
        try:
            await self.nodes_manager.initialize()
        except BROKEN:
            return  # As before, then. The calls that fail are counted.
        finally:
            self._refresh_at_s = time.monotonic() + REFRESH_EVERY_S

    def _is_known(self) -> bool:
        # Declared as always there, and taken away when all connections are closed.
        default_node = cast(ClusterNode | None, self.nodes_manager.default_node)
        return default_node is not None and self._knows_commands

    async def _look(self, more_nodes: list[tuple[str, int]] | None) -> None:
        token = longest_wait_s.set(self.patience_s)
        try:
            await self.nodes_manager.initialize(additional_startup_nodes_info=more_nodes)
            await self._learn_commands()
        finally:
            longest_wait_s.reset(token)

    async def _learn_commands(self) -> None:
        """Where commands have their keys, from the first node that says it."""
        primaries = self.get_primaries()
        for number, node in enumerate(primaries, 1):
            if self._knows_commands:
                return
            try:
                await self.commands_parser.initialize(node)
                self._knows_commands = True
            except BROKEN:
                if number == len(primaries):
                    raise
