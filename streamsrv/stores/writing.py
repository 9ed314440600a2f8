"""Viewers into the store: sealed, many in one round trip, and never over an erasure."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from streamsrv.core.errors import Unavailable
from streamsrv.core.identity import Identity, link_text
from streamsrv.core.model import CampaignId, LinkId, ViewerId
from streamsrv.ports import Put
from streamsrv.stores.erasure import ErasureList
from streamsrv.stores.state import State, names
from streamsrv.stores.vault import DataKey, Vault
from streamsrv.stores.viewers import write_record

T = TypeVar("T")
BATCH = 500
"""Viewers of one round trip: viewers who are watching meanwhile wait no longer than that takes."""
BUDGET_MS = 10_000
PATIENCE_S = 60.0
"""How long a store that is away is waited for before an import is given up."""
_PAUSE_S = 0.5


class Given(Protocol):
    """A viewer as they were given: of an import's row, or an API's call."""

    @property
    def viewer_id(self) -> str: ...

    @property
    def attributes(self) -> Mapping[str, object]: ...


class ViewerWriter:
    """Keeps viewers of one campaign. A viewer who is there keeps their data key, and with it their sessions."""

    def __init__(
        self,
        state: State,
        vault: Vault,
        identity: Identity,
        campaign_id: CampaignId,
        *,
        restored: ErasureList | None = None,
    ) -> None:
        """With the list of erasures in `restored`, viewers who were erased come back, and are taken off it.

        Links that they had before stay closed.
        """
        self._state = state
        self._vault = vault
        self._identity = identity
        self._campaign_id = campaign_id
        self._restored = restored

    async def put(self, viewers: Sequence[Given], *, at_s: int, budget_ms: int = BUDGET_MS) -> list[int]:
        """Keep them all, the later of two with one id; which of them, by place, were erased and are not kept.

        Raises `Unavailable`; then some may be kept, and it may be done again.
        """
        erased: list[int] = []
        for start in range(0, len(viewers), BATCH):
            done = await self._put(viewers[start : start + BATCH], at_s, budget_ms)
            erased += [start + place for place, one in enumerate(done) if one is Put.ERASED]
        return erased

    async def put_one(self, viewer: Given, *, at_s: int, budget_ms: int = BUDGET_MS) -> Put:
        """Keep one viewer; raises `Unavailable`."""
        (done,) = await self._put([viewer], at_s, budget_ms)
        return done

    async def _put(self, viewers: Sequence[Given], at_s: int, budget_ms: int) -> list[Put]:
        links = [self._identity.link_id(self._campaign_id, ViewerId(one.viewer_id)) for one in viewers]
        texts = [link_text(link_id) for link_id in links]
        keys = [names.viewer(text) for text in texts]
        tombstones = [names.erased(text) for text in texts]
        found = await self._state.many_get(keys + tombstones, budget_ms=budget_ms)
        records, stones = found[: len(keys)], found[len(keys) :]
        if self._restored is not None:
            await self._restore({text: stone for text, stone in zip(texts, stones, strict=True) if stone}, budget_ms)
            stones = [None] * len(keys)
        kept: dict[str, bytes] = {}
        data_keys: dict[LinkId, DataKey] = {}
        for viewer, link_id, key, record, stone in zip(viewers, links, keys, records, stones, strict=True):
            if stone is None:
                data_key = data_keys.get(link_id) or self._data_key(link_id, record)
                data_keys[link_id] = data_key
                plain = write_record(self._campaign_id, viewer.viewer_id, viewer.attributes, at_s)
                kept[key] = self._vault.seal_record(link_id, data_key, plain)
        await self._state.many_set(kept, budget_ms=budget_ms)
        # Whoever is erased while this was under way stays erased: the tombstone is set before the record is deleted.
        stones = await self._state.many_get(tombstones, budget_ms=budget_ms)
        await self._forget([key for key, stone in zip(keys, stones, strict=True) if stone and key in kept], budget_ms)
        return [
            Put.ERASED if stone is not None else Put.CREATED if record is None else Put.REPLACED
            for record, stone in zip(records, stones, strict=True)
        ]

    async def _restore(self, erased_at: Mapping[str, bytes], budget_ms: int) -> None:
        """Let viewers come back, told by their links and when they were erased."""
        if not erased_at or self._restored is None:
            return
        serials = {names.minimum_serial(link): b"%d" % (int(at_s) + 1) for link, at_s in erased_at.items()}
        await self._state.many_set(serials, budget_ms=budget_ms)
        await asyncio.to_thread(self._restored.take_back, erased_at, at_s=max(map(int, erased_at.values())))
        await self._forget([names.erased(link) for link in erased_at], budget_ms)

    def _data_key(self, link_id: LinkId, record: bytes | None) -> DataKey:
        if record is None:
            return self._vault.new_key(link_id)
        # Under the current key-encryption key: a rotation that runs meanwhile must not be undone.
        return self._vault.renewed(link_id, self._vault.key_of(link_id, record))

    async def _forget(self, keys: Sequence[str], budget_ms: int) -> None:
        if keys:
            await self._state.run(lambda client: client.delete(*keys), what="state", budget_ms=budget_ms)


async def patiently(call: Callable[[], Awaitable[T]], *, patience_s: float = PATIENCE_S) -> T:
    """What `call` gives, asked again while the store is away, for commands that would lose an hour's work otherwise."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + patience_s
    while True:
        try:
            return await call()
        except Unavailable:
            if loop.time() >= until_s:
                raise
            await asyncio.sleep(_PAUSE_S)
