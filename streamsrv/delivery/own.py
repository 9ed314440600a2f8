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
from streamsrv.core.own import Artist, Drawing, Order, order_of, own_places, placement_at, same_cut
from streamsrv.core.pin import Pinned, read_pin
from streamsrv.core.timeline import find_track
from streamsrv.delivery.values import Playing, Wanted
from streamsrv.ports import CampaignStore, RenderedSegments, Renderer, SessionStore

FIRST_DEADLINE_S = 0.4
"""For a segment that a video begins with: nothing is buffered yet (A4)."""
DEADLINE_S = 2.5
AHEAD_S = 16.0
"""How far in front of what is fetched segments are ordered."""
AHEAD_ORDERS = 6
KEPT_PINS = 4096
"""Sessions whose decisions are kept read."""


class Own(NamedTuple):
    """What is shown in one place: the viewer's own segment, or None for the shared one."""

    fragment: Fragment | None
    etag: str
    outcome: str
    """"personal"; "plain" where nothing is drawn for this viewer; else the reason for the fallback."""


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
        self._pins: LruCache[SessionId, Pinned] = LruCache(KEPT_PINS)
        self.outcomes: Counter[str] = Counter()
        """Requests by what they were answered with."""

    async def segment(self, wanted: Wanted) -> Own:
        """What this viewer is shown there, by its deadline."""
        own = await self._segment(wanted)
        self.outcomes[own.outcome] += 1
        return own

    def begun(self, playing: Playing, pinned: Pinned, *, rung: str) -> None:
        """A session was just begun: order what it will show first, in the rung that players begin with."""
        self._pins.put(playing.session.session_id, pinned)
        drawings = self._drawings(playing, pinned)
        self._renderer.note(playing.session.link_id, {drawing.key for _, _, drawing in drawings})
        self._order(playing, pinned, rung=rung, from_units=0)

    def listed(self, playing: Playing, *, rung: str) -> None:
        """A player asked for a rung's playlist: it is about to play it."""
        pinned = self._pins.get(playing.session.session_id)
        if pinned is not None:
            self._order(playing, pinned, rung=rung, from_units=0)

    def fetched(self, wanted: Wanted) -> None:
        """A player fetched a segment: what comes next in that rung is wanted soon."""
        pinned = self._pins.get(wanted.playing.session.session_id)
        if pinned is not None and wanted.track.width:
            self._order(wanted.playing, pinned, rung=wanted.track.name, from_units=wanted.base_units + 1)

    async def _segment(self, wanted: Wanted) -> Own:
        try:
            pinned = await self._pinned(wanted.playing)
            drawing = self._drawing(wanted.playing, pinned, wanted)
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

    async def _pinned(self, playing: Playing) -> Pinned:
        session = playing.session
        known = self._pins.get(session.session_id)
        if known is not None:
            return known
        late = False
        try:
            pinned = read_pin(await self._sessions.pinned(session))
        except NotFound:
            pinned, late = await self._pin_late(playing), True
        if not same_cut(playing.timeline, pinned.decisions):
            raise NotRendered("data_missing")
        if late:
            self._renderer.note(session.link_id, {one.key for _, _, one in self._drawings(playing, pinned)})
        self._pins.put(session.session_id, pinned)
        return pinned

    def _drawing(self, playing: Playing, pinned: Pinned, wanted: Wanted) -> Drawing | None:
        number = placement_at(playing.timeline, wanted.scene, wanted.base_units)
        return self._draw(playing, pinned, number, wanted.index)

    def _draw(self, playing: Playing, pinned: Pinned, number: int, index: int) -> Drawing | None:
        scene = playing.timeline.placements[number].scene
        decision: Decision = pinned.decisions[number]
        return self._artist.drawing(
            scene,
            scene.video[0].segments[index],
            decision,
            language=pinned.language,
            speech=playing.timeline.speech,
            secret=self._secret_of(self._campaigns.campaign(playing.campaign_id)),
        )

    def _drawings(self, playing: Playing, pinned: Pinned, *, from_units: int = -1) -> list[tuple[int, int, Drawing]]:
        found = []
        for number, index in own_places(playing.timeline, after_units=from_units):
            drawing = self._draw(playing, pinned, number, index)
            if drawing is not None:
                found.append((number, index, drawing))
        return found

    def _order(self, playing: Playing, pinned: Pinned, *, rung: str, from_units: int) -> None:
        """What will be shown within the next seconds, in playback order."""
        unit_s = playing.timeline.catalog.grid.video_ticks / VIDEO_TIMESCALE
        until_units = from_units + math.ceil(AHEAD_S / unit_s)
        orders: list[Order] = []
        needed_units = until_units
        for number, index in own_places(playing.timeline, after_units=from_units):
            scene, base_units, _ = playing.timeline.placements[number]
            start_units = base_units + scene.video[0].segments[index].start_units
            if start_units > until_units or len(orders) == AHEAD_ORDERS:
                break
            drawing = self._draw(playing, pinned, number, index)
            if drawing is not None:
                orders.append(order_of(scene, find_track(scene, rung), index, drawing))
                needed_units = min(needed_units, start_units)
        if orders:
            self._renderer.ahead(orders, needed_in_s=max(0.0, (needed_units - from_units) * unit_s))


def _plain_etag(wanted: Wanted) -> str:
    return f'"{wanted.track.segments[wanted.index].name[:32]}-{wanted.base_units}"'
