"""The use cases, in the order of the request path: link, session, decisions, timeline, playlists, segments.

Async because stores are; no I/O of its own. What may not be found raises; nothing here knows HTTP.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from streamsrv.core import events, urls
from streamsrv.core.cache import LruCache
from streamsrv.core.campaign import Campaign
from streamsrv.core.catalog import Catalog
from streamsrv.core.chapters import chapters
from streamsrv.core.errors import NotFound
from streamsrv.core.fragment import Fragment, head_at
from streamsrv.core.model import Session, SessionId, Story
from streamsrv.core.playlist import PlaylistWriter
from streamsrv.core.rules import decide
from streamsrv.core.timeline import Timeline, build_timeline
from streamsrv.ports import CampaignStore, Clock, EventSink, SegmentStore, ViewerStore

PLAYING_SESSIONS = 10_000
"""Sessions whose decisions are kept ready. One that fell out is decided again, with the same result."""


@dataclass(frozen=True, slots=True)
class Playing:
    """A session with its decisions made: everything its playlists and segments need."""

    session: Session
    campaign: Campaign
    story: Story
    timeline: Timeline


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just begun."""

    session: Session
    token: str


class SegmentBody(NamedTuple):
    """A media segment on its viewer's clock, in two pieces so that the large one is never copied."""

    head: bytes
    body: memoryview
    etag: str
    scene: str
    content_type: str


class Delivery:
    """The use cases over one set of stores. Holds no state but a bounded cache of decided sessions."""

    def __init__(
        self,
        *,
        viewers: ViewerStore,
        campaigns: CampaignStore,
        catalog: Catalog,
        segments: SegmentStore,
        sink: EventSink,
        clock: Clock,
        keys: urls.TokenKeys,
        session_s: int,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._viewers = viewers
        self._campaigns = campaigns
        self._catalog = catalog
        self._segments = segments
        self._sink = sink
        self._clock = clock
        self._keys = keys
        self._session_s = session_s
        self._random_bytes = random_bytes
        self._writer = PlaylistWriter(catalog)
        self._init_names = catalog.init_names()
        self._playing: LruCache[SessionId, Playing] = LruCache(PLAYING_SESSIONS)

    async def campaign_of(self, link_token: str) -> Campaign:
        """The campaign behind a link; raises `NotFound` or `Expired`. Changes and counts nothing (B1)."""
        link_id = urls.parse_link(link_token, now_s=self._now_s(), keys=self._keys)
        viewer = await self._viewers.viewer_by_link(link_id)
        return self._campaigns.campaign(viewer.campaign_id)

    async def open_session(self, link_token: str) -> Opened:
        """Begin a session: decide, remember, write down which scenes and why."""
        playing = await self._begin(link_token)
        self._playing.put(playing.session.session_id, playing)
        self._sink.put(
            events.session_event(
                playing.session,
                playing.campaign.campaign_id,
                playing.campaign.release,
                playing.story,
                at_ms=self._clock.now_ms(),
            )
        )
        return Opened(playing.session, urls.sign_playback(playing.session, keys=self._keys))

    async def bare_multivariant(self, link_token: str) -> str:
        """The multivariant playlist for a player without a page, its URIs under a fresh playback token."""
        playing = await self._begin(link_token)
        token = urls.sign_playback(playing.session, keys=self._keys)
        return self._multivariant(playing, prefix=urls.prefix_from_link(token))

    async def playing(self, token: str) -> Playing:
        """The session under a playback token, decided once and the same each time; raises `NotFound`, `Expired`."""
        session = urls.parse_playback(token, now_s=self._now_s(), keys=self._keys)
        known = self._playing.get(session.session_id)
        if known is not None and known.session == session:
            return known
        playing = await self._decide(session)
        self._playing.put(session.session_id, playing)
        return playing

    async def multivariant(self, token: str) -> str:
        return self._multivariant(await self.playing(token), prefix="")

    async def video(self, token: str, rung: str) -> str:
        return self._writer.video((await self.playing(token)).timeline, rung)

    async def audio(self, token: str, language: str) -> str:
        return self._writer.audio((await self.playing(token)).timeline, language)

    async def text(self, token: str, language: str) -> str:
        return self._writer.text((await self.playing(token)).timeline, language)

    async def iframe(self, token: str, rung: str) -> str:
        return self._writer.iframe((await self.playing(token)).timeline, rung)

    async def captions(self, token: str, language: str) -> str:
        return (await self.playing(token)).timeline.captions(language)

    async def chapters(self, token: str) -> list[dict[str, object]]:
        playing = await self.playing(token)
        return chapters(playing.timeline, language=playing.campaign.lang)

    async def init_section(self, token: str, name: str) -> bytes:
        """An init section of the catalog; raises `NotFound` for any other object."""
        await self.playing(token)
        if name not in self._init_names:
            raise NotFound("init section")
        return await self._segments.init_section(name)

    async def segment(
        self, playing: Playing, *, scene_key: str, rendition: str, index: int, base_units: int
    ) -> SegmentBody:
        """A shared segment moved to its place on the viewer's clock; raises `NotFound` unless it was listed."""
        scene, track = playing.timeline.find(
            scene_key=scene_key, rendition=rendition, index=index, base_units=base_units
        )
        stored = track.segments[index]
        fragment = await self._segments.segment(stored.name)
        return SegmentBody(
            head=self._head(fragment, track.width == 0, base_units),
            body=fragment.body,
            etag=f'"{stored.name[:32]}-{base_units}"',
            scene=scene.scene_id,
            content_type="audio/mp4" if track.width == 0 else "video/mp4",
        )

    def _head(self, fragment: Fragment, is_sound: bool, base_units: int) -> bytes:
        grid = self._catalog.grid
        ticks = grid.audio_ticks if is_sound else grid.video_ticks
        # Only the base goes into the sequence number: bytes depend on the segment and its place, never on the viewer.
        return head_at(fragment, decode_time_ticks=base_units * ticks, sequence=base_units + 1)

    def _multivariant(self, playing: Playing, *, prefix: str) -> str:
        return self._writer.multivariant(playing.timeline, default_language=playing.campaign.lang, prefix=prefix)

    async def _begin(self, link_token: str) -> Playing:
        now_s = self._now_s()
        link_id = urls.parse_link(link_token, now_s=now_s, keys=self._keys)
        return await self._decide(
            Session(
                session_id=SessionId(self._random_bytes(16).hex()),
                link_id=link_id,
                started_at_s=now_s,
                expires_at_s=now_s + self._session_s,
            )
        )

    async def _decide(self, session: Session) -> Playing:
        viewer = await self._viewers.viewer_by_link(session.link_id)
        campaign = self._campaigns.campaign(viewer.campaign_id)
        story = decide(campaign, viewer, now_s=session.started_at_s)
        return Playing(session, campaign, story, build_timeline(story.decisions, self._catalog))

    def _now_s(self) -> int:
        return self._clock.now_ms() // 1000
