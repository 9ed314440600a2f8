"""Orders for renderers, on streams in the store for state: written by who serves, taken by who renders, on any machine.

An order is taken by one renderer at a time and by another when that one dies (a consumer group); doing it twice is
harmless, for its result is named by its content. It travels sealed: it holds a viewer's words. Queues are bounded, and
what nobody waits for any more is dropped before it costs anything (A9, A10).
"""

from collections import Counter, deque
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple, cast

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from redis.exceptions import ResponseError

from streamsrv.core.errors import NotRendered
from streamsrv.core.model import SceneId
from streamsrv.core.own import Order, OwnName
from streamsrv.ports import Clock
from streamsrv.stores.contents import is_gone
from streamsrv.stores.state import AnyRedis, State, names

WHAT = "the render queue"
GROUP = "renderers"
MOST_NOW, MOST_AHEAD = 500, 2_000
"""Orders that may wait: some seconds of work for the former, a minute's for the latter."""
KEPT_RESULTS = 2_000
BLOCK_MS = 500
BLOCKING_BUDGET_MS = 3_000
"""A read that waits may take this long in all (A18)."""
LEASE_MS = 3_000
"""How long a lease outlives a renderer that died; one that lives renews it every `RENEW_S`."""
RENEW_S = 0.75
STALE_MS = 4_000
"""An order whose renderer has not been heard of for so long is another's."""
MOST_MARGIN_MS = 1_500
_FADING = 0.9
_NONCE_BYTES = 12


class Taken(NamedTuple):
    """An order in a renderer's hands."""

    stream: str
    entry_id: bytes
    order: Order
    deadline_ms: int
    """When nobody waits for it any more (Unix time)."""


class Result(NamedTuple):
    """What became of an order: "done", or a reason as `NotRendered` has it."""

    path: str
    outcome: str


class RenderQueue:
    """Both ends of the queue. Every failure of the store is `Unavailable`."""

    def __init__(self, state: State, secret: bytes, clock: Clock, *, random_bytes: Any) -> None:
        self._state = state
        self._sealing = AESGCM(secret)
        self._clock = clock
        self._random_bytes = random_bytes
        self._taken: deque[Taken] = deque()
        self._grouped = False
        self._margin_ms = 0.0
        """What an order that somebody waits for has to have left: else it would be done when nobody waits any more."""
        self.counts: Counter[str] = Counter()
        """Orders by what became of them here: ordered, refused, expired_before_start, unreadable."""

    async def add(self, order: Order, *, waits: bool, deadline_ms: int) -> bytes:
        """Queue an order; where it stands. Raises `NotRendered("queue_full")` and `Unavailable`."""
        stream, most = (names.RENDER_NOW, MOST_NOW) if waits else (names.RENDER_AHEAD, MOST_AHEAD)
        fields: dict[Any, Any] = {b"o": self._sealed(order), b"d": str(deadline_ms)}

        async def queue(client: AnyRedis) -> bytes | None:
            if await client.xlen(stream) >= most:
                return None
            return cast(bytes, await client.xadd(stream, fields))

        entry_id = await self._state.run(queue, what=WHAT)
        if entry_id is None:
            self.counts["refused"] += 1
            raise NotRendered("queue_full")
        self.counts["ordered"] += 1
        return entry_id

    async def drop_ahead(self, entry_ids: Sequence[bytes]) -> None:
        """Take orders that nobody needs off the queue. One that a renderer has in hand is finished all the same."""
        await self._state.run(lambda client: client.xdel(names.RENDER_AHEAD, *entry_ids), what=WHAT)

    async def take(self, renderer: str) -> Taken | None:
        """The next order for this renderer; None when there is none for a while.

        One that is waited for goes before all that are not, in hand or not: else what is only likely would be rendered
        while those who wait are answered with the shared segment.
        """
        await self._ensure_group()
        while (taken := await self._next(renderer)) is not None:
            if await self._is_due(taken):
                return taken
        return None

    async def take_over(self, renderer: str) -> int:
        """Take orders that other renderers left unfinished; how many."""
        await self._ensure_group()
        found = 0
        for stream in (names.RENDER_NOW, names.RENDER_AHEAD):
            answer = await self._state.run(partial(_left_over, stream=stream, renderer=renderer), what=WHAT)
            in_hand = {taken.entry_id for taken in self._taken}
            entries = [entry for entry in answer[1] if entry[1] and entry[0] not in in_hand]
            self._taken.extend(await self._opened(stream, entries))
            found += len(entries)
        return found

    async def lease(self, path: str, renderer: str) -> bool:
        """Whether this renderer may render it: one at a time does (A14)."""
        taken: Any = await self._state.run(
            lambda client: client.set(names.lease(f"render:{path}"), renderer, nx=True, px=LEASE_MS), what=WHAT
        )
        return bool(taken)

    async def renew(self, taken: Taken, renderer: str) -> None:
        """This renderer is still at it."""

        async def renewed(client: AnyRedis) -> None:
            await client.pexpire(names.lease(f"render:{taken.order.name.path()}"), LEASE_MS)
            # Claimed by who has it: the time since it was last heard of begins anew.
            await client.xclaim(taken.stream, GROUP, renderer, 0, [taken.entry_id], justid=True)

        await self._state.run(renewed, what=WHAT)

    def took(self, duration_ms: float) -> None:
        """An order took so long. Those that are taken and have less time left are dropped: with more to do than can be
        done, whoever is served is served in time, instead of everybody too late."""
        fading = _FADING * self._margin_ms + (1 - _FADING) * duration_ms
        self._margin_ms = min(MOST_MARGIN_MS, max(duration_ms, fading))

    def put_back(self, taken: Taken) -> None:
        """An order that another renderer has, for now: looked at again by this one."""
        self._taken.append(taken)

    async def is_gone(self, key: str) -> bool:
        """Whether this content shows somebody who was erased a moment ago: it must not be kept."""
        return await is_gone(self._state, key)

    async def finish(self, taken: Taken, outcome: str | None, *, leased: bool) -> None:
        """The order is over; `outcome` is told to all who wait, unless another renderer will tell it."""
        path = taken.order.name.path()

        async def over(client: AnyRedis) -> None:
            if outcome is not None:
                told: dict[Any, Any] = {b"p": path, b"r": outcome}
                await client.xadd(names.RENDER_DONE, told, maxlen=KEPT_RESULTS, approximate=True)
            await client.xack(taken.stream, GROUP, taken.entry_id)
            await client.xdel(taken.stream, taken.entry_id)
            if leased:
                await client.delete(names.lease(f"render:{path}"))

        await self._state.run(over, what=WHAT)

    async def results(self, after: bytes) -> tuple[bytes, Sequence[Result]]:
        """What became of orders since `after` (b"$": from now on), waited for a while; and where to go on."""
        if after == b"$":
            last: Any = await self._state.run(lambda client: client.xrevrange(names.RENDER_DONE, count=1), what=WHAT)
            after = last[0][0] if last else b"0-0"
        answer: Any = await self._state.run(
            lambda client: client.xread({names.RENDER_DONE: after}, block=BLOCK_MS, count=500),
            what=WHAT,
            budget_ms=BLOCKING_BUDGET_MS,
            waits=True,
        )
        entries = _entries(answer).get(names.RENDER_DONE, [])
        found = [Result(fields[b"p"].decode(), fields[b"r"].decode()) for _, fields in entries]
        return (entries[-1][0] if entries else after), found

    async def waiting(self) -> tuple[int, int]:
        """How many orders are queued, those that are waited for first."""

        async def count(client: AnyRedis) -> tuple[int, int]:
            return await client.xlen(names.RENDER_NOW), await client.xlen(names.RENDER_AHEAD)

        return await self._state.run(count, what=WHAT)

    async def _is_due(self, taken: Taken) -> bool:
        """Whether anybody will still wait for it when it is done; else it is dropped."""
        waits = taken.stream == names.RENDER_NOW
        if self._clock.now_ms() + (self._margin_ms if waits else 0) < taken.deadline_ms:
            return True
        self.counts["expired_before_start"] += 1
        await self.finish(taken, "timeout" if waits else None, leased=False)
        return False

    async def _next(self, renderer: str) -> Taken | None:
        if not self._hand_of(names.RENDER_NOW):
            self._taken.extend(await self._read(renderer, [names.RENDER_NOW], block_ms=None))
        if not self._taken:
            streams = [names.RENDER_NOW, names.RENDER_AHEAD]
            self._taken.extend(await self._read(renderer, streams, block_ms=BLOCK_MS))
        first = self._hand_of(names.RENDER_NOW) or self._hand_of(names.RENDER_AHEAD)
        if first is not None:
            self._taken.remove(first)
        return first

    def _hand_of(self, stream: str) -> Taken | None:
        """The first order of a stream that this renderer has taken and not begun."""
        return next((taken for taken in self._taken if taken.stream == stream), None)

    async def _read(self, renderer: str, streams: Sequence[str], *, block_ms: int | None) -> list[Taken]:
        new: dict[Any, Any] = dict.fromkeys(streams, ">")
        try:
            answer: Any = await self._state.run(
                lambda client: client.xreadgroup(GROUP, renderer, new, count=1, block=block_ms),
                what=WHAT,
                budget_ms=BLOCKING_BUDGET_MS,
                retry=False,
            )
        except ResponseError:
            # The store was emptied under us: the group is made anew.
            self._grouped = False
            return []
        found: list[Taken] = []
        for stream, entries in _entries(answer).items():
            found += await self._opened(stream, entries)
        return found

    async def _opened(self, stream: str, entries: Sequence[tuple[bytes, dict[bytes, bytes]]]) -> list[Taken]:
        found = []
        for entry_id, fields in entries:
            try:
                order, deadline_ms = self._order(fields[b"o"]), int(fields[b"d"])
            except (KeyError, ValueError, InvalidTag):
                # Sealed by another installation, or poison: nobody can do it, so nobody is to try again (A22).
                self.counts["unreadable"] += 1
                await self._discard(stream, entry_id)
                continue
            found.append(Taken(stream, entry_id, order, deadline_ms))
        return found

    async def _discard(self, stream: str, entry_id: bytes) -> None:
        async def over(client: AnyRedis) -> None:
            await client.xack(stream, GROUP, entry_id)
            await client.xdel(stream, entry_id)

        await self._state.run(over, what=WHAT)

    async def _ensure_group(self) -> None:
        if self._grouped:
            return

        async def make(client: AnyRedis) -> None:
            for stream in (names.RENDER_NOW, names.RENDER_AHEAD):
                try:
                    await client.xgroup_create(stream, GROUP, id="0", mkstream=True)
                except ResponseError as error:
                    if "BUSYGROUP" not in str(error):
                        raise

        await self._state.run(make, what=WHAT)
        self._grouped = True

    def _sealed(self, order: Order) -> bytes:
        name = order.name
        plain = orjson.dumps(
            [name.key, name.rendition, name.number, order.scene_id, order.scene_key, order.plan.decode()]
        )
        nonce: bytes = self._random_bytes(_NONCE_BYTES)
        return nonce + self._sealing.encrypt(nonce, plain, GROUP.encode())

    def _order(self, sealed: bytes) -> Order:
        plain = self._sealing.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], GROUP.encode())
        key, rendition, number, scene_id, scene_key, plan = orjson.loads(plain)
        return Order(OwnName(key, rendition, number), SceneId(scene_id), scene_key, plan.encode())


async def _left_over(client: AnyRedis, *, stream: str, renderer: str) -> Any:
    return await client.xautoclaim(stream, GROUP, renderer, STALE_MS, count=10)


def _entries(answer: Any) -> dict[str, list[tuple[bytes, dict[bytes, bytes]]]]:
    """The entries of each stream, whichever protocol told them."""
    pairs = answer.items() if isinstance(answer, dict) else answer or ()
    found: dict[str, list[tuple[bytes, dict[bytes, bytes]]]] = {}
    for stream, entries in pairs:
        listed = entries[0] if entries and isinstance(entries[0], list) else entries
        found[stream.decode() if isinstance(stream, bytes) else stream] = listed
    return found
