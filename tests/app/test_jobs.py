"""Jobs of which one process at a time does each, over a real state store."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from streamsrv.app.processes.jobs import Job, Scheduler
from streamsrv.config import StateSettings
from streamsrv.core.errors import Unavailable
from streamsrv.stores.state import State, open_state
from streamsrv.telemetry.metrics import Metrics


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    async with open_state(StateSettings(dir=tmp_path / "state")) as opened:
        yield opened


def scheduler(state: State, holder: str, *jobs: Job) -> tuple[Scheduler, Metrics]:
    metrics = Metrics()
    return Scheduler(state, jobs, metrics, holder=holder), metrics


async def running(while_: Callable[[], Awaitable[object]], *schedulers: Scheduler) -> None:
    """Run the schedulers beside something else."""
    tasks = [asyncio.create_task(one.run()) for one in schedulers]
    await while_()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def told(metrics: Metrics, name: str) -> float:
    (line,) = [line for line in metrics.exposition().decode().splitlines() if line.startswith(name)]
    return float(line.rpartition(" ")[2])


async def test_of_several_processes_one_does_a_job_and_all_know_that_it_is_done(state: State) -> None:
    done: list[str] = []

    async def work() -> None:
        done.append("")
        await asyncio.sleep(0.05)

    made = [scheduler(state, f"host-{number}", Job("sweep", 3600.0, work)) for number in range(3)]
    await running(lambda: asyncio.sleep(0.5), *(one for one, _ in made))

    assert len(done) == 1
    assert sorted(told(metrics, 'streamsrv_jobs_done_total{task="sweep"}') for _, metrics in made) == [0, 0, 1]
    assert all(told(metrics, 'streamsrv_job_last_done_timestamp_seconds{task="sweep"}') > 0 for _, metrics in made)


async def test_a_job_is_done_again_when_it_is_due(state: State) -> None:
    again = asyncio.Event()
    done: list[float] = []

    async def work() -> None:
        done.append(asyncio.get_running_loop().time())
        if len(done) == 3:
            again.set()

    one, _ = scheduler(state, "host", Job("sweep", 0.2, work))
    await running(lambda: asyncio.wait_for(again.wait(), 20), one)

    assert len(done) >= 3


async def test_a_long_job_keeps_its_lease(state: State) -> None:
    at_once = 0
    most = 0
    finish = asyncio.Event()

    async def work() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await finish.wait()
        at_once -= 1

    made = [scheduler(state, f"host-{number}", Job("sweep", 0.3, work))[0] for number in range(2)]
    # Several periods.
    await running(lambda: asyncio.sleep(1.5), *made)

    assert most == 1


async def test_a_job_that_fails_is_counted_and_left_to_whoever_tries_next(state: State) -> None:
    async def broken() -> None:
        raise ValueError("on purpose")

    async def away() -> None:
        raise Unavailable("something")

    taken = asyncio.Event()

    async def well() -> None:
        taken.set()

    first, metrics = scheduler(state, "one", Job("sweep", 3600.0, broken), Job("other", 3600.0, away))
    await running(lambda: asyncio.sleep(0.3), first)
    second, _ = scheduler(state, "two", Job("sweep", 3600.0, well))
    await running(lambda: asyncio.wait_for(taken.wait(), 20), second)

    assert [told(metrics, f'streamsrv_jobs_failed_total{{task="{job}"}}') for job in ("sweep", "other")] == [1, 1]
    assert [told(metrics, f'streamsrv_jobs_done_total{{task="{job}"}}') for job in ("sweep", "other")] == [0, 0]


async def test_a_job_that_is_cancelled_is_left_to_the_next(state: State) -> None:
    begun, taken = asyncio.Event(), asyncio.Event()

    async def endless() -> None:
        begun.set()
        await asyncio.sleep(3600)

    async def well() -> None:
        taken.set()

    first, _ = scheduler(state, "one", Job("sweep", 3600.0, endless))
    await running(begun.wait, first)
    second, _ = scheduler(state, "two", Job("sweep", 3600.0, well))
    await running(lambda: asyncio.wait_for(taken.wait(), 20), second)
