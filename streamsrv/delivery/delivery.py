"""One class with every use case, over the ports. Its parts are in the other files of this folder."""

from collections.abc import Callable

from streamsrv.core import events, tokens, urls
from streamsrv.core.access import Knock
from streamsrv.core.cache import LruCache
from streamsrv.core.campaign import Campaign
from streamsrv.core.catalog import Catalog
from streamsrv.core.chapters import chapters
from streamsrv.core.cut import language_of, placed
from streamsrv.core.errors import Expired, NotFound
from streamsrv.core.fragment import Fragment, head_at
from streamsrv.core.identity import campaign_tag_of
from streamsrv.core.model import Cut, Decision, Scene, Session, TenantId
from streamsrv.core.own import Artist
from streamsrv.core.pin import Pinned, read_pin
from streamsrv.core.playlist import PlaylistWriter
from streamsrv.core.text import Text
from streamsrv.core.timeline import Timeline, lay_end_to_end
from streamsrv.core.tokens import TokenKeys
from streamsrv.delivery.arms import Arms
from streamsrv.delivery.journal import Journal
from streamsrv.delivery.opening import Opening
from streamsrv.delivery.own import OwnSegments
from streamsrv.delivery.values import InitSection, Landing, Opened, OwnBody, Playing, Poster, SegmentBody, Wanted
from streamsrv.ports import (
    AssignmentLedger,
    CampaignStore,
    Clock,
    DataSources,
    EventSink,
    Gate,
    RenderedSegments,
    Renderer,
    Revocations,
    SegmentStore,
    SessionStore,
    ViewerStore,
)

PLAYING_SESSIONS = 10_000
"""Sessions whose tokens are kept read. One that fell out is read again, with the same result."""
KEPT_TIMELINES = 4096
"""Timelines kept ready: one per cut."""
KEPT_TEXT_BYTES = 32 * 1024 * 1024
"""Playlists and captions kept ready, one of each kind per timeline: a few kilobytes each."""

_PICTURE, _SOUND = "video/mp4", "audio/mp4"


class Delivery:
    """The use cases over one set of stores. Holds no state but bounded caches of what tokens say."""

    def __init__(
        self,
        *,
        viewers: ViewerStore,
        campaigns: CampaignStore,
        ledger: AssignmentLedger,
        gate: Gate,
        sources: DataSources,
        sessions: SessionStore,
        revocations: Revocations,
        catalog: Catalog,
        segments: SegmentStore,
        rendered: RenderedSegments,
        renderer: Renderer,
        artist: Artist,
        tenant_secret: Callable[[TenantId], bytes],
        sink: EventSink,
        clock: Clock,
        keys: TokenKeys,
        session_s: int,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._campaigns = campaigns
        self._sessions = sessions
        self._revocations = revocations
        self._catalog = catalog
        self._segments = segments
        self._journal = Journal(sink)
        self._clock = clock
        self._keys = keys
        self._arms = Arms(ledger, clock)
        self._opening = Opening(
            viewers=viewers,
            campaigns=campaigns,
            arms=self._arms,
            gate=gate,
            sources=sources,
            sessions=sessions,
            revocations=revocations,
            catalog=catalog,
            journal=self._journal,
            clock=clock,
            keys=keys,
            session_s=session_s,
            random_bytes=random_bytes,
        )
        self.own = OwnSegments(
            artist=artist,
            sessions=sessions,
            campaigns=campaigns,
            rendered=rendered,
            renderer=renderer,
            secret_of=lambda campaign: tenant_secret(campaign.tenant_id),
            pin_late=lambda playing: self._opening.late(playing.session),
        )
        self._writer = PlaylistWriter(catalog)
        self._init_names = catalog.init_names()
        self._timelines: LruCache[bytes, Timeline] = LruCache(KEPT_TIMELINES)
        self._texts: LruCache[tuple[int, str, str], tuple[Timeline, Text]] = LruCache(KEPT_TEXT_BYTES)
        self._playing: LruCache[str, Playing] = LruCache(PLAYING_SESSIONS)

    @property
    def sessions_held(self) -> int:
        """Sessions whose tokens are kept read."""
        return len(self._playing)

    @property
    def unrecorded(self) -> int:
        """Decisions made by hash alone, because the assignment ledger was away."""
        return self._arms.unrecorded

    @property
    def withheld(self) -> int:
        """Events that were counted and not kept, because their viewers did not agree to it."""
        return self._journal.withheld

    async def landing(self, link_token: str) -> Landing:
        """The page behind a link; raises `NotFound`, `Expired` or `Unavailable`. Changes and counts nothing (B1)."""
        return await self._opening.landing(link_token)

    async def poster(self, link_token: str, product: str = "jpg") -> Poster:
        """A picture of the viewer's first moment with words, still ("jpg") or moving ("webp").

        Where there is none, or none in time, a still of the scene that the video begins with. Raises as `landing`.
        """
        landing = await self._opening.landing(link_token)
        own = await self.own.picture(landing, product)
        if own is not None:
            return own
        return await self._still(self._catalog.scene(landing.story.decisions[0].scene_id))

    async def session_poster(self, token: str) -> Poster:
        """A still of the scene that a session's video begins with; raises as `playing` does, `Unavailable`."""
        return await self._still(self.playing(token).timeline.placements[0].scene)

    async def open_session(self, link_token: str, knock: Knock) -> Opened:
        """Begin a session, for whoever knocks; raises as `landing` does."""
        opened = await self._opening.begin(link_token, knock)
        playing = self._playing_of(opened.session, opened.cut, opened.campaign)
        self.own.begun(playing, opened.pinned, rung=self._writer.first_rung(playing.timeline))
        return opened

    async def bare_multivariant(self, link_token: str, *, captions: bool) -> Text:
        """The multivariant playlist for a player without a page, its URIs under a fresh playback token."""
        session, cut, campaign, token = await self._opening.decided(link_token)
        playing = self._playing_of(session, cut, campaign)
        return self._multivariant(playing, prefix=urls.prefix_from_link(token), captions=captions)

    async def pinned(self, token: str) -> Pinned:
        """All that was decided for a session, and on which data; raises as `playing` does, `Unavailable`.

        `NotFound` where it was never begun: a player that was given the bare link has nothing pinned.
        """
        return read_pin(await self._sessions.pinned(self.playing(token).session))

    def playing(self, token: str) -> Playing:
        """The session under a playback token, from the token alone; raises `NotFound`, `Expired`."""
        now_s = self._now_s()
        # By its whole text: only a token whose signature was checked here is found. Whatever is forged is never there.
        playing = self._playing.get(token)
        if playing is None:
            session, cut = tokens.read_playback(tokens.open_playback(token, now_s=now_s, keys=self._keys))
            try:
                campaign = self._campaigns.campaign_by_tag(campaign_tag_of(session.link_id), cut.release_tag)
            except NotFound as error:
                raise Expired("this video is no longer available") from error
            playing = self._playing_of(session, cut, campaign)
            self._playing.put(token, playing)
        elif now_s >= playing.session.expires_at_s:
            raise Expired("this session is over")
        self._revocations.check(playing.session)
        return playing

    def multivariant(self, token: str, *, captions: bool) -> Text:
        return self._multivariant(self.playing(token), prefix="", captions=captions)

    def video(self, token: str, rung: str) -> Text:
        playing = self.playing(token)
        text = self._text("video", self._writer.video, playing.timeline, rung)
        self.own.listed(playing, rung=rung)
        return text

    def audio(self, token: str, language: str) -> Text:
        return self._text("audio", self._writer.audio, self.playing(token).timeline, language)

    def text(self, token: str, language: str) -> Text:
        return self._text("text", self._writer.text, self.playing(token).timeline, language)

    def iframe(self, token: str, rung: str) -> Text:
        return self._text("iframe", self._writer.iframe, self.playing(token).timeline, rung)

    async def captions(self, token: str, language: str) -> Text:
        """The captions of the viewer's own cut, with the words that are drawn for them."""
        playing = self.playing(token)
        decisions = await self._decisions(playing)
        if decisions is None:
            return self._text("captions", Timeline.captions, playing.timeline, language)
        return Text(playing.timeline.captions(language, decisions, told_in=playing.language))

    async def transcript(self, token: str, language: str) -> Text:
        """All that is said and shown to this viewer, as plain text; raises `NotFound` for a language not captioned."""
        playing = self.playing(token)
        if language not in playing.timeline.caption_languages():
            raise NotFound("caption language")
        return Text(playing.timeline.transcript(language, await self._decisions(playing)))

    def chapters(self, token: str) -> list[dict[str, object]]:
        playing = self.playing(token)
        return chapters(playing.timeline, language=playing.language)

    async def init_section(self, token: str, name: str) -> InitSection:
        """An init section of the catalog; raises `NotFound` for any other object."""
        self.playing(token)
        if name not in self._init_names:
            raise NotFound("init section")
        content_type = _SOUND if name == self._catalog.audio.init_name else _PICTURE
        return InitSection(await self._segments.small(name), content_type)

    def find_segment(self, token: str, *, scene_key: str, rendition: str, index: int, base_units: int) -> Wanted:
        """What a segment URL names; raises `NotFound` unless this session's playlists list it, `Expired`."""
        playing = self.playing(token)
        scene, track = playing.timeline.find(
            scene_key=scene_key, rendition=rendition, index=index, base_units=base_units
        )
        return Wanted(playing, scene, track, index, base_units)

    async def segment(self, wanted: Wanted) -> SegmentBody:
        """A shared segment moved to its place on the viewer's clock; raises `Unavailable`."""
        track, base_units = wanted.track, wanted.base_units
        stored = track.segments[wanted.index]
        fragment = await self._segments.segment(stored.name)
        self.own.fetched(wanted)
        is_sound = track.width == 0
        return SegmentBody(
            head=self._head(fragment, is_sound, base_units),
            body=fragment.body,
            etag=f'"{stored.name[:32]}-{base_units}"',
            content_type=_SOUND if is_sound else _PICTURE,
        )

    async def own_segment(self, wanted: Wanted) -> OwnBody:
        """The viewer's own segment, or the shared one in its place, by its deadline; raises `Unavailable`.

        `NotFound` for a segment that no playlist lists among the viewer's own.
        """
        stored = wanted.track.segments[wanted.index]
        if stored.master is None:
            raise NotFound("segment")
        own = await self.own.segment(wanted)
        self.own.fetched(wanted)
        fragment = own.fragment or await self._segments.segment(stored.name)
        head = self._head(fragment, False, wanted.base_units)
        return OwnBody(SegmentBody(head, fragment.body, own.etag, _PICTURE), own.outcome)

    def hinted(self, wanted: Wanted) -> None:
        """A player said that it will ask for this segment next. Never raises."""
        self.own.hinted(wanted)

    def record_segment(
        self, wanted: Wanted, *, method: str, status: int, sent_bytes: int, duration_us: int, own: str | None = None
    ) -> None:
        """Write down that a segment request is over. Called once for each, however it ended."""
        self._journal.put(
            events.segment_event(
                wanted.playing.session,
                wanted.playing.campaign_id,
                at_ms=self._clock.now_ms(),
                scene=wanted.scene.scene_id,
                rendition=wanted.track.name,
                index=wanted.index,
                base_units=wanted.base_units,
                method=method,
                status=status,
                sent_bytes=sent_bytes,
                duration_us=duration_us,
                own=own,
            ),
            withheld=wanted.playing.cut.no_events,
        )

    async def _decisions(self, playing: Playing) -> tuple[Decision, ...] | None:
        """What was decided, where any of it is told in words; the scenes' own words stand where it cannot be had."""
        if not any(place.scene.overlays for place in playing.timeline.placements):
            return None
        return await self.own.decisions(playing)

    def _head(self, fragment: Fragment, is_sound: bool, base_units: int) -> bytes:
        grid = self._catalog.grid
        ticks = grid.audio_ticks if is_sound else grid.video_ticks
        # Only the base goes into the sequence number: bytes depend on the segment and its place, never on the viewer.
        return head_at(fragment, decode_time_ticks=base_units * ticks, sequence=base_units + 1)

    async def _still(self, scene: Scene) -> Poster:
        return Poster(await self._segments.small(scene.poster_name), scene.poster_name[:32])

    def _multivariant(self, playing: Playing, *, prefix: str, captions: bool) -> Text:
        return Text(
            self._writer.multivariant(
                playing.timeline, default_language=playing.language, prefix=prefix, captions=captions
            )
        )

    def _text(self, kind: str, write: Callable[[Timeline, str], str], timeline: Timeline, name: str) -> Text:
        """What `write` makes of a timeline. It names no session, so those who share the timeline share it, too."""
        key = (id(timeline), kind, name)
        kept = self._texts.get(key)
        # The timeline is kept with its text, so that no other can take over its identity.
        if kept is not None and kept[0] is timeline:
            return kept[1]
        text = Text(write(timeline, name))
        self._texts.put(key, (timeline, text), cost=len(text.plain))
        return text

    def _playing_of(self, session: Session, cut: Cut, campaign: Campaign) -> Playing:
        return Playing(
            session, cut, campaign.campaign_id, language_of(cut, campaign), self._timeline(session, cut, campaign)
        )

    def _timeline(self, session: Session, cut: Cut, campaign: Campaign) -> Timeline:
        """Viewers of a release who see the same scenes share a timeline: nothing in it is anybody's own."""
        key = campaign_tag_of(session.link_id) + cut.release_tag + cut.places
        timeline = self._timelines.get(key)
        if timeline is None:
            timeline = lay_end_to_end(placed(cut, campaign, self._catalog), self._catalog, campaign.languages)
            self._timelines.put(key, timeline)
        return timeline

    def _now_s(self) -> int:
        return self._clock.now_ms() // 1000
