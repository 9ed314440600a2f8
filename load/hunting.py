"""A server with renderers in it and beside it, and a hunter who ends its processes with SIGKILL at random moments."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

from load import world
from load.measure import ROOT
from tests.e2e.greet import descendants

RENDERER = "streamsrv.media.render.worker"
STOREKEEPER = "valkey-server"
PAUSES_S = (0.1, 1.0)
"""Between two kills."""
SHARES = (("renderer", 0.88), ("worker", 0.06), ("render command", 0.06))


class Prey:
    """`streamsrv serve` with two workers and their renderers, and one `streamsrv render` beside it."""

    def __init__(self, config: Path, *, port: int, internal_port: int) -> None:
        """`config` stands in a folder of its own."""
        self.base_url = f"http://127.0.0.1:{port}"
        self.internal_url = f"http://127.0.0.1:{internal_port}"
        self._config = config
        ports = {"STREAMSRV_SERVER_PORT": str(port), "STREAMSRV_SERVER_INTERNAL_PORT": str(internal_port)}
        self._environ = {**os.environ, **world.ENVIRON, **ports, "PYTHONUNBUFFERED": "1"}
        self._serve: subprocess.Popen[str] | None = None
        self._render: subprocess.Popen[str] | None = None
        self._changing = asyncio.Lock()
        """Held while anything starts or ends."""

    async def start(self, *, beside: bool) -> None:
        """Returns when it serves; `beside`: with the command that only renders."""
        async with self._changing:
            self._serve = await self._spawn("serve", "--workers", "2")
            if beside:
                self._render = await self._spawn("render", "--processes", "1")

    async def mend(self) -> None:
        """Start the command that only renders anew, where it was killed."""
        async with self._changing:
            if self._render is not None and self._render.poll() is not None:
                assert self._render.stdout is not None
                self._render.stdout.close()
                self._render = await self._spawn("render", "--processes", "1")

    def kinds(self) -> dict[str, list[int]]:
        """The processes that may be ended, by what they are."""
        workers = _children(self._serve)
        renderers = [pid for process in (self._serve, self._render) for pid in _below(process) if _is(pid, RENDERER)]
        beside = [self._render.pid] if self._render is not None and self._render.poll() is None else []
        return {"renderer": renderers, "worker": workers, "render command": beside}

    async def end(self) -> None:
        """Everything at once, the store for state as well."""
        async with self._changing:
            await self._end()

    async def _end(self) -> None:
        processes = [one for one in (self._serve, self._render) if one is not None]
        pids = {pid for one in processes for pid in (*_below(one), one.pid)}
        pids |= {pid for pid in _all() if _is(pid, STOREKEEPER) and _works_in(pid, self._config.parent)}
        for pid in pids:
            kill(pid)
        for one in processes:
            await asyncio.to_thread(one.wait)
            assert one.stdout is not None
            one.stdout.close()
        self._serve = self._render = None
        while any(_is(pid, "streamsrv") or _is(pid, STOREKEEPER) for pid in pids):  # noqa: ASYNC110  of processes
            await asyncio.sleep(0.02)

    async def _spawn(self, command: str, *arguments: str) -> "subprocess.Popen[str]":
        with (self._config.parent / "log").open("a", encoding="utf-8") as log:
            process = await asyncio.to_thread(
                subprocess.Popen,
                [sys.executable, "-m", "streamsrv", command, *arguments, "--config", str(self._config)],
                stdout=subprocess.PIPE, stderr=log, text=True, env=self._environ, cwd=ROOT,
            )  # fmt: skip
        assert process.stdout is not None
        if not await asyncio.to_thread(process.stdout.readline):
            raise RuntimeError(f"streamsrv {command} ended before it was ready: see {self._config.parent / 'log'}")
        return process


async def hunt(prey: Prey, killed: Counter[str], dice: random.Random) -> None:
    """End a process, then pause, for ever."""
    mending: asyncio.Task[None] | None = None
    while True:
        await asyncio.sleep(dice.uniform(*PAUSES_S))
        kind = dice.choices([name for name, _ in SHARES], [share for _, share in SHARES])[0]
        pids = prey.kinds()[kind]
        if pids:
            killed[kind] += kill(dice.choice(pids))
        if mending is None or mending.done():
            mending = asyncio.create_task(prey.mend())


def kill(pid: int) -> bool:
    """SIGKILL; whether there was such a process."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def _children(process: "subprocess.Popen[str] | None") -> list[int]:
    if process is None:
        return []
    lists = Path(f"/proc/{process.pid}/task").glob("*/children")
    with suppress(OSError):
        return [int(pid) for path in lists for pid in path.read_text().split() if _is(int(pid), "streamsrv")]
    return []


def _below(process: "subprocess.Popen[str] | None") -> set[int]:
    return set() if process is None else descendants(process.pid)


def _all() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def _is(pid: int, name: str) -> bool:
    with suppress(OSError):
        return name.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _works_in(pid: int, folder: Path) -> bool:
    with suppress(OSError):
        return folder in Path(f"/proc/{pid}/cwd").readlink().parents
    return False
