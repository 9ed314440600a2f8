"""Playlists, captions and chapters over HTTP."""

import gzip
import re

import orjson
import pytest
from multidict import CIMultiDict

from tests.web.conftest import Site

COMMON = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Length, Content-Range, ETag, Retry-After, X-Request-Id",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}
TEXTS = [
    ("multivariant.m3u8", "application/vnd.apple.mpegurl"),
    ("video/720p.m3u8", "application/vnd.apple.mpegurl"),
    ("audio/en.m3u8", "application/vnd.apple.mpegurl"),
    ("text/en.m3u8", "application/vnd.apple.mpegurl"),
    ("iframe/720p.m3u8", "application/vnd.apple.mpegurl"),
    ("text/en.vtt", "text/vtt; charset=utf-8"),
    ("chapters.json", "application/json"),
]


@pytest.mark.parametrize(("path", "content_type"), TEXTS, ids=[path for path, _ in TEXTS])
async def test_each_text_has_its_type_and_is_kept_by_no_cache(site: Site, path: str, content_type: str) -> None:
    reply = await site.fetch(f"{site.playback}/{path}", headers={"Accept-Encoding": "identity"})

    headers = reply.headers.copy()
    assert headers.popall("X-Request-Id")[0]
    assert headers.popall("Date")[0]
    expected = CIMultiDict({"Content-Type": content_type, **COMMON, "Content-Length": str(len(reply.body))})
    assert (reply.status, headers) == (200, expected)


@pytest.mark.parametrize(("path", "content_type"), TEXTS, ids=[path for path, _ in TEXTS])
async def test_gzip_is_the_same_text(site: Site, path: str, content_type: str) -> None:
    plain = await site.fetch(f"{site.playback}/{path}", headers={"Accept-Encoding": "gzip;q=0"})
    packed = await site.fetch(f"{site.playback}/{path}", headers={"Accept-Encoding": "br, gzip"})

    unpacked = gzip.decompress(packed.body) if "Content-Encoding" in packed.headers else packed.body
    assert plain.body == unpacked
    assert ("Content-Encoding" in packed.headers) == (len(plain.body) >= 512)


@pytest.mark.parametrize(("path", "content_type"), TEXTS, ids=[path for path, _ in TEXTS])
async def test_head_has_the_headers_of_get_and_no_body(site: Site, path: str, content_type: str) -> None:
    got = await site.fetch(f"{site.playback}/{path}")
    head = await site.fetch(f"{site.playback}/{path}", method="HEAD")

    for reply in (got, head):
        del reply.headers["X-Request-Id"], reply.headers["Date"]
    assert got.headers == head.headers
    assert (head.status, head.body) == (200, b"")


async def test_a_session_is_opened_by_post_only_and_leads_to_playlists(site: Site) -> None:
    opened = await site.fetch(f"{site.link}/sessions", method="POST")
    session = orjson.loads(opened.body)
    playlist = await site.fetch(session["multivariant_url"], headers={"Accept-Encoding": "identity"})

    assert (opened.status, opened.headers["Cache-Control"]) == (201, "no-store")
    told = {key: session[key] for key in ("personal", "language", "ask", "reason", "retry_after_s")}
    assert told == {"personal": True, "language": "en", "ask": None, "reason": None, "retry_after_s": None}
    assert session.keys() == {"session_id", "multivariant_url", "expires_at", "cta", *told}
    assert session["cta"]["label"] == "Renew now"
    assert playlist.body.startswith(b"#EXTM3U\n")
    assert [event["type"] for event in await site.events()] == ["session"]


async def test_looking_at_a_link_changes_and_counts_nothing(site: Site) -> None:
    for method in ("GET", "HEAD") * 5:
        reply = await site.fetch(site.link, method=method)
        assert (reply.status, reply.headers["Cache-Control"]) == (200, "private, no-store")

    assert "set-cookie" not in {name.lower() for name in reply.headers}
    assert await site.events() == []


async def test_the_page_names_only_built_files_that_are_immutable(site: Site) -> None:
    page = (await site.fetch(site.link, headers={"Accept-Encoding": "identity"})).body.decode()
    files = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    replies = [await site.fetch(path) for path in files]

    names = [path.rpartition("/")[2] for path in files]
    assert names == ["player.css", "player.js", "playback.js"]
    assert {(reply.status, reply.headers["Cache-Control"]) for reply in replies} == {
        (200, "public, max-age=31536000, immutable")
    }
    assert "script-src 'self'" in (await site.fetch(site.link)).headers["Content-Security-Policy"]
    assert (await site.fetch("/assets/0000000000000000/player.js")).status == 404
    assert (await site.fetch(files[0].replace("player", "manifest"))).status == 404


async def test_the_bare_multivariant_playlist_leads_to_media(site: Site) -> None:
    text = (await site.fetch(f"{site.link}/multivariant.m3u8", headers={"Accept-Encoding": "identity"})).body.decode()
    uri = next(line for line in text.splitlines() if line.endswith("video/720p.m3u8"))

    assert uri.startswith("../../p/")
    assert (await site.fetch(uri.removeprefix("../.."))).status == 200


async def test_the_same_session_gets_the_same_list_each_time(site: Site) -> None:
    bodies = {(await site.fetch(f"{site.playback}/video/720p.m3u8")).body for _ in range(3)}

    assert len(bodies) == 1
