"""Viewers: one by one, or many in one body."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from streamsrv.core.errors import BadData, Problem
from streamsrv.core.model import CampaignId, ViewerId
from streamsrv.management import Management
from streamsrv.ports import Put
from streamsrv.web.api.bulk import Bulk
from streamsrv.web.api.operations import MAX_BULK_BYTES, MAX_LINE_BYTES, Call, Query, Reply
from streamsrv.web.api.shapes import (
    CAMPAIGN_PATTERN,
    NewViewer,
    StoredViewer,
    Viewer,
    ViewerAttributes,
)
from streamsrv.web.body import read_lines


class OfCampaign(Query):
    """Which campaign, where the address does not name it."""

    campaign: Annotated[str, Field(pattern=CAMPAIGN_PATTERN)] | None = None


class Viewers:
    """Handlers over the use cases."""

    def __init__(self, management: Management) -> None:
        self._management = management

    async def add(self, call: Call) -> Reply:
        """One viewer, or a line for each; the body or the query names the campaign."""
        assert isinstance(call.query, OfCampaign)
        return await self._add(call, call.query.campaign)

    async def add_to_campaign(self, call: Call, campaign: str) -> Reply:
        """One viewer, or a line for each."""
        self._management.campaign(call.caller.actor, CampaignId(campaign))
        return await self._add(call, campaign)

    async def put(self, call: Call, campaign: str, viewer: str) -> Reply:
        assert isinstance(call.body, ViewerAttributes)
        found, done = await self._store(call, campaign, viewer, call.body.attributes)
        # No Location: the viewer is where they were put, and no header of an answer holds an id (B8).
        return Reply(201 if done is Put.CREATED else 200, found)

    async def read(self, call: Call, campaign: str, viewer: str) -> Reply:
        actor = call.caller.actor
        found = await self._management.viewer(
            actor, self._management.campaign(actor, CampaignId(campaign)), ViewerId(viewer)
        )
        shown = Viewer(
            viewer=found.viewer_id,
            campaign=found.campaign_id,
            link_ref=found.link_ref,
            attributes=dict(found.attributes),
        )
        return Reply(200, shown)

    async def _add(self, call: Call, campaign: str | None) -> Reply:
        if call.body is None:
            return await self._bulk(call, campaign)
        assert isinstance(call.body, NewViewer)
        named = call.body.campaign or campaign
        if named is None:
            raise BadData([Problem("body.campaign", "is missing", "the campaign's id, here or in the query")])
        if campaign is not None and named != campaign:
            raise BadData([Problem("body.campaign", "is another campaign than the address names", campaign)])
        found, _ = await self._store(call, named, call.body.viewer, call.body.attributes)
        return Reply(201, found)

    async def _store(
        self, call: Call, campaign: str, viewer: str, attributes: Mapping[str, object]
    ) -> tuple[StoredViewer, Put]:
        actor = call.caller.actor
        found = self._management.campaign(actor, CampaignId(campaign))
        stored, done = await self._management.store_viewer(actor, found, viewer, attributes)
        return StoredViewer(viewer=stored, campaign=found.campaign_id), done

    async def _bulk(self, call: Call, campaign: str | None) -> Reply:
        bulk = Bulk(self._management, call.caller.actor, campaign)
        async for line in read_lines(call.request, limit_bytes=MAX_BULK_BYTES, max_line_bytes=MAX_LINE_BYTES):
            await bulk.take(line)
        return Reply(200, await bulk.finish())
