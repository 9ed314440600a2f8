"""Revoking links: what is written so that every process refuses them within seconds.

A link carries a generation, its serial, and opens nothing once a higher one is asked for: of its viewer, or of its
campaign. Generations are times (Unix seconds): one that is made now is above all that were made before, so revoking
need not look at any link, and links that are issued afterwards open.
"""

from collections.abc import Sequence

from streamsrv.core.identity import link_text, tag_text
from streamsrv.core.model import LinkId
from streamsrv.stores.state import State, names

KEPT_S = 14 * 86_400
"""How long running sessions are told of a revoked link: no session is longer."""
BUDGET_MS = 5_000
_WHAT = "revocations"
# Generations only rise, whatever clocks do.
_RAISE = """
local serial = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), tonumber(ARGV[1]))
redis.call('SET', KEYS[1], serial)
return serial
"""
_RAISE_CAMPAIGN = """
local serial = math.max(tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0), tonumber(ARGV[2]))
redis.call('HSET', KEYS[1], ARGV[1], serial)
return serial
"""


class Revoking:
    """Writes revocations. Every method may be done again; raises `Unavailable`."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def link(self, link_id: LinkId, *, now_s: int) -> int:
        """Revoke the links that one viewer has; what generation their new ones are of."""
        key = names.minimum_serial(link_text(link_id))

        serial = await self._state.run(
            lambda client: client.eval(_RAISE, 1, key, str(now_s + 1)), what=_WHAT, budget_ms=BUDGET_MS
        )
        await self.sessions([link_text(link_id)], now_s=now_s)
        return int(serial)

    async def sessions(self, links: Sequence[str], *, now_s: int) -> None:
        """End the sessions that run now under these links, told by their texts."""
        ended = dict.fromkeys(links, now_s + 1)
        await self._state.run(
            lambda client: client.zadd(names.REVOKED_LINKS, ended, gt=True), what=_WHAT, budget_ms=BUDGET_MS
        )
        await self._state.run(
            lambda client: client.zremrangebyscore(names.REVOKED_LINKS, "-inf", now_s - KEPT_S),
            what=_WHAT,
            budget_ms=BUDGET_MS,
        )

    async def campaign(self, campaign_tag: bytes, *, now_s: int) -> int:
        """Revoke every link of a campaign; what generation its new ones are of."""
        tag = tag_text(campaign_tag)
        serial = await self._state.run(
            lambda client: client.eval(_RAISE_CAMPAIGN, 1, names.REVOKED_CAMPAIGNS, tag, str(now_s + 1)),
            what=_WHAT,
            budget_ms=BUDGET_MS,
        )
        return int(serial)

    async def key(self, key_id: int) -> None:
        """Revoke whatever this key has signed."""
        await self._state.run(
            lambda client: client.sadd(names.REVOKED_KEYS, str(key_id)), what=_WHAT, budget_ms=BUDGET_MS
        )

    async def campaign_serial(self, campaign_tag: bytes) -> int:
        """The generation that a campaign's new links are of at least."""
        tag = tag_text(campaign_tag)
        serial = await self._state.run(
            lambda client: client.hget(names.REVOKED_CAMPAIGNS, tag), what=_WHAT, budget_ms=BUDGET_MS
        )
        return int(serial or 0)
