"""The listeners: opened in order, drained in the opposite one."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import streamsrv
from streamsrv.app.api import routes_of_api
from streamsrv.app.limits import connections, deadlines
from streamsrv.app.services import Services
from streamsrv.config import ServerSettings, Settings
from streamsrv.core.errors import invalid
from streamsrv.ports import Clock
from streamsrv.telemetry.lag import watch_lag
from streamsrv.telemetry.metrics import Metrics
from streamsrv.web.assets import load_assets
from streamsrv.web.guard import Guard
from streamsrv.web.operations import Readiness, Ready
from streamsrv.web.routes import operator_routes, viewer_routes
from streamsrv.web.server import HttpServer
from streamsrv.web.templates import Templates

PLAYER = Path(streamsrv.__file__).parent / "player"
OPERATOR_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a server listens, with the ports it was really given."""

    base_url: str
    """How viewers reach it."""
    internal_url: str
    started_at_s: int


@asynccontextmanager
async def open_server(settings: Settings, services: Services) -> AsyncIterator[Bound]:
    """Listen on both listeners; on exit, drain: requests in hand end, then everything is closed."""
    server, readiness = settings.server, Readiness()
    async with AsyncExitStack() as stack:
        lag = asyncio.create_task(watch_lag(services.metrics.loop_lag))
        stack.callback(lag.cancel)
        operator = operator_server(
            server, services.metrics, _own(services.metrics), clock=services.clock, readiness=readiness
        )
        internal_port = await listen(operator, server.internal_host, server.internal_port, server.backlog)
        stack.push_async_callback(operator.drain, 0.0)
        viewers = viewer_server(settings, services)
        port = await listen(viewers, server.host, server.port, server.backlog)
        stack.push_async_callback(viewers.drain, server.drain_s)
        # Undone first: a balancer must see it before the listener is closed.
        stack.callback(setattr, readiness, "ready", False)
        readiness.ready = True
        yield Bound(
            base_url=server.base_url.rstrip("/") or url_of(server.host, port),
            internal_url=url_of(server.internal_host, internal_port),
            started_at_s=services.clock.now_ms() // 1000,
        )


async def listen(server: HttpServer, host: str, port: int, backlog: int) -> int:
    """Start listening, and return the port; raises `Invalid` where that is not allowed or taken."""
    try:
        return await server.start(host, port, backlog=backlog)
    except OSError as error:
        raise invalid(f"server: {host}:{port}", f"cannot be listened on: {os.strerror(error.errno or 0)}") from error


def url_of(host: str, port: int) -> str:
    """An address to print."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def viewer_server(settings: Settings, services: Services) -> HttpServer:
    """What answers viewers, and programs; it does not listen yet."""
    server = settings.server

    def base_url() -> str:
        return server.base_url.rstrip("/") or url_of(server.host, http.port)

    api = routes_of_api(
        services.management, services.api_keys, settings.api, base_url=base_url, link_s=settings.links.link_s
    )
    assets = load_assets(PLAYER / "dist")
    templates = Templates(PLAYER / "templates", assets, brand=services.brand)
    guard = Guard(
        viewer_routes(services.delivery, assets, templates, api=api),
        metrics=services.metrics,
        clock=services.clock,
        request_id_prefix=secrets.token_hex(4),
        error_page=templates.error,
    )
    http = HttpServer(guard, deadlines=deadlines(server), max_connections=connections(server.max_connections))
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


def operator_server(
    server: ServerSettings,
    metrics: Metrics,
    exposition: Callable[[], Awaitable[bytes]],
    *,
    clock: Clock,
    readiness: Ready,
) -> HttpServer:
    """What answers operators; it does not listen yet. Its own requests are counted in `metrics`."""
    guard = Guard(
        operator_routes(exposition, readiness), metrics=metrics, clock=clock, request_id_prefix=secrets.token_hex(4)
    )
    return HttpServer(guard, deadlines=deadlines(server), max_connections=OPERATOR_CONNECTIONS)


def _own(metrics: Metrics) -> Callable[[], Awaitable[bytes]]:
    """The exposition of a server of one process."""

    async def exposition() -> bytes:
        return metrics.exposition()

    return exposition
