"""Orders made before anybody waits for them: what each session will show next, and only that.

A session whose player goes on, or to another rung, needs other segments than before: what no other session needs
either is taken off the queue before it costs anything (A9).
"""

from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from streamsrv.core.cache import LruCache
from streamsrv.core.errors import NotRendered, Unavailable
from streamsrv.core.model import SessionId
from streamsrv.core.own import Order, OwnName
from streamsrv.ports import Clock
from streamsrv.stores.render_queue import RenderQueue
from streamsrv.stores.rendered import RenderedStore

WANTED_S = 2.5
"""How long an order is worth starting, whoever's deadline is shorter: the next viewer may want it, too."""
AHEAD_GRACE_S = 10.0
KEPT_AHEAD = 20_000
"""Orders that were made ahead and need not be made again."""
KEPT_PLANS = 60_000
"""Of all sessions together: segments that they will show next."""


@dataclass(slots=True)
class _Ordered:
    """An order that was made, or is being made."""

    sessions: int = 0
    """That need it."""
    entry_id: bytes | None = None
    """Where it stands in the queue, once it does."""
    is_now: bool = False


class AheadOrders:
    """What sessions will show next, as far as this process knows. Never blocks, never raises."""

    def __init__(
        self,
        queue: RenderQueue,
        rendered: RenderedStore,
        clock: Clock,
        *,
        aside: Callable[[Coroutine[Any, Any, None]], bool],
    ) -> None:
        """`aside` does something beside everything else, and says whether it will."""
        self._queue = queue
        self._rendered = rendered
        self._clock = clock
        self._aside = aside
        self._ordered: LruCache[OwnName, _Ordered] = LruCache(KEPT_AHEAD)
        self._plans: LruCache[SessionId, frozenset[OwnName]] = LruCache(KEPT_PLANS)
        self.counts: Counter[str] = Counter()

    def plan(
        self, orders: Sequence[Order], *, by: SessionId, needed_in_s: float, instead: bool = False, now: bool = False
    ) -> None:
        """Order these: `instead` of what it needed before, the first one `now`, before it is asked for."""
        names = frozenset(order.name for order in orders)
        before = self._plans.get(by) or frozenset()
        plan = names if instead else names | before
        self._plans.put(by, plan, cost=1 + len(plan))
        fresh = [order for order in orders if self._ordered.get(order.name) is None]
        for name in names:
            ordered = self._ordered.get(name)
            if ordered is None:
                # New, or left out before: then this session counts anew.
                self._ordered.put(name, _Ordered(sessions=1))
            elif name not in before:
                ordered.sessions += 1
        if gone := self._left(before - plan):
            self.counts["dropped"] += len(gone)
            self._aside(self._drop(gone))
        if now and orders:
            self._hurry(orders[0])
        deadline_ms = self._clock.now_ms() + round((needed_in_s + AHEAD_GRACE_S) * 1000)
        if fresh and not self._aside(self._add(fresh, deadline_ms)):
            self._forget(fresh)

    def _left(self, names: frozenset[OwnName]) -> list[bytes]:
        """These are needed by one session less: the places of those that nobody needs."""
        gone = []
        for name in names:
            ordered = self._ordered.get(name)
            if ordered is None:
                continue
            ordered.sessions -= 1
            if ordered.sessions <= 0 and not ordered.is_now:
                self._ordered.discard(name)
                if ordered.entry_id is not None:
                    gone.append(ordered.entry_id)
        return gone

    def _hurry(self, order: Order) -> None:
        ordered = self._ordered.get(order.name)
        if ordered is not None and not ordered.is_now:
            ordered.is_now = True
            self._aside(self._bring_forward(order, ordered))

    async def _add(self, orders: Sequence[Order], deadline_ms: int) -> None:
        for order in orders:
            if await self._is_there(order):
                continue
            ordered = self._ordered.get(order.name)
            if ordered is None or ordered.is_now:
                # Nobody needs it any more, or sooner than this.
                continue
            try:
                ordered.entry_id = await self._queue.add(order, waits=False, deadline_ms=deadline_ms)
            except (NotRendered, Unavailable):
                self.counts["shed"] += 1
                self._forget([order])

    async def _bring_forward(self, order: Order, ordered: _Ordered) -> None:
        if await self._is_there(order):
            return
        with suppress(NotRendered, Unavailable):
            await self._queue.add(order, waits=True, deadline_ms=self._clock.now_ms() + round(WANTED_S * 1000))
            if ordered.entry_id is not None:
                await self._queue.drop_ahead([ordered.entry_id])

    async def _drop(self, entry_ids: Sequence[bytes]) -> None:
        # What stays for want of the store is dropped at its deadline.
        with suppress(Unavailable):
            await self._queue.drop_ahead(entry_ids)

    async def _is_there(self, order: Order) -> bool:
        with suppress(Unavailable):
            return await self._rendered.get(order.name) is not None
        return False

    def _forget(self, orders: Sequence[Order]) -> None:
        for order in orders:
            self._ordered.discard(order.name)
