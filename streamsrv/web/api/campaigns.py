"""Campaigns, as they are live."""

from streamsrv.core.campaign import Campaign
from streamsrv.management import Management
from streamsrv.web.api import shapes
from streamsrv.web.api.moments import moment_or_none
from streamsrv.web.api.operations import Call, Reply


class Campaigns:
    """Handlers over the use cases."""

    def __init__(self, management: Management) -> None:
        self._management = management

    async def list(self, call: Call) -> Reply:
        return Reply(
            200, shapes.Campaigns(campaigns=[_shown(one) for one in self._management.campaigns(call.caller.actor)])
        )


def _shown(campaign: Campaign) -> shapes.Campaign:
    return shapes.Campaign(
        campaign=campaign.campaign_id,
        title=campaign.told(campaign.titles, campaign.languages.default),
        release=campaign.release,
        valid_from=moment_or_none(campaign.valid_from_s),
        valid_until=moment_or_none(campaign.valid_until_s),
        attributes=list(campaign.schema.fields),
        required=list(campaign.require),
    )
