"""Timelines to playlist text (RFC 8216bis). The only writer of playlist text; every tag is explained in docs/hls.md.

Viewers share nothing here but the lines of one scene at one place, which say nothing about anybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from streamsrv.core.bandwidth import Rates, measure
from streamsrv.core.cache import LruCache
from streamsrv.core.catalog import Catalog
from streamsrv.core.errors import NotFound, invalid
from streamsrv.core.grid import Grid
from streamsrv.core.languages import display_name
from streamsrv.core.model import Scene, SceneId, Track
from streamsrv.core.timeline import Timeline, find_track

VERSION = 7
"""Chromium's own HLS player refuses 11 and above; EXT-X-MAP asks for 6 or more."""

FIRST_VARIANT_BPS = 2_000_000
"""The variant nearest to this stands first: where players without a measurement begin (Apple 1.32)."""

_HEADER = f"#EXTM3U\n#EXT-X-VERSION:{VERSION}\n"
_SUBTITLE_CHARACTERISTICS = (
    "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"
)

KEPT_TIMELINES = 4096
KEPT_BLOCKS = 16_384
"""Scenes at a place whose lines are kept ready, a few hundred bytes each: viewers of a campaign have most in common."""

SceneLines = tuple[tuple[str, int], ...]
"""For each segment of one track: its lines up to the base, and the units at which it starts in its scene."""


class PlaylistWriter:
    """Writes playlists for any timeline over one catalog; holds each scene's lines ready."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        # Names come from files of the locale library: read now, not by the first request.
        for scene in catalog.scenes.values():
            for language in (*scene.audio, *scene.captions):
                display_name(language)
        self._block = lru_cache(maxsize=KEPT_BLOCKS)(self._write_block)
        # Measured over all segments of all rungs: once for each timeline, not for each session that plays it.
        self._kept_first: LruCache[int, tuple[Timeline, str]] = LruCache(KEPT_TIMELINES)
        grid = catalog.grid
        self._lines: Mapping[tuple[SceneId, str], SceneLines] = {
            (scene.scene_id, track.name): _segment_lines(scene, track, grid)
            for scene in catalog.scenes.values()
            for track in (*scene.video, *scene.audio.values())
        }
        self._frame_lines: Mapping[tuple[SceneId, str], SceneLines] = {
            (scene.scene_id, track.name): _frame_lines(scene.key, track, grid)
            for scene in catalog.scenes.values()
            for track in scene.video
        }
        start = (
            f"{_HEADER}#EXT-X-TARGETDURATION:{catalog.target_duration_s}\n#EXT-X-MEDIA-SEQUENCE:0\n"
            "#EXT-X-PLAYLIST-TYPE:VOD\n"
        )
        self._video_starts = {rung.name: start + _map(rung) for rung in catalog.rungs}
        self._audio_start = start + _map(catalog.audio)
        self._frame_starts = {rung.name: f"{start}#EXT-X-I-FRAMES-ONLY\n{_map(rung)}" for rung in catalog.rungs}

    def video(self, timeline: Timeline, rung: str) -> str:
        """The media playlist of one rung; raises `NotFound`."""
        return self._media(timeline, _known(self._video_starts, rung), [rung] * len(timeline.placements))

    def audio(self, timeline: Timeline, language: str) -> str:
        """The media playlist of the sound in one language; raises `NotFound`."""
        if language not in timeline.languages():
            raise NotFound("audio language")
        return self._media(timeline, self._audio_start, [track.name for track in timeline.sounds(language)])

    def iframe(self, timeline: Timeline, rung: str) -> str:
        """The I-frame playlist of one rung: each segment's first frame (RFC 8216bis 4.4.3.6); raises `NotFound`."""
        parts = [_known(self._frame_starts, rung), _DATE]
        for scene, base_units, _ in timeline.placements:
            for line, start_units in self._frame_lines[scene.scene_id, rung]:
                parts.append(f"{line}{base_units + start_units}.m4s\n")
        parts.append(_END)
        return "".join(parts)

    def text(self, timeline: Timeline, language: str) -> str:
        """The caption playlist: one WebVTT segment over the whole video, so no cue is cut; raises `NotFound`."""
        if language not in timeline.caption_languages():
            raise NotFound("caption language")
        seconds = timeline.catalog.grid.seconds(timeline.units)
        target_s = max(self._catalog.target_duration_s, -(-timeline.catalog.grid.duration_ms(timeline.units) // 1000))
        return (
            f"{_HEADER}#EXT-X-TARGETDURATION:{target_s}\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n"
            f"{_DATE}#EXTINF:{seconds},\n{language}.vtt\n#EXT-X-ENDLIST\n"
        )

    def first_rung(self, timeline: Timeline) -> str:
        """The rung of the variant that stands first: where players begin."""
        kept = self._kept_first.get(id(timeline))
        # The timeline is kept with it, so that no other can take over its identity.
        if kept is not None and kept[0] is timeline:
            return kept[1]
        rung = self._ordered(self._variant_rates(timeline, timeline.languages()))[0].name
        self._kept_first.put(id(timeline), (timeline, rung))
        return rung

    def multivariant(
        self, timeline: Timeline, *, default_language: str, prefix: str = "", captions: bool = True
    ) -> str:
        """The multivariant playlist; URIs are relative to the playback token's folder, which `prefix` leads to.

        `captions` is false for a player that knows no subtitle renditions.
        """
        default = timeline.default_language(default_language)
        # First, too: Shaka 5, told nothing of languages, takes the first of two channels whatever its DEFAULT is.
        languages = _led_by((default,), timeline.languages())
        # The sound may have no words: captions are led by what the story is told in.
        chain = timeline.speech.chain(default_language)
        caption_languages = _led_by(chain, timeline.caption_languages()) if captions else ()
        rates = self._variant_rates(timeline, languages)
        ordered = self._ordered(rates)
        parts = [
            _HEADER,
            "#EXT-X-INDEPENDENT-SEGMENTS\n",
            tag("SESSION-DATA", DATA_ID=quoted("com.apple.hls.chapters"), URI=quoted(f"{prefix}chapters.json")),
        ]
        parts += [_rendition("AUDIO", language, language == default, prefix) for language in languages]
        parts += [_rendition("SUBTITLES", language, False, prefix) for language in caption_languages]
        parts += [self._variant(rung, rates[rung.name], caption_languages, prefix) for rung in ordered]
        parts += [self._frame_variant(timeline, rung, prefix) for rung in self._catalog.rungs]
        return "".join(parts)

    def _ordered(self, rates: Mapping[str, Rates]) -> list[Track]:
        """The rung nearest to the starting rate first, the others from low to high."""
        rungs = self._catalog.rungs
        first = min(rungs, key=lambda rung: (abs(rates[rung.name].average_bps - FIRST_VARIANT_BPS), rung.name))
        return [first, *(rung for rung in rungs if rung is not first)]

    def _media(self, timeline: Timeline, start: str, renditions: list[str]) -> str:
        block = self._block
        placed = zip(timeline.placements, renditions, strict=True)
        blocks = [
            block(number, slot, scene.scene_id, rendition, base_units)
            for number, ((scene, base_units, slot), rendition) in enumerate(placed, start=1)
        ]
        return "".join((start, _DATE, *blocks, _END))

    def _write_block(self, number: int, slot: str, scene_id: SceneId, rendition: str, base_units: int) -> str:
        """The lines of one scene at one place."""
        scene, grid = self._catalog.scenes[scene_id], self._catalog.grid
        parts = [_date_range(number, slot, base_units, scene.units, grid)]
        for line, start_units in self._lines[scene_id, rendition]:
            parts.append(f"{line}{base_units + start_units}.m4s\n")
        return "".join(parts)

    def _variant_rates(self, timeline: Timeline, languages: Iterable[str]) -> Mapping[str, Rates]:
        """For each rung, with the costliest sound beside it: any playable combination stays under these."""
        units = [segment.units for place in timeline.placements for segment in place.scene.video[0].segments]
        sounds = [_sizes(timeline.sounds(language)) for language in languages]
        return {
            rung.name: Rates(
                *map(
                    max,
                    zip(
                        *(
                            self._measure([v + a for v, a in zip(picture, sizes, strict=True)], units)
                            for sizes in sounds
                        ),
                        strict=True,
                    ),
                )
            )
            for rung in self._catalog.rungs
            for picture in [_sizes(find_track(place.scene, rung.name) for place in timeline.placements)]
        }

    def _measure(self, sizes_bytes: list[int], units: list[int]) -> Rates:
        return measure(sizes_bytes, units, grid=self._catalog.grid, target_duration_s=self._catalog.target_duration_s)

    def _variant(self, rung: Track, rates: Rates, captions: tuple[str, ...], prefix: str) -> str:
        attributes = {
            "BANDWIDTH": str(rates.peak_bps),
            "AVERAGE_BANDWIDTH": str(rates.average_bps),
            "CODECS": quoted(f"{rung.codec},{self._catalog.audio.codec}"),
            "RESOLUTION": f"{rung.width}x{rung.height}",
            "FRAME_RATE": f"{self._catalog.grid.frame_rate}.000",
            "VIDEO_RANGE": "SDR",
            "AUDIO": quoted("audio"),
        }
        if captions:
            attributes["SUBTITLES"] = quoted("text")
        attributes["CLOSED_CAPTIONS"] = "NONE"
        return tag("STREAM-INF", **attributes) + f"{prefix}video/{rung.name}.m3u8\n"

    def _frame_variant(self, timeline: Timeline, rung: Track, prefix: str) -> str:
        segments = [segment for place in timeline.placements for segment in find_track(place.scene, rung.name).segments]
        rates = self._measure(
            [segment.key_frame_bytes for segment in segments], [segment.units for segment in segments]
        )
        return tag(
            "I-FRAME-STREAM-INF",
            BANDWIDTH=str(rates.peak_bps),
            AVERAGE_BANDWIDTH=str(rates.average_bps),
            CODECS=quoted(rung.codec),
            RESOLUTION=f"{rung.width}x{rung.height}",
            VIDEO_RANGE="SDR",
            URI=quoted(f"{prefix}iframe/{rung.name}.m3u8"),
        )


def quoted(value: str) -> str:
    """A quoted-string (RFC 8216bis 4.2); raises `Invalid` for what could end it or start a tag or variable (B14)."""
    if '"' in value or "{$" in value or not value.isprintable():
        raise invalid("playlist attribute", f"{value!r} cannot be quoted", 'no control characters, no ", no {$')
    return f'"{value}"'


def tag(name: str, **attributes: str) -> str:
    """One tag line with an attribute list; `_` in an attribute's name is written `-`."""
    listed = ",".join(f"{key.replace('_', '-')}={value}" for key, value in attributes.items())
    return f"#EXT-X-{name}:{listed}\n"


_DATE = "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:00.000Z\n"
_END = "#EXT-X-ENDLIST\n"


def _known(starts: Mapping[str, str], name: str) -> str:
    try:
        return starts[name]
    except KeyError:
        raise NotFound("rendition") from None


def _map(track: Track) -> str:
    return tag("MAP", URI=quoted(f"../init/{track.init_name}.mp4"))


def _segment_lines(scene: Scene, track: Track, grid: Grid) -> SceneLines:
    return tuple(
        (
            # What is drawn on is fetched from the viewer's own place, whatever will be on it: a list holds no secret.
            f"#EXTINF:{grid.seconds(segment.units)},\n../{'seg' if segment.master is None else 'own'}/"
            f"{scene.key}/{track.name}/{index}-",
            segment.start_units,
        )
        for index, segment in enumerate(track.segments)
    )


def _frame_lines(scene_key: str, track: Track, grid: Grid) -> SceneLines:
    return tuple(
        (
            "".join(
                [
                    f"#EXTINF:{grid.seconds(segment.units)},\n",
                    f"#EXT-X-BYTERANGE:{segment.key_frame_bytes}@0\n",
                    f"../seg/{scene_key}/{track.name}/{index}-",
                ]
            ),
            segment.start_units,
        )
        for index, segment in enumerate(track.segments)
    )


def _date_range(number: int, slot: str, base_units: int, units: int, grid: Grid) -> str:
    """Scene markers (RFC 8216bis 4.4.5.1). Dates have milliseconds: an end date meets the next start exactly."""
    known = {"X_SLOT": quoted(slot)} if slot else {}
    return tag(
        "DATERANGE",
        ID=quoted(f"scene-{number}"),
        CLASS=quoted("streamsrv.scene"),
        START_DATE=quoted(_date(grid.duration_ms(base_units))),
        END_DATE=quoted(_date(grid.duration_ms(base_units + units))),
        **known,
    )


def _date(ms: int) -> str:
    """`ms` after the start of a viewer's video, which is dated to the Unix epoch."""
    time = f"{ms // 3_600_000 % 24:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
    return f"1970-01-{1 + ms // 86_400_000:02d}T{time}Z"


def _rendition(kind: str, language: str, default: bool, prefix: str) -> str:
    audio = kind == "AUDIO"
    attributes = {
        "TYPE": kind,
        "GROUP_ID": quoted("audio" if audio else "text"),
        "NAME": quoted(display_name(language)),
        "LANGUAGE": quoted(language),
        "DEFAULT": "YES" if default else "NO",
        "AUTOSELECT": "YES",
    }
    if audio:
        attributes["CHANNELS"] = quoted("2")
    else:
        attributes["FORCED"] = "NO"
        attributes["CHARACTERISTICS"] = quoted(_SUBTITLE_CHARACTERISTICS)
    attributes["URI"] = quoted(f"{prefix}{'audio' if audio else 'text'}/{language}.m3u8")
    return tag("MEDIA", **attributes)


def _led_by(first: Sequence[str], languages: Sequence[str]) -> tuple[str, ...]:
    """`languages` with those of `first`, in its order, before the others."""
    return tuple(sorted(languages, key=lambda language: first.index(language) if language in first else len(first)))


def _sizes(tracks: Iterable[Track]) -> list[int]:
    """The most bytes that each segment may have: a viewer's own one has more than the shared one."""
    return [
        segment.size_bytes if segment.master is None else max(segment.size_bytes, segment.master.max_bytes)
        for track in tracks
        for segment in track.segments
    ]
