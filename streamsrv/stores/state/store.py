"""`State`: every call to Redis inside a budget and a breaker, retried in one place, never cut short by its caller."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from streamsrv.config import StateSettings
from streamsrv.core.breaker import Breaker, BreakerState, Permit, RetryBudget
from streamsrv.core.errors import Unavailable
from streamsrv.stores.state.bulk import getting, nodes_of, scanning, setting
from streamsrv.stores.state.cluster import SteadyCluster
from streamsrv.stores.state.connections import AnyRedis, Target, connect, parse_url, unix_target
from streamsrv.stores.state.deadlines import deadline_s
from streamsrv.stores.state.embedded import Embedded
from streamsrv.stores.state.failures import BROKEN, Failure, failure

logger = logging.getLogger(__name__)

T = TypeVar("T")
BATCH = 1_000
"""Keys of one round trip."""
WITHIN = 0.9
"""The share of a budget that connections may wait: a call must fail in order before it is given up."""
MOST_TRIES = 3
LONGEST_PAUSE_S = 0.01
"""Before the first retry; twice as long before the next. What is taken is anything below it (full jitter)."""
COMPLAIN_EVERY_S = 10.0
LEAST_SPAN_S = 0.4
"""Between the outcomes that open the breaker: calls to a cluster's lost node end before those to the others."""


@dataclass(slots=True)
class _Call(Generic[T]):
    op: Callable[[AnyRedis], Awaitable[T]]
    what: str
    permit: Permit
    end_s: float
    retry: bool
    given_up: bool = False
    """Its budget is over, and the breaker was told so."""


class State:
    """The state store. Opened by `open_state`; every failure of it is `Unavailable`."""

    def __init__(
        self,
        client: AnyRedis,
        settings: StateSettings,
        *,
        mend: Callable[[], Awaitable[None]] | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self.client = client
        """For scripts and pipelines of commands that take as long as they take. While serving, use `run`."""
        self._settings = settings
        self._mend = mend
        self._mending: asyncio.Task[None] | None = None
        self._chance = chance or random.Random()
        self._breaker = Breaker(monotonic=time.monotonic, uniform=self._chance.uniform, least_span_s=LEAST_SPAN_S)
        self._retry_budget = RetryBudget()
        self._slots = asyncio.Semaphore(settings.pool_size)
        self._running: set[asyncio.Task[object]] = set()
        self._waiting: set[asyncio.Task[object]] = set()
        self._complained_at_s = -COMPLAIN_EVERY_S
        self.calls = 0
        self.refused = 0
        """Calls that were not made, because the breaker was open."""
        self.attempts = 0
        self.failures = 0
        self.timeouts = 0
        self.retries = 0
        self.pool_timeouts = 0

    @property
    def breaker_state(self) -> BreakerState:
        return self._breaker.state

    @property
    def breaker_opened(self) -> int:
        return self._breaker.opened

    @property
    def in_flight(self) -> int:
        return len(self._running)

    async def run(
        self,
        op: Callable[[AnyRedis], Awaitable[T]],
        *,
        what: str,
        budget_ms: int | None = None,
        retry: bool = True,
        waits: bool = False,
    ) -> T:
        """What `op` gives, within the budget; raises `Unavailable(what)` for whatever is in the way.

        `op` goes on when its caller is cancelled: a command cut short would leave its reply to somebody else (A17).
        `retry` says that it may be done twice; `waits`, that it takes nothing and may be given up when all is closed.
        """
        self.calls += 1
        permit = self._breaker.admit()
        if permit is None:
            self.refused += 1
            raise Unavailable(what, retry_after_s=1 + int(self._breaker.remaining_s()))
        budget_s = (budget_ms or self._settings.budget_ms) / 1000
        call = _Call(op, what, permit, time.monotonic() + WITHIN * budget_s, retry)
        task = asyncio.create_task(self._perform(call))
        self._running.add(task)
        task.add_done_callback(self._ended)
        if waits:
            self._waiting.add(task)
        await asyncio.wait({task}, timeout=budget_s)
        if not task.done():
            self._count(Failure.LATE, TimeoutError())
            self._settle(call, Failure.LATE)
            call.given_up = True
            raise Unavailable(what)
        if task.cancelled():
            raise Unavailable(what)
        return task.result()

    async def many_get(self, keys: Sequence[str], *, budget_ms: int | None = None) -> list[bytes | None]:
        """The values of `keys`, None where there is none. `budget_ms` is for each round trip."""
        found: list[bytes | None] = []
        for start in range(0, len(keys), BATCH):
            found += await self.run(getting(keys[start : start + BATCH]), what="state", budget_ms=budget_ms)
        return found

    async def many_set(
        self, values: Mapping[str, bytes], *, expire_s: int | None = None, budget_ms: int | None = None
    ) -> None:
        """Set each key, to be forgotten after `expire_s`. `budget_ms` is for each round trip."""
        items = list(values.items())
        for start in range(0, len(items), BATCH):
            await self.run(setting(items[start : start + BATCH], expire_s), what="state", budget_ms=budget_ms)

    async def scan(self, match: str, *, budget_ms: int | None = None) -> AsyncIterator[bytes]:
        """All keys like `match` ("v:*"), on all nodes. Those added meanwhile may be left out; some may come twice."""
        for node in await self.run(nodes_of, what="state", budget_ms=budget_ms):
            cursor = 0
            while True:
                cursor, keys = await self.run(scanning(node, cursor, match), what="state", budget_ms=budget_ms)
                for key in keys:
                    yield key
                if not cursor:
                    break

    async def aclose(self) -> None:
        """Wait for calls in flight, which end within their budgets, and close all connections.

        A call that only waits for news is cut short: no other uses a connection after it.
        """
        for task in self._waiting:
            task.cancel()
        while self._running:
            await asyncio.wait(set(self._running))
        if self._mending is not None:
            await asyncio.wait({self._mending})
        await self.client.aclose()

    async def _perform(self, call: _Call[T]) -> T:
        """One call, from its place in the pool to its outcome. Runs in a task of its own."""
        deadline_s.set(call.end_s)
        try:
            await self._take_slot()
        except TimeoutError as error:
            self._count(Failure.STARVED, error)
            self._settle(call, Failure.STARVED)
            raise Unavailable(call.what) from error
        try:
            return await self._try(call)
        finally:
            self._slots.release()

    async def _take_slot(self) -> None:
        if not self._slots.locked():
            await self._slots.acquire()
            return
        async with asyncio.timeout(self._settings.pool_wait_ms / 1000):
            await self._slots.acquire()

    async def _try(self, call: _Call[T]) -> T:
        # A probe is one try: half open lets exactly so many through.
        most = MOST_TRIES if call.retry and not call.permit.is_probe else 1
        self._retry_budget.pay_in()
        for number in range(1, most + 1):
            self.attempts += 1
            try:
                result = await call.op(self.client)
            except BROKEN as error:
                kind = failure(error)
                if not call.given_up:
                    self._count(kind, error)
                self._settle(call, kind)
                pause_s = self._chance.uniform(0.0, LONGEST_PAUSE_S * 2 ** (number - 1))
                in_time = time.monotonic() + pause_s < call.end_s
                if kind is not Failure.AWAY or number == most or not in_time or not self._retry_budget.take():
                    raise Unavailable(call.what) from error
                self.retries += 1
                await asyncio.sleep(pause_s)
            except BaseException:
                self._settle(call, Failure.OURS)
                raise
            else:
                self._settle(call, None)
                return result
        raise AssertionError("the last try returns or raises")

    def _settle(self, call: _Call[T], kind: Failure | None) -> None:
        """Tell the breaker, and the log where that changed anything."""
        if call.given_up:
            return
        before = self._breaker.state
        well = None if kind in (Failure.STARVED, Failure.OURS) else kind in (None, Failure.REFUSED)
        self._breaker.settle(call.permit, well=well)
        after = self._breaker.state
        if after is not before and BreakerState.CLOSED in (before, after):
            logger.warning("the state store is %s", "back" if after is BreakerState.CLOSED else "away")

    def _count(self, kind: Failure, error: BaseException) -> None:
        self.failures += 1
        self.timeouts += kind is Failure.LATE
        self.pool_timeouts += kind is Failure.STARVED
        if time.monotonic() >= self._complained_at_s + COMPLAIN_EVERY_S:
            self._complained_at_s = time.monotonic()
            # Only the error's class and kind: its text may quote a command, and that a viewer's data.
            logger.error("a call to the state store failed", extra={"why": f"{kind.name} {type(error).__name__}"})
        if kind in (Failure.AWAY, Failure.LATE) and self._mend is not None and self._mending is None:
            self._mending = asyncio.create_task(self._mended(self._mend))

    async def _mended(self, mend: Callable[[], Awaitable[None]]) -> None:
        try:
            await mend()
        except Exception as error:  # Whatever it is, the next call that fails tries again.
            logger.error("the state store cannot be mended", extra={"why": str(error)})
        finally:
            self._mending = None

    def _ended(self, task: "asyncio.Task[object]") -> None:
        self._running.discard(task)
        self._waiting.discard(task)
        if not task.cancelled():
            task.exception()  # Looked at: its caller may have gone.


@asynccontextmanager
async def open_state(settings: StateSettings) -> AsyncIterator[State]:
    """The state store of `settings`; the embedded server where they name none. Raises `Invalid`, `Unavailable`.

    A server that is named need not be there yet: calls are `Unavailable` until it is.
    """
    if settings.redis_url:
        client = _client(parse_url(settings.redis_url), settings)
        mend = client.refresh if isinstance(client, SteadyCluster) else None
        async with _closing(State(client, settings, mend=mend)) as state:
            yield state
        return
    embedded = Embedded(settings.dir)
    await _attached(embedded)
    try:
        client = _client(unix_target(embedded.socket_path), settings)
        async with _closing(State(client, settings, mend=lambda: asyncio.to_thread(embedded.ensure))) as state:
            yield state
    finally:
        await asyncio.to_thread(embedded.leave)


async def _attached(embedded: Embedded) -> None:
    attaching = asyncio.create_task(asyncio.to_thread(embedded.attach))
    try:
        await asyncio.shield(attaching)
    except asyncio.CancelledError:
        # A thread cannot be stopped. Whoever has attached must leave, or the server stays behind.
        await asyncio.wait({attaching})
        if attaching.exception() is None:
            await asyncio.to_thread(embedded.leave)
        raise


def _client(target: Target, settings: StateSettings) -> AnyRedis:
    return connect(
        target,
        pool_size=settings.pool_size,
        pool_wait_s=settings.pool_wait_ms / 1000,
        budget_s=settings.budget_ms / 1000,
    )


@asynccontextmanager
async def _closing(state: State) -> AsyncIterator[State]:
    try:
        yield state
    finally:
        await state.aclose()
