"""One process that serves until it is told to stop."""

import asyncio
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import uvloop

from streamsrv.app.limits import settle_collector
from streamsrv.app.listeners import Bound, open_server
from streamsrv.app.processes.jobs import Scheduler
from streamsrv.app.services import Services, open_services
from streamsrv.app.upkeep import Upkeep
from streamsrv.config import Settings
from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CampaignId
from streamsrv.stores.audit import RedisAuditLog, audit_key


async def serve(settings: Settings, *, ready: Callable[[Bound], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain and return. `ready` is called when the first request would do well."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with (
        open_services(settings) as services,
        _upkeep(settings, services),
        open_server(settings, services) as bound,
    ):
        settle_collector()
        ready(bound)
        await stop.wait()


@asynccontextmanager
async def _upkeep(settings: Settings, services: Services) -> AsyncIterator[None]:
    """The jobs, as a supervisor of several processes does them."""

    async def campaigns() -> Mapping[CampaignId, Campaign]:
        return services.campaigns.live

    state, _, identity = services.register
    audit = RedisAuditLog(state, key=audit_key(identity.secret), random_bytes=secrets.token_bytes)
    upkeep = Upkeep(services.register, settings, campaigns=campaigns, audit=audit, clock=services.clock)
    upkeep.watch(services.metrics)
    await upkeep.erase_again()
    scheduler = Scheduler(state, upkeep.jobs, services.metrics, holder=secrets.token_hex(8))
    task = asyncio.create_task(scheduler.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


def run_server(settings: Settings, *, ready: Callable[[Bound], None]) -> None:
    """`serve` in an event loop of its own; returns after a clean drain. Where it logs is the command's to say."""
    with suppress(KeyboardInterrupt):
        uvloop.run(serve(settings, ready=ready))
