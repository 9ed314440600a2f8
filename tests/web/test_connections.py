"""Deadlines, the connection cap, keep-alive and pipelining, on real sockets."""

import asyncio
import re
import socket
import time
from contextlib import suppress

import pytest

from streamsrv.core.model import CampaignId
from tests.web.conftest import OpenSite, Site
from tests.web.test_segments import segment_paths

SHORT = "header_deadline_s = 0.4\nidle_deadline_s = 0.4\nwrite_deadline_s = 0.4\nrequest_deadline_s = 0.4\n"
GENEROUS_S = 8
"""Deadlines are late by at most a quarter; anything near this means that none worked."""


async def closed_within(reader: asyncio.StreamReader, limit_s: float) -> bytes:
    try:
        return await asyncio.wait_for(reader.read(), limit_s)
    except ConnectionResetError:
        return b""


async def test_a_thousand_silent_and_half_open_requests_are_closed_and_disturb_nobody(open_site: OpenSite) -> None:
    async with open_site(server=SHORT) as site:
        started_s = time.monotonic()
        kinds = (b"", b"GET", b"GET / HTTP/1.1\r\nHost: te", b"POST /v/x/sessions HTTP/1.1\r\nContent-Length: 9\r\n")
        clients = [await site.connect() for _ in range(1000)]
        for number, (_, writer) in enumerate(clients):
            writer.write(kinds[number % len(kinds)])
        healthy = [await site.fetch(f"{site.playback}/video/720p.m3u8") for _ in range(20)]
        left = await asyncio.gather(*(closed_within(reader, GENEROUS_S) for reader, _ in clients))

        assert {reply.status for reply in healthy} == {200}
        assert set(left) == {b""}
        assert time.monotonic() - started_s < GENEROUS_S
        metrics = (await site.operations("/metrics")).body.decode()
        assert 'streamsrv_http_deadline_closes_total{kind="header"} 1000.0' in metrics
        for _, writer in clients:
            writer.close()


async def test_headers_that_trickle_in_gain_no_time(open_site: OpenSite) -> None:
    async with open_site(server=SHORT) as site:
        reader, writer = await site.connect()
        started_s = time.monotonic()
        writer.write(b"GET /x HTTP/1.1\r\nX: ")
        while not reader.at_eof() and time.monotonic() - started_s < GENEROUS_S:
            writer.write(b"X")
            await asyncio.sleep(0.05)
            with suppress(TimeoutError, ConnectionError):
                await asyncio.wait_for(reader.read(1), 0.01)
        assert time.monotonic() - started_s < GENEROUS_S
        writer.close()


async def test_an_idle_kept_connection_is_closed(open_site: OpenSite) -> None:
    async with open_site(server=SHORT) as site:
        reader, writer = await site.connect()
        writer.write(b"GET /x HTTP/1.1\r\nHost: test\r\n\r\n")

        assert (await closed_within(reader, GENEROUS_S)).count(b"HTTP/1.1 404") == 1
        assert 'kind="idle"} 1.0' in (await site.operations("/metrics")).body.decode()
        writer.close()


async def test_a_reader_that_stops_is_cut_and_is_one_event(open_site: OpenSite) -> None:
    async with open_site(server=SHORT) as site:
        path = (await segment_paths(site))[2]
        _, writer = await site.connect()
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a ReadTransport, too
        for _ in range(12):
            writer.write(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
        for _ in range(GENEROUS_S * 10):
            if 'kind="write"} 1.0' in (metrics := (await site.operations("/metrics")).body.decode()):
                break
            await asyncio.sleep(0.1)

        assert 'kind="write"} 1.0' in metrics
        writer.transport.abort()


async def test_a_slow_body_is_cut(open_site: OpenSite) -> None:
    async with open_site(server=SHORT) as site:
        reader, writer = await site.connect()
        writer.write(f"POST {site.link}/sessions HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nslow".encode())

        assert (await closed_within(reader, GENEROUS_S)).count(b"503 Service Unavailable") == 1
        writer.close()


async def test_a_handler_that_hangs_is_a_503_in_time(open_site: OpenSite, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(self: object, link_id: CampaignId) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("streamsrv.stores.viewers.RedisViewerStore.viewer", hang)
    async with open_site(server=SHORT) as site:
        started_s = time.monotonic()
        reply = await site.fetch(f"{site.link}/multivariant.m3u8")

        assert (reply.status, reply.headers["Retry-After"]) == (503, "1")
        assert time.monotonic() - started_s < GENEROUS_S


async def test_above_the_cap_a_connection_is_told_to_come_back(open_site: OpenSite) -> None:
    async with open_site(server="max_connections = 2\n") as site:
        kept = [await site.connect() for _ in range(2)]
        await asyncio.sleep(0.05)
        reply = await site.raw(b"")

        assert reply.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        assert b"Retry-After: 1\r\n" in reply
        for _, writer in kept:
            writer.close()
        await asyncio.sleep(0.05)
        assert (await site.fetch("/x")).status == 404
        assert "streamsrv_http_refused_connections_total 1.0" in (await site.operations("/metrics")).body.decode()


async def test_pipelined_requests_are_answered_in_order(site: Site) -> None:
    paths = [f"{site.playback}/{name}" for name in ("video/720p.m3u8", "x", "text/en.vtt", "audio/en.m3u8")]
    data = "".join(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n" for path in paths)
    reply = await site.raw(data.encode() + b"HEAD /y HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")

    assert re.findall(rb"HTTP/1\.1 (\d+)", reply) == [b"200", b"404", b"200", b"200", b"404"]


async def test_a_http_1_0_client_is_kept_only_where_it_asks(site: Site) -> None:
    kept = await site.raw(b"GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /x HTTP/1.0\r\n\r\n")

    assert kept.count(b"HTTP/1.1 404") == 2
    assert kept.count(b"Connection: keep-alive") == 1


async def test_an_upgrade_is_declined_and_ends_the_connection(site: Site) -> None:
    asked = b"GET /x HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    reply = await site.raw(asked + b"GET /y HTTP/1.1\r\nHost: test\r\n\r\n")

    assert re.findall(rb"HTTP/1\.1 (\d+)", reply) == [b"404"]
    assert b"Connection: close\r\n" in reply
    assert (await site.raw(b"CONNECT a:1 HTTP/1.1\r\nHost: test\r\n\r\n")).startswith(b"HTTP/1.1 40")


async def test_a_body_nobody_asked_for_does_not_become_a_request(site: Site) -> None:
    inner = b"GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n"
    head = f"GET {site.link} HTTP/1.1\r\nHost: test\r\nContent-Length: {len(inner)}\r\n\r\n".encode()
    reply = await site.raw(head + inner + b"GET /x HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")

    assert re.findall(rb"HTTP/1\.1 (\d+)", reply) == [b"200", b"404"]
