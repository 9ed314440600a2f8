"""Links that end before their time: a viewer's, a campaign's, or all that one key has signed."""

from streamsrv.core.api_keys import Scope
from streamsrv.core.errors import Forbidden
from streamsrv.core.model import CampaignId, ViewerId
from streamsrv.management import Management
from streamsrv.web.api import shapes
from streamsrv.web.api.operations import Call, Reply


class Revocations:
    """Handlers over the use cases."""

    def __init__(self, management: Management) -> None:
        self._management = management

    async def revoke(self, call: Call) -> Reply:
        assert isinstance(call.body, shapes.Revocation)
        wanted, actor = call.body.root, call.caller.actor
        match wanted:
            case shapes.RevokeViewer():
                campaign = self._management.campaign(actor, CampaignId(wanted.campaign))
                await self._management.revoke_viewer(actor, campaign, ViewerId(wanted.viewer))
            case shapes.RevokeCampaign():
                campaign = self._management.campaign(actor, CampaignId(wanted.campaign))
                await self._management.revoke_campaign(actor, campaign)
            case shapes.RevokeSigningKey():
                if Scope.OPERATOR not in call.caller.key.scopes:
                    raise Forbidden(Scope.OPERATOR)
                await self._management.revoke_signing_key(actor, wanted.key_id)
        return Reply(200, shapes.Revoked(kind=wanted.kind))
