"""`streamsrv serve`: the supervisor's process, from its start to its exit."""

import asyncio
import logging
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import uvloop

from streamsrv.app.clock import SystemClock
from streamsrv.app.listeners import Bound, listen, operator_server, url_of
from streamsrv.app.processes.generation import Generation
from streamsrv.app.processes.jobs import Scheduler
from streamsrv.app.processes.sockets import close_sockets, open_sockets
from streamsrv.app.processes.supervisor import Supervisor
from streamsrv.app.upkeep import Upkeep
from streamsrv.app.watching import watch_state
from streamsrv.config import Settings
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import Invalid, Unavailable
from streamsrv.core.model import CampaignId
from streamsrv.ports import Clock
from streamsrv.stores.audit import RedisAuditLog, audit_key
from streamsrv.stores.register import Register, open_register
from streamsrv.stores.state import AnyRedis, State
from streamsrv.telemetry.lag import watch_lag
from streamsrv.telemetry.logs import configure_logging
from streamsrv.telemetry.metrics import Metrics

logger = logging.getLogger(__name__)

PING_EVERY_S = 1.0

Load = Callable[[], Settings]
"""Reads the settings anew; raises `Invalid`."""


class Restarts:
    """Rolling restarts, one at a time: what is asked for during one is one more after it."""

    def __init__(self, supervisor: Supervisor, load: Load, metrics: Metrics) -> None:
        self._supervisor = supervisor
        self._load = load
        self._asked = asyncio.Event()
        self._results = {"done": 0, "refused": 0}
        self._last_done = True
        metrics.watch_counters("streamsrv_restarts", "Rolling restarts, by result.", "result", lambda: self._results)
        metrics.watch_gauge(
            "streamsrv_last_restart_done",
            "1 when the last rolling restart was done, 0 when it was refused and what ran before runs on.",
            lambda: self._last_done,
        )

    def ask(self) -> None:
        """Restart all workers soon."""
        self._asked.set()

    async def run(self) -> None:
        """Do what is asked, until cancelled."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            started_s = time.monotonic()
            try:
                generation = await asyncio.to_thread(lambda: Generation.read(self._load()))
                await self._supervisor.restart(generation)
            except Invalid as error:
                self._count("refused")
                problems = [str(problem) for problem in error.problems]
                logger.error("a rolling restart was refused, what ran runs on", extra={"problems": problems})
            except OSError:
                self._count("refused")
                logger.exception("a rolling restart broke off, what ran runs on")
            else:
                self._count("done")
                logger.warning("a rolling restart is done", extra={"took_s": round(time.monotonic() - started_s, 3)})

    def _count(self, result: str) -> None:
        self._results[result] += 1
        self._last_done = result == "done"


@asynccontextmanager
async def open_processes(load: Load) -> AsyncIterator[tuple[Bound, Restarts]]:
    """Serve with as many workers as the settings say; on exit, drain. Raises `Invalid`."""
    metrics, clock = Metrics(), SystemClock()
    generation = await asyncio.to_thread(lambda: Generation.read(load()))
    server = generation.settings.server
    async with AsyncExitStack() as stack:
        supervisor = Supervisor(generation, metrics)
        _watch(metrics, supervisor)
        # First of all, so that operators see one that waits for its state store: alive, and not ready.
        operator = operator_server(server, metrics, supervisor.exposition, clock=clock, readiness=supervisor)
        internal_port = await listen(operator, server.internal_host, server.internal_port, server.backlog)
        stack.push_async_callback(operator.drain, 0.0)
        register = await stack.enter_async_context(open_register(generation.settings, waits=True))
        watch_state(metrics, register.state)
        port, sockets = open_sockets(server.host, server.port, slots=server.workers, backlog=server.backlog)
        stack.callback(close_sockets, sockets)
        stack.push_async_callback(supervisor.stop)
        # Before the workers close theirs, so that no connection comes to a socket that nobody takes from.
        stack.callback(close_sockets, sockets)
        upkeep = _upkeep(register, supervisor, clock)
        upkeep.watch(metrics)
        # Before anybody is served: who was erased may be back with a backup.
        await upkeep.erase_again()
        await supervisor.start(sockets)
        restarts = Restarts(supervisor, load, metrics)
        scheduler = Scheduler(register.state, upkeep.jobs, metrics, holder=secrets.token_hex(8))
        for work in (restarts.run(), scheduler.run(), watch_lag(metrics.loop_lag), _keep_alive(register.state)):
            stack.push_async_callback(_cancelled, asyncio.create_task(work))
        yield (
            Bound(
                base_url=server.base_url.rstrip("/") or url_of(server.host, port),
                internal_url=url_of(server.internal_host, internal_port),
                started_at_s=clock.now_ms() // 1000,
            ),
            restarts,
        )


async def supervise(load: Load, *, ready: Callable[[Bound], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain and return; SIGHUP is a rolling restart."""
    stop = asyncio.Event()
    serving = asyncio.create_task(_serve(load, ready))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    # Before there is anything to restart, SIGHUP must not end what is starting.
    loop.add_signal_handler(signal.SIGHUP, lambda: None)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        # Wherever it is: while it starts, too.
        serving.cancel()
    stopping.cancel()
    with suppress(asyncio.CancelledError):
        await serving


async def _serve(load: Load, ready: Callable[[Bound], None]) -> None:
    async with open_processes(load) as (bound, restarts):
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, restarts.ask)
        ready(bound)
        await asyncio.Event().wait()


def run_processes(load: Load, *, ready: Callable[[Bound], None]) -> None:
    """`supervise` in an event loop of its own; returns after a clean drain."""
    configure_logging()
    with suppress(KeyboardInterrupt):
        uvloop.run(supervise(load, ready=ready))


def _watch(metrics: Metrics, supervisor: Supervisor) -> None:
    metrics.watch_gauge("streamsrv_workers_ready", "Worker processes that serve.", lambda: supervisor.ready_workers)
    metrics.watch_gauge("streamsrv_workers_wanted", "Worker processes there should be.", lambda: supervisor.wanted)
    metrics.watch_gauge(
        "streamsrv_workers_draining", "Worker processes that finish what they have.", lambda: supervisor.draining
    )
    metrics.watch_counter("streamsrv_workers_started", "Worker processes started.", lambda: supervisor.started)
    metrics.watch_counters(
        "streamsrv_workers_ended", "Worker processes that are gone, by reason.", "reason", lambda: supervisor.ended
    )


def _upkeep(register: Register, supervisor: Supervisor, clock: Clock) -> Upkeep:
    async def campaigns() -> Mapping[CampaignId, Campaign]:
        return await asyncio.to_thread(supervisor.generation.live_campaigns)

    audit = RedisAuditLog(register.state, key=audit_key(register.identity.secret), random_bytes=secrets.token_bytes)
    return Upkeep(register, supervisor.generation.settings, campaigns=campaigns, audit=audit, clock=clock)


async def _keep_alive(state: State) -> None:
    """Ask the state store for a sign of life, for ever: an embedded server that died is started again by who asks."""

    async def ping(client: AnyRedis) -> object:
        return await client.ping()

    while True:
        with suppress(Unavailable):
            await state.run(ping, what="state")
        await asyncio.sleep(PING_EVERY_S)


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
