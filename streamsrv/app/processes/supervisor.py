"""Keeps the workers: starts them, replaces those that die, changes them one by one, and drains them all at the end."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from streamsrv.app.processes.generation import Generation
from streamsrv.app.processes.handle import WorkerHandle
from streamsrv.app.processes.slots import Slot, share
from streamsrv.app.processes.sockets import Slots
from streamsrv.core.errors import Invalid, Problem
from streamsrv.telemetry.merging import Merged, Retired
from streamsrv.telemetry.metrics import Metrics
from streamsrv.web.server import IDLE_GRACE_S

logger = logging.getLogger(__name__)

ASK_DEADLINE_S = 0.5
"""How long a scrape waits for a worker's numbers before it takes the last ones heard."""
LOOK_EVERY_S = 1.0
FLUSH_S = 10.0
"""After its drain: for events to be written and the process to end, before it is killed."""
LAST_IDLE_S = 1.0
"""Of a drain's end in a rolling restart: for closing the connections that nobody used."""

ENDS = ("asked", "left", "not_ready", "silent", "died")
"""How a worker ends: told by the supervisor, told by somebody else, before it was ready, killed because it hung, or
in any other way."""


class Supervisor:
    """The workers of one server. All methods from one event loop."""

    def __init__(self, generation: Generation, metrics: Metrics) -> None:
        self._generation = generation
        self._sockets: Slots = ()
        self._metrics = metrics
        self._slots = [Slot(number) for number in range(generation.settings.server.workers)]
        self._living: dict[WorkerHandle, None] = {}
        self._retired = Retired()
        self._watching: set[asyncio.Task[None]] = set()
        """One for every worker until it is buried, and one for every worker that was told to leave."""
        self._keeping: set[asyncio.Task[None]] = set()
        """What starts or kills workers by itself."""
        self._stopping = False
        self.started = 0
        self.ended = dict.fromkeys(ENDS, 0)
        """Workers that are gone, by reason."""

    @property
    def generation(self) -> Generation:
        """What workers are started with now."""
        return self._generation

    @property
    def ready(self) -> bool:
        """Whether every slot has a worker that is ready, and none was told to stop."""
        return not self._stopping and all(slot.worker is not None for slot in self._slots)

    @property
    def wanted(self) -> int:
        return len(self._slots)

    @property
    def ready_workers(self) -> int:
        return sum(slot.worker is not None for slot in self._slots)

    @property
    def draining(self) -> int:
        return sum(worker.asked or worker.leaving for worker in self._living)

    async def start(self, sockets: Slots) -> None:
        """Start every worker on its sockets and wait until all are ready; raises `Invalid` where one is not."""
        self._sockets = sockets
        starts = await asyncio.gather(
            *(self._fill(slot, self._generation) for slot in self._slots), return_exceptions=True
        )
        problems: dict[Problem, None] = {}
        for error in starts:
            if isinstance(error, Invalid):
                problems |= dict.fromkeys(error.problems)
            elif error is not None:
                raise error
        if problems:
            raise Invalid(problems)
        _run(self._look(), self._keeping)

    async def restart(self, generation: Generation) -> None:
        """Give every slot a worker of `generation`, one after the other: the old one leaves when the new one is ready.

        Raises `Invalid` where a new worker is not; then the old one stays, and so do those that were not reached.
        """
        for slot in self._slots:
            async with slot.lock:
                await self._fill(slot, generation)
            self._generation = generation

    async def stop(self) -> None:
        """Drain all workers, and wait until they are gone. Not while a restart runs."""
        self._stopping = True
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        limit_s = self._generation.settings.server.drain_s
        for worker in self._living:
            worker.asked = True
            worker.drain(limit_s, IDLE_GRACE_S)
        await asyncio.gather(*(self._end(worker, limit_s) for worker in tuple(self._living)))
        await asyncio.gather(*self._watching)

    async def exposition(self) -> bytes:
        """The metrics of all processes, merged."""
        await asyncio.gather(*(worker.counts(ASK_DEADLINE_S) for worker in self._living))
        merged = Merged()
        merged.add("supervisor", self._metrics.families())
        merged.add("", self._retired.families)
        serving = {slot.worker for slot in self._slots}
        for worker in self._living:
            # Two processes share a slot for the time of a drain: only the one that serves is shown apart.
            families = [family for family in worker.families if worker in serving or family.merge != "each"]
            merged.add(str(worker.slot), families)
        return merged.exposition()

    async def _fill(self, slot: Slot, generation: Generation) -> None:
        """Start a worker for `slot`, and when it is ready let the one that is there leave; raises `Invalid`."""
        server = generation.settings.server
        worker = await WorkerHandle.start(slot.number, generation, self._sockets)
        self.started += 1
        self._living[worker] = None
        try:
            await worker.ready(server.ready_deadline_s)
        except BaseException:
            self._bury(worker, "not_ready")
            raise
        old, slot.worker = slot.worker, worker
        slot.ready_s = asyncio.get_running_loop().time()
        share(self._slots)
        _run(self._watch(slot, worker), self._watching)
        if old is not None:
            old.asked = True
            old.drain(server.drain_s, max(IDLE_GRACE_S, server.drain_s - LAST_IDLE_S))
            _run(self._end(old, server.drain_s), self._watching)

    async def _watch(self, slot: Slot, worker: WorkerHandle) -> None:
        """Wait until a worker goes or is gone, and see that its slot is filled."""
        await worker.changed()
        if slot.worker is worker:
            slot.worker = None
            share(self._slots)
            if not self._stopping:
                _run(self._revive(slot), self._keeping)
            if worker.leaving:
                _run(self._end(worker, self._generation.settings.server.drain_s), self._watching)
        await worker.ended()
        reason = "asked" if worker.asked else "left" if worker.leaving else "silent" if worker.silent else "died"
        self._bury(worker, reason)
        if reason in ("silent", "died"):
            extra = {"slot": slot.number, "pid": worker.pid, "status": worker.exit_status}
            logger.error("a worker %s", reason, extra=extra)

    async def _revive(self, slot: Slot) -> None:
        """Fill an empty slot, waiting longer after each worker that would not start."""
        loop = asyncio.get_running_loop()
        while slot.worker is None:
            await asyncio.sleep(slot.next_wait_s(loop.time()))
            async with slot.lock:
                if slot.worker is not None:
                    return
                try:
                    await self._fill(slot, self._generation)
                except Invalid as error:
                    problems = [str(problem) for problem in error.problems]
                    logger.error("a worker did not start", extra={"slot": slot.number, "problems": problems})
                except OSError:
                    # No process, no descriptor: perhaps there is one next time.
                    logger.exception("a worker could not be started", extra={"slot": slot.number})

    async def _end(self, worker: WorkerHandle, limit_s: float) -> None:
        """See that a worker that was told to leave does."""
        try:
            await asyncio.wait_for(worker.ended(), limit_s + FLUSH_S)
        except TimeoutError:
            logger.error("a worker did not end", extra={"slot": worker.slot, "pid": worker.pid})
            await worker.kill()

    async def _look(self) -> None:
        """Kill workers that hang."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            deadline_s = self._generation.settings.server.silence_deadline_s
            for slot in self._slots:
                worker = slot.worker
                if worker is not None and loop.time() - worker.heard_s > deadline_s:
                    worker.silent = True
                    await worker.kill()

    def _bury(self, worker: WorkerHandle, reason: str) -> None:
        """A worker is gone; what it had counted stays."""
        if worker in self._living:
            del self._living[worker]
            self._retired.add(worker.families)
            self.ended[reason] += 1


def _run(work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
    """Run beside everything else, and remember the task while it does: a task nobody holds may vanish."""
    task = asyncio.create_task(work)
    among.add(task)
    task.add_done_callback(among.discard)
