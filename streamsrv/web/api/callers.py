"""Who calls, what they may do, and how often: an API key in the Authorization header, and a bucket for each key."""

import re
import time
from collections.abc import Callable
from math import ceil

from aiohttp import hdrs

from streamsrv.core.api_keys import Scope
from streamsrv.core.cache import LruCache
from streamsrv.core.errors import Forbidden, TooMany, Unauthenticated
from streamsrv.ports import ApiKeys
from streamsrv.web.api.operations import Caller
from streamsrv.web.request import Request

KEPT_BUCKETS = 10_000
_BEARER = re.compile(r"bearer +(\S+)", re.ASCII | re.IGNORECASE)


class Buckets:
    """Lets each name through `rate_per_s` times a second on average, and `burst` times at once. Per process."""

    def __init__(self, *, rate_per_s: float, burst: int) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._kept: LruCache[str, tuple[float, float]] = LruCache(KEPT_BUCKETS)

    def wait_s(self, name: str, now_s: float) -> float:
        """0 and one less in the bucket; or how long until there is one."""
        left, since_s = self._kept.get(name) or (float(self._burst), now_s)
        left = min(self._burst, left + max(0.0, now_s - since_s) * self._rate_per_s)
        if left < 1:
            return (1 - left) / self._rate_per_s
        self._kept.put(name, (left - 1, now_s))
        return 0.0


class Callers:
    """Lets callers in."""

    def __init__(
        self, keys: ApiKeys, *, rate_per_s: float, burst: int, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._keys = keys
        self._buckets = Buckets(rate_per_s=rate_per_s, burst=burst)
        self._monotonic_s = monotonic_s

    async def caller(self, request: Request, scope: Scope | None) -> Caller:
        """Who calls; raises `Unauthenticated`, `TooMany`, `Forbidden` without the scope, and `Unavailable`."""
        given = request.headers.getall(hdrs.AUTHORIZATION, [])
        found = _BEARER.fullmatch(given[0].strip()) if len(given) == 1 else None
        if found is None:
            raise Unauthenticated
        key = await self._keys.api_key(found[1])
        wait_s = self._buckets.wait_s(key.prefix, self._monotonic_s())
        if wait_s > 0:
            raise TooMany(ceil(wait_s))
        if scope is not None and scope not in key.scopes:
            raise Forbidden(scope)
        return Caller(key)
