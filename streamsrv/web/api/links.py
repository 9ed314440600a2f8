"""Links for viewers: signed, never stored, so that asking twice does no harm."""

from collections.abc import Callable

from streamsrv.core import urls
from streamsrv.core.model import CampaignId, ViewerId
from streamsrv.management import DAY_S, IssuedLink, Management
from streamsrv.web.api import shapes
from streamsrv.web.api.moments import moment
from streamsrv.web.api.operations import Call, Reply


class Links:
    """Handlers over the use cases."""

    def __init__(self, management: Management, *, base_url: Callable[[], str], life_s: int) -> None:
        """`base_url` is how viewers reach the server: never what a request says, which anybody may write."""
        self._management = management
        self._base_url = base_url
        self._life_s = life_s

    async def issue(self, call: Call) -> Reply:
        wanted = call.body
        assert isinstance(wanted, shapes.LinkRequest)
        actor = call.caller.actor
        campaign = self._management.campaign(actor, CampaignId(wanted.campaign))
        issued, unknown = await self._management.issue_links(
            actor,
            campaign,
            [ViewerId(viewer) for viewer in dict.fromkeys(wanted.viewers)],
            life_s=self._life_s if wanted.days is None else wanted.days * DAY_S,
        )
        base_url = self._base_url()
        return Reply(200, shapes.Links(links=[_shown(one, base_url) for one in issued], unknown=list(unknown)))


def _shown(link: IssuedLink, base_url: str) -> shapes.Link:
    return shapes.Link(
        viewer=link.viewer_id,
        url=base_url + urls.link_path(link.token),
        multivariant_url=base_url + urls.bare_multivariant_path(link.token),
        poster_url=base_url + urls.poster_path(link.token),
        moment_url=base_url + urls.moment_path(link.token),
        expires_at=moment(link.expires_at_s),
    )
