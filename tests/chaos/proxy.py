"""A TCP proxy that does harm, in Toxiproxy's words: latency, bandwidth, slow_close, timeout, reset_peer, slicer,
limit_data, down.

A toxic works on one direction: "upstream" is what the client sends, "downstream" what it is sent. Toxics may be added
and taken away at any time; what has been read from a socket meets those that are there when it is passed on.
"""

import asyncio
import random
import socket
import struct
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

Direction: TypeAlias = Literal["upstream", "downstream"]
Upstream: TypeAlias = tuple[str, int] | Path
"""Host and port, or the path of a Unix socket."""
READ_BYTES = 64 * 1024
CHUNKS_UNDER_WAY = 256
"""Read and not yet passed on, in each direction of a connection."""


class Cut(Exception):
    """Ends the connection; `reset` says by a reset."""

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__()
        self.reset = reset


@dataclass(slots=True)
class Flow:
    """One direction of one connection."""

    dice: random.Random
    opened_s: float = field(default_factory=time.monotonic)
    arrived_s: float = 0.0
    """When the chunk in hand was read."""
    passed_bytes: int = 0


class Toxic(Protocol):
    def pour(self, data: bytes, flow: Flow) -> AsyncIterator[bytes]:
        """What becomes of `data`, piece by piece; may wait, and may raise `Cut`."""
        ...


@dataclass(frozen=True, slots=True)
class Latency:
    """Everything comes later, by `latency_ms` and up to `jitter_ms` more or less; in order."""

    latency_ms: float
    jitter_ms: float = 0.0

    async def pour(self, data: bytes, flow: Flow) -> AsyncIterator[bytes]:
        delay_ms = self.latency_ms + flow.dice.uniform(-self.jitter_ms, self.jitter_ms)
        await asyncio.sleep(flow.arrived_s + delay_ms / 1000 - time.monotonic())
        yield data


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """At most so many bytes a second."""

    rate_bytes: int

    async def pour(self, data: bytes, flow: Flow) -> AsyncIterator[bytes]:
        piece_bytes = max(1, self.rate_bytes // 20)
        for start in range(0, len(data), piece_bytes):
            piece = data[start : start + piece_bytes]
            await asyncio.sleep(len(piece) / self.rate_bytes)
            yield piece


@dataclass(frozen=True, slots=True)
class SlowClose:
    """The end of the stream is passed on later. Applied by the proxy, not to data."""

    delay_ms: float

    async def pour(self, data: bytes, flow: Flow) -> AsyncIterator[bytes]:
        yield data


@dataclass(frozen=True, slots=True)
class Timeout:
    """Nothing gets through; the connection is closed after `timeout_ms`, or never when it is 0."""

    timeout_ms: float = 0.0

    async def pour(self, data: bytes, flow: Flow) -> AsyncIterator[bytes]:
        if self.timeout_ms:
            await asyncio.sleep(flow.arrived_s + self.timeout_ms / 1000 - time.monotonic())
            raise Cut
        nothing: tuple[bytes, ...] = ()
        for piece in nothing:
            yield piece


@dataclass(frozen=True, slots=True)
class ResetPeer:
    """The connection is reset, once it is `timeout_ms` old."""

    timeout_ms: float = 0.0

    async def pour(self, data: bytes, flow: Flow) -> AsyncIterator[bytes]:
        if time.monotonic() >= flow.opened_s + self.timeout_ms / 1000:
            raise Cut(reset=True)
        yield data


@dataclass(frozen=True, slots=True)
class Slicer:
    """Data comes in slices of about `average_bytes`, `delay_ms` apart."""

    average_bytes: int
    variation_bytes: int = 0
    delay_ms: float = 0.0

    async def pour(self, data: bytes, flow: Flow) -> AsyncIterator[bytes]:
        start = 0
        while start < len(data):
            size = self.average_bytes + flow.dice.randint(-self.variation_bytes, self.variation_bytes)
            end = start + max(1, size)
            yield data[start:end]
            start = end
            await asyncio.sleep(self.delay_ms / 1000)


@dataclass(frozen=True, slots=True)
class LimitData:
    """The connection is closed after so many bytes."""

    limit_bytes: int

    async def pour(self, data: bytes, flow: Flow) -> AsyncIterator[bytes]:
        allowed = data[: max(0, self.limit_bytes - flow.passed_bytes)]
        if allowed:
            yield allowed
        if len(allowed) < len(data):
            raise Cut


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes on to `upstream`. Opened by `open_proxy`."""

    def __init__(self, upstream: Upstream, *, seed: int = 0) -> None:
        self._upstream = upstream
        self._dice = random.Random(seed)
        self._toxics: dict[str, tuple[Toxic, Direction, float]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.connections = 0
        """How many were ever made."""

    def add(
        self, toxic: Toxic, *, direction: Direction = "downstream", toxicity: float = 1.0, name: str | None = None
    ) -> None:
        """Poison that direction of all connections; of a share of the chunks where `toxicity` is below 1."""
        self._toxics[name or type(toxic).__name__] = (toxic, direction, toxicity)

    def remove(self, name: str) -> None:
        """Take a toxic away by its name, which is its class's where none was given."""
        self._toxics.pop(name, None)

    def clear(self) -> None:
        self._toxics.clear()

    async def down(self) -> None:
        """Refuse connections, and reset those that there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            _close(writer, reset=True)

    async def up(self) -> None:
        """Listen (again), always on the same port."""
        if self._server is None:
            self._server = await asyncio.start_server(self._accepted, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def aclose(self) -> None:
        await self.down()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            up_reader, up_writer = await self._connect()
        except OSError:
            _close(writer, reset=True)
            self._writers.discard(writer)
            return
        self._writers.add(up_writer)
        reset = False
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_on(reader, up_writer, "upstream"))
                group.create_task(self._pass_on(up_reader, writer, "downstream"))
        except* Cut as cuts:
            reset = cuts.subgroup(lambda cut: isinstance(cut, Cut) and cut.reset) is not None
        except* OSError:
            reset = True
        finally:
            for one in (writer, up_writer):
                _close(one, reset=reset)
                self._writers.discard(one)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._upstream, Path):
            return await asyncio.open_unix_connection(str(self._upstream))
        return await asyncio.open_connection(*self._upstream)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: Direction) -> None:
        """Reading goes on while data waits, so that latency delays and does not throttle."""
        flow = Flow(self._dice)
        chunks: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(CHUNKS_UNDER_WAY)

        async def read() -> None:
            data = b"?"
            while data:
                data = await reader.read(READ_BYTES)
                await chunks.put((time.monotonic(), data))

        async with asyncio.TaskGroup() as group:
            group.create_task(read())
            while True:
                flow.arrived_s, data = await chunks.get()
                if not data:
                    break
                await self._pour(data, self._met(direction), writer, flow)
        for toxic in self._met(direction):
            if isinstance(toxic, SlowClose):
                await asyncio.sleep(toxic.delay_ms / 1000)
        raise Cut  # Redis clients never close half of a connection.

    def _met(self, direction: Direction) -> list[Toxic]:
        return [
            toxic
            for toxic, where, toxicity in self._toxics.values()
            if where == direction and (toxicity >= 1.0 or self._dice.random() < toxicity)
        ]

    async def _pour(self, data: bytes, toxics: Sequence[Toxic], writer: asyncio.StreamWriter, flow: Flow) -> None:
        if toxics:
            async for piece in toxics[0].pour(data, flow):
                await self._pour(piece, toxics[1:], writer, flow)
            return
        flow.passed_bytes += len(data)
        writer.write(data)
        await writer.drain()


@asynccontextmanager
async def open_proxy(upstream: Upstream, *, seed: int = 0) -> AsyncIterator[Proxy]:
    """A proxy in front of `upstream`, without toxics yet; its `port` is the one to connect to."""
    proxy = Proxy(upstream, seed=seed)
    await proxy.up()
    try:
        yield proxy
    finally:
        await proxy.aclose()


def _close(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    """Close at once; a reset throws away what was not sent yet."""
    if reset:
        with suppress(OSError, ValueError):
            # uvloop has none any more once the other side has closed.
            peer: socket.socket | None = writer.get_extra_info("socket")
            if peer is not None and peer.family != socket.AF_UNIX:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    else:
        writer.close()
