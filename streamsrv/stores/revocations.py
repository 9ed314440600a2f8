"""What was taken back, in every process: asked for every few seconds, answered from memory. `revoking` writes it.

While the store is away, what is known still stands, and links and sessions that were good stay good. Links of a viewer
are refused by the viewer's record as well, and at once; what is here ends the sessions that play.
"""

import asyncio
import logging
import time
from binascii import a2b_base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

from streamsrv.core.errors import Expired, Unavailable
from streamsrv.core.identity import campaign_tag_of
from streamsrv.core.model import Session
from streamsrv.core.tokens import LinkClaims
from streamsrv.ports import Clock
from streamsrv.stores.state import AnyRedis, State, names

logger = logging.getLogger(__name__)

POLL_S = 3.0
WHOLE_EVERY = 10
"""Polls between two that ask for everything, and find what a clock that is wrong has put out of order."""
OVERLAP_S = 600
"""How far clocks may differ for a revocation to be known after one poll."""
FIRST_BUDGET_MS = 5_000
"""Who does not know what was revoked may not begin to serve (B36)."""
PAGE = 10_000
"""Revoked links of one round trip."""
_WHAT = "revocations"
_FROM_URL = bytes.maketrans(b"-_", b"+/")


class PolledRevocations:
    """`Revocations` as the store had them a few seconds ago."""

    def __init__(
        self, state: State, clock: Clock, *, kept_s: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`kept_s` is the longest that a session lasts: what is older ends nothing any more."""
        self._state = state
        self._clock = clock
        self._kept_s = kept_s
        self._monotonic = monotonic
        self._campaigns: dict[bytes, int] = {}
        """The lowest generation that is good, by campaign tag; `_links` by link id."""
        self._links: dict[bytes, int] = {}
        self._keys: frozenset[int] = frozenset()
        self._any = False
        """Whether anything is revoked at all: this is asked for every request."""
        self._polls = 0
        self._asked_at_s = monotonic()

    @property
    def age_s(self) -> float:
        """How old what is known here is."""
        return self._monotonic() - self._asked_at_s

    @property
    def links_held(self) -> int:
        """Revoked links that sessions are held against."""
        return len(self._links)

    def check(self, claims: LinkClaims | Session) -> None:
        """Raises `Expired` where the viewer's links, their campaign or the key that signed was revoked."""
        if not self._any:
            return
        link_id, serial = claims.link_id, claims.serial
        if (
            serial < self._links.get(link_id, 0)
            or serial < self._campaigns.get(campaign_tag_of(link_id), 0)
            or claims.key_id in self._keys
        ):
            raise Expired("this link is no longer valid")

    async def refresh(self, *, budget_ms: int | None = None) -> None:
        """Ask for what is new; raises `Unavailable`, and then what was known still stands."""
        asked_at_s = self._monotonic()
        now_s = self._clock.now_ms() // 1000
        oldest_s = now_s - self._kept_s
        whole = self._polls % WHOLE_EVERY == 0
        campaigns, keys = await self._state.run(_campaigns_and_keys, what=_WHAT, budget_ms=budget_ms)
        links = await self._links_since(oldest_s if whole else max(oldest_s, now_s - OVERLAP_S), budget_ms)
        self._campaigns = campaigns
        self._keys = keys
        self._links = links if whole else self._links | links
        self._any = bool(self._links or campaigns or keys)
        self._asked_at_s = asked_at_s
        self._polls += 1

    async def _links_since(self, since_s: int, budget_ms: int | None) -> dict[bytes, int]:
        found: dict[bytes, int] = {}
        for page in range(1_000_000):
            ask = partial(_links, since_s=since_s, start=page * PAGE)
            entries: Any = await self._state.run(ask, what=_WHAT, budget_ms=budget_ms)
            found.update(entries)
            if len(entries) < PAGE:
                break
        return found


@asynccontextmanager
async def open_revocations(
    state: State, clock: Clock, *, kept_s: int, poll_s: float = POLL_S
) -> AsyncIterator[PolledRevocations]:
    """Revocations that are kept fresh until the block ends; raises `Unavailable` where they cannot be had at all."""
    revocations = PolledRevocations(state, clock, kept_s=kept_s)
    await revocations.refresh(budget_ms=FIRST_BUDGET_MS)
    polling = asyncio.create_task(_poll(revocations, poll_s))
    try:
        yield revocations
    finally:
        polling.cancel()
        with suppress(asyncio.CancelledError):
            await polling


async def _poll(revocations: PolledRevocations, poll_s: float) -> None:
    while True:
        await asyncio.sleep(poll_s)
        try:
            await revocations.refresh()
        except Unavailable:
            pass  # The store for state tells the log; `age_s` tells how long it has been.
        except Exception:
            # Whoever stopped asking would never learn of the next one.
            logger.exception("revocations cannot be read")


async def _campaigns_and_keys(client: AnyRedis) -> tuple[dict[bytes, int], frozenset[int]]:
    campaigns = await client.hgetall(names.REVOKED_CAMPAIGNS)
    keys = await client.smembers(names.REVOKED_KEYS)
    return (
        {bytes.fromhex(_text(tag)): int(serial) for tag, serial in campaigns.items()},
        frozenset(int(key_id) for key_id in keys),
    )


async def _links(client: AnyRedis, *, since_s: int, start: int) -> list[tuple[bytes, int]]:
    key = names.REVOKED_LINKS
    entries: Any = await client.zrangebyscore(key, since_s, "+inf", start=start, num=PAGE, withscores=True)
    return [(a2b_base64(_text(link).encode().translate(_FROM_URL)), int(serial)) for link, serial in entries]


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
