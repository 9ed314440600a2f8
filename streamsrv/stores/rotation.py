"""Rotation of the key-encryption key: every data key wrapped anew, one by one, while the server serves.

Every process must know the new key before the first record is under it: see docs/viewers.md.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from redis.asyncio import RedisCluster

from streamsrv.core.model import LinkId
from streamsrv.stores.register import Register
from streamsrv.stores.state import AnyRedis, State, names
from streamsrv.stores.vault import WRAPPED_BYTES
from streamsrv.stores.walking import walk

BUDGET_MS = 10_000
TOGETHER = 16
"""Scripts under way at once in a cluster: as many connections, of which others need some."""
_WHAT = "the store of viewers"
# Only the wrapped key is exchanged, and only where it is still the one that was read: a viewer may be written or erased
# meanwhile.
_EXCHANGE = """
local done = 0
for at, key in ipairs(KEYS) do
  local old, new = ARGV[2 * at - 1], ARGV[2 * at]
  if redis.call('GETRANGE', key, 0, #old - 1) == old then
    redis.call('SETRANGE', key, 0, new)
    done = done + 1
  end
end
return done
"""


class Rotated(NamedTuple):
    """What has become of the records so far."""

    seen: int
    rewrapped: int


class _Exchange(NamedTuple):
    key: str
    old: bytes
    new: bytes


async def rotate(
    register: Register,
    *,
    stopped: Callable[[], bool] = lambda: False,
    told: Callable[[Rotated], None] = lambda _so_far: None,
) -> Rotated:
    """Wrap every data key, and the identity's, under the current key. Stopped, it goes on when it is run again.

    Raises `Unavailable`, also where a record is under a key that is not among ours.
    """
    state, vault, _ = register
    so_far = Rotated(0, 0)
    bound_to = names.IDENTITY.encode()
    (identity,) = await state.many_get([names.IDENTITY], budget_ms=BUDGET_MS)
    if identity is not None and (wrapped := vault.rewrapped(LinkId(bound_to), identity)) is not None:
        await _exchange(state, [_Exchange(names.IDENTITY, identity[:WRAPPED_BYTES], wrapped[:WRAPPED_BYTES])])
    async for viewers in walk(state):
        exchanges = [
            _Exchange(names.viewer(one.link), one.record[:WRAPPED_BYTES], wrapped[:WRAPPED_BYTES])
            for one in viewers
            if (wrapped := vault.rewrapped(one.link_id, one.record)) is not None
        ]
        so_far = Rotated(so_far.seen + len(viewers), so_far.rewrapped + await _exchange(state, exchanges))
        told(so_far)
        if stopped():
            break
    return so_far


async def _exchange(state: State, exchanges: Sequence[_Exchange]) -> int:
    if not exchanges:
        return 0

    async def exchange(client: AnyRedis) -> int:
        if not isinstance(client, RedisCluster):
            return await _evaluate(client, exchanges)
        done = 0
        for start in range(0, len(exchanges), TOGETHER):
            # A script reaches the keys of one slot.
            some = [_evaluate(client, [one]) for one in exchanges[start : start + TOGETHER]]
            done += sum(await asyncio.gather(*some))
        return done

    return await state.run(exchange, what=_WHAT, budget_ms=BUDGET_MS)


async def _evaluate(client: AnyRedis, exchanges: Sequence[_Exchange]) -> int:
    keys = [one.key for one in exchanges]
    pairs = [part for one in exchanges for part in (one.old, one.new)]
    return int(await client.eval(_EXCHANGE, len(keys), *keys, *pairs))
