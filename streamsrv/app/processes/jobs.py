"""Work that is done from time to time, most of it by one machine of all that share a state store, whoever is first.

Every supervisor has every job. A job's lease in the state store says whose turn it is: who gets it does the work, and
the lease stays until the next time is due, so that the others do not do it again.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from streamsrv.core.errors import Unavailable
from streamsrv.stores.state import AnyRedis, State, names
from streamsrv.telemetry.metrics import Metrics

logger = logging.getLogger(__name__)

SPREAD = 0.1
"""Of a job's period: by how much machines differ, so that they do not all ask at once."""
HELD_SHARE = 0.9
"""Of a job's period: how long a lease lasts. Less than the whole, so that the next time is due when it is over."""
RENEW_SHARE = 0.3
LONGEST_RETRY_S = 60.0
"""After a failure, or without the state store, the next try is not further away than this."""
# Only who holds a lease may renew it or give it back.
_IF_OURS = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every `period_s`. `run` may be done twice, and may be cancelled between any two awaits."""

    name: str
    period_s: float
    run: Callable[[], Awaitable[None]]
    everywhere: bool = False
    """By every machine, on its own: without a lease."""


class Scheduler:
    """Does the jobs when they are due, until cancelled."""

    def __init__(self, state: State, jobs: Sequence[Job], metrics: Metrics, *, holder: str) -> None:
        """`holder` names this process among all that share the state store."""
        self._state = state
        self._jobs = jobs
        self._holder = holder.encode("ascii")
        self._done = dict.fromkeys((job.name for job in jobs), 0)
        self._failed = dict.fromkeys((job.name for job in jobs), 0)
        self._last_done_s: dict[str, float] = {}
        # Not `job`: Prometheus gives every sample a label of that name.
        metrics.watch_counters("streamsrv_jobs_done", "Jobs that this server did.", "task", lambda: self._done)
        metrics.watch_counters("streamsrv_jobs_failed", "Jobs that broke off.", "task", lambda: self._failed)
        metrics.watch_gauges(
            "streamsrv_job_last_done_timestamp_seconds",
            "When this server last did the job, or saw that another had.",
            "task",
            lambda: self._last_done_s,
        )

    async def run(self) -> None:
        """All jobs, each at its own times."""
        async with asyncio.TaskGroup() as group:
            for job in self._jobs:
                group.create_task(self._repeat(job))

    async def _repeat(self, job: Job) -> None:
        while True:
            well = await self._turn(job)
            pause_s = job.period_s if well else min(job.period_s, LONGEST_RETRY_S)
            await asyncio.sleep(pause_s * random.uniform(1 - SPREAD / 2, 1 + SPREAD / 2))

    async def _turn(self, job: Job) -> bool:
        """Do the job if nobody else has, or is doing it; whether it needs no other try soon."""
        try:
            if job.everywhere:
                await job.run()
                self._done[job.name] += 1
            elif await self._take(job):
                await self._do(job)
                self._done[job.name] += 1
            self._last_done_s[job.name] = time.time()
            return True
        except Unavailable as error:
            # Away: the store's own metrics and log say more.
            logger.warning("a job waits", extra={"job": job.name, "what": error.what})
        except Exception:
            logger.exception("a job failed", extra={"job": job.name})
        self._failed[job.name] += 1
        return False

    async def _do(self, job: Job) -> None:
        """The work, with its lease renewed meanwhile, and given back where it fails."""
        work = asyncio.ensure_future(job.run())
        try:
            while True:
                done, _ = await asyncio.wait({work}, timeout=RENEW_SHARE * job.period_s)
                await self._renew(job, HELD_SHARE * job.period_s)
                if done:
                    work.result()
                    return
        except BaseException:
            work.cancel()
            await self._renew(job, 0.0)
            raise

    async def _take(self, job: Job) -> bool:
        key, held_ms = names.lease(job.name), max(1, int(1000 * HELD_SHARE * job.period_s))

        async def take(client: AnyRedis) -> bool:
            return bool(await client.set(key, self._holder, nx=True, px=held_ms))

        return await self._state.run(take, what="job leases", retry=False)

    async def _renew(self, job: Job, held_s: float) -> None:
        key, held_ms = names.lease(job.name), str(int(1000 * held_s))

        async def renew(client: AnyRedis) -> object:
            return await client.eval(_IF_OURS, 1, key, self._holder, held_ms)

        await self._state.run(renew, what="job leases")
