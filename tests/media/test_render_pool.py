"""Renderer processes: confined, killed when late, replaced when they die; a job's end is never another's."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from streamsrv.core.model import Scene
from streamsrv.core.overlays import DrawPlan, parse_plan
from streamsrv.media.draw.painter import open_painter
from streamsrv.media.render.job import Ground, Job, RenderError
from streamsrv.media.render.pool import Died, Late, PoolLimits, RenderPool
from streamsrv.media.render.quarantine import QUARANTINE_S
from streamsrv.media.render.segment import render_segment
from tests.core.test_overlays import drawn
from tests.media.files import TINY
from tests.media.test_masters import ground_of, packaged  # noqa: F401  a fixture

ROOT = Path(__file__).resolve().parents[2]
KIT = ROOT / "config/brand.toml"
DEADLINE_S = 60.0
"""Far from what a job takes: a busy machine fails no test."""


@pytest.fixture
async def pool() -> AsyncIterator[RenderPool]:
    opened = RenderPool(size=2, kit=KIT)
    await opened.start()
    yield opened
    await opened.aclose()


@pytest.fixture
def job(packaged: tuple[Path, Scene]) -> Job:  # noqa: F811  the fixture
    store, scene = packaged
    plan = DrawPlan("en", (replace(drawn("Hello Ana"), from_frame=16, to_frame=128),))
    return Job("a", ground_of(store, TINY.rungs[-1], scene.video[-1]), plan.canonical())


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not true():  # noqa: ASYNC110  what is waited for is another process
            await asyncio.sleep(0.02)


async def test_a_process_renders_what_this_one_would(pool: RenderPool, job: Job) -> None:
    rendered = await pool.render(job, deadline_s=DEADLINE_S)

    layers = open_painter(KIT).layers(parse_plan(job.plan), width=320, height=180)
    assert isinstance(job.ground, Ground)
    assert render_segment(job.ground, layers) == rendered.data
    assert rendered.cpu_s > 0


async def test_two_processes_give_equal_bytes(pool: RenderPool, job: Job) -> None:
    one, other = await asyncio.gather(*(pool.render(job, deadline_s=DEADLINE_S) for _ in "ab"))

    assert one.data == other.data


async def test_a_late_job_is_killed_and_another_process_takes_its_place(pool: RenderPool, job: Job) -> None:
    await _until(lambda: pool.idle == 2)
    before = pool.pids
    with pytest.raises(Late):
        await pool.render(job, deadline_s=0.001)

    await _until(lambda: pool.idle == 2)
    assert 1 == len(set(before) & set(pool.pids))
    assert (await pool.render(job, deadline_s=DEADLINE_S)).data


async def test_a_death_fails_its_job_alone_and_the_second_death_is_the_last_for_a_while(job: Job) -> None:
    now_s = 1_000.0
    pool = RenderPool(size=2, kit=KIT, monotonic=lambda: now_s)
    await pool.start()
    for _ in range(2):
        await _until(lambda: pool.idle == 2)
        task = asyncio.create_task(pool.render(job, deadline_s=DEADLINE_S))
        await _until(lambda: pool.idle == 1)
        os.kill(pool.busy_pids[0], signal.SIGKILL)
        with pytest.raises(Died):
            await task

    with pytest.raises(RenderError, match="every process"):
        await pool.render(job, deadline_s=DEADLINE_S)
    assert (await pool.render(replace(job, key="b"), deadline_s=DEADLINE_S)).data
    now_s += QUARANTINE_S
    assert (await pool.render(job, deadline_s=DEADLINE_S)).data
    await pool.aclose()


async def test_a_process_that_dies_while_it_waits_is_replaced(pool: RenderPool) -> None:
    await _until(lambda: pool.idle == 2)
    victim = pool.pids[0]
    os.kill(victim, signal.SIGKILL)

    await _until(lambda: victim not in pool.pids and len(pool.pids) == 2)
    assert 2 == pool.idle


async def test_a_cancelled_job_leaves_no_process_at_work(pool: RenderPool, job: Job) -> None:
    await _until(lambda: pool.idle == 2)
    task = asyncio.create_task(pool.render(job, deadline_s=DEADLINE_S))
    await _until(lambda: pool.idle == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await _until(lambda: pool.idle == 2)
    assert () == pool.busy_pids


async def test_a_job_that_cannot_be_done_says_why_and_spares_its_process(pool: RenderPool, job: Job) -> None:
    await _until(lambda: pool.idle == 2)
    before = pool.pids
    assert isinstance(job.ground, Ground)
    with pytest.raises(RenderError):
        await pool.render(replace(job, ground=replace(job.ground, master=b"no media")), deadline_s=DEADLINE_S)
    with pytest.raises(RenderError, match="JSONDecodeError"):
        await pool.render(replace(job, plan=b"no plan"), deadline_s=DEADLINE_S)

    assert before == pool.pids


async def test_what_the_starting_process_once_held_renews_nobody(job: Job) -> None:
    # Linux counts the peak of the process that starts another into the other's own.
    ballast = bytearray(os.urandom(1)) * 400_000_000
    pool = RenderPool(size=1, kit=KIT, limits=PoolLimits(rss_bytes=350_000_000))
    await pool.start()
    del ballast
    try:
        before = pool.pids
        await pool.render(job, deadline_s=DEADLINE_S)
        assert before == pool.pids
    finally:
        await pool.aclose()


async def test_processes_are_renewed_after_so_many_jobs(job: Job) -> None:
    pool = RenderPool(size=1, kit=KIT, limits=PoolLimits(jobs=1))
    await pool.start()
    try:
        (first,) = pool.pids
        await pool.render(job, deadline_s=DEADLINE_S)
        await pool.render(job, deadline_s=DEADLINE_S)
        await _until(lambda: pool.idle == 1)
        assert first not in pool.pids
        assert 2 == pool.counts["recycled"]
    finally:
        await pool.aclose()


def test_a_confined_process_opens_no_socket_and_starts_no_program(tmp_path: Path) -> None:
    """In a process of its own, for it cannot be undone."""
    script = """
import os, socket
from streamsrv.media.render.sandbox import confine
confine(parent=os.getppid())
found = []
for name, attempt in {
    "socket": lambda: socket.socket(),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "file": lambda: os.write(os.open("written", os.O_CREAT | os.O_WRONLY), b"x"),
}.items():
    try:
        attempt()
        found.append(name + " works")
    except OSError as error:
        found.append(name + " " + type(error).__name__)
print(found)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path)

    assert "" == done.stderr[:400]
    assert "['socket PermissionError', 'program PermissionError', 'file OSError']\n" == done.stdout
