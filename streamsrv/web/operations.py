"""For the people who run it, on a listener of its own: metrics, health and readiness."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from streamsrv.web.answer import Answer
from streamsrv.web.headers import METRICS, OPERATIONS
from streamsrv.web.request import Request


class Ready(Protocol):
    """Whether traffic should come here: from the end of start-up to the beginning of the drain."""

    @property
    def ready(self) -> bool: ...


class Readiness:
    """A `Ready` that is set."""

    def __init__(self) -> None:
        self.ready = False


class Operations:
    """Handlers of the internal listener."""

    def __init__(self, exposition: Callable[[], Awaitable[bytes]], readiness: Ready) -> None:
        self._exposition = exposition
        self._readiness = readiness

    async def metrics(self, request: Request) -> Answer:
        return Answer(200, METRICS, await self._exposition())

    async def health(self, request: Request) -> Answer:
        """200 while the process lives and its event loop turns."""
        return Answer(200, OPERATIONS, b'{"status":"alive"}')

    async def readiness(self, request: Request) -> Answer:
        if self._readiness.ready:
            return Answer(200, OPERATIONS, b'{"status":"ready"}')
        return Answer(503, OPERATIONS, b'{"status":"not ready"}', fields=b"Retry-After: 1\r\n")
