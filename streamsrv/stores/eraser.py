"""Erasing viewers while serving: out of the store at once, and out of its files within minutes.

A server's append-only file holds what was deleted until it is written anew. That is done by one process a minute at the
most, however many viewers are erased: each erasure leaves a note in the store that `finish_erasures` takes away.
"""

import time
from collections.abc import Sequence

from streamsrv.config import StateSettings
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import Invalid, Unavailable
from streamsrv.core.identity import Identity, link_text
from streamsrv.core.model import ErasureTrace, LinkId, ViewerId
from streamsrv.stores.erasure import ErasureList, erase
from streamsrv.stores.forgetting import trace_of
from streamsrv.stores.state import State, names
from streamsrv.stores.state.compaction import compact

FINISH_EVERY_S = 60.0
_WHAT = "erasing"


class RedisEraser:
    """An `Eraser` over the store for state."""

    def __init__(self, state: State, identity: Identity, listed: ErasureList) -> None:
        self._state = state
        self._identity = identity
        self._listed = listed

    async def erase(self, campaign: Campaign, viewer_ids: Sequence[ViewerId], *, now_s: int) -> int:
        """Erase these viewers; how many of them were there. May be done again; raises `Unavailable`."""
        await self._state.many_set({names.UNFINISHED_ERASURES: b"%d" % time.time_ns()})
        traces = [trace_of(self._identity, campaign, viewer_id) for viewer_id in viewer_ids]
        try:
            return await erase(self._state, self._listed, traces, now_s=now_s)
        except Invalid as error:
            # The list cannot be written, and so nothing was done: a full disk may be emptied again.
            raise Unavailable(_WHAT) from error

    async def trace(self, link_id: LinkId) -> ErasureTrace:
        """What is left of whoever this was; raises `Unavailable`."""
        link = link_text(link_id)
        record, erased = await self._state.many_get([names.viewer(link), names.erased(link)])
        return ErasureTrace(None if erased is None else int(erased), record is not None)


async def finish_erasures(state: State, settings: StateSettings) -> bool:
    """Write the servers' files anew if anybody was erased since that was last done; whether it was done.

    Raises `Unavailable`. May be done by any process, at any time.
    """
    (noted,) = await state.many_get([names.UNFINISHED_ERASURES])
    if noted is None or not await compact(state, settings):
        return False
    # An erasure that was begun meanwhile has left another note, which stays.
    await state.run(lambda client: client.eval(_TAKE_AWAY, 1, names.UNFINISHED_ERASURES, noted), what=_WHAT)
    return True


_TAKE_AWAY = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
