"""Listens, ends what takes too long, and drains: everything about connections that no single request can know."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterable
from math import inf
from typing import cast

from aiohttp import web

from streamsrv.web.connection import Connection, Deadlines
from streamsrv.web.guard import Guard
from streamsrv.web.outbox import Outbox

MAX_LINE_BYTES = 8190
MAX_HEADERS = 64
SWEEP_SHARE = 0.25
"""Connections are looked at this often, as a share of the shortest deadline: how late a deadline may be."""
LONGEST_SWEEP_S = 1.0
SWEEP_SLICE = 500
"""Connections looked at before the event loop may turn to others."""
IDLE_GRACE_S = 0.5
"""While draining: how long a kept connection may still bring the request that is already on its way."""


async def _unused(request: web.BaseRequest) -> web.StreamResponse:
    """aiohttp asks for a handler; ours is `Guard`, called by `Connection`."""
    raise NotImplementedError


class HttpServer(web.Server):
    """One listener and its connections."""

    def __init__(self, guard: Guard, *, deadlines: Deadlines, max_connections: int) -> None:
        super().__init__(_unused)
        self.guard = guard
        self.outbox = Outbox(self._loop)
        self.port = 0
        """Where it listens; 0 before it does."""
        self.refused = 0
        self.deadline_closes: Counter[str] = Counter()
        self._deadlines = deadlines
        self._max_connections = max_connections
        self._listeners: list[asyncio.Server] = []
        self._idle_until_s = inf
        self._cut_at_s = inf
        self._sweeper: asyncio.Task[None] | None = None

    def __call__(self) -> web.RequestHandler:
        """aiohttp's and asyncio's protocol factory."""
        return Connection(
            self,
            loop=self._loop,
            access_log=None,
            keepalive_timeout=0,
            auto_decompress=False,
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_LINE_BYTES,
            max_headers=MAX_HEADERS,
        )

    def admits(self) -> bool:
        """Whether one more connection may be served; those that may not are counted."""
        if len(self._connections) < self._max_connections:
            return True
        self.refused += 1
        return False

    async def start(self, host: str, port: int, *, backlog: int) -> int:
        """Listen, and return the port: the one asked for, or a free one for 0. Raises `OSError`."""
        listener = await self._loop.create_server(self, host, port, backlog=backlog)
        self._listeners.append(listener)
        self.watch()
        self.port = int(listener.sockets[0].getsockname()[1])
        return self.port

    async def accept_from(self, sockets: Iterable[socket.socket], *, backlog: int) -> None:
        """From now on, take connections from these listening sockets and from no others; closes none of them."""
        self._stop_accepting()
        for listening in sockets:
            if self.guard.draining:
                break
            self._listeners.append(await self._loop.create_server(self, sock=listening.dup(), backlog=backlog))
            self.port = int(listening.getsockname()[1])
        if self.guard.draining:
            self._stop_accepting()

    def watch(self) -> None:
        """Hold connections to their deadlines, from now until the drain is over."""
        if self._sweeper is None:
            self._sweeper = self._loop.create_task(self._sweep())

    async def drain(self, limit_s: float, *, idle_grace_s: float = IDLE_GRACE_S) -> None:
        """Take no more connections, let requests in hand end, then close; what is left after `limit_s` is cut.

        A connection between two requests is closed after `idle_grace_s`. Until then its next request is answered,
        and the answer asks the client to come back on another connection. Called again meanwhile, the shorter
        patience counts.
        """
        self.guard.draining = True
        self._stop_accepting()
        now_s = self._loop.time()
        self._cut_at_s = min(self._cut_at_s, now_s + limit_s)
        self._idle_until_s = min(self._idle_until_s, now_s + min(idle_grace_s, limit_s))
        while self._connections and (now_s := self._loop.time()) < self._cut_at_s:
            if now_s >= self._idle_until_s:
                self.outbox.flush()
                for connection in self._clients():
                    connection.close_if_idle()
            await asyncio.sleep(0.02)
        if self._sweeper is not None:
            self._sweeper.cancel()
        await self.shutdown(0.1)

    def _stop_accepting(self) -> None:
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()

    def _clients(self) -> list[Connection]:
        return cast(list[Connection], self.connections)

    async def _sweep(self) -> None:
        interval_s = min(LONGEST_SWEEP_S, SWEEP_SHARE * self._deadlines.shortest_s)
        while True:
            await asyncio.sleep(interval_s)
            connections = self._clients()
            for start in range(0, len(connections), SWEEP_SLICE):
                now_s = self._loop.time()
                self.outbox.flush()
                for connection in connections[start : start + SWEEP_SLICE]:
                    stage = connection.check(now_s, self._deadlines)
                    if stage is not None:
                        self.deadline_closes[stage] += 1
                await asyncio.sleep(0)
