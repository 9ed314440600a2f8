"""API keys in the store for state, and in each process for up to half a minute.

A process asks the store once in `KEPT_S` for each key in use, so a revocation is known everywhere by then. With the
store away, keys that were just used go on for as long, and no other opens anything (B36).
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import orjson

from streamsrv.core.api_keys import ApiKey, Scope, prefix_of
from streamsrv.core.cache import LruCache
from streamsrv.core.errors import NotFound, Unauthenticated
from streamsrv.core.model import TenantId
from streamsrv.ports import Clock
from streamsrv.stores.state import AnyRedis, State, names

KEPT_S = 30
KEPT_KEYS = 10_000
REMEMBERED_S = 90 * 86_400
"""A key that is over is listed for as long, and then forgotten."""
_WHAT = "the store of API keys"


@dataclass(frozen=True, slots=True)
class _Known:
    key: ApiKey | None
    """None: there is no such key."""
    since_ms: int


class RedisApiKeys:
    """`ApiKeys` over the store for state."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self._known: LruCache[str, _Known] = LruCache(KEPT_KEYS)

    async def api_key(self, text: str) -> ApiKey:
        """The good key of this text; raises `Unauthenticated` for any other, and `Unavailable` past its deadline."""
        prefix = prefix_of(text)
        if prefix is None:
            raise Unauthenticated
        key = await self._key(prefix)
        if key is None or not key.is_for(text) or not key.is_good_at(self._clock.now_ms() // 1000):
            raise Unauthenticated
        return key

    async def add(self, key: ApiKey) -> None:
        """Keep a new key; raises `Unavailable`."""
        await self._put(key)

    async def kept(self, prefix: str) -> ApiKey:
        """The key of this prefix, good or not; raises `NotFound` and `Unavailable`."""
        (record,) = await self._state.many_get([names.api_key(prefix)])
        if record is None:
            raise NotFound("API key")
        return _read(prefix, record)

    async def revoke(self, prefix: str) -> ApiKey:
        """End a key's use, everywhere within `KEPT_S`; raises `NotFound` and `Unavailable`. May be done twice."""
        revoked = (await self.kept(prefix)).revoked(self._clock.now_ms() // 1000)
        await self._put(revoked)
        return revoked

    async def all_keys(self) -> AsyncIterator[ApiKey]:
        """Every key of every tenant, in no order; raises `Unavailable`. Reads all key names: for commands."""
        async for name in self._state.scan(names.api_key("*")):
            prefix = name.decode().partition(":")[2]
            (record,) = await self._state.many_get([names.api_key(prefix)])
            if record is not None:
                yield _read(prefix, record)

    async def _key(self, prefix: str) -> ApiKey | None:
        now_ms = self._clock.now_ms()
        known = self._known.get(prefix)
        # A clock that was put back makes nothing older than it is.
        if known is None or not 0 <= now_ms - known.since_ms < KEPT_S * 1000:
            (record,) = await self._state.many_get([names.api_key(prefix)])
            known = _Known(None if record is None else _read(prefix, record), now_ms)
            self._known.put(prefix, known)
        return known.key

    async def _put(self, key: ApiKey) -> None:
        await self._state.run(_setting(key), what=_WHAT)


def _setting(key: ApiKey) -> Callable[[AnyRedis], Awaitable[None]]:
    async def put(client: AnyRedis) -> None:
        await client.set(names.api_key(key.prefix), _write(key), exat=key.expires_at_s + REMEMBERED_S)

    return put


def _write(key: ApiKey) -> bytes:
    return orjson.dumps(
        {
            "tenant": key.tenant_id,
            "scopes": sorted(key.scopes),
            "name": key.name,
            "sha256": key.digest.hex(),
            "tail": key.tail,
            "created_at_s": key.created_at_s,
            "expires_at_s": key.expires_at_s,
            "revoked_at_s": key.revoked_at_s,
        }
    )


def _read(prefix: str, record: bytes) -> ApiKey:
    kept = orjson.loads(record)
    return ApiKey(
        prefix=prefix,
        tenant_id=TenantId(kept["tenant"]),
        scopes=frozenset(map(Scope, kept["scopes"])),
        name=kept["name"],
        digest=bytes.fromhex(kept["sha256"]),
        tail=kept["tail"],
        created_at_s=kept["created_at_s"],
        expires_at_s=kept["expires_at_s"],
        revoked_at_s=kept["revoked_at_s"],
    )
