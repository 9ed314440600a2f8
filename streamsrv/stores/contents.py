"""Which rendered segments show whose data, and how erasing a viewer reaches them wherever they are kept (B11).

Whoever begins a session notes the contents that will show something of its viewer. Whoever erases viewers puts these
contents on a stream, and everybody who keeps rendered segments, on whichever machine, removes what is on it: a folder
that was away meanwhile goes on where it stopped. Another viewer with the same words is rendered anew.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import islice
from typing import Any

from streamsrv.core.errors import Unavailable
from streamsrv.core.identity import link_text
from streamsrv.core.model import LinkId
from streamsrv.stores.rendered import RenderedStore
from streamsrv.stores.state import AnyRedis, State, names

logger = logging.getLogger(__name__)

NOTED_S = 180 * 86_400
"""From a viewer's last session on."""
MOST_NOTES = 50_000
"""Viewers whose notes wait for a store that is away."""
KEPT_GONE = 1_000_000
"""Contents on the stream; a folder that was away for longer is best emptied."""
REFUSED_S = 30
"""How long nothing is rendered under a content that is gone: longer than an order for it, or the viewer's running
session, may live. Whoever shares the words is shown the shared segment meanwhile."""
WATCH_S = 2.0
_BATCH = 200
_BUDGET_MS = 10_000
_WHAT = "rendered contents"
# Both at once, so that no renderer keeps a content that nobody will look for again.
_GIVE_UP = """
redis.call('SET', KEYS[2], '1', 'EX', ARGV[2])
return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'k', ARGV[1])
"""


class Notes:
    """Whose data is in which contents, written aside and never left out: a store that is away is waited for."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._pending: dict[str, set[str]] = {}
        self._writing: asyncio.Task[None] | None = None
        self.lost = 0
        """Notes that were given up because too many waited."""

    def add(self, link_id: LinkId, keys: Collection[str]) -> None:
        """Never blocks, never raises."""
        link = link_text(link_id)
        if link not in self._pending and len(self._pending) >= MOST_NOTES:
            self.lost += 1
            return
        self._pending.setdefault(link, set()).update(keys)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def aclose(self, *, within_s: float = 2.0) -> None:
        """Write what waits, if the store takes it in time."""
        if self._writing is not None:
            await asyncio.wait({self._writing}, timeout=within_s)
            self._writing.cancel()

    async def _write(self) -> None:
        while self._pending:
            # Copies: what is added meanwhile is another note.
            batch = [(link, frozenset(keys)) for link, keys in islice(self._pending.items(), _BATCH)]
            try:
                await self._state.run(_noting(batch), what=_WHAT, budget_ms=_BUDGET_MS)
            except Unavailable:
                await asyncio.sleep(WATCH_S)
                continue
            for link, keys in batch:
                self._pending[link] -= keys
                if not self._pending[link]:
                    del self._pending[link]


def _noting(batch: Sequence[tuple[str, frozenset[str]]]) -> Callable[[AnyRedis], Awaitable[None]]:
    async def note(client: AnyRedis) -> None:
        pipeline = client.pipeline(transaction=False)
        for link, keys in batch:
            pipeline.sadd(names.own_contents(link), *keys)
            pipeline.expire(names.own_contents(link), NOTED_S)
        await pipeline.execute()

    return note


async def give_up(state: State, links: Sequence[str]) -> int:
    """Have every content removed that shows something of these viewers, told by their links; how many.

    May be done again; raises `Unavailable`.
    """
    found: set[str] = set()
    for start in range(0, len(links), _BATCH):
        noted = [names.own_contents(link) for link in links[start : start + _BATCH]]
        keys = await _members(state, noted)
        for key in sorted(keys):
            await state.run(_giving_up(key), what=_WHAT, budget_ms=_BUDGET_MS)
        # Last, so that an erasure that broke off finds them again.
        await state.run(partial(_unlinked, noted), what=_WHAT, budget_ms=_BUDGET_MS)
        found |= keys
    return len(found)


async def is_gone(state: State, key: str) -> bool:
    """Whether this content was given up a moment ago, and must not be kept; raises `Unavailable`."""
    (mark,) = await state.many_get([names.gone_content(key)])
    return mark is not None


class Removal:
    """Removes from one place what was given up, from where the place last stood."""

    def __init__(self, state: State, rendered: RenderedStore) -> None:
        self._state = state
        self._rendered = rendered
        self._after: bytes | None = None
        self.removed = 0

    async def catch_up(self) -> int:
        """Remove what was given up since; how many contents. Raises `Unavailable`, and may be done again."""
        if self._after is None:
            self._after = await self._rendered.removed_to() or b"0-0"
        count = 0
        while entries := await self._next(self._after):
            await self._rendered.forget({fields[b"k"].decode("ascii") for _, fields in entries})
            self._after = entries[-1][0]
            count += len(entries)
        if count:
            await self._rendered.note_removed_to(self._after)
        self.removed += count
        return count

    async def watch(self) -> None:
        """For ever."""
        while True:
            try:
                await self.catch_up()
            except Unavailable:
                logger.warning("what was erased cannot be removed from the rendered segments yet")
            await asyncio.sleep(WATCH_S)

    async def _next(self, after: bytes) -> list[tuple[bytes, dict[bytes, bytes]]]:
        found: Any = await self._state.run(
            lambda client: client.xrange(names.RENDER_GONE, min=b"(" + after, count=500),
            what=_WHAT,
            budget_ms=_BUDGET_MS,
        )
        return list(found)


@asynccontextmanager
async def watch_removals(state: State, rendered: RenderedStore) -> AsyncIterator[Removal]:
    """What is erased anywhere is removed here, until the block ends."""
    removal = Removal(state, rendered)
    watching = asyncio.create_task(removal.watch())
    try:
        yield removal
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _members(state: State, noted: Sequence[str]) -> set[str]:
    async def read(client: AnyRedis) -> list[set[bytes]]:
        pipeline = client.pipeline(transaction=False)
        for name in noted:
            pipeline.smembers(name)
        return await pipeline.execute()

    found = await state.run(read, what=_WHAT, budget_ms=_BUDGET_MS)
    return {key.decode("ascii") for keys in found for key in keys}


def _giving_up(key: str) -> Callable[[AnyRedis], Awaitable[None]]:
    async def give(client: AnyRedis) -> None:
        await client.eval(_GIVE_UP, 2, names.RENDER_GONE, names.gone_content(key), key, str(REFUSED_S), str(KEPT_GONE))

    return give


async def _unlinked(noted: Sequence[str], client: AnyRedis) -> None:
    await client.unlink(*noted)
