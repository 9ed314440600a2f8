"""One process that only renders: it takes orders for viewers' own segments until it is told to stop."""

import asyncio
import secrets
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress

import uvloop

from streamsrv.app.clock import SystemClock
from streamsrv.app.rendering import new_studio, open_render_service, open_rendered, processes_of
from streamsrv.config import Settings, load_ladder
from streamsrv.media.draw.kit import kit_digest
from streamsrv.stores.contents import watch_removals
from streamsrv.stores.register import open_register
from streamsrv.stores.render_queue import RenderQueue
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import CachedSegmentStore, open_store
from streamsrv.telemetry.logs import configure_logging


async def render(settings: Settings, *, ready: Callable[[int], None]) -> None:
    """Render until SIGTERM or SIGINT: what is under way then is left to others. Raises `Invalid`.

    Where the store for state is away, it waits for it. `ready` is told how many processes there will be, once orders
    are taken.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    working, stopped = asyncio.create_task(_take_orders(settings, ready)), asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working


async def _take_orders(settings: Settings, ready: Callable[[int], None]) -> None:
    """Until it is cancelled."""
    clock, storage = SystemClock(), settings.storage
    store, ladder = open_store(storage.segments), load_ladder(storage.ladder)
    catalog = load_catalog(store, target_duration_s=ladder.target_duration_s())
    # Read here, so that a kit that is wrong is told before anything is taken.
    kit_digest(settings.rendering.kit)
    segments = CachedSegmentStore(store, cache_bytes=storage.cache_bytes, deadline_s=storage.read_deadline_s)
    processes = processes_of(settings.rendering, workers=1)
    async with AsyncExitStack() as stack:
        state, _, identity = await stack.enter_async_context(open_register(settings, waits=True))
        rendered = open_rendered(settings)
        await stack.enter_async_context(watch_removals(state, rendered))
        queue = RenderQueue(state, identity.queue_secret(), clock, random_bytes=secrets.token_bytes)
        studio = new_studio(settings, catalog, ladder, segments, processes=processes)
        await stack.enter_async_context(open_render_service(studio, queue, rendered))
        ready(processes)
        await asyncio.Event().wait()


def run_renderer(settings: Settings, *, ready: Callable[[int], None]) -> None:
    """`render` in an event loop of its own."""
    configure_logging()
    uvloop.run(render(settings, ready=ready))
