"""Viewers by campaign and id, for those who manage them: over the same records as `viewers`."""

from collections.abc import Sequence

from streamsrv.core.identity import Identity, link_text
from streamsrv.core.importing import Row
from streamsrv.core.model import CampaignId, LinkId, Viewer, ViewerId
from streamsrv.ports import Put
from streamsrv.stores.revoking import Revoking
from streamsrv.stores.state import State, names
from streamsrv.stores.vault import Vault
from streamsrv.stores.viewers import RedisViewerStore
from streamsrv.stores.writing import ViewerWriter

BUDGET_MS = 2_000
"""Of one round trip: whoever manages viewers waits longer than one who watches."""


class RedisViewerBook:
    """A `ViewerBook` over the store for state."""

    def __init__(self, state: State, vault: Vault, identity: Identity) -> None:
        self._state = state
        self._vault = vault
        self._identity = identity
        self._viewers = RedisViewerStore(state, vault, identity)

    async def viewer_by_id(self, campaign_id: CampaignId, viewer_id: ViewerId) -> Viewer:
        """The campaign's viewer of this id; raises `NotFound` for who never was or was erased, and `Unavailable`."""
        return await self._viewers.viewer_by_id(campaign_id, viewer_id)

    async def put(self, campaign_id: CampaignId, viewers: Sequence[Row], *, at_s: int) -> Sequence[int]:
        """Keep them all; which of them, by place, were erased and are not kept. Raises `Unavailable`."""
        writer = ViewerWriter(self._state, self._vault, self._identity, campaign_id)
        return await writer.put(viewers, at_s=at_s, budget_ms=BUDGET_MS)

    async def put_one(self, campaign_id: CampaignId, viewer: Row, *, at_s: int) -> Put:
        """Keep one viewer; raises `Unavailable`."""
        writer = ViewerWriter(self._state, self._vault, self._identity, campaign_id)
        return await writer.put_one(viewer, at_s=at_s, budget_ms=BUDGET_MS)

    async def serials(
        self, campaign_id: CampaignId, viewer_ids: Sequence[ViewerId]
    ) -> Sequence[tuple[LinkId, int] | None]:
        """Each viewer's link id and the generation of their new links; None for who is not there."""
        links = [self._identity.link_id(campaign_id, viewer_id) for viewer_id in viewer_ids]
        texts = [link_text(link_id) for link_id in links]
        keys = [name(text) for name in (names.viewer, names.minimum_serial, names.erased) for text in texts]
        found = await self._state.many_get(keys, budget_ms=BUDGET_MS)
        at_least = await Revoking(self._state).campaign_serial(self._identity.campaign_tag(campaign_id))
        records, serials, erased = found[: len(links)], found[len(links) : 2 * len(links)], found[2 * len(links) :]
        return [
            None if record is None or stone is not None else (link_id, max(int(serial or 0), at_least))
            for link_id, record, serial, stone in zip(links, records, serials, erased, strict=True)
        ]
