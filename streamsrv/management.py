"""What campaign teams do to viewers, and operators to the server: the use cases of the API and of the commands.

Each is written down before it is done, so that nothing is done that nobody can account for: with the audit log away,
nothing is. A tenant's campaigns are not there for anybody else (B25, B26). No I/O of its own, as in `delivery`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from streamsrv.core.audit import Act, AuditPage
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import BadData, NotFound, Problem
from streamsrv.core.identity import Identity, campaign_tag_of, link_bytes, link_text
from streamsrv.core.importing import RecordChecker, RejectedRow, Row, check_viewer_id
from streamsrv.core.model import MAIN_TENANT, CampaignId, LinkId, TenantId, Viewer, ViewerId
from streamsrv.ports import AuditLog, Clock, Eraser, LiveCampaigns, Put, Revoker, ViewerBook

DAY_S = 86_400
WAS_ERASED = Problem("viewer", "was erased", "another viewer: one who was erased does not come back")

SignLink = Callable[[LinkId, int, int], str]
"""The token of a link: of this viewer, of this generation, until this Unix time."""


class Actor(NamedTuple):
    """Who does something, and for whom."""

    name: str
    """`key:` and an API key's prefix, or `cli:` and the name of whoever runs the command."""
    tenant_id: TenantId


class IssuedLink(NamedTuple):
    """A link for one viewer."""

    viewer_id: ViewerId
    token: str
    expires_at_s: int


class Erasure(NamedTuple):
    """That a viewer was erased."""

    erasure_id: str
    """The text of their link id: stands for the viewer, and tells nobody who it was."""
    campaign_id: CampaignId
    erased_at_s: int
    was_there: bool | None
    """Whether there was such a viewer; None when it is asked about later."""
    is_there: bool
    """Whether a record is there now. Without one nothing else of theirs can be opened."""
    audit_head: str
    """Where the tenant's audit log ended when this was told."""


class Management:
    """The use cases over one set of stores."""

    def __init__(
        self,
        *,
        campaigns: LiveCampaigns,
        book: ViewerBook,
        revoker: Revoker,
        eraser: Eraser,
        audit: AuditLog,
        identity: Identity,
        sign_link: SignLink,
        signing_key_id: int,
        clock: Clock,
    ) -> None:
        """`signing_key_id` is the key that `sign_link` signs with."""
        self._campaigns = campaigns
        self._book = book
        self._revoker = revoker
        self._eraser = eraser
        self._audit = audit
        self._identity = identity
        self._sign_link = sign_link
        self._signing_key_id = signing_key_id
        self._clock = clock

    def campaigns(self, actor: Actor) -> list[Campaign]:
        """The tenant's live campaigns, by id."""
        live = self._campaigns.live
        return [live[name] for name in sorted(live) if live[name].tenant_id == actor.tenant_id]

    def campaign(self, actor: Actor, campaign_id: CampaignId) -> Campaign:
        """A live campaign of the tenant's; raises `NotFound`, for another tenant's as for none."""
        campaign = self._campaigns.campaign(campaign_id)
        if campaign.tenant_id != actor.tenant_id:
            raise NotFound("campaign")
        return campaign

    def checker(self, campaign: Campaign) -> RecordChecker:
        """Checks records for the campaign."""
        return RecordChecker(campaign.schema, require=campaign.require)

    async def store_viewer(
        self, actor: Actor, campaign: Campaign, viewer_id: object, attributes: Mapping[str, object]
    ) -> tuple[ViewerId, Put]:
        """Keep one viewer, over whoever had the id; raises `BadData` with every problem, and `Unavailable`."""
        row = self.checker(campaign).check(viewer_id, attributes)
        if isinstance(row, RejectedRow):
            raise BadData(row.reasons)
        stored = ViewerId(row.viewer_id)
        await self._note(actor, "viewer.write", self._link_text(campaign, stored), campaign)
        done = await self._book.put_one(campaign.campaign_id, row, at_s=self._now_s())
        if done is Put.ERASED:
            raise BadData([WAS_ERASED])
        return stored, done

    async def begin_import(self, actor: Actor, campaign: Campaign) -> None:
        """Write down that many viewers are about to be kept by `store_rows`; raises `Unavailable`."""
        await self._note(actor, "viewers.import.begin", campaign.campaign_id, campaign)

    async def store_rows(self, campaign: Campaign, rows: Sequence[Row]) -> Sequence[int]:
        """Keep checked rows; which of them, by place, were erased and are not kept. Raises `Unavailable`."""
        return await self._book.put(campaign.campaign_id, rows, at_s=self._now_s())

    async def end_import(self, actor: Actor, campaign: Campaign, *, stored: int, rejected: int) -> None:
        """Write down what came of it; raises `Unavailable`."""
        detail = {"stored": stored, "rejected": rejected}
        await self._note(actor, "viewers.import.end", campaign.campaign_id, campaign, detail)

    async def viewer(self, actor: Actor, campaign: Campaign, viewer_id: ViewerId) -> Viewer:
        """A viewer with all that is known of them; raises `NotFound` and `Unavailable`."""
        viewer = await self._book.viewer_by_id(campaign.campaign_id, viewer_id)
        await self._note(actor, "viewer.read", self._link_text(campaign, viewer_id), campaign)
        return viewer

    async def issue_links(
        self, actor: Actor, campaign: Campaign, viewer_ids: Sequence[ViewerId], *, life_s: int
    ) -> tuple[list[IssuedLink], list[ViewerId]]:
        """Links for the viewers, and the ids of those who are not there; raises `Unavailable`.

        Nothing is stored: issued again on the same day, a link is the same text.
        """
        expires_at_s = end_of_day_s(self._now_s() + life_s)
        detail = {"viewers": len(viewer_ids), "expires_at_s": expires_at_s}
        await self._note(actor, "links.issue", campaign.campaign_id, campaign, detail)
        issued: list[IssuedLink] = []
        unknown: list[ViewerId] = []
        found = await self._book.serials(campaign.campaign_id, viewer_ids)
        for viewer_id, link in zip(viewer_ids, found, strict=True):
            if link is None:
                unknown.append(viewer_id)
            else:
                issued.append(IssuedLink(viewer_id, self._sign_link(*link, expires_at_s), expires_at_s))
        return issued, unknown

    async def erase(self, actor: Actor, campaign: Campaign, viewer_id: ViewerId) -> Erasure:
        """Erase a viewer for good, whether there is one or not: the id stays empty.

        Raises `BadData` for what can be nobody's id, and `Unavailable`.
        """
        _check_id(viewer_id)
        were_there = await self.erase_all(actor, campaign, [viewer_id])
        link_id = self._identity.link_id(campaign.campaign_id, viewer_id)
        return await self._erasure(actor, campaign, link_id, was_there=were_there > 0)

    async def erase_all(self, actor: Actor, campaign: Campaign, viewer_ids: Sequence[ViewerId]) -> int:
        """Erase these viewers for good; how many of them were there. Raises `Unavailable`."""
        for viewer_id in viewer_ids:
            await self._note(actor, "viewer.erase", self._link_text(campaign, viewer_id), campaign)
        return await self._eraser.erase(campaign, viewer_ids, now_s=self._now_s())

    async def erasure(self, actor: Actor, erasure_id: str) -> Erasure:
        """An erasure of the tenant's, looked at now; raises `NotFound` and `Unavailable`."""
        try:
            link_id = link_bytes(erasure_id)
        except ValueError:
            raise NotFound("erasure") from None
        for campaign in self.campaigns(actor):
            if self._identity.campaign_tag(campaign.campaign_id) == campaign_tag_of(link_id):
                return await self._erasure(actor, campaign, link_id, was_there=None)
        raise NotFound("erasure")

    async def _erasure(self, actor: Actor, campaign: Campaign, link_id: LinkId, *, was_there: bool | None) -> Erasure:
        trace = await self._eraser.trace(link_id)
        if trace.erased_at_s is None:
            raise NotFound("erasure")
        head = await self.head(actor)
        return Erasure(link_text(link_id), campaign.campaign_id, trace.erased_at_s, was_there, trace.is_there, head)

    async def revoke_viewer(self, actor: Actor, campaign: Campaign, viewer_id: ViewerId) -> None:
        """End every link that a viewer has, and what plays under it; raises `Unavailable`.

        Links that are issued later open. Nobody is told whether there is such a viewer; raises `BadData` for what can
        be nobody's id.
        """
        _check_id(viewer_id)
        await self._note(actor, "viewer.revoke", self._link_text(campaign, viewer_id), campaign)
        await self._revoker.link(self._identity.link_id(campaign.campaign_id, viewer_id), now_s=self._now_s())

    async def revoke_campaign(self, actor: Actor, campaign: Campaign) -> None:
        """End every link of a campaign, and what plays under them; raises `Unavailable`."""
        await self._note(actor, "campaign.revoke", campaign.campaign_id, campaign)
        await self._revoker.campaign(self._identity.campaign_tag(campaign.campaign_id), now_s=self._now_s())

    async def revoke_signing_key(self, actor: Actor, key_id: int) -> None:
        """End every link that a signing key of the server has signed, for all tenants.

        Raises `BadData` for the key that signs now, whose next links would be dead at birth, and `Unavailable`.
        """
        if key_id == self._signing_key_id:
            expected = "another: first put a new key before it, as in STREAMSRV_LINKS_SECRET=2:new,1:old"
            raise BadData([Problem("key_id", f"{key_id} signs the links that are issued now", expected)])
        for tenant_id in sorted({MAIN_TENANT, actor.tenant_id}):
            await self.note(actor._replace(tenant_id=tenant_id), "key.revoke", str(key_id), {})
        await self._revoker.key(key_id)

    async def head(self, actor: Actor) -> str:
        """Where the tenant's audit log ends now, to be noted elsewhere; raises `Unavailable`."""
        return (await self._audit.page(actor.tenant_id, after=0, limit=1)).head.text

    async def acts(self, actor: Actor, *, after: int, limit: int) -> AuditPage:
        """Lines of the tenant's audit log; raises `Unavailable`."""
        return await self._audit.page(actor.tenant_id, after=after, limit=limit)

    async def note(self, actor: Actor, action: str, subject: str, detail: Mapping[str, str | int]) -> None:
        """Write down what is done elsewhere; raises `Unavailable`. `subject` names no person."""
        await self._audit.append(actor.tenant_id, Act(self._clock.now_ms(), actor.name, action, subject, detail))

    async def _note(
        self,
        actor: Actor,
        action: str,
        subject: str,
        campaign: Campaign,
        detail: Mapping[str, str | int] | None = None,
    ) -> None:
        await self.note(actor, action, subject, {"campaign": campaign.campaign_id, **(detail or {})})

    def _link_text(self, campaign: Campaign, viewer_id: ViewerId) -> str:
        """How the log names a viewer: as the store does, and nobody can tell who it is."""
        return link_text(self._identity.link_id(campaign.campaign_id, viewer_id))

    def _now_s(self) -> int:
        return self._clock.now_ms() // 1000


def _check_id(viewer_id: ViewerId) -> None:
    if isinstance(problem := check_viewer_id(viewer_id), Problem):
        raise BadData([problem])


def end_of_day_s(unix_s: int) -> int:
    """The end of that day in UTC: links that are issued again on one day are the same."""
    return (unix_s // DAY_S + 1) * DAY_S
