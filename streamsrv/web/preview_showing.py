"""Showings: one campaign, one viewer, one moment and one choice of arms, with use cases over nothing else.

Each page of the preview opens one, so that an edited campaign or another arm changes nothing that a second window
plays. Answers the addresses that viewers' players ask for; records nothing.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from streamsrv.core import tokens
from streamsrv.core.access import OPEN, Access, Admission, Knock
from streamsrv.core.cache import LruCache
from streamsrv.core.campaign import Campaign
from streamsrv.core.catalog import Catalog
from streamsrv.core.errors import NotFound, Problem
from streamsrv.core.identity import LINK_ID_BYTES
from streamsrv.core.model import CampaignId, Event, LinkId, Session, Story, Viewer
from streamsrv.core.own import Artist, Reel
from streamsrv.core.timeline import Timeline
from streamsrv.delivery import Delivery
from streamsrv.ports import RenderedSegments, Renderer, SegmentStore
from streamsrv.web.answer import Answer
from streamsrv.web.request import Request
from streamsrv.web.router import Handler, Route, Router

KEPT_SHOWINGS = 100
"""Pages whose video still plays; an older one says that its link leads nowhere, until it is loaded again."""
SESSION_S = 12 * 3600
KIT = "preview"
"""Stands for the brand kit in the names of what is drawn: one is loaded for as long as the preview runs."""
HOSTS = frozenset({"127.0.0.1", "localhost"})
"""Under any other name a page of the internet could be asking: it may not read what is shown here."""


@dataclass(frozen=True, slots=True)
class Performance:
    """What one showing shows, as the stores, the clock and the sink of its use cases."""

    release: Campaign
    person: Viewer
    arms: Mapping[str, str]
    """By experiment: shown instead of what the viewer is assigned to."""
    at_s: int
    """The moment that is decided for, in Unix time. It stands still: no token runs out."""

    def now_ms(self) -> int:
        return self.at_s * 1000

    async def viewer(self, claims: tokens.LinkClaims) -> Viewer:
        return self.person

    def campaign(self, campaign_id: CampaignId) -> Campaign:
        """The campaign, on every day and for whoever asks: when and to whom it is shown is said beside the video."""
        return replace(self.release, valid_from_s=None, valid_until_s=None, access=None, sources=())

    def campaign_by_tag(self, campaign_tag: bytes, release_tag: bytes) -> Campaign:
        return self.release

    async def settle(
        self, campaign_id: CampaignId, unit: str, wanted: Mapping[str, str], *, release: str, at_ms: int
    ) -> Mapping[str, str]:
        return {**wanted, **self.arms}

    async def recorded(self, campaign_id: CampaignId, unit: str) -> Mapping[str, str]:
        return self.arms

    async def admit(self, link_id: LinkId, access: Access, knock: Knock, viewer: Viewer) -> Admission:
        return OPEN

    async def completed(self, campaign: Campaign, viewer: Viewer) -> tuple[Viewer, tuple[Problem, ...]]:
        return viewer, ()

    async def pin(self, session: Session, document: Mapping[str, object], *, viewer: Viewer) -> Mapping[str, object]:
        return document

    async def pinned(self, session: Session) -> Mapping[str, object]:
        raise NotFound("session")

    def check(self, claims: tokens.LinkClaims | Session) -> None:
        """Nothing is revoked here."""

    def put(self, event: Event) -> None:
        """Dropped: what an author looks at is nobody's session."""


class PreviewRenderer(RenderedSegments, Renderer, Protocol):
    """Draws, and keeps what it drew."""

    @property
    def failed(self) -> Mapping[str, str]:
        """Why what could not be drawn could not be, by content key."""


class Showing(NamedTuple):
    """What answers for one page."""

    router: Router
    renderer: PreviewRenderer


class Showings:
    """The last showings that were opened, by the link that stands for each."""

    def __init__(
        self,
        segments: SegmentStore,
        renderer_for: Callable[[Catalog], PreviewRenderer],
        routes: Callable[[Delivery], Router],
    ) -> None:
        self._segments = segments
        self._renderer_for = renderer_for
        self._routes = routes
        self._keys = tokens.TokenKeys(current=1, secrets={1: secrets.token_bytes(32)})
        self._by_link: LruCache[LinkId, Showing] = LruCache(KEPT_SHOWINGS)

    def open(self, performance: Performance, catalog: Catalog) -> str:
        """A new showing; the token of its link."""
        link_id = LinkId(secrets.token_bytes(LINK_ID_BYTES))
        self._by_link.put(link_id, self.showing(performance, catalog))
        return tokens.sign_link(link_id, expires_at_s=performance.at_s + SESSION_S, keys=self._keys)

    def reel(self, campaign: Campaign, story: Story, timeline: Timeline) -> Reel:
        """All that a showing of this story draws, under the names that it draws it under."""
        return Artist(timeline.catalog, kit=KIT).reel(
            timeline,
            story.decisions,
            language=story.language,
            secret=self._keys.secrets[1],
            whole=campaign.whole_pictures,
        )

    def failed(self, token: str) -> Mapping[str, str]:
        """What the showing of a link could not draw so far: see `PreviewRenderer.failed`; raises `NotFound`."""
        return self._find(token, is_link=True).renderer.failed

    def showing(self, performance: Performance, catalog: Catalog) -> Showing:
        """Every address of a viewer's, over `performance` alone."""
        renderer = self._renderer_for(catalog)
        delivery = Delivery(
            viewers=performance,
            campaigns=performance,
            ledger=performance,
            gate=performance,
            sources=performance,
            sessions=performance,
            revocations=performance,
            catalog=catalog,
            segments=self._segments,
            rendered=renderer,
            renderer=renderer,
            artist=Artist(catalog, kit=KIT),
            tenant_secret=lambda tenant_id: self._keys.secrets[1],
            sink=performance,
            clock=performance,
            keys=self._keys,
            session_s=SESSION_S,
            random_bytes=secrets.token_bytes,
        )
        return Showing(self._routes(delivery), renderer)

    def route(self, route: Route) -> Route:
        """A route of a viewer's, answered by the showing whose token stands in the path."""
        is_link = route.template.startswith("/v/")

        async def answer(request: Request, token: str, *rest: str) -> Answer:
            found, values = self._find(token, is_link=is_link).router.find(request.target)
            return await found.handlers[request.method](request, *values)

        return replace(route, handlers=dict.fromkeys(route.handlers, local(answer)))

    def _find(self, token: str, *, is_link: bool) -> Showing:
        showing = self._by_link.get(self._link_id(token, is_link=is_link))
        if showing is None:
            raise NotFound("page")
        return showing

    def _link_id(self, token: str, *, is_link: bool) -> LinkId:
        if is_link:
            return tokens.parse_link(token, now_s=0, keys=self._keys).link_id
        session, _ = tokens.read_playback(tokens.open_playback(token, now_s=0, keys=self._keys))
        return session.link_id


def local(handler: Handler) -> Handler:
    """`handler`, for requests to this machine by its own name only."""

    async def answer(request: Request, *values: str) -> Answer:
        if request.headers.get("Host", "").partition(":")[0] not in HOSTS:
            raise NotFound("page")
        return await handler(request, *values)

    return answer
