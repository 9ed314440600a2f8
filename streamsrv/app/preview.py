"""The workbench's server: one campaign file and some viewers, for this machine only."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from streamsrv.app.clock import SystemClock
from streamsrv.app.limits import deadlines
from streamsrv.app.listeners import PLAYER, listen, url_of
from streamsrv.app.rendering import MEDIA_CACHE_BYTES, Studio, StudioRenderer
from streamsrv.config import Settings, load_ladder
from streamsrv.core.cache import LruCache
from streamsrv.core.errors import invalid
from streamsrv.core.fragment import Fragment
from streamsrv.core.model import Viewer
from streamsrv.core.own import OwnName
from streamsrv.media.draw.kit import picture_files
from streamsrv.media.render.pool import RenderPool
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import CachedSegmentStore, open_store
from streamsrv.telemetry.metrics import Metrics
from streamsrv.web.assets import load_assets
from streamsrv.web.guard import Guard
from streamsrv.web.preview import Bench, preview_routes
from streamsrv.web.server import HttpServer
from streamsrv.web.templates import Templates

PREVIEW_HOST = "127.0.0.1"
"""Never another: the preview shows personal data to whoever asks."""
PREVIEW_CONNECTIONS = 64
DRAWN_CACHE_BYTES = 64 * 1024 * 1024


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
        read_pictures=lambda: [path.name for path in picture_files(settings.rendering.kit)],
        cta_hosts=settings.campaigns.cta_hosts,
        viewers=viewers,
        at_s=at_s,
    )
    assets, clock = load_assets(PLAYER / "dist"), SystemClock()
    templates = Templates(PLAYER / "templates", assets, brand="Preview")
    segments = CachedSegmentStore(
        store, cache_bytes=settings.storage.cache_bytes, deadline_s=settings.storage.read_deadline_s
    )
    ladder = load_ladder(settings.storage.ladder)
    pool = RenderPool(size=1, kit=settings.rendering.kit)
    # Of all pages together: each has a renderer of its own.
    media = LruCache[str, bytes](MEDIA_CACHE_BYTES)
    drawn = LruCache[OwnName, Fragment](DRAWN_CACHE_BYTES)
    guard = Guard(
        preview_routes(
            bench,
            folder=PLAYER / "templates",
            assets=assets,
            templates=templates,
            segments=segments,
            renderer_for=lambda catalog: StudioRenderer(Studio(catalog, ladder, segments, pool, media=media), drawn),
            clock=clock,
        ),
        metrics=Metrics(),
        clock=clock,
        request_id_prefix=secrets.token_hex(4),
        error_page=templates.error,
    )
    http = HttpServer(guard, deadlines=deadlines(settings.server), max_connections=PREVIEW_CONNECTIONS)
    bound_port = await listen(http, PREVIEW_HOST, port, settings.server.backlog)
    starting = asyncio.create_task(pool.start())
    try:
        yield url_of(PREVIEW_HOST, bound_port)
    finally:
        await http.drain(0.0)
        starting.cancel()
        await pool.aclose()


def read_campaign_text(path: Path) -> str:
    """The text of a campaign's file; raises `Invalid`."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise invalid(str(path), "is not UTF-8 text", "a campaign in YAML") from error
    except OSError as error:
        raise invalid(str(path), f"cannot be read: {error.strerror}", "a campaign in YAML") from error
