"""Clients that are slow on purpose, against the real server.

`python -m tests.security.slow [--clients 2000] [--seconds 20]`. Silent connections, heads that never end, bodies that
drip and readers that take nothing, all at once (A30). With `slowhttptest` installed, its four attacks follow. Meanwhile
a healthy client plays, and how long its answers take is compared with the time before. Ends with 1 where an attacker is
not cut off, or a healthy request fails.
"""

import argparse
import asyncio
import multiprocessing
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from load import world
from tests.app.fleet import Fleet, running_fleet

ROOT = Path(__file__).resolve().parents[2]
DEADLINES = {"header_deadline_s": 4, "idle_deadline_s": 6, "request_deadline_s": 6, "write_deadline_s": 6}
GRACE_S = 10.0
"""How much later than the longest deadline the last attacker may be cut off, on a machine that is busy."""
BEFORE_S = 5.0
SEGMENTS = 32
"""A slow reader asks for so many megabytes: more than any kernel takes off the server's hands."""
DRIP_S = 0.5
SLOWHTTPTEST: Mapping[str, Sequence[str]] = {
    "slow headers": ("-H", "-i", "2", "-x", "24"),
    "slow body": ("-B", "-i", "2", "-s", "8192", "-x", "10"),
    "slow read": ("-X", "-w", "1", "-y", "2", "-n", "5", "-z", "32", "-k", "3"),
    "ranges": ("-R", "-a", "1", "-b", "3000"),
}
"""slowhttptest's attacks and how each is run."""


@dataclass
class Fared:
    """How a healthy client fared."""

    took_ms: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        p99 = statistics.quantiles(self.took_ms, n=100)[98] if len(self.took_ms) > 1 else 0.0
        return f"{len(self.took_ms)} answers, p99 {p99:.1f} ms, failed: {self.failed[:3] or 'none'}"


@dataclass(frozen=True)
class Place:
    """Whom to attack, and what they serve."""

    host: str
    port: int
    playlist: str
    segment: str
    link: str


Attack = Callable[[Place, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def silent(place: Place, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says nothing."""
    await reader.read()


async def half_a_head(place: Place, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One header after the other, without an end."""
    writer.write(f"GET {place.playlist} HTTP/1.1\r\nHost: t\r\n".encode())
    await _drip(b"X-A: b\r\n", reader, writer)


async def _drip(drop: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until the server has had enough."""
    over = asyncio.create_task(reader.read())
    while not (await asyncio.wait({over}, timeout=DRIP_S))[0]:
        if not writer.is_closing():
            writer.write(drop)
    await over


async def slow_body(place: Place, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A body that comes byte by byte."""
    writer.write(f"POST {place.link}/sessions HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n".encode())
    await _drip(b" ", reader, writer)


async def slow_reader(place: Place, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Asks for many segments and reads nothing of them. Whoever does not read sees no end: the server counts it."""
    writer.transport.pause_reading()  # type: ignore[attr-defined] # a socket's transport has it
    for _ in range(SEGMENTS):
        writer.write(f"GET {place.segment} HTTP/1.1\r\nHost: t\r\n\r\n".encode())
    await asyncio.sleep(max(DEADLINES.values()) + GRACE_S)


ATTACKS: tuple[Attack, ...] = (silent, half_a_head, slow_body, slow_reader)


@contextmanager
def attacked(folder: Path) -> Iterator[tuple[Fleet, Place]]:
    """A server with short deadlines, and a session to play."""
    world.write_store(folder / "segments")
    server = "\n".join(["max_connections = 4000", *(f"{name} = {value}" for name, value in DEADLINES.items())])
    config = world.write_settings(
        folder, segments=folder / "segments", viewers_file=folder / "none.ndjson", root=ROOT, server=server
    )
    people = world.viewers(1)
    world.fill(config, people)
    now_s = int(time.time())
    token = next(world.playback_tokens(people, 1, segments=folder / "segments", now_s=now_s))
    with running_fleet(config, workers=1) as fleet:
        parts = urlsplit(fleet.base_url)
        assert parts.hostname is not None
        assert parts.port is not None
        link = f"/v/{world.link_token(people[0], now_s=now_s)}"
        place = Place(parts.hostname, parts.port, f"/p/{token}/video/720p.m3u8", "", link)
        segment = asyncio.run(_first_segment(fleet.base_url, place))
        yield fleet, Place(place.host, place.port, place.playlist, segment, link)


async def _first_segment(base_url: str, place: Place) -> str:
    async with ClientSession(base_url) as client, client.get(place.playlist) as response:
        folder = place.playlist.rpartition("/")[0].rpartition("/")[0]
        return f"{folder}/{re.findall(r'^[.][.]/(seg/.*)$', await response.text(), re.MULTILINE)[-1]}"


async def attack(place: Place, *, clients: int) -> Counter[str]:
    """So many attackers at once, of every kind; how many of each were cut off in time."""
    cut: Counter[str] = Counter()
    await asyncio.gather(*(_one(place, ATTACKS[number % len(ATTACKS)], cut) for number in range(clients)))
    return cut


async def _one(place: Place, act: Attack, cut: Counter[str]) -> None:
    writer = None
    try:
        async with asyncio.timeout(max(DEADLINES.values()) + 2 * GRACE_S):
            reader, writer = await asyncio.open_connection(sock=await _socket(place))
            await act(place, reader, writer)
            cut[act.__name__] += 1
    except ConnectionError:
        cut[act.__name__] += 1
    except TimeoutError:
        pass  # Not cut off: it is missing from the count.
    finally:
        if writer is not None:
            writer.transport.abort()


async def _socket(place: Place) -> socket.socket:
    """A connection that takes little before it is read."""
    made = socket.socket()
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    await asyncio.get_running_loop().sock_connect(made, (place.host, place.port))
    return made


def play(base_url: str, place: Place, seconds: float) -> Fared:
    """A healthy client, in a process of its own."""
    return asyncio.run(_play(base_url, place, seconds))


async def _play(base_url: str, place: Place, seconds: float) -> Fared:
    fared = Fared()
    async with ClientSession(base_url, timeout=ClientTimeout(total=20)) as client:
        await _play_on(client, place, fared, seconds)
    return fared


async def _play_on(client: ClientSession, place: Place, fared: Fared, seconds: float) -> None:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        for path in (place.playlist, place.segment):
            asked_s = time.monotonic()
            try:
                async with client.get(path) as response:
                    await response.read()
                    if response.status != 200:
                        fared.failed.append(f"{path}: {response.status}")
            except (ClientError, TimeoutError) as error:
                fared.failed.append(f"{path}: {type(error).__name__}")
            fared.took_ms.append((time.monotonic() - asked_s) * 1000)
            await asyncio.sleep(0.005)


def slowhttptest(base_url: str, place: Place, kind: str, *, clients: int, seconds: int) -> str:
    """One of slowhttptest's attacks; what it says came of it."""
    url = base_url + {"slow read": place.segment, "slow body": f"{place.link}/sessions"}.get(kind, place.playlist)
    how = ("-c", str(clients), "-r", "500", "-l", str(seconds), "-p", "3", "-u", url)
    said = subprocess.run(["slowhttptest", *SLOWHTTPTEST[kind], *how], capture_output=True, check=False).stdout
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said.decode(errors="replace"))
    return str((re.findall(r"Exit status[^\n]*", plain) or ["?"])[-1]).strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=2_000)
    parser.add_argument("--seconds", type=int, default=20, help="of each of slowhttptest's attacks")
    arguments = parser.parse_args()
    clients, seconds = arguments.clients, arguments.seconds
    spawn = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="streamsrv-slow-") as name,
        attacked(Path(name)) as (fleet, place),
        ProcessPoolExecutor(1, mp_context=spawn) as healthy,
    ):
        fared = healthy.submit(play, fleet.base_url, place, BEFORE_S).result()
        say(f"before: {fared}")
        during = healthy.submit(play, fleet.base_url, place, max(DEADLINES.values()) + GRACE_S / 2)
        cut = asyncio.run(attack(place, clients=clients))
        cut["slow_reader"] = int(fleet.metrics().get('streamsrv_http_deadline_closes_total{kind="write"}', 0))
        say(f"{clients} attackers, cut off: {dict(cut)}; meanwhile: {during.result()}")
        clean = sum(cut.values()) == clients and not fared.failed and not during.result().failed
        for kind in SLOWHTTPTEST if shutil.which("slowhttptest") else ():
            during = healthy.submit(play, fleet.base_url, place, seconds / 2)
            told = slowhttptest(fleet.base_url, place, kind, clients=clients // 2, seconds=seconds)
            say(f"slowhttptest, {kind}: {told}; meanwhile: {during.result()}")
            clean &= not during.result().failed
        closes = {name: value for name, value in fleet.metrics().items() if "deadline_closes_total" in name}
        say(f"closed by deadline: {closes}")
    sys.exit(not clean)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # it is a command


if __name__ == "__main__":
    main()
