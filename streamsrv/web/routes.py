"""Every URL of the product, on one screen. How each answer may be kept: `headers`."""

from collections.abc import Awaitable, Callable, Iterable, Mapping

from streamsrv.core import urls
from streamsrv.delivery import Delivery
from streamsrv.web.assets import Asset, Assets
from streamsrv.web.operations import Operations, Ready
from streamsrv.web.pages import Pages
from streamsrv.web.playlists import Playlists
from streamsrv.web.router import Route, Router, get, post
from streamsrv.web.segments import Segments
from streamsrv.web.templates import Templates


def viewer_routes(
    delivery: Delivery, assets: Mapping[str, Asset], templates: Templates, *, api: Iterable[Route] = ()
) -> Router:
    """What viewers, their players and CDNs ask for; and programs, under /api/: see `web.api.table`."""
    pages = Pages(delivery, templates)
    playlists = Playlists(delivery)
    segments = Segments(delivery)
    return Router(
        [
            get("/v/{link_token}", pages.landing, for_people=True),
            get("/v/{link_token}/poster.jpg", pages.poster),
            get("/v/{link_token}/moment.webp", pages.moment),
            post("/v/{link_token}/sessions", pages.open_session),
            get(urls.WATCH_PATH, pages.watch, for_people=True),
            get("/v/{link_token}/multivariant.m3u8", playlists.bare_multivariant),
            get("/p/{token}/multivariant.m3u8", playlists.multivariant),
            get("/p/{token}/video/{rung}.m3u8", playlists.video),
            get("/p/{token}/audio/{language}.m3u8", playlists.audio),
            get("/p/{token}/text/{language}.m3u8", playlists.text),
            get("/p/{token}/iframe/{rung}.m3u8", playlists.iframe),
            get("/p/{token}/text/{language}.vtt", playlists.captions),
            get("/p/{token}/text/{language}.txt", playlists.transcript),
            get("/p/{token}/chapters.json", playlists.chapters),
            get("/p/{token}/poster.jpg", pages.session_poster),
            get("/p/{token}/init/{name}.mp4", segments.init_section),
            get("/p/{token}/seg/{scene_key}/{rendition}/{place}.m4s", segments.segment),
            get("/p/{token}/own/{scene_key}/{rendition}/{place}.m4s", segments.own),
            get("/assets/{digest}/{name}", Assets(assets).file),
            *api,
        ]
    )


def operator_routes(exposition: Callable[[], Awaitable[bytes]], readiness: Ready) -> Router:
    """What Prometheus and the orchestrator ask for; `exposition` gives the metrics' text."""
    operations = Operations(exposition, readiness)
    return Router(
        [
            get("/metrics", operations.metrics),
            get("/healthz", operations.health),
            get("/readyz", operations.readiness),
        ]
    )
