"""Renderer processes: one job at a time each, killed when late, renewed when they grow, replaced when they die.

Never a job waits on a process that is gone: a death fails its job alone, and another process stands ready within the
time one takes to start (A27, A28).
"""

import asyncio
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamsrv.core.errors import StreamsrvError
from streamsrv.media.render import wire
from streamsrv.media.render.job import Job, RenderError
from streamsrv.media.render.quarantine import Quarantine

logger = logging.getLogger(__name__)

START_DEADLINE_S = 30.0
"""Loading libraries and fonts on a busy machine."""
BACKOFF_S = 0.5
"""Between attempts to start a process that does not come up."""


class Late(StreamsrvError):
    """A job that was not done by its deadline."""


class Died(StreamsrvError):
    """A process that ended under its job."""


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """When a process is renewed."""

    jobs: int = 500
    rss_bytes: int = 1024**3


@dataclass(frozen=True, slots=True)
class Rendered:
    data: bytes
    cpu_s: float


class RenderPool:
    """`size` processes. Open with `start`, close with `aclose`."""

    def __init__(
        self,
        *,
        size: int,
        kit: Path,
        limits: PoolLimits = PoolLimits(),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.size = size
        self._kit = kit
        self._limits = limits
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._workers: set[_Worker] = set()
        self._ended: set[_Worker] = set()
        """Killed, and perhaps not gone yet."""
        self._starting: set[asyncio.Task[None]] = set()
        self._quarantine = Quarantine(monotonic)
        self._closing = False
        self.counts: Counter[str] = Counter()
        """Jobs by outcome: rendered, failed, late, died, quarantined; processes: started, recycled."""

    @property
    def idle(self) -> int:
        """Processes that wait for a job."""
        return sum(not worker.busy for worker in self._workers)

    @property
    def pids(self) -> tuple[int, ...]:
        """Of all processes that are ready."""
        return tuple(sorted(worker.pid for worker in self._workers))

    @property
    def busy_pids(self) -> tuple[int, ...]:
        """Of the processes at work."""
        return tuple(sorted(worker.pid for worker in self._workers if worker.busy))

    async def start(self) -> None:
        """Start every process; returns when the first is ready."""
        for _ in range(self.size):
            self._replace()
        worker = await self._idle.get()
        self._idle.put_nowait(worker)

    async def render(self, job: Job, *, deadline_s: float) -> Rendered:
        """The segment, within `deadline_s` from now; raises `Late`, `Died` or `RenderError`.

        Cancelled, it ends the job and its process: nobody waits for what it would bring.
        """
        if self._quarantine.holds(job.key):
            self.counts["quarantined"] += 1
            raise RenderError("the job ended every process that tried it")
        loop = asyncio.get_running_loop()
        by_s = loop.time() + deadline_s
        try:
            async with asyncio.timeout_at(by_s):
                worker = await self._take()
        except TimeoutError:
            self.counts["late"] += 1
            raise Late("no process was free in time") from None
        whole = False
        try:
            async with asyncio.timeout_at(by_s):
                head, blobs = await worker.ask(job)
            whole = True
        except TimeoutError:
            self.counts["late"] += 1
            raise Late("the job took too long") from None
        except (EOFError, OSError, ValueError) as error:
            self.counts["died"] += 1
            self._quarantine.add_death(job.key)
            logger.error("a renderer process died", extra={"job": job.key[:16], "why": type(error).__name__})
            raise Died("the process ended") from error
        finally:
            self._give_back(worker, whole=whole)
        if "error" in head:
            self.counts["failed"] += 1
            raise RenderError(str(head["error"]))
        self.counts["rendered"] += 1
        return Rendered(blobs[0], worker.job_cpu_s)

    async def aclose(self) -> None:
        """End every process, at work or not."""
        self._closing = True
        for task in list(self._starting):
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(worker.kill() for worker in (*self._workers, *self._ended)))
        self._workers.clear()

    async def _take(self) -> "_Worker":
        while True:
            worker = await self._idle.get()
            if worker.alive:
                worker.busy = True
                return worker
            self._end(worker)

    def _give_back(self, worker: "_Worker", *, whole: bool) -> None:
        if self._closing:
            return
        if not whole:
            self._end(worker)
        elif worker.jobs >= self._limits.jobs or worker.rss_bytes > self._limits.rss_bytes:
            self.counts["recycled"] += 1
            self._end(worker)
        else:
            worker.busy = False
            self._idle.put_nowait(worker)

    def _end(self, worker: "_Worker") -> None:
        """Once for each process, whoever notices first: one that died while it waited still stands in the queue."""
        if worker in self._workers:
            self._workers.discard(worker)
            self._ended = {one for one in self._ended if one.alive} | {worker}
            worker.kill_now()
            self._replace()

    def _replace(self) -> None:
        if not self._closing:
            task = asyncio.create_task(self._start_one())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _start_one(self) -> None:
        while True:
            try:
                async with asyncio.timeout(START_DEADLINE_S):
                    worker = await _Worker.start(self._kit)
            except (TimeoutError, OSError, EOFError, ValueError) as error:
                logger.error("a renderer process did not start", extra={"why": type(error).__name__})
                await asyncio.sleep(BACKOFF_S)
                continue
            self.counts["started"] += 1
            self._workers.add(worker)
            self._idle.put_nowait(worker)
            watch = asyncio.create_task(self._watch(worker))
            self._starting.add(watch)
            watch.add_done_callback(self._starting.discard)
            return

    async def _watch(self, worker: "_Worker") -> None:
        """Replace a process that dies while it waits; one at work is replaced by its job."""
        await worker.ended()
        if worker in self._workers and not worker.busy:
            self._end(worker)


class _Worker:
    """One process and its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.busy = False
        self.jobs = 0
        self.rss_bytes = 0
        self.job_cpu_s = 0.0
        self._cpu_s = 0.0

    @classmethod
    async def start(cls, kit: Path) -> "_Worker":
        """A process that is ready for its first job."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "streamsrv.media.render.worker", str(os.getpid()), str(kit),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=_environment(), limit=2**20,
        )  # fmt: skip
        worker = cls(process)
        try:
            head, _ = await worker._read()
        except BaseException:
            # To its very end, whoever cancels: a process that is left alone keeps its pipes.
            await asyncio.shield(worker.kill())
            raise
        worker._note(head)
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, job: Job) -> tuple[dict[str, Any], Sequence[bytes]]:
        """Send a job and wait for its answer; raises `OSError`, `EOFError` (both: it died) or `ValueError`."""
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(job.packed())
        await stdin.drain()
        head, blobs = await self._read()
        self._note(head)
        self.jobs += 1
        return head, blobs

    async def ended(self) -> None:
        await self._process.wait()

    def kill_now(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()

    async def kill(self) -> None:
        """End it, and wait until its pipes are closed as well."""
        self.kill_now()
        await self._process.wait()
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.close()
        with suppress(OSError):
            await stdin.wait_closed()
        with suppress(OSError):
            await stdout.read()

    async def _read(self) -> tuple[dict[str, Any], list[bytes]]:
        stdout = self._process.stdout
        assert stdout is not None
        head_bytes, blob_bytes = wire.sizes(await stdout.readexactly(wire.HEAD_BYTES))
        return wire.unpack(await stdout.readexactly(head_bytes), await stdout.readexactly(blob_bytes))

    def _note(self, head: dict[str, Any]) -> None:
        self.job_cpu_s, self._cpu_s = head["cpu_s"] - self._cpu_s, head["cpu_s"]
        self.rss_bytes = head["rss_bytes"]


def _environment() -> dict[str, str]:
    """What a renderer process may know of this one's environment: where Python's modules are, and no secret."""
    passed = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LANG", "TZ", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in passed if name in os.environ}
