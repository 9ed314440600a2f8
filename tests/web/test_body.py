"""Request bodies on real sockets: whole or line by line, within limits and deadlines (B28)."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import pytest

from streamsrv.app.clock import SystemClock
from streamsrv.telemetry.metrics import Metrics
from streamsrv.web.answer import Answer
from streamsrv.web.body import PROGRESS_BYTES, read_lines, read_whole
from streamsrv.web.connection import Deadlines
from streamsrv.web.guard import Guard
from streamsrv.web.headers import API
from streamsrv.web.request import Request
from streamsrv.web.router import Route, Router
from streamsrv.web.server import HttpServer

LIMIT_BYTES = 1_000_000
LINE_BYTES = 100
HEAD = b"PUT /%b HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"


async def whole(request: Request) -> Answer:
    return Answer(200, API, await read_whole(request, limit_bytes=1000))


async def lines(request: Request) -> Answer:
    found = read_lines(request, limit_bytes=LIMIT_BYTES, max_line_bytes=LINE_BYTES)
    return Answer(200, API, orjson.dumps([None if line is None else line.decode() async for line in found]))


@asynccontextmanager
async def serving(request_s: float = 10.0) -> AsyncIterator[int]:
    router = Router([Route("/whole", {"PUT": whole}), Route("/lines", {"PUT": lines})])
    guard = Guard(router, metrics=Metrics(), clock=SystemClock(), request_id_prefix="t")
    deadlines = Deadlines(header_s=10, idle_s=10, request_s=request_s, write_s=10)
    server = HttpServer(guard, deadlines=deadlines, max_connections=10)
    try:
        yield await server.start("127.0.0.1", 0, backlog=10)
    finally:
        await server.drain(0)


async def sent(port: int, *pieces: bytes, pause_s: float = 0.0) -> tuple[int, bytes]:
    """The status and body of the answer to a request sent in pieces."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(pause_s)
        reply = await asyncio.wait_for(reader.read(), 20)
    finally:
        writer.close()
    head, _, body = reply.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), body


def sized(path: bytes, body: bytes, *, fields: bytes = b"") -> bytes:
    return HEAD % path + fields + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunked(path: bytes, *chunks: bytes) -> bytes:
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return HEAD % path + b"Transfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"


@pytest.mark.parametrize("body", [b"", b"x", b"x" * 1000])
async def test_a_body_is_read_whole_declared_or_chunked(body: bytes) -> None:
    async with serving() as port:
        assert await sent(port, sized(b"whole", body)) == (200, body)
        assert await sent(port, chunked(b"whole", *filter(None, (body[:3], body[3:])))) == (200, body)


async def test_a_body_above_the_limit_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as port:
        told, _ = await sent(port, HEAD % b"whole" + b"Content-Length: 1001\r\n\r\n")
        found, _ = await sent(port, chunked(b"whole", b"x" * 600, b"x" * 600))

    assert (told, found) == (413, 413)
    assert caplog.records == []


async def test_a_body_in_a_content_coding_is_refused_and_never_unpacked() -> None:
    bomb = gzip.compress(bytes(10_000_000))
    async with serving() as port:
        assert (await sent(port, sized(b"whole", bomb, fields=b"Content-Encoding: gzip\r\n")))[0] == 415
        assert (await sent(port, sized(b"lines", bomb, fields=b"Content-Encoding: br\r\n")))[0] == 415


async def test_a_malformed_body_is_the_clients_fault(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as port:
        head = HEAD % b"whole" + b"Transfer-Encoding: chunked\r\n\r\n"
        assert (await sent(port, head + b"3\r\nabc\r\n", b"nonsense\r\n"))[0] == 400

    assert caplog.records == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", []),
        (b"a\nb\r\n\nc", ["a", "b", "", "c"]),
        (b"a\n" + b"x" * (LINE_BYTES + 1) + b"\nb\n", ["a", None, "b"]),
        (b"x" * 5000 + b"\n" + b"y" * LINE_BYTES, [None, "y" * LINE_BYTES]),
        (b"a\n" + b"x" * 5000, ["a", None]),
    ],
    ids=["empty", "line ends", "too long", "far too long", "too long at the end"],
)
async def test_lines_are_the_same_however_the_body_is_cut(body: bytes, expected: list[str | None]) -> None:
    async with serving() as port:
        status, answer = await sent(port, sized(b"lines", body))
        assert (status, orjson.loads(answer)) == (200, expected)
        for step in (1, 7) if len(body) < 400 else (997,):
            pieces = [body[at : at + step] for at in range(0, len(body), step)]
            assert orjson.loads((await sent(port, chunked(b"lines", *pieces)))[1]) == expected


async def test_lines_above_the_bodys_limit_are_refused() -> None:
    async with serving() as port:
        line = b"x" * 99 + b"\n"
        assert (await sent(port, chunked(b"lines", *[line * 1000] * 11)))[0] == 413


async def test_a_client_that_waits_to_be_invited_is() -> None:
    async with serving() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD % b"whole" + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")

        assert await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5) == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"hello")
        assert (await asyncio.wait_for(reader.read(), 5)).endswith(b"\r\n\r\nhello")
        writer.close()


async def test_lines_that_get_on_may_take_longer_than_one_deadline() -> None:
    piece = (b"x" * 63 + b"\n") * (PROGRESS_BYTES // 64)
    async with serving(request_s=0.5) as port:
        head = HEAD % b"lines" + b"Content-Length: %d\r\n\r\n" % (8 * len(piece))
        status, answer = await sent(port, head, *[piece] * 8, pause_s=0.2)

    assert (status, len(orjson.loads(answer))) == (200, 8 * PROGRESS_BYTES // 64)


async def test_a_body_that_trickles_gains_no_time() -> None:
    async with serving(request_s=0.5) as port:
        started_s = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD % b"lines" + b"Content-Length: 5000\r\n\r\n")
        reply = asyncio.ensure_future(reader.read())
        while not reply.done() and time.monotonic() - started_s < 15:
            writer.write(b"x\n")
            await asyncio.sleep(0.05)

        assert (await reply).startswith(b"HTTP/1.1 503 ")
        writer.close()


async def test_a_client_that_goes_away_within_its_body_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as port:
        for path in (b"whole", b"lines"):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(HEAD % path + b"Content-Length: 900\r\n\r\nhalf a li")
            await asyncio.sleep(0.05)
            writer.transport.abort()
        await asyncio.sleep(0.1)

    assert caplog.records == []
