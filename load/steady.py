"""Clients that ask for playlists and shared segments at one pace, in a process of their own, whatever else goes on."""

import asyncio
import itertools
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import NamedTuple
from urllib.parse import urlsplit

CLIENTS = 10
PACE_S = 0.05
"""From one request of a client to its next, as long as answers are faster."""
WAIT_S = 10.0


class Target(NamedTuple):
    """What is asked for, again and again."""

    kind: str
    path: str
    size_bytes: int


class Asked(NamedTuple):
    """One request."""

    kind: str
    at_s: float
    """By the clock that all processes share (`time.monotonic`)."""
    took_ms: float
    is_good: bool
    """200, and every byte."""


class Steady:
    """The process of these clients."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def asked(self) -> list[Asked]:
        """All requests since this was asked the last time."""
        self._connection.send(True)
        found: list[Asked] = self._connection.recv()
        return found


@contextmanager
def steady(base_url: str, targets: Sequence[Target]) -> Iterator[Steady]:
    """Ask until the block ends."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_main, args=(base_url, list(targets), theirs), daemon=True)
    process.start()
    try:
        yield Steady(ours)
    finally:
        process.kill()
        process.join()


def _main(base_url: str, targets: list[Target], connection: Connection) -> None:
    asyncio.run(_run(base_url, targets, connection))


async def _run(base_url: str, targets: list[Target], connection: Connection) -> None:
    found: list[Asked] = []
    clients = [asyncio.create_task(_client(base_url, targets, at, found)) for at in range(CLIENTS)]
    while True:
        if await asyncio.to_thread(connection.poll, 0.1):
            connection.recv()
            connection.send(found[:])
            found.clear()
        assert not any(client.done() for client in clients)


async def _client(base_url: str, targets: list[Target], number: int, found: list[Asked]) -> None:
    url = urlsplit(base_url)
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    await asyncio.sleep(number * PACE_S / CLIENTS)
    for target in itertools.islice(itertools.cycle(targets), number, None):
        began_s = time.monotonic()
        is_good = False
        try:
            async with asyncio.timeout(WAIT_S):
                streams = streams or await asyncio.open_connection(url.hostname, url.port)
                is_good = await _ask(*streams, target)
        except (OSError, EOFError, TimeoutError, ValueError):
            if streams is not None:
                streams[1].transport.abort()
            streams = None
        took_s = time.monotonic() - began_s
        found.append(Asked(target.kind, began_s, took_s * 1000, is_good))
        await asyncio.sleep(max(0.0, PACE_S - took_s))


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: Target) -> bool:
    writer.write(f"GET {target.path} HTTP/1.1\r\nHost: load\r\nAccept-Encoding: identity\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
    body = await reader.readexactly(length)
    return head.startswith(b"http/1.1 200 ") and len(body) == target.size_bytes
