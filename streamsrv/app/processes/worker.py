"""A worker process: answers viewers until the supervisor, or a signal, ends it.

Started by the supervisor as `python -m streamsrv.app.processes.worker DESCRIPTOR`, over which they speak
(`messages`). When the supervisor is gone, killed even, the worker reads the end of the channel and drains.
"""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import uvloop

from streamsrv.app.limits import settle_collector
from streamsrv.app.listeners import viewer_server
from streamsrv.app.processes.channel import Channel
from streamsrv.app.processes.generation import Generation
from streamsrv.app.processes.messages import VERSION, Accept, Ask, Counts, Drain, Hello, Leaving, Ready, Refused
from streamsrv.app.services import open_services
from streamsrv.config import ServerSettings
from streamsrv.core.errors import StreamsrvError, invalid
from streamsrv.telemetry.lag import watch_lag
from streamsrv.telemetry.logs import configure_logging
from streamsrv.telemetry.metrics import Metrics
from streamsrv.web.server import IDLE_GRACE_S, HttpServer

logger = logging.getLogger(__name__)

TELL_EVERY_S = 1.0
"""How often a worker says its counts unasked: what a SIGKILL may take away."""
REFUSED = 3
"""The exit status after `Refused`."""


class Worker:
    """Does what the supervisor says, while requests are answered."""

    def __init__(
        self, channel: Channel, hello: Hello, http: HttpServer, metrics: Metrics, server: ServerSettings
    ) -> None:
        self._channel = channel
        self._http = http
        self._metrics = metrics
        self._drain_s = server.drain_s
        self._backlog = server.backlog
        self._sockets = [[socket.socket(fileno=number) for number in numbers] for numbers in hello.listening]
        for sockets in self._sockets:
            for one in sockets:
                one.set_inheritable(False)
        self._stopped = asyncio.Event()
        self._drains: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve until every connection is closed or cut."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._asked_by_signal)
        self._http.watch()
        async with asyncio.TaskGroup() as beside:
            # Where one of these fails the group does, and with it the process: the supervisor makes another.
            tasks = [beside.create_task(self._obey()), beside.create_task(self._tell())]
            self._channel.send(Ready())
            await self._stopped.wait()
            while self._drains:
                await asyncio.wait(self._drains)
            for task in tasks:
                task.cancel()

    def tell(self) -> None:
        """Say the counts so far."""
        self._channel.send(Counts([tuple(family) for family in self._metrics.families()]))

    async def _obey(self) -> None:
        while message := await self._channel.receive():
            match message:
                case Ask():
                    self.tell()
                case Accept(slots) if not self._stopped.is_set():
                    await self._http.accept_from(
                        [one for slot in slots for one in self._sockets[slot]], backlog=self._backlog
                    )
                case Drain(limit_s, idle_grace_s):
                    self._drain(limit_s, idle_grace_s)
        self._drain(self._drain_s, IDLE_GRACE_S)

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            self.tell()

    def _asked_by_signal(self) -> None:
        if not self._stopped.is_set():
            self._channel.send(Leaving())
        self._drain(self._drain_s, IDLE_GRACE_S)

    def _drain(self, limit_s: float, idle_grace_s: float) -> None:
        drain = asyncio.create_task(self._http.drain(limit_s, idle_grace_s=idle_grace_s))
        self._drains.add(drain)
        drain.add_done_callback(self._drains.discard)
        for sockets in self._sockets:
            for one in sockets:
                one.close()
        self._stopped.set()


async def work(end: socket.socket) -> int:
    """The whole life of a worker; its exit status."""
    channel = await Channel.over(end)
    try:
        hello = await channel.receive()
        if not isinstance(hello, Hello):
            return 0 if hello is None else REFUSED
        try:
            async with _opened(hello) as (http, metrics, server):
                worker = Worker(channel, hello, http, metrics, server)
                settle_collector()
                await worker.run()
            # Again, and last: the events that were queued are written by now.
            worker.tell()
        except StreamsrvError as error:
            channel.send(Refused.of(error))
            return REFUSED
        return 0
    finally:
        await channel.aclose()


@asynccontextmanager
async def _opened(hello: Hello) -> AsyncIterator[tuple[HttpServer, Metrics, ServerSettings]]:
    if hello.version != VERSION:
        raise invalid("streamsrv", f"is version {VERSION} by now", f"{hello.version}, or a restart of the server")
    generation = Generation.parse(hello.settings, hello.campaigns)
    settings = generation.settings
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(settings, campaigns_as=generation.campaigns))
        lag = asyncio.create_task(watch_lag(services.metrics.loop_lag))
        stack.callback(lag.cancel)
        yield viewer_server(settings, services), services.metrics, settings.server


def main() -> None:
    """Run as a program."""
    configure_logging()
    end = socket.socket(fileno=int(sys.argv[1]))
    end.set_inheritable(False)
    # Ctrl-C in a terminal reaches every process of the group; the supervisor tells the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        status = uvloop.run(work(end))
    except Exception:
        logger.critical("a worker failed", exc_info=True)
        status = 1
    sys.exit(status)


if __name__ == "__main__":
    main()
