"""The composition root: settings in, a running server out, and everything closed in the opposite order.

The only place where adapters meet the use cases. Holds no logic of its own.
"""

import asyncio
import gc
import os
import resource
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import uvloop

import streamsrv
from streamsrv.config import ServerSettings, Settings, load_ladder
from streamsrv.core.errors import invalid
from streamsrv.core.model import Viewer
from streamsrv.delivery import Delivery
from streamsrv.ports import Clock
from streamsrv.stores.assignments import SqliteLedger
from streamsrv.stores.campaigns import Against, FolderCampaignStore
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import CachedSegmentStore, open_store
from streamsrv.stores.viewers import MemoryViewerStore, load_viewers
from streamsrv.telemetry.events import EventLog
from streamsrv.telemetry.lag import watch_lag
from streamsrv.telemetry.logs import configure_logging
from streamsrv.telemetry.metrics import Metrics
from streamsrv.web.assets import load_assets
from streamsrv.web.connection import Deadlines
from streamsrv.web.guard import Guard
from streamsrv.web.operations import Readiness
from streamsrv.web.pages import Templates
from streamsrv.web.preview import Bench, preview_routes
from streamsrv.web.routes import operator_routes, viewer_routes
from streamsrv.web.server import HttpServer

PLAYER = Path(streamsrv.__file__).parent / "player"
ANY_BRAND = "Your video"
OPERATOR_CONNECTIONS = 64
PREVIEW_HOST = "127.0.0.1"
"""Never another: the preview shows personal data to whoever asks."""
PREVIEW_CONNECTIONS = 64
KEPT_ASSIGNMENTS = 100_000
"""Viewers whose arms are held in memory."""
COLLECT_EVERY = 20_000
"""Objects between two collections of the young: some hundreds of requests."""
SPARE_DESCRIPTORS = 128
"""Kept for files, the internal listener and stores when connections take all others (A31)."""


class SystemClock:
    """The wall clock."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a server listens, with the ports it was really given."""

    base_url: str
    """How viewers reach it."""
    internal_url: str
    started_at_s: int


@dataclass(frozen=True, slots=True)
class Services:
    """What is open while a server runs."""

    delivery: Delivery
    segments: CachedSegmentStore
    events: EventLog
    metrics: Metrics
    clock: Clock
    brand: str
    """Whose name stands on a page that belongs to no campaign."""


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Load and check everything that serving needs; raises `Invalid`. On exit, events are written and synced."""
    clock = SystemClock()
    storage, keys = settings.storage, settings.links.keys()
    store = open_store(storage.segments)
    catalog = load_catalog(store, target_duration_s=load_ladder(storage.ladder).target_duration_s())
    campaigns = FolderCampaignStore(storage.campaigns, Against(catalog.scenes, settings.campaigns.cta_hosts))
    viewers = load_viewers(storage.viewers, campaigns.live)
    segments = CachedSegmentStore(store, cache_bytes=storage.cache_bytes, deadline_s=storage.read_deadline_s)
    async with AsyncExitStack() as stack:
        events = EventLog(storage.events, clock=clock)
        stack.push_async_callback(events.aclose)
        storage.assignments.parent.mkdir(parents=True, exist_ok=True)
        ledger = SqliteLedger(storage.assignments, deadline_s=storage.read_deadline_s, kept=KEPT_ASSIGNMENTS)
        stack.push_async_callback(ledger.aclose)
        delivery = Delivery(
            viewers=MemoryViewerStore(viewers, keys),
            campaigns=campaigns,
            ledger=ledger,
            catalog=catalog,
            segments=segments,
            sink=events,
            clock=clock,
            keys=keys,
            session_s=settings.links.session_s,
            random_bytes=secrets.token_bytes,
        )
        metrics = Metrics()
        _watch(metrics, delivery, segments, events)
        brands = {campaign.told(campaign.brands, campaign.languages.default) for campaign in campaigns.live.values()}
        brand = (brands.pop() if len(brands) == 1 else "") or ANY_BRAND
        yield Services(delivery, segments, events, metrics, clock, brand)


@asynccontextmanager
async def open_server(settings: Settings, services: Services) -> AsyncIterator[Bound]:
    """Listen on both listeners; on exit, drain: requests in hand end, then everything is closed."""
    server, readiness = settings.server, Readiness()
    async with AsyncExitStack() as stack:
        lag = asyncio.create_task(watch_lag(services.metrics.loop_lag))
        stack.callback(lag.cancel)
        operator = _operator_server(server, services, readiness)
        internal_port = await _listen(operator, server.internal_host, server.internal_port, server.backlog)
        stack.push_async_callback(operator.drain, 0.0)
        viewers = _viewer_server(server, services)
        port = await _listen(viewers, server.host, server.port, server.backlog)
        stack.push_async_callback(viewers.drain, server.drain_s)
        # Undone first: a balancer must see it before the listener is closed.
        stack.callback(setattr, readiness, "ready", False)
        readiness.ready = True
        yield Bound(
            base_url=server.base_url.rstrip("/") or _url(server.host, port),
            internal_url=_url(server.internal_host, internal_port),
            started_at_s=services.clock.now_ms() // 1000,
        )


async def serve(settings: Settings, *, ready: Callable[[Bound], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain and return. `ready` is called when the first request would do well."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_services(settings) as services, open_server(settings, services) as bound:
        _settle_collector()
        ready(bound)
        await stop.wait()


def run_server(settings: Settings, *, ready: Callable[[Bound], None]) -> None:
    """`serve` in an event loop of its own; returns after a clean drain."""
    configure_logging()
    with suppress(KeyboardInterrupt):
        uvloop.run(serve(settings, ready=ready))


@asynccontextmanager
async def open_preview(
    settings: Settings, campaign_file: Path, viewers: Sequence[Viewer], *, at_s: int | None, port: int
) -> AsyncIterator[str]:
    """Show these viewers' videos to this machine only, until the block ends; the base URL. Raises `Invalid`.

    Records nothing and needs no secret. `at_s` is the moment to decide for (Unix time), now when None.
    """
    store = open_store(settings.storage.segments)
    target_duration_s = load_ladder(settings.storage.ladder).target_duration_s()
    bench = Bench(
        where=str(campaign_file),
        read_text=lambda: read_campaign_text(campaign_file),
        read_catalog=lambda: load_catalog(store, target_duration_s=target_duration_s),
        cta_hosts=settings.campaigns.cta_hosts,
        viewers=viewers,
        at_s=at_s,
    )
    assets, clock = load_assets(PLAYER / "dist"), SystemClock()
    templates = Templates(PLAYER / "templates", assets, brand="Preview")
    segments = CachedSegmentStore(
        store, cache_bytes=settings.storage.cache_bytes, deadline_s=settings.storage.read_deadline_s
    )
    guard = Guard(
        preview_routes(
            bench, folder=PLAYER / "templates", assets=assets, templates=templates, segments=segments, clock=clock
        ),
        metrics=Metrics(),
        clock=clock,
        request_id_prefix=secrets.token_hex(4),
        error_page=templates.error,
    )
    http = HttpServer(guard, deadlines=_deadlines(settings.server), max_connections=PREVIEW_CONNECTIONS)
    bound_port = await _listen(http, PREVIEW_HOST, port, settings.server.backlog)
    try:
        yield _url(PREVIEW_HOST, bound_port)
    finally:
        await http.drain(0.0)


def read_campaign_text(path: Path) -> str:
    """The text of a campaign's file; raises `Invalid`."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise invalid(str(path), "is not UTF-8 text", "a campaign in YAML") from error
    except OSError as error:
        raise invalid(str(path), f"cannot be read: {error.strerror}", "a campaign in YAML") from error


def _settle_collector() -> None:
    """What was loaded lives for ever, and requests leave few cycles: look at the rest, and seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY, 20, 50)


def _viewer_server(server: ServerSettings, services: Services) -> HttpServer:
    assets = load_assets(PLAYER / "dist")
    templates = Templates(PLAYER / "templates", assets, brand=services.brand)
    guard = Guard(
        viewer_routes(services.delivery, assets, templates),
        metrics=services.metrics,
        clock=services.clock,
        request_id_prefix=secrets.token_hex(4),
        error_page=templates.error,
    )
    http = HttpServer(guard, deadlines=_deadlines(server), max_connections=_connections(server.max_connections))
    metrics = services.metrics
    metrics.watch_gauge("streamsrv_http_connections", "Open connections.", lambda: len(http.connections))
    metrics.watch_counter(
        "streamsrv_http_refused_connections", "Connections refused because of the cap.", lambda: http.refused
    )
    metrics.watch_counters(
        "streamsrv_http_deadline_closes",
        "Connections or requests that were ended because a deadline passed.",
        "kind",
        lambda: http.deadline_closes,
    )
    return http


def _operator_server(server: ServerSettings, services: Services, readiness: Readiness) -> HttpServer:
    guard = Guard(
        operator_routes(services.metrics, readiness),
        metrics=services.metrics,
        clock=services.clock,
        request_id_prefix=secrets.token_hex(4),
    )
    return HttpServer(guard, deadlines=_deadlines(server), max_connections=OPERATOR_CONNECTIONS)


def _watch(metrics: Metrics, delivery: Delivery, segments: CachedSegmentStore, events: EventLog) -> None:
    metrics.watch_gauge(
        "streamsrv_playing_sessions", "Sessions whose decisions are kept ready.", lambda: delivery.sessions_held
    )
    metrics.watch_counter(
        "streamsrv_assignments_unrecorded",
        "Decisions made by hash alone, because the assignment ledger was away.",
        lambda: delivery.unrecorded,
    )
    metrics.watch_counter("streamsrv_segment_cache_hits", "Media found in memory.", lambda: segments.hits)
    metrics.watch_counter("streamsrv_segment_cache_misses", "Media read from the store.", lambda: segments.misses)
    metrics.watch_gauge("streamsrv_segment_cache_bytes", "Media held in memory.", lambda: segments.cached_bytes)
    metrics.watch_counter("streamsrv_events_written", "Events written to files.", lambda: events.written)
    metrics.watch_counter(
        "streamsrv_event_write_failures", "Batches the disk refused; tried again.", lambda: events.failed_writes
    )
    metrics.watch_counters(
        "streamsrv_events_dropped", "Events that were lost, by reason.", "reason", lambda: events.dropped
    )
    metrics.watch_gauge("streamsrv_events_queued", "Events waiting to be written.", lambda: events.queued)


async def _listen(server: HttpServer, host: str, port: int, backlog: int) -> int:
    try:
        return await server.start(host, port, backlog=backlog)
    except OSError as error:
        raise invalid(f"server: {host}:{port}", f"cannot be listened on: {os.strerror(error.errno or 0)}") from error


def _deadlines(server: ServerSettings) -> Deadlines:
    return Deadlines(
        header_s=server.header_deadline_s,
        idle_s=server.idle_deadline_s,
        request_s=server.request_deadline_s,
        write_s=server.write_deadline_s,
    )


def _connections(wanted: int) -> int:
    """As many as wanted, or as this process may open files for."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, soft - SPARE_DESCRIPTORS))


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
