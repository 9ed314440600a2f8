"""Erasing viewers for good, and the proof of it."""

from streamsrv.core.model import CampaignId, ViewerId
from streamsrv.management import Erasure, Management
from streamsrv.web.api import shapes
from streamsrv.web.api.moments import moment
from streamsrv.web.api.operations import Call, Reply
from streamsrv.web.api.viewers import OfCampaign


class Erasures:
    """Handlers over the use cases."""

    def __init__(self, management: Management) -> None:
        self._management = management

    async def ask(self, call: Call) -> Reply:
        assert isinstance(call.body, shapes.ErasureRequest)
        return Reply(201, await self._erase(call, call.body.campaign, call.body.viewer))

    async def delete(self, call: Call, viewer: str) -> Reply:
        """The query names the campaign; without it, every campaign of the tenant is meant."""
        assert isinstance(call.query, OfCampaign)
        return Reply(200, await self._erase(call, call.query.campaign, viewer))

    async def delete_of_campaign(self, call: Call, campaign: str, viewer: str) -> Reply:
        return Reply(200, await self._erase(call, campaign, viewer))

    async def look(self, call: Call, erasure: str) -> Reply:
        return Reply(200, _shown(await self._management.erasure(call.caller.actor, erasure)))

    async def _erase(self, call: Call, campaign: str | None, viewer: str) -> shapes.Erasures:
        actor = call.caller.actor
        if campaign is None:
            campaigns = self._management.campaigns(actor)
        else:
            campaigns = [self._management.campaign(actor, CampaignId(campaign))]
        erased = [await self._management.erase(actor, one, ViewerId(viewer)) for one in campaigns]
        return shapes.Erasures(erasures=[_shown(one) for one in erased])


def _shown(erasure: Erasure) -> shapes.Erasure:
    return shapes.Erasure(
        erasure=erasure.erasure_id,
        campaign=erasure.campaign_id,
        erased_at=moment(erasure.erased_at_s),
        was_there=erasure.was_there,
        is_there=erasure.is_there,
        audit_head=erasure.audit_head,
    )
