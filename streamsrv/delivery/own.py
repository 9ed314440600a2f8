"""Viewers' own segments: what was decided for a session, drawn over the shared pictures, in time or not at all.

A request for one always has an answer by its deadline: the segment with the viewer's words, or the shared one in its
place, with one reason why (A4, A5). What stands in for it is never kept under the viewer's own name (A6).
"""

import math
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from streamsrv.core.cache import LruCache
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import Expired, NotFound, NotRendered, NotShown, Unavailable
from streamsrv.core.fragment import Fragment
from streamsrv.core.grid import VIDEO_TIMESCALE
from streamsrv.core.model import Decision, SessionId
from streamsrv.core.own import Artist, Order, Reel, order_of, placement_at, same_cut
from streamsrv.core.pin import Pinned, read_pin
from streamsrv.core.timeline import find_track
from streamsrv.delivery.values import Landing, Playing, Poster, Wanted
from streamsrv.ports import CampaignStore, RenderedSegments, Renderer, SessionStore

FIRST_DEADLINE_S = 0.4
"""For a segment that a video begins with: nothing is buffered yet (A4)."""
DEADLINE_S = 2.5
AHEAD_S = 16.0
"""How far in front of what is fetched segments are ordered."""
AHEAD_ORDERS = 6
KEPT_DRAWINGS = 20_000
"""Of all sessions together, each a few kilobytes: a session's are made once."""
KEPT_POSITIONS = 20_000
"""Sessions of which it is known how far they have come."""


CONTENT_TYPES = {"jpg": "image/jpeg", "webp": "image/webp"}


class Own(NamedTuple):
    """What is shown in one place: the viewer's own segment, or None for the shared one."""

    fragment: Fragment | None
    etag: str
    outcome: str
    """"personal"; "plain" where nothing is drawn for this viewer; else the reason for the fallback."""


class _Found(NamedTuple):
    pinned: Pinned
    late: bool
    """Whether it was decided only now, for a player that was given the bare link."""


class OwnSegments:
    """The use case behind `/own/`."""

    def __init__(
        self,
        *,
        artist: Artist,
        sessions: SessionStore,
        campaigns: CampaignStore,
        rendered: RenderedSegments,
        renderer: Renderer,
        secret_of: Callable[[Campaign], bytes],
        pin_late: Callable[[Playing], Awaitable[Pinned]],
    ) -> None:
        """`pin_late` decides for a session that a bare link began; raises `NotFound` where that is not possible."""
        self._artist = artist
        self._sessions = sessions
        self._campaigns = campaigns
        self._rendered = rendered
        self._renderer = renderer
        self._secret_of = secret_of
        self._pin_late = pin_late
        self._reels: LruCache[SessionId, Reel] = LruCache(KEPT_DRAWINGS)
        self._positions: LruCache[SessionId, int] = LruCache(KEPT_POSITIONS)
        self.outcomes: Counter[str] = Counter()
        """Requests by what they were answered with."""

    async def segment(self, wanted: Wanted) -> Own:
        """What this viewer is shown there, by its deadline."""
        own = await self._segment(wanted)
        self.outcomes[own.outcome] += 1
        return own

    def begun(self, playing: Playing, pinned: Pinned, *, rung: str) -> None:
        """A session was just begun: order what it will show first, in the rung that players begin with."""
        reel = self._keep(playing, pinned)
        self._renderer.note(playing.session.link_id, reel.keys)
        self._order(playing, reel, rung=rung, from_units=0)

    def listed(self, playing: Playing, *, rung: str) -> None:
        """A player asked for a rung's playlist: it is about to play it, from where it is."""
        reel = self._reels.get(playing.session.session_id)
        if reel is not None:
            self._order(playing, reel, rung=rung, from_units=self._positions.get(playing.session.session_id) or 0)

    def fetched(self, wanted: Wanted) -> None:
        """A player fetched a segment: what comes next in that rung is wanted soon."""
        reel = self._reels.get(wanted.playing.session.session_id)
        if reel is not None and wanted.track.width:
            after_units = wanted.base_units + wanted.track.segments[wanted.index].units
            self._positions.put(wanted.playing.session.session_id, after_units)
            self._order(wanted.playing, reel, rung=wanted.track.name, from_units=after_units, instead=True)

    def hinted(self, wanted: Wanted) -> None:
        """A player said which segment it will ask for next: that one is wanted now, and what follows it soon."""
        reel = self._reels.get(wanted.playing.session.session_id)
        if reel is not None and wanted.track.width:
            self._order(wanted.playing, reel, rung=wanted.track.name, from_units=wanted.base_units, now=True)

    async def picture(self, landing: Landing, product: str) -> Poster | None:
        """The first moment with the viewer's words; None where there is none, or it is not there in time."""
        campaign, story = landing.campaign, landing.story
        if campaign.access is not None and campaign.access.verify is not None:
            # Whoever the e-mail reaches has not answered yet.
            return None
        order = self._artist.picture(
            story.decisions,
            product=product,
            language=story.language,
            speech=campaign.languages,
            secret=self._secret_of(campaign),
        )
        if order is None:
            return None
        self._renderer.note(landing.link_id, {order.name.key})
        try:
            found = await self._found(order) or await self._renderer.render(order, deadline_s=DEADLINE_S)
        except NotRendered:
            return None
        return Poster(found.body, f"{order.name.key[:16]}-{order.name.rendition}", CONTENT_TYPES[product])

    async def _segment(self, wanted: Wanted) -> Own:
        try:
            reel = await self._reel(wanted.playing)
            number = placement_at(wanted.playing.timeline, wanted.scene, wanted.base_units)
            drawing = reel.drawing(number, wanted.index)
            if drawing is None:
                return Own(None, _plain_etag(wanted), "plain")
            order = order_of(wanted.scene, wanted.track, wanted.index, drawing)
            fragment = await self._found(order)
            if fragment is None:
                deadline_s = FIRST_DEADLINE_S if wanted.base_units == 0 else DEADLINE_S
                fragment = await self._renderer.render(order, deadline_s=deadline_s)
        except NotRendered as error:
            return Own(None, "", error.reason)
        except Unavailable:
            return Own(None, "", "circuit_open")
        except (NotFound, Expired, NotShown):
            return Own(None, "", "data_missing")
        return Own(
            fragment, f'"{order.name.key[:16]}-{wanted.track.name}-{wanted.index}-{wanted.base_units}"', "personal"
        )

    async def _found(self, order: Order) -> Fragment | None:
        try:
            return await self._rendered.get(order.name)
        except Unavailable:
            # Rendered again, then: it is served whether it can be kept or not (A29).
            return None

    async def decisions(self, playing: Playing) -> tuple[Decision, ...] | None:
        """What was decided for a session, for its captions; None where that cannot be had now."""
        try:
            return (await self._pinned(playing)).pinned.decisions
        except (Unavailable, NotRendered, NotFound, Expired, NotShown):
            return None

    async def _reel(self, playing: Playing) -> Reel:
        session = playing.session
        known = self._reels.get(session.session_id)
        if known is not None:
            return known
        pinned, late = await self._pinned(playing)
        reel = self._keep(playing, pinned)
        if late:
            self._renderer.note(session.link_id, reel.keys)
        return reel

    async def _pinned(self, playing: Playing) -> _Found:
        try:
            found = _Found(read_pin(await self._sessions.pinned(playing.session)), late=False)
        except NotFound:
            found = _Found(await self._pin_late(playing), late=True)
        if not same_cut(playing.timeline, found.pinned.decisions):
            raise NotRendered("data_missing")
        return found

    def _keep(self, playing: Playing, pinned: Pinned) -> Reel:
        campaign = self._campaigns.campaign(playing.campaign_id)
        reel = self._artist.reel(
            playing.timeline,
            pinned.decisions,
            language=pinned.language,
            secret=self._secret_of(campaign),
            whole=campaign.whole_pictures,
        )
        self._reels.put(playing.session.session_id, reel, cost=1 + len(reel.keys))
        return reel

    def _order(
        self, playing: Playing, reel: Reel, *, rung: str, from_units: int, instead: bool = False, now: bool = False
    ) -> None:
        """What will be shown within the next seconds, in playback order."""
        unit_s = playing.timeline.catalog.grid.video_ticks / VIDEO_TIMESCALE
        until_units = from_units + math.ceil(AHEAD_S / unit_s)
        steps = reel.next(from_units=from_units, until_units=until_units, most=AHEAD_ORDERS)
        if steps or instead:
            orders = [
                order_of(step.scene, find_track(step.scene, rung), step.segment_index, step.drawing) for step in steps
            ]
            starts_in_units = steps[0].start_units - from_units if steps else 0
            self._renderer.ahead(
                orders,
                by=playing.session.session_id,
                needed_in_s=max(0.0, starts_in_units * unit_s),
                instead=instead,
                # A hint at a segment that nothing is drawn on brings nothing forward.
                now=now and starts_in_units <= 0,
            )


def _plain_etag(wanted: Wanted) -> str:
    return f'"{wanted.track.segments[wanted.index].name[:32]}-{wanted.base_units}"'
