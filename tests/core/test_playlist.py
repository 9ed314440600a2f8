"""Playlists of made-up timelines: whole texts, and every rule that text alone can show."""

import m3u8
import pytest
from hypothesis import given, settings

from streamsrv.core.campaign.languages import Languages
from streamsrv.core.errors import Invalid, NotFound
from streamsrv.core.model import Decision, SceneId
from streamsrv.core.playlist import PlaylistWriter, quoted
from streamsrv.core.timeline import Timeline, build_timeline
from tests.hls.asset import Asset, load_asset
from tests.hls.rules import TEXT_RULES
from tests.timelines import make_catalog, make_scene, make_timeline, timelines


def write(timeline: Timeline, uri: str) -> str:
    """The playlist at a URI of the multivariant playlist, as the routes map it."""
    writer = PlaylistWriter(timeline.catalog)
    if uri == "multivariant.m3u8":
        return writer.multivariant(timeline, default_language="en")
    kind, _, name = uri.removesuffix(".m3u8").partition("/")
    return {"video": writer.video, "audio": writer.audio, "text": writer.text, "iframe": writer.iframe}[kind](
        timeline, name
    )


def asset_of(timeline: Timeline) -> Asset:
    return load_asset(write(timeline, "multivariant.m3u8"), lambda uri: write(timeline, uri))


def test_a_media_playlist_lists_each_scene_at_its_place() -> None:
    hello, bye = make_scene("hello", (12, 3)), make_scene("bye", (2,))
    timeline = make_timeline(make_catalog(hello, bye), ["hello", "bye", "hello"])
    rung = hello.video[2]

    expected = f"""\
#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:6
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MAP:URI="../init/{rung.init_name}.mp4"
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:00.000Z
#EXT-X-DATERANGE:ID="scene-1",CLASS="streamsrv.scene",START-DATE="1970-01-01T00:00:00.000Z",END-DATE="1970-01-01T00:00:08.000Z",\
X-SLOT="slot-0"
#EXTINF:6.400000,
../seg/{hello.key}/720p/0-0.m4s
#EXTINF:1.600000,
../seg/{hello.key}/720p/1-12.m4s
#EXT-X-DATERANGE:ID="scene-2",CLASS="streamsrv.scene",START-DATE="1970-01-01T00:00:08.000Z",END-DATE="1970-01-01T00:00:09.067Z",\
X-SLOT="slot-1"
#EXTINF:1.066667,
../seg/{bye.key}/720p/0-15.m4s
#EXT-X-DATERANGE:ID="scene-3",CLASS="streamsrv.scene",START-DATE="1970-01-01T00:00:09.067Z",END-DATE="1970-01-01T00:00:17.067Z",\
X-SLOT="slot-2"
#EXTINF:6.400000,
../seg/{hello.key}/720p/0-17.m4s
#EXTINF:1.600000,
../seg/{hello.key}/720p/1-29.m4s
#EXT-X-ENDLIST
"""
    assert expected == write(timeline, "video/720p.m3u8")


def test_a_scene_without_a_language_plays_its_default_sound() -> None:
    both, english = make_scene("both", (3,), languages=("en", "de")), make_scene("english", (3,))
    timeline = make_timeline(make_catalog(both, english), ["both", "english"])

    german = write(timeline, "audio/de.m3u8")
    assert [f"{both.key}/audio-de/0-0.m4s", f"{english.key}/audio-en/0-3.m4s"] == [
        line.removeprefix("../seg/") for line in german.splitlines() if line.endswith(".m4s")
    ]


@pytest.mark.parametrize("uri", ["video/4k.m3u8", "audio/fr.m3u8", "text/fr.m3u8", "iframe/4k.m3u8"])
def test_what_no_multivariant_playlist_lists_is_not_found(uri: str) -> None:
    timeline = make_timeline(make_catalog(), ["hello"])
    with pytest.raises(NotFound):
        write(timeline, uri)


@pytest.mark.parametrize("value", ['a"b', "a\nb", "a\rb", "{$x}", "a\x00", "\u2028"])
def test_what_could_break_out_of_a_quoted_string_is_refused(value: str) -> None:
    with pytest.raises(Invalid, match="cannot be quoted"):
        quoted(value)


@settings(max_examples=150, deadline=None)
@given(timelines())
def test_every_text_rule_holds_for_any_timeline(timeline: Timeline) -> None:
    asset = asset_of(timeline)
    for rule in TEXT_RULES.values():
        rule(asset)


@settings(max_examples=40, deadline=None)
@given(timelines())
def test_the_m3u8_package_reads_back_what_was_written(timeline: Timeline) -> None:
    top = m3u8.loads(write(timeline, "multivariant.m3u8"))
    assert len(timeline.catalog.rungs) == len(top.playlists)
    for variant in top.playlists:
        media = m3u8.loads(write(timeline, variant.uri))
        assert sum(len(place.scene.video[0].segments) for place in timeline.placements) == len(media.segments)
        assert media.is_endlist


def test_captions_in_the_language_that_the_story_is_told_in_stand_first_whatever_the_sound_is() -> None:
    catalog = make_catalog(make_scene("hello", (12,), languages=("en",), caption_languages=("en", "de", "ar")))
    speech = Languages(("en", "de", "ar"), "language", {"de": ("en",), "ar": ("de", "en")})
    timeline = build_timeline([Decision("s", SceneId("hello"), "")], catalog, speech)

    def captions(told_in: str) -> list[str]:
        text = PlaylistWriter(catalog).multivariant(timeline, default_language=told_in)
        return [line.partition('LANGUAGE="')[2][:2] for line in text.splitlines() if "TYPE=SUBTITLES" in line]

    assert [["en", "de", "ar"], ["de", "en", "ar"], ["ar", "de", "en"]] == [captions(one) for one in ("en", "de", "ar")]
