"""The proxy does the harm it says, and no other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.chaos.proxy import (
    Bandwidth,
    Latency,
    LimitData,
    Proxy,
    ResetPeer,
    Slicer,
    SlowClose,
    Timeout,
    Toxic,
    open_proxy,
)

TEXT = bytes(range(256)) * 40


@asynccontextmanager
async def _echo() -> AsyncIterator[int]:
    """The port of a server that sends back what it is sent."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    async with _echo() as port, open_proxy(("127.0.0.1", port)) as opened:
        yield opened


async def _exchange(proxy: Proxy, data: bytes = TEXT, *, patience_s: float = 10.0) -> bytes:
    """What comes back until all did, or the connection was closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    got = b""
    try:
        writer.write(data)
        async with asyncio.timeout(patience_s):
            while len(got) < len(data) and (piece := await reader.read(65536)):
                got += piece
    finally:
        writer.close()
    return got


@pytest.mark.parametrize("toxic", [Latency(20, jitter_ms=20), Bandwidth(100_000), Slicer(100, 50), SlowClose(10)])
@pytest.mark.parametrize("direction", ["upstream", "downstream"])
async def test_slow_toxics_change_no_byte(proxy: Proxy, toxic: Toxic, direction: str) -> None:
    proxy.add(toxic, direction="upstream" if direction == "upstream" else "downstream")

    assert await _exchange(proxy) == TEXT


async def test_so_many_bytes_and_then_the_end(proxy: Proxy) -> None:
    proxy.add(LimitData(1234))

    assert await _exchange(proxy) == TEXT[:1234]


async def test_nothing_comes_until_the_toxic_is_taken_away(proxy: Proxy) -> None:
    proxy.add(Timeout())
    with pytest.raises(TimeoutError):
        await _exchange(proxy, patience_s=0.1)
    proxy.remove("Timeout")

    assert await _exchange(proxy) == TEXT


async def test_a_timeout_ends_the_connection(proxy: Proxy) -> None:
    proxy.add(Timeout(10))

    assert await _exchange(proxy) == b""


async def test_a_reset_is_a_reset(proxy: Proxy) -> None:
    proxy.add(ResetPeer())

    with pytest.raises(ConnectionResetError):
        await _exchange(proxy)


async def test_down_is_refused_and_up_is_the_same_port(proxy: Proxy) -> None:
    port = proxy.port
    await proxy.down()
    with pytest.raises(ConnectionRefusedError):
        await _exchange(proxy)
    await proxy.up()

    assert (proxy.port, await _exchange(proxy)) == (port, TEXT)


async def test_a_share_of_the_chunks_is_harmed(proxy: Proxy) -> None:
    proxy.add(LimitData(0), toxicity=0.5)
    whole = [await _exchange(proxy, b"x") for _ in range(60)].count(b"x")

    assert 10 < whole < 50
