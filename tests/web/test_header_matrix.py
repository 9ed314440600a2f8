"""Every route's headers, well and badly answered: what caches may keep, who may read it, what a browser may run.

B15, B16, B27.
"""

import asyncio
import re
from collections.abc import Mapping
from functools import partial
from itertools import product
from typing import NamedTuple

import orjson

from streamsrv.app.api import routes_of_api
from streamsrv.app.listeners import PLAYER
from streamsrv.config import ApiSettings
from streamsrv.web.assets import load_assets
from streamsrv.web.routes import viewer_routes
from streamsrv.web.templates import Templates
from tests.web.conftest import Reply, Site

PRIVATE, NO_STORE, FOR_EVER = "private, no-store", "no-store", "public, max-age=31536000, immutable"


class Row(NamedTuple):
    """What a route answers."""

    content_type: str
    caching: str
    readable: bool
    """By pages of any origin."""
    method: str = "GET"
    status: int = 200


PLAYLIST = Row("application/vnd.apple.mpegurl", PRIVATE, True)
PAGE = Row("text/html; charset=utf-8", PRIVATE, False)
MATRIX: Mapping[str, Row] = {
    "/v/{link_token}": PAGE,
    "/v/{link_token}/poster.jpg": Row("image/jpeg", PRIVATE, True),
    "/p/{token}/poster.jpg": Row("image/jpeg", PRIVATE, True),
    "/v/{link_token}/sessions": Row("application/json", NO_STORE, True, "POST", 201),
    "/watch": PAGE,
    "/v/{link_token}/multivariant.m3u8": PLAYLIST,
    "/p/{token}/multivariant.m3u8": PLAYLIST,
    "/p/{token}/video/{rung}.m3u8": PLAYLIST,
    "/p/{token}/audio/{language}.m3u8": PLAYLIST,
    "/p/{token}/text/{language}.m3u8": PLAYLIST,
    "/p/{token}/iframe/{rung}.m3u8": PLAYLIST,
    "/p/{token}/text/{language}.vtt": Row("text/vtt; charset=utf-8", PRIVATE, True),
    "/p/{token}/text/{language}.txt": Row("text/plain; charset=utf-8", PRIVATE, True),
    "/p/{token}/chapters.json": Row("application/json", PRIVATE, True),
    "/p/{token}/init/{name}.mp4": Row("video/mp4", FOR_EVER, True),
    "/p/{token}/seg/{scene_key}/{rendition}/{place}.m4s": Row("video/mp4", FOR_EVER, True),
    "/assets/{digest}/{name}": Row("text/javascript; charset=utf-8", FOR_EVER, False),
    "/api/openapi.json": Row("application/json", PRIVATE, False),
    "/metrics": Row("text/plain; version=0.0.4; charset=utf-8", NO_STORE, False),
    "/healthz": Row("application/json", NO_STORE, False),
    "/readyz": Row("application/json", NO_STORE, False),
}
ELSEWHERE = {"/p/{token}/own/{scene_key}/{rendition}/{place}.m4s", "/v/{link_token}/moment.webp"}
"""What this site's scenes have nothing of: viewers' own segments and moving pictures are looked at in `tests/e2e`."""
OPERATORS = ("/metrics", "/healthz", "/readyz")


async def paths(site: Site) -> dict[str, str]:
    """For each route an address that is answered."""
    text = (await site.fetch(f"{site.playback}/video/720p.m3u8", headers={"Accept-Encoding": "identity"})).body.decode()
    page = (await site.fetch(site.link, headers={"Accept-Encoding": "identity"})).body.decode()
    named = {
        "{link_token}": site.link[3:], "{token}": site.playback[3:], "{rung}": "720p", "{language}": "en",
        "{name}.mp4": re.findall(r"init/(\w+\.mp4)", text)[0],
        "seg/{scene_key}/{rendition}/{place}.m4s": re.findall(r"\.\./(seg/\S+)", text)[0],
        "/assets/{digest}/{name}": re.findall(r"/assets/\w+/player\.js", page)[0],
    }  # fmt: skip
    found = {}
    for template in MATRIX:
        path = template
        for name, value in sorted(named.items(), key=lambda item: -len(item[0])):
            path = path.replace(name, value)
        found[template] = path
    return found


async def ask(site: Site, template: str, path: str, method: str) -> Reply:
    headers = {"Cookie": "a=b", "Accept-Encoding": "identity", "Origin": "https://elsewhere.example"}
    if template in OPERATORS:
        return await site.operations(path)
    return await site.fetch(path, method=method, headers=headers)


def always(reply: Reply) -> bool:
    """What holds for every answer there is."""
    headers = reply.headers
    credentials = "Access-Control-Allow-Credentials" in headers
    return headers["X-Content-Type-Options"] == "nosniff" and "Set-Cookie" not in headers and not credentials


async def test_the_matrix_names_every_route(site: Site) -> None:
    services = site.services
    api = routes_of_api(services.management, services.api_keys, ApiSettings(), base_url=str, link_s=1)
    assets = await asyncio.to_thread(load_assets, PLAYER / "dist")
    templates = await asyncio.to_thread(partial(Templates, PLAYER / "templates", assets, brand=""))
    routes = viewer_routes(services.delivery, assets, templates, api=api).routes
    public = {route.template for route in routes if not route.template.startswith("/api/v1/")}

    assert {*MATRIX, *ELSEWHERE} == public | set(OPERATORS)


async def test_every_route_says_who_may_keep_its_answer_and_who_may_read_it(site: Site) -> None:
    found, wrong = {}, []
    for template, path in (await paths(site)).items():
        reply = await ask(site, template, path, MATRIX[template].method)
        readable = reply.headers.get("Access-Control-Allow-Origin") == "*"
        found[template] = Row(
            reply.headers["Content-Type"],
            reply.headers["Cache-Control"],
            readable,
            MATRIX[template].method,
            reply.status,
        )
        wrong += [] if always(reply) else [template]

    assert dict(MATRIX) == found
    assert [] == wrong


async def test_every_page_confines_what_it_runs(site: Site) -> None:
    for path in (site.link, "/watch", "/v/nobody", "/no/such/page"):
        reply = await site.fetch(path)
        if "text/html" not in reply.headers["Content-Type"]:
            continue
        policy = dict(part.strip().split(" ", 1) for part in reply.headers["Content-Security-Policy"].split(";"))
        assert {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "base-uri": "'none'",
                "object-src": "'none'", "frame-ancestors": "'self'"}.items() <= policy.items()  # fmt: skip
        assert reply.headers["Referrer-Policy"] == "no-referrer"


async def test_every_route_answers_a_stranger_with_what_nobody_keeps(site: Site) -> None:
    """A token that is forged, in every route that takes one."""
    for template, path in (await paths(site)).items():
        if "token}" not in template:
            continue
        root, token, *rest = path[1:].split("/")
        forged = "/".join(["", root, token[::-1], *rest])
        reply = await ask(site, template, forged, MATRIX[template].method)
        assert (404, NO_STORE, True) == (reply.status, reply.headers["Cache-Control"], always(reply)), template


async def test_every_route_of_the_api_is_kept_by_nobody_and_read_by_no_page(site: Site) -> None:
    document = orjson.loads((await site.fetch("/api/openapi.json")).body)
    for path, methods in document["paths"].items():
        for method in methods:
            reply = await site.fetch(
                re.sub(r"\{\w+\}", "x", path), method=method.upper(), headers={"Origin": "https://elsewhere.example"}
            )
            assert (401, NO_STORE, True) == (reply.status, reply.headers["Cache-Control"], always(reply)), path
            assert "Access-Control-Allow-Origin" not in reply.headers


async def test_no_page_of_another_origin_is_allowed_to_ask_the_api(site: Site) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Headers": "authorization"}
    places = ("/api/v1/viewers", "/api/v1/campaigns/renewal/viewers/x", "/api/openapi.json")
    for path, method in product(places, ("GET", "POST", "PUT", "DELETE")):
        asked["Access-Control-Request-Method"] = method
        reply = await site.fetch(path, method="OPTIONS", headers=asked)
        assert reply.status in {401, 405}
        assert not [name for name in reply.headers if name.lower().startswith("access-control-")]


async def test_preflights_of_players_are_allowed_without_credentials_wherever_they_ask(site: Site) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Headers": "range, content-type"}
    for template, path in (await paths(site)).items():
        if template in OPERATORS or template.startswith("/api/"):
            continue
        method = {"Access-Control-Request-Method": MATRIX[template].method}
        reply = await site.fetch(path, method="OPTIONS", headers={**asked, **method})
        assert (204, "*", b"") == (reply.status, reply.headers["Access-Control-Allow-Origin"], reply.body), template
        assert {"range", "content-type"} <= set(reply.headers["Access-Control-Allow-Headers"].lower().split(", "))
        assert "authorization" not in reply.headers["Access-Control-Allow-Headers"].lower()
        assert always(reply)


SUFFIXES = [
    "/x.css",
    ";x.js",
    "%2f..",
    "%00.ts",
    "/",
    "//",
    ".",
    "?/x.css",
    "%23.css",
    "/..%2fx.js",
    ".CSS",
    "%0d%0aX: y",
]


async def test_no_private_body_is_had_under_a_name_that_a_cache_would_keep(site: Site) -> None:
    """Cache deception (B16): what stands behind a private address makes another address, or changes nothing."""
    private = {t: path for t, path in (await paths(site)).items() if MATRIX[t].caching == PRIVATE and t != "/watch"}
    for suffix in SUFFIXES:
        for template, path in private.items():
            reply = await site.raw(f"GET {path}{suffix} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".encode())
            status, caching = reply[9:12], re.findall(rb"\r\nCache-Control: (.*)\r\n", reply)
            if suffix.startswith("?"):
                assert (b"200", [b"private, no-store"]) == (status, caching), path + suffix
            else:
                assert status in {b"400", b"404"}, template + suffix
                assert [b"no-store"] == caching
