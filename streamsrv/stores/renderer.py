"""Waits for rendered segments on behalf of all who ask in this process: one order for each, however many wait (A14)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from streamsrv.core.errors import NotRendered, Unavailable
from streamsrv.core.fragment import Fragment
from streamsrv.core.model import LinkId, SessionId
from streamsrv.core.own import Order, OwnName
from streamsrv.ports import Clock
from streamsrv.stores.contents import Notes
from streamsrv.stores.render_ahead import WANTED_S, AheadOrders
from streamsrv.stores.render_queue import RenderQueue
from streamsrv.stores.rendered import RenderedStore
from streamsrv.stores.state import State

logger = logging.getLogger(__name__)

LOOK_S = 0.4
"""How often the store of rendered segments is looked at meanwhile: results may go astray."""
MOST_BACKGROUND = 256
"""Things done aside at once; what is above that is not done (A10: ordering ahead is shed first)."""
_PAUSE_S = 0.5


class QueueRenderer:
    """A `Renderer` over the render queue."""

    def __init__(self, queue: RenderQueue, rendered: RenderedStore, state: State, clock: Clock) -> None:
        self._queue = queue
        self._rendered = rendered
        self._notes = Notes(state)
        self._clock = clock
        self._waiting: dict[OwnName, asyncio.Future[str]] = {}
        self._by_path: dict[str, OwnName] = {}
        self._ahead = AheadOrders(queue, rendered, clock, aside=self._aside)
        self._background: set[asyncio.Task[None]] = set()
        self.counts = self._ahead.counts
        """shed: orders ahead that were left out, for there was too much to do; dropped: those that nobody needs now."""

    @property
    def waiting(self) -> int:
        """Segments that are waited for in this process."""
        return len(self._waiting)

    async def render(self, order: Order, *, deadline_s: float) -> Fragment:
        """The segment; raises `NotRendered` within `deadline_s`. A caller that goes away disturbs no other (A15)."""
        loop = asyncio.get_running_loop()
        end_s = loop.time() + deadline_s
        while (left_s := end_s - loop.time()) > 0:
            future = self._future(order)
            done, _ = await asyncio.wait({future}, timeout=min(left_s, LOOK_S))
            if done:
                outcome = future.result()
                # An order that somebody with an earlier deadline made may have been dropped: ours has time left.
                if outcome == "timeout" and end_s - loop.time() > LOOK_S:
                    continue
                if outcome != "done":
                    raise NotRendered(outcome)  # type: ignore[arg-type]  # the queue tells reasons of that list
            with suppress(Unavailable):
                fragment = await self._rendered.get(order.name)
                if fragment is not None:
                    return fragment
            if done:
                raise NotRendered("render_error")
        raise NotRendered("timeout")

    def ahead(
        self, orders: Sequence[Order], *, by: SessionId, needed_in_s: float, instead: bool = False, now: bool = False
    ) -> None:
        """Order what is likely to be asked for, in this order; see `ports.Renderer`. Never blocks, never raises."""
        self._ahead.plan(orders, by=by, needed_in_s=needed_in_s, instead=instead, now=now)

    def note(self, link_id: LinkId, keys: Collection[str]) -> None:
        """Remember whose data these contents show."""
        if keys:
            self._notes.add(link_id, keys)

    async def listen(self) -> None:
        """Tell those who wait what became of their orders, for ever."""
        after = b"$"
        while True:
            try:
                after, results = await self._queue.results(after)
            except Unavailable:
                after = b"$"
                await asyncio.sleep(_PAUSE_S)
                continue
            for result in results:
                name = self._by_path.get(result.path)
                if name is not None:
                    self._settle(name, result.outcome)

    async def aclose(self) -> None:
        """Nobody is told anything any more."""
        await self._notes.aclose()
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        for name in list(self._waiting):
            self._settle(name, "timeout")

    def _future(self, order: Order) -> "asyncio.Future[str]":
        future = self._waiting.get(order.name)
        if future is None:
            future = self._waiting[order.name] = asyncio.get_running_loop().create_future()
            self._by_path[order.name.path()] = order.name
            task = asyncio.create_task(self._order(order))
            self._background.add(task)
            task.add_done_callback(self._background.discard)
        return future

    async def _order(self, order: Order) -> None:
        deadline_ms = self._clock.now_ms() + round(WANTED_S * 1000)
        try:
            # Pictures for e-mails never go before what somebody watches.
            await self._queue.add(order, waits=not order.name.product, deadline_ms=deadline_ms)
        except NotRendered as error:
            self._settle(order.name, error.reason)
        except Unavailable:
            self._settle(order.name, "circuit_open")
        else:
            # No answer may come, where every renderer is gone: then this is over all the same.
            await asyncio.sleep(WANTED_S + LOOK_S)
            self._settle(order.name, "timeout")

    def _settle(self, name: OwnName, outcome: str) -> None:
        future = self._waiting.pop(name, None)
        self._by_path.pop(name.path(), None)
        if future is not None and not future.done():
            future.set_result(outcome)

    def _aside(self, work: Coroutine[Any, Any, None]) -> bool:
        if len(self._background) >= MOST_BACKGROUND:
            self._ahead.counts["shed"] += 1
            work.close()
            return False
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return True


@asynccontextmanager
async def open_renderer(
    queue: RenderQueue, rendered: RenderedStore, state: State, clock: Clock
) -> AsyncIterator[QueueRenderer]:
    """A renderer that hears of results until the block ends."""
    renderer = QueueRenderer(queue, rendered, state, clock)
    listening = asyncio.create_task(renderer.listen())
    try:
        yield renderer
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        await renderer.aclose()
