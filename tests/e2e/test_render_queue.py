"""Orders for renderers, from those who wait to real processes and back: one render for all, and an answer for each."""

import asyncio
import hashlib
import os
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from streamsrv.app.clock import SystemClock
from streamsrv.app.rendering import RenderService, new_studio, open_render_service
from streamsrv.config import RenderingSettings, Settings, StateSettings, load_ladder
from streamsrv.core.errors import NotRendered
from streamsrv.core.fragment import Fragment
from streamsrv.core.model import SceneId
from streamsrv.core.overlays import DrawPlan
from streamsrv.core.own import Order, OwnName
from streamsrv.media.samples import read_samples
from streamsrv.stores.render_queue import MOST_NOW, RenderQueue
from streamsrv.stores.rendered import FolderObjects, RenderedStore
from streamsrv.stores.renderer import QueueRenderer, open_renderer
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import CachedSegmentStore, open_store
from streamsrv.stores.state import open_state
from tests.core.test_overlays import drawn

ROOT = Path(__file__).resolve().parents[2]
PATIENT_S = 120.0
"""Far from what a render takes: a busy machine fails no test."""
SECRET = b"q" * 32


@dataclass(frozen=True)
class House:
    """Those who wait, and those who render, over one store for state."""

    renderer: QueueRenderer
    queue: RenderQueue
    service: RenderService
    folder: Path
    scene_key: str

    def order(self, words: str, *, rung: str = "180p", top: float = 0.44, whole: bool = False) -> Order:
        item = replace(drawn(words), from_frame=16, to_frame=80, box=(0.05, top, 0.9, 0.12))
        name = OwnName(hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest(), rung, 1)
        return Order(name, SceneId("hello"), self.scene_key, DrawPlan("en", (item,), whole).canonical())


@asynccontextmanager
async def _house(store: Path, folder: Path, *, working: bool = True) -> AsyncIterator[House]:
    clock, ladder = SystemClock(), load_ladder(store / "ladder.toml")
    objects = open_store(str(store / "segments"))
    catalog = load_catalog(objects, target_duration_s=ladder.target_duration_s())
    segments = CachedSegmentStore(objects, cache_bytes=2**24, deadline_s=10)
    settings = Settings(rendering=RenderingSettings(kit=ROOT / "config/brand.toml"))
    async with AsyncExitStack() as stack:
        state = await stack.enter_async_context(open_state(StateSettings(dir=folder / "state", budget_ms=20_000)))
        # One for each end, as on two machines with one bucket.
        here, there = (
            RenderedStore(FolderObjects(folder / "rendered", max_bytes=2**28), cache_bytes=2**24, deadline_s=10)
            for _ in "ab"
        )
        queue, taking = (RenderQueue(state, SECRET, clock, random_bytes=secrets.token_bytes) for _ in "ab")
        studio = new_studio(settings, catalog, ladder, segments, processes=1)
        service = RenderService(studio, taking, there)
        if working:
            service = await stack.enter_async_context(open_render_service(studio, taking, there))
        renderer = await stack.enter_async_context(open_renderer(queue, here, state, clock))
        yield House(renderer, queue, service, folder, catalog.scenes[SceneId("hello")].key)


def _bytes(fragment: Fragment) -> bytes:
    return fragment.head + bytes(fragment.body)


async def _rendering(house: House) -> int:
    """The process at work, once there is one."""
    async with asyncio.timeout(PATIENT_S):
        while not (busy := house.service.studio.pool.busy_pids):  # noqa: ASYNC110  another process is waited for
            await asyncio.sleep(0.002)
    return busy[0]


async def _patiently(house: House, order: Order) -> bytes:
    """The segment, asked for until it is there: a busy machine may take longer than an order lives."""
    async with asyncio.timeout(PATIENT_S):
        while True:
            try:
                return _bytes(await house.renderer.render(order, deadline_s=PATIENT_S))
            except NotRendered:
                await asyncio.sleep(0.1)


async def test_a_thousand_who_wait_for_a_cold_segment_are_one_render(greet_store: Path, tmp_path: Path) -> None:
    """A14."""
    async with _house(greet_store, tmp_path) as house:
        order = house.order("Hello thousand")
        found = await asyncio.gather(*(_patiently(house, order) for _ in range(1000)))

        assert 1 == len(set(found))
        assert 1 == house.service.studio.pool.counts["rendered"]


async def test_when_all_but_one_of_them_go_away_the_last_gets_it(greet_store: Path, tmp_path: Path) -> None:
    """A15."""
    async with _house(greet_store, tmp_path) as house:
        order = house.order("Hello last")
        waiting = [asyncio.create_task(_patiently(house, order)) for _ in range(1000)]
        await _rendering(house)
        for task in waiting[:-1]:
            task.cancel()

        assert await waiting[-1]
        assert 1 == house.service.studio.pool.counts["rendered"]
        assert all(task.cancelled() for task in waiting[:-1])


async def test_when_the_process_at_work_is_killed_another_finishes(greet_store: Path, tmp_path: Path) -> None:
    async with _house(greet_store, tmp_path) as house:
        waiting = asyncio.create_task(_patiently(house, house.order("Hello survivor")))
        os.kill(await _rendering(house), signal.SIGKILL)

        assert await waiting
        assert (1, 1) == tuple(house.service.studio.pool.counts[kind] for kind in ("died", "rendered"))


async def test_what_nobody_waits_for_any_more_is_dropped_before_it_costs(greet_store: Path, tmp_path: Path) -> None:
    """A9."""
    async with _house(greet_store, tmp_path) as house:
        now_ms = SystemClock().now_ms()
        for number in range(20):
            await house.queue.add(house.order(f"too late {number}"), waits=bool(number % 2), deadline_ms=now_ms - 1)
        await _patiently(house, house.order("in time"))

        assert 1 == house.service.studio.pool.counts["rendered"]
        # An order is told to be done just before it is taken off.
        async with asyncio.timeout(PATIENT_S):
            while sum(await house.queue.waiting()):  # noqa: ASYNC110  another task is waited for
                await asyncio.sleep(0.05)


async def _words_taken(house: House, names: dict[OwnName, str]) -> list[str]:
    """All that a renderer would take, in its order."""
    found = []
    while (taken := await house.queue.take("a renderer")) is not None:
        found.append(names[taken.order.name])
        await house.queue.finish(taken, None, leased=False)
    return found


async def test_whoever_waits_goes_before_all_that_is_only_likely(greet_store: Path, tmp_path: Path) -> None:
    async with _house(greet_store, tmp_path, working=False) as house:
        deadline_ms = SystemClock().now_ms() + 60_000
        words = ["likely 1", "waits 1", "likely 2", "waits 2", "waits 3"]
        for text in words:
            await house.queue.add(house.order(text), waits=text.startswith("waits"), deadline_ms=deadline_ms)
        taken = await _words_taken(house, {house.order(text).name: text for text in words})

        assert ["waits 1", "waits 2", "waits 3", "likely 1", "likely 2"] == taken


async def test_an_order_that_would_be_done_too_late_is_dropped_before_it_costs(
    greet_store: Path, tmp_path: Path
) -> None:
    """With more to do than can be done, those who are served are served in time."""
    async with _house(greet_store, tmp_path, working=False) as house:
        house.queue.took(1_000)
        now_ms = SystemClock().now_ms()
        for text, left_ms in (("too late", 900), ("in time", 60_000)):
            await house.queue.add(house.order(text), waits=True, deadline_ms=now_ms + left_ms)
        await house.queue.add(house.order("likely"), waits=False, deadline_ms=now_ms + 60_000)
        words = ("too late", "in time", "likely")

        assert ["in time", "likely"] == await _words_taken(house, {house.order(text).name: text for text in words})
        assert 1 == house.queue.counts["expired_before_start"]


async def test_a_full_queue_says_so_at_once(greet_store: Path, tmp_path: Path) -> None:
    async with _house(greet_store, tmp_path, working=False) as house:
        deadline_ms = SystemClock().now_ms() + 60_000
        for number in range(MOST_NOW):
            await house.queue.add(house.order(f"one of many {number}"), waits=True, deadline_ms=deadline_ms)

        with pytest.raises(NotRendered, match="queue_full"):
            await house.renderer.render(house.order("one too many"), deadline_s=PATIENT_S)


async def test_renders_killed_at_any_moment_leave_nothing_broken(greet_store: Path, tmp_path: Path) -> None:
    """The bounded version of `load/renders.py`."""
    async with _house(greet_store, tmp_path) as house:
        for number in range(6):
            waiting = asyncio.create_task(_patiently(house, house.order(f"Hello {number}")))
            pid = await _rendering(house)
            await asyncio.sleep(0.01 * number)
            if pid in house.service.studio.pool.busy_pids:
                os.kill(pid, signal.SIGKILL)
            served = await waiting

            kept = RenderedStore(
                FolderObjects(tmp_path / "rendered", max_bytes=2**28), cache_bytes=0, deadline_s=10
            )  # a server that starts anew
            fragment = await kept.get(house.order(f"Hello {number}").name)
            assert fragment is not None
            assert served == _bytes(fragment)
            assert 0 == kept.damaged


@pytest.mark.parametrize(
    ("order", "way"),
    [
        ({"rung": "360p"}, "banded"),
        ({"rung": "360p", "whole": True}, "whole"),
        ({"rung": "360p", "top": 0.1}, "whole"),
        ({"rung": "180p"}, "whole"),
    ],
    ids=["words in their place", "a campaign that wants whole pictures", "words elsewhere", "too few rows for a band"],
)
async def test_only_rows_are_encoded_where_that_does_and_else_whole_pictures(
    greet_store: Path, tmp_path: Path, order: dict[str, Any], way: str
) -> None:
    async with _house(greet_store, tmp_path) as house:
        data = await _patiently(house, house.order("Hello rows", **order))

        assert {way: 1} == house.service.studio.ways
        assert 64 == len(read_samples(data))
