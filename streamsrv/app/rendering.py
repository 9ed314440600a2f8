"""Renderers at work: orders taken from the queue, drawn in processes of their own, kept, and told to all who wait."""

import asyncio
import logging
import os
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Collection, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from streamsrv.config import RenderingSettings, Settings
from streamsrv.core.cache import LruCache
from streamsrv.core.catalog import Catalog
from streamsrv.core.errors import NotRendered, Unavailable
from streamsrv.core.fragment import Fragment
from streamsrv.core.model import Ladder, LinkId, SessionId
from streamsrv.core.overlays import parse_plan
from streamsrv.core.own import Order, OwnName, rendered_as
from streamsrv.media.render.job import BandedGround, Ground, Job, RenderError, ground_of, media_of
from streamsrv.media.render.pool import Died, Late, PoolLimits, RenderPool
from streamsrv.ports import SegmentStore
from streamsrv.stores.render_queue import RENEW_S, RenderQueue, Taken
from streamsrv.stores.rendered import BucketObjects, FolderObjects, RenderedStore
from streamsrv.stores.segments import open_store
from streamsrv.telemetry.metrics import Durations

logger = logging.getLogger(__name__)

JOB_S = 8.0
"""What a job may take once it is started, whoever still waits: the next viewer may want it, too."""
MEDIA_CACHE_BYTES = 128 * 1024 * 1024
TAKE_OVER_S = 1.0
PAUSE_S = 0.5
LOOK_AGAIN_S = 0.5
"""After an order that another renderer has."""
PREVIEW_JOB_S = 60.0


class Studio:
    """Draws orders: finds what they are drawn on, and hands both to a process."""

    def __init__(
        self,
        catalog: Catalog,
        ladder: Ladder,
        segments: SegmentStore,
        pool: RenderPool,
        *,
        media: LruCache[str, bytes] | None = None,
    ) -> None:
        """`media` keeps what is drawn on, by content: studios may share it."""
        self._catalog = catalog
        self._ladder = ladder
        self._rungs = {rung.name: rung for rung in ladder.rungs}
        self._segments = segments
        self._media = LruCache[str, bytes](MEDIA_CACHE_BYTES) if media is None else media
        self.pool = pool
        self.cpu_s = 0.0
        self.ways: Counter[str] = Counter()
        """Segments and pictures by how they were made: whole, or banded (only the rows that are drawn on)."""
        self.durations = Durations()

    async def draw(self, order: Order, *, deadline_s: float) -> bytes:
        """The segment; raises `RenderError`, `Late`, `Died`, and `Unavailable` where media cannot be read."""
        loop = asyncio.get_running_loop()
        started_s = loop.time()
        ground = await self._ground(order)
        try:
            rendered = await self.pool.render(_job(order, ground), deadline_s=deadline_s)
        except RenderError:
            if isinstance(ground, Ground):
                raise
            # Words that leave their band, or rows that do not fit: the whole picture has room for both.
            ground = await self._ground(order, banded=False)
            left_s = started_s + deadline_s - loop.time()
            rendered = await self.pool.render(_job(order, ground), deadline_s=left_s)
        self.durations.observe(loop.time() - started_s)
        self.ways["whole" if isinstance(ground, Ground) else "banded"] += 1
        self.cpu_s += rendered.cpu_s
        return rendered.data

    async def _ground(self, order: Order, *, banded: bool = True) -> Ground | BandedGround:
        scene = self._catalog.scenes.get(order.scene_id)
        rung = self._rungs.get(order.name.rung)
        if scene is None or rung is None or scene.key != order.scene_key:
            raise RenderError("the scene is not packaged as it was")
        track = next(one for one in scene.video if one.name == rung.name)
        segment = track.segments[order.name.number]
        banded = banded and not order.name.product and not parse_plan(order.plan).whole
        media = {name: await self._read(name) for name in (track.init_name, *media_of(segment, banded=banded))}
        return ground_of(
            track, segment, rung, grid=self._catalog.grid, gop_ms=self._ladder.gop_ms, banded=banded,
            read=media.__getitem__,
        )  # fmt: skip

    async def _read(self, name: str) -> bytes:
        data = self._media.get(name)
        if data is None:
            data = await self._segments.small(name)
            self._media.put(name, data, cost=len(data))
        return data


def _job(order: Order, ground: Ground | BandedGround) -> Job:
    return Job(order.name.path(), ground, order.plan, order.name.product)


class RenderService:
    """Takes orders for as long as it runs, as many at once as there are processes."""

    def __init__(self, studio: Studio, queue: RenderQueue, rendered: RenderedStore) -> None:
        self.studio = studio
        self._queue = queue
        self._rendered = rendered
        self._name = secrets.token_hex(8)
        self._working: set[asyncio.Task[None]] = set()
        self.outcomes: Counter[str] = Counter()
        """Orders by what became of them: done, found (somebody had rendered it), left, erased, or why they failed."""

    async def run(self) -> None:
        """For ever."""
        await self.studio.pool.start()
        slots = asyncio.Semaphore(self.studio.pool.size)
        took_over_s = 0.0
        loop = asyncio.get_running_loop()
        while True:
            await slots.acquire()
            taken: Taken | None = None
            try:
                if loop.time() - took_over_s > TAKE_OVER_S:
                    took_over_s = loop.time()
                    await self._queue.take_over(self._name)
                taken = await self._queue.take(self._name)
            except Unavailable:
                await asyncio.sleep(PAUSE_S)
            except Exception:
                # Whoever stopped taking orders would never draw another one.
                logger.exception("an order cannot be taken")
                await asyncio.sleep(PAUSE_S)
            if taken is None:
                slots.release()
                continue
            self._aside(self._do(taken)).add_done_callback(lambda _: slots.release())

    async def aclose(self) -> None:
        """Leave what is under way to others, and end every process."""
        for task in list(self._working):
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)
        await self.studio.pool.aclose()

    async def _do(self, taken: Taken) -> None:
        name = taken.order.name
        leased = left = False
        outcome = "render_error"
        try:
            if await self._queue.is_gone(name.key):
                # Whoever it shows was erased: nobody's words are drawn for an order that came before (B11).
                outcome = "policy"
                self.outcomes["erased"] += 1
                return
            if await self._found(name):
                outcome = "done"
                self.outcomes["found"] += 1
                return
            leased = await self._queue.lease(name.path(), self._name)
            if not leased:
                # Another renderer has it and will tell, unless it dies.
                self.outcomes["left"] += 1
                self._aside(self._look_again(taken))
                left = True
                return
            began_s = asyncio.get_running_loop().time()
            async with self._renewing(taken):
                outcome = await self._drawn(taken.order)
            self.outcomes[outcome] += 1
            if outcome == "done":
                self._queue.took((asyncio.get_running_loop().time() - began_s) * 1000)
        except asyncio.CancelledError:
            left = True
            raise
        except Unavailable:
            self.outcomes["circuit_open"] += 1
        except Exception:
            logger.exception("an order could not be done", extra={"rendition": name.rendition})
        finally:
            if not left:
                with suppress(Unavailable):
                    await self._queue.finish(taken, outcome, leased=leased)

    async def _look_again(self, taken: Taken) -> None:
        await asyncio.sleep(LOOK_AGAIN_S)
        self._queue.put_back(taken)

    @asynccontextmanager
    async def _renewing(self, taken: Taken) -> AsyncIterator[None]:
        """Others know that the order is being done, until the block ends."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(RENEW_S)
                with suppress(Unavailable):
                    await self._queue.renew(taken, self._name)

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()

    def _aside(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task

    async def _drawn(self, order: Order) -> str:
        for attempt in (1, 2):
            try:
                data = await self.studio.draw(order, deadline_s=JOB_S)
            except Died:
                # Its process ended, perhaps for no fault of its own; the second time it is its own.
                if attempt == 2:
                    return "render_error"
                continue
            except Late:
                return "timeout"
            except RenderError as error:
                place = {"scene": order.scene_id, "rendition": order.name.rendition, "segment": order.name.number}
                logger.error("a segment could not be rendered", extra={"why": error.reason, **place})
                return "render_error"
            await self._rendered.put(order.name, data)
            if await self._queue.is_gone(order.name.key):
                # Erased while it was drawn, and looked for before it was here.
                await self._rendered.forget([order.name.key])
                return "policy"
            return "done"
        raise AssertionError("the second attempt returns")

    async def _found(self, name: OwnName) -> bool:
        try:
            return await self._rendered.get(name) is not None
        except Unavailable:
            return False


class StudioRenderer:
    """A `Renderer` without a queue: for an author's own machine, who would rather wait than miss a word."""

    def __init__(self, studio: Studio, drawn: LruCache[OwnName, Fragment]) -> None:
        """`drawn` keeps what was drawn, by content and counted in bytes: renderers over one brand kit may share it."""
        self._studio = studio
        self._drawn = drawn
        self._drawing: dict[OwnName, asyncio.Task[Fragment]] = {}
        self.failed: dict[str, str] = {}
        """Why what could not be drawn could not be, by content key: as many as one video has drawings, at most."""

    async def get(self, name: OwnName) -> Fragment | None:
        return self._drawn.get(name)

    async def render(self, order: Order, *, deadline_s: float) -> Fragment:
        """The segment, whatever the deadline; raises `NotRendered`."""
        task = self._drawing.get(order.name)
        if task is None:
            task = self._drawing[order.name] = asyncio.create_task(self._draw(order))
            task.add_done_callback(lambda _: self._drawing.pop(order.name, None))
        return await asyncio.shield(task)

    def ahead(
        self, orders: Sequence[Order], *, by: SessionId, needed_in_s: float, instead: bool = False, now: bool = False
    ) -> None:
        """Nothing is drawn ahead: what an author edits next is not known."""

    def note(self, link_id: LinkId, keys: Collection[str]) -> None:
        """Nothing is kept."""

    async def _draw(self, order: Order) -> Fragment:
        try:
            fragment = rendered_as(order.name, await self._studio.draw(order, deadline_s=PREVIEW_JOB_S))
        except (RenderError, Late, Died, Unavailable) as error:
            why = self.failed[order.name.key] = _why(error)
            logger.error("words could not be drawn", extra={"why": why, "scene": order.scene_id})
            raise NotRendered("render_error") from error
        self.failed.pop(order.name.key, None)
        self._drawn.put(order.name, fragment, cost=fragment.size_bytes)
        return fragment


def _why(error: RenderError | Late | Died | Unavailable) -> str:
    match error:
        case RenderError():
            return error.reason
        case Late():
            return f"it took more than {PREVIEW_JOB_S:g} s"
        case Died():
            return "the process that drew it ended"
        case _:
            return "the scene's media cannot be read"


def open_rendered(settings: Settings) -> RenderedStore:
    """Where rendered segments are kept; raises `Invalid`."""
    rendering = settings.rendering
    if "://" in rendering.store:
        objects: BucketObjects | FolderObjects = BucketObjects(open_store(rendering.store))
    else:
        objects = FolderObjects(Path(rendering.store), max_bytes=rendering.store_bytes)
    return RenderedStore(objects, cache_bytes=rendering.cache_bytes, deadline_s=settings.storage.read_deadline_s)


def processes_of(settings: RenderingSettings, *, workers: int) -> int:
    """How many renderer processes one of so many workers has: together, one for each core."""
    if settings.processes is not None:
        return settings.processes
    return max(1, (os.cpu_count() or 1) // workers)


@asynccontextmanager
async def open_render_service(
    studio: Studio, queue: RenderQueue, rendered: RenderedStore
) -> AsyncIterator[RenderService]:
    """A service at work until the block ends."""
    service = RenderService(studio, queue, rendered)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(service.aclose)
        running = asyncio.create_task(service.run())
        stack.callback(running.cancel)
        yield service


def new_studio(
    settings: Settings, catalog: Catalog, ladder: Ladder, segments: SegmentStore, *, processes: int
) -> Studio:
    """A studio whose processes are not started yet."""
    rendering = settings.rendering
    limits = PoolLimits(jobs=rendering.jobs_a_process, rss_bytes=rendering.rss_bytes)
    return Studio(catalog, ladder, segments, RenderPool(size=processes, kit=rendering.kit, limits=limits))
