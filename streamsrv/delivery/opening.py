"""From a link to a session: who it is, whether they are let in, and what they are told, once for its whole life."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from streamsrv.core import events, tokens
from streamsrv.core.access import OPEN, Admission, Knock, without_knock
from streamsrv.core.campaign import Campaign
from streamsrv.core.catalog import Catalog
from streamsrv.core.cut import cut_of
from streamsrv.core.errors import NotShown, Problem
from streamsrv.core.model import CallToAction, Cut, Session, SessionId, Story, Viewer
from streamsrv.core.pin import Pinned, pin_document, read_pin
from streamsrv.core.rules import checked, decide, document, explain, withholds_consent
from streamsrv.core.tokens import LinkClaims, TokenKeys
from streamsrv.delivery.arms import Arms
from streamsrv.delivery.journal import Journal
from streamsrv.delivery.values import Landing, Opened
from streamsrv.ports import CampaignStore, Clock, DataSources, Gate, Revocations, SessionStore, ViewerStore


class Link(NamedTuple):
    """A genuine link, with whom it stands for."""

    claims: LinkClaims
    campaign: Campaign
    viewer: Viewer
    now_s: int
    """When it was opened: the moment that is decided for."""


class Decided(NamedTuple):
    """A session that plays, and was written down nowhere."""

    session: Session
    cut: Cut
    campaign: Campaign
    token: str


class Opening:
    """The use cases of `/v/{link}`. All that reads a viewer's data is here."""

    def __init__(
        self,
        *,
        viewers: ViewerStore,
        campaigns: CampaignStore,
        arms: Arms,
        gate: Gate,
        sources: DataSources,
        sessions: SessionStore,
        revocations: Revocations,
        catalog: Catalog,
        journal: Journal,
        clock: Clock,
        keys: TokenKeys,
        session_s: int,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._viewers = viewers
        self._campaigns = campaigns
        self._arms = arms
        self._gate = gate
        self._sources = sources
        self._sessions = sessions
        self._revocations = revocations
        self._catalog = catalog
        self._journal = journal
        self._clock = clock
        self._keys = keys
        self._session_s = session_s
        self._random_bytes = random_bytes

    async def landing(self, link_token: str) -> Landing:
        """What the page of the link shows around its video. Changes and counts nothing, and asks no source (B1)."""
        link = await self._link(link_token)
        story = await self._looked_at(link, link.viewer)
        return Landing(link.campaign, story, _last_ask(story), link.claims.link_id)

    async def decided(self, link_token: str) -> Decided:
        """A session for a player that is given the link itself: decided and signed, and stored nowhere (B1)."""
        link = await self._link(link_token)
        viewer, _ = await self._completed(link, without_knock(link.campaign.access))
        story = await self._looked_at(link, viewer)
        session, cut = self._session(link, viewer, story)
        return Decided(session, cut, link.campaign, tokens.sign_playback(session, cut, keys=self._keys))

    async def begin(self, link_token: str, knock: Knock) -> Opened:
        """Begin a session: decide, pin what was decided, and write down which scenes and why."""
        link = await self._link(link_token)
        campaign = link.campaign
        admission = OPEN
        if campaign.access is not None:
            admission = await self._gate.admit(link.claims.link_id, campaign.access, knock, link.viewer)
        viewer, faults = await self._completed(link, admission)
        explanation = explain(
            campaign,
            viewer,
            now_s=link.now_s,
            # Whoever is kept out is shown nothing of an arm: the viewer's own first session records it.
            assigned=await self._arms.of(campaign, viewer, record=admission.personal),
            barred=admission.reason,
            source_faults=faults,
        )
        story = explanation.story
        session, cut = self._session(link, viewer, story)
        written = document(explanation)
        pinned = await self._sessions.pin(
            session, pin_document(session, explanation, viewer, told=written), viewer=viewer
        )
        self._journal.put(
            events.session_event(session, campaign.campaign_id, written, at_ms=self._clock.now_ms()),
            withheld=cut.no_events,
        )
        return Opened(
            session=session,
            cut=cut,
            pinned=read_pin(pinned),
            token=tokens.sign_playback(session, cut, keys=self._keys),
            campaign=campaign,
            language=story.language,
            personal=story.kind == "personal",
            cta=_last_ask(story),
            admission=admission,
        )

    async def late(self, session: Session) -> Pinned:
        """Decide for a session that a bare link began, as of when it began, and pin it: its words are to be drawn.

        Raises `NotFound`, `Expired` and `Unavailable` as a link does.
        """
        viewer = await self._viewers.viewer(
            LinkClaims(session.link_id, session.serial, session.key_id, session.expires_at_s)
        )
        campaign = self._campaigns.campaign(viewer.campaign_id)
        link_viewer = replace(viewer, attributes=checked(campaign, viewer))
        explanation = explain(
            campaign,
            link_viewer,
            now_s=session.started_at_s,
            assigned=await self._arms.of(campaign, link_viewer, record=True),
            barred=without_knock(campaign.access).reason,
        )
        document_ = pin_document(session, explanation, link_viewer)
        return read_pin(await self._sessions.pin(session, document_, viewer=link_viewer))

    async def _link(self, link_token: str) -> Link:
        """Whom the link stands for; raises `NotFound`, `Expired`, `Unavailable`, and `NotShown` on other days."""
        now_s = self._clock.now_ms() // 1000
        claims = tokens.parse_link(link_token, now_s=now_s, keys=self._keys)
        self._revocations.check(claims)
        viewer = await self._viewers.viewer(claims)
        campaign = self._campaigns.campaign(viewer.campaign_id)
        if not campaign.is_shown_at(now_s):
            raise NotShown("the campaign is not shown at this time")
        # Once, for everything that reads them.
        return Link(claims, campaign, replace(viewer, attributes=checked(campaign, viewer)), now_s)

    async def _completed(self, link: Link, admission: Admission) -> tuple[Viewer, tuple[Problem, ...]]:
        """The viewer with what the campaign's sources know; they are not asked for whoever is not told it."""
        if not admission.personal or not link.campaign.sources:
            return link.viewer, ()
        return await self._sources.completed(link.campaign, link.viewer)

    async def _looked_at(self, link: Link, viewer: Viewer) -> Story:
        """What whoever only looks is told: they cannot be counted, so a policy shows them nothing personal."""
        campaign = link.campaign
        return decide(
            campaign,
            viewer,
            now_s=link.now_s,
            assigned=await self._arms.of(campaign, viewer, record=False),
            withheld=not without_knock(campaign.access).personal,
        )

    def _session(self, link: Link, viewer: Viewer, story: Story) -> tuple[Session, Cut]:
        claims = link.claims
        session = Session(
            session_id=SessionId(self._random_bytes(16).hex()),
            link_id=claims.link_id,
            serial=claims.serial,
            key_id=claims.key_id,
            started_at_s=link.now_s,
            expires_at_s=link.now_s + self._session_s,
        )
        withheld = withholds_consent(link.campaign, viewer)
        return session, cut_of(link.campaign, story, self._catalog, no_events=withheld)


def _last_ask(story: Story) -> CallToAction | None:
    asks = [decision.cta for decision in story.decisions if decision.cta is not None]
    return asks[-1] if asks else None
