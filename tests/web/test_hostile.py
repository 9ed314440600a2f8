"""Hostile URLs and bytes: refused with the right headers, never a 500, never another's body."""

import re
import socket
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.conftest import Site

DECEPTIONS = ["/x.css", ";x.js", "%2f..", "%00.ts", "/", "//", ".", "%2e", "/.", "/..", "%20", "%3F", "\\", "#x"]


async def send(site: Site, target: bytes, *, more: bytes = b"") -> tuple[int, bytes]:
    head = b"GET " + target + b" HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
    reply = await site.raw(head + more + b"\r\n")
    return int(reply.split(b" ", 2)[1]), reply


@pytest.mark.parametrize("suffix", DECEPTIONS)
async def test_cache_deception_finds_no_private_body(site: Site, suffix: str) -> None:
    for path in (site.link, f"{site.link}/multivariant.m3u8", f"{site.playback}/video/720p.m3u8"):
        status, reply = await send(site, (path + suffix).encode())
        assert status in {400, 404}, path + suffix
        assert b"#EXTM3U" not in reply
        assert b"Cache-Control: no-store" in reply


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.replace("/p/", "//p/"),
        lambda path: path.replace("/video/", "//video/"),
        lambda path: path.replace("/video/", "/VIDEO/"),
        lambda path: path.replace("m3u8", "M3U8"),
        lambda path: path.replace("/video/", "/x/../video/"),
        lambda path: path.replace("/video/", "/%76ideo/"),
        lambda path: path.replace("/video/", "/video%2f"),
        lambda path: path.replace("/p/", "/p/./"),
    ],
)
async def test_one_url_has_one_spelling(site: Site, change: Callable[[str], str]) -> None:
    status, reply = await send(site, change(f"{site.playback}/video/720p.m3u8").encode())

    assert status == 404
    assert b"#EXTM3U" not in reply


async def test_unknown_queries_and_headers_change_no_body(site: Site) -> None:
    path = f"{site.playback}/video/720p.m3u8"
    plain = (await site.fetch(path)).body
    asked = await site.fetch(
        path + "?CMCD=br%3D1&x=/../../etc/passwd",
        headers={"X-Forwarded-Host": "evil.example", "X-Original-URL": "/metrics", "Forwarded": "host=evil.example"},
    )

    assert asked.body == plain


@pytest.mark.parametrize(
    "place", ["0-1", "1-0", "99-0", "00-0", "+0-0", "0-00", "-0-0", "0", "0-", "-", "0-0-0", "٠-0", "1e0-0"]
)
async def test_segments_that_no_list_has_are_not_there(site: Site, place: str) -> None:
    text = (await site.fetch(f"{site.playback}/video/720p.m3u8", headers={"Accept-Encoding": "identity"})).body.decode()
    listed = re.findall(r"\.\./(seg/\S+/720p/)0-0\.m4s", text)[0]

    assert (await send(site, f"{site.playback}/{listed}0-0.m4s".encode()))[0] == 200
    assert (await send(site, f"{site.playback}/{listed}{place}.m4s".encode()))[0] in {400, 404}


async def test_a_long_url_or_header_is_refused(site: Site) -> None:
    assert (await send(site, b"/" + b"a" * 9000))[0] == 431
    assert (await send(site, b"/x", more=b"X: " + b"a" * 9000 + b"\r\n"))[0] == 431
    assert (await send(site, b"/x", more=b"".join(b"X-%d: 1\r\n" % n for n in range(200))))[0] == 431
    assert (await send(site, b"/" * 5000))[0] == 404


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n\r\n\r\n\x00\x01\x02 / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: \xd9\xa5\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: a\r\n folded: yes\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost : a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_is_not_http_is_a_400_with_the_headers_of_an_error(site: Site, data: bytes) -> None:
    reply = await site.raw(data)

    assert reply.startswith(b"HTTP/1.1 400 ")
    for line in (b"Cache-Control: no-store", b"X-Content-Type-Options: nosniff", b"Connection: close", b"X-Request-Id"):
        assert line in reply


def test_no_url_is_ever_a_500(hostile_site: tuple[str, int, str]) -> None:
    host, port, playback = hostile_site
    words = ["/", "//", "..", "%2e", "%00", "video", "seg", "init", ".m3u8", ".m4s", "0-0", "é", "?", "#", ";", "\\"]
    pieces = st.sampled_from([playback, *words])

    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(st.lists(st.one_of(pieces, st.text(max_size=8)), max_size=8))
    def fuzz(parts: list[str]) -> None:
        target = ("/" + "".join(parts)).encode("utf-8", "surrogatepass")
        target = re.sub(rb"[\r\n ]", b"_", target)
        with socket.create_connection((host, port), timeout=10) as client:
            client.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
            reply = b""
            while chunk := client.recv(65536):
                reply += chunk
        assert int(reply.split(b" ", 2)[1]) in {200, 400, 404}
        assert b"X-Request-Id: " in reply

    fuzz()
