"""One process that serves until it is told to stop."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

import uvloop

from streamsrv.app.limits import settle_collector
from streamsrv.app.listeners import Bound, open_server
from streamsrv.app.services import open_services
from streamsrv.config import Settings
from streamsrv.telemetry.logs import configure_logging


async def serve(settings: Settings, *, ready: Callable[[Bound], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain and return. `ready` is called when the first request would do well."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_services(settings) as services, open_server(settings, services) as bound:
        settle_collector()
        ready(bound)
        await stop.wait()


def run_server(settings: Settings, *, ready: Callable[[Bound], None]) -> None:
    """`serve` in an event loop of its own; returns after a clean drain."""
    configure_logging()
    with suppress(KeyboardInterrupt):
        uvloop.run(serve(settings, ready=ready))
