"""The playlist rules of RFC 8216bis and Apple's HLS Authoring Specification, one function a rule.

`TEXT_RULES` need playlists only, `MEDIA_RULES` (tests/hls/media_rules.py) fetch every byte. The numbers are the
project's own list, kept in docs/hls.md.
"""

import re
from collections.abc import Callable, Iterable

from tests.hls.asset import Asset
from tests.hls.parse import Playlist

Rule = Callable[[Asset], None]

MULTIVARIANT_ONLY = {"MEDIA", "STREAM-INF", "I-FRAME-STREAM-INF", "SESSION-DATA", "SESSION-KEY", "CONTENT-STEERING"}
MEDIA_ONLY = {
    "TARGETDURATION", "MEDIA-SEQUENCE", "DISCONTINUITY-SEQUENCE", "ENDLIST", "PLAYLIST-TYPE", "I-FRAMES-ONLY",
    "EXTINF", "BYTERANGE", "DISCONTINUITY", "KEY", "MAP", "PROGRAM-DATE-TIME", "GAP", "BITRATE", "PART", "DATERANGE",
}  # fmt: skip
KNOWN = {"VERSION", "INDEPENDENT-SEGMENTS", *MULTIVARIANT_ONLY, *MEDIA_ONLY}
QUOTED = {
    "URI", "GROUP-ID", "NAME", "LANGUAGE", "CODECS", "AUDIO", "SUBTITLES", "ID", "CLASS", "START-DATE", "END-DATE",
    "CHANNELS", "DATA-ID", "VALUE", "CHARACTERISTICS", "X-SLOT",
}  # fmt: skip


def everything(asset: Asset) -> Iterable[Playlist]:
    return (asset.multivariant, *asset.playlists.values())


def rule_1_first_line_encoding_and_characters(asset: Asset) -> None:
    for playlist in everything(asset):
        assert playlist.text.startswith("#EXTM3U\n")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff]", playlist.text)


def rule_2_one_version_and_it_is_7(asset: Asset) -> None:
    for playlist in everything(asset):
        assert playlist.one("VERSION").value == "7"


def rule_3_attributes_once_and_quoted(asset: Asset) -> None:
    for playlist in everything(asset):
        for tag in playlist.tags:
            if tag.name in {"MEDIA", "STREAM-INF", "I-FRAME-STREAM-INF", "SESSION-DATA", "MAP", "DATERANGE"}:
                for name, value in tag.attributes.items():
                    assert (name in QUOTED) <= value.startswith('"'), f"{name}={value}"


def rule_4_no_mixed_tags(asset: Asset) -> None:
    for playlist in everything(asset):
        names = {"EXTINF" if tag.name == "EXTINF" else tag.name for tag in playlist.tags}
        assert names <= KNOWN, names - KNOWN
        assert not (names & MULTIVARIANT_ONLY and names & MEDIA_ONLY)


def rule_5_no_segment_rounds_above_the_target(asset: Asset) -> None:
    for playlist in asset.playlists.values():
        target_s = int(playlist.one("TARGETDURATION").value)
        for entry in playlist.entries:
            assert (entry.duration_micros + 500_000) // 1_000_000 <= target_s


def rule_6_segments_of_about_6_seconds(asset: Asset) -> None:
    for playlist in asset.timed():
        target_s = int(playlist.one("TARGETDURATION").value)
        assert target_s == 6
        for entry in playlist.entries:
            assert entry.duration_micros <= target_s * 1_000_000 + 500_000


def rule_7_one_target_duration(asset: Asset) -> None:
    assert len({playlist.one("TARGETDURATION").value for playlist in asset.timed()}) == 1


def rule_9_sound_and_picture_last_equally_long(asset: Asset) -> None:
    assert len({playlist.duration_micros for playlist in asset.timed()}) == 1


def rule_10_every_playlist_covers_the_same_time(asset: Asset) -> None:
    durations = [playlist.duration_micros for playlist in asset.playlists.values()]
    # EXTINF is rounded to a microsecond, so sums may differ by one per entry.
    assert max(durations) - min(durations) <= max(len(playlist.entries) for playlist in asset.playlists.values())


def rule_11_vod_and_endlist(asset: Asset) -> None:
    for playlist in asset.playlists.values():
        assert playlist.one("PLAYLIST-TYPE").value == "VOD"
        assert playlist.tags[-1].name == "ENDLIST"
        assert playlist.text.endswith("#EXT-X-ENDLIST\n")


def rule_12_map_before_the_first_segment(asset: Asset) -> None:
    for playlist in (*asset.timed(), *(playlist for _, playlist in asset.iframes())):
        playlist.one("MAP")
        assert playlist.entries[0].tag("MAP") is not None


def rule_13_independent_segments(asset: Asset) -> None:
    asset.multivariant.one("INDEPENDENT-SEGMENTS")


def rules_18_to_20_no_discontinuity_at_all(asset: Asset) -> None:
    for playlist in asset.playlists.values():
        assert "DISCONTINUITY" not in playlist.text
        assert "GAP" not in {tag.name for tag in playlist.tags}


def rule_21_one_aspect_ratio_and_codec(asset: Asset) -> None:
    shapes = set()
    for tag, _ in asset.variants():
        width, height = map(int, tag.attributes["RESOLUTION"].split("x"))
        shapes.add((round(width / height, 1), tag.text("CODECS").split(".")[0]))
    assert len(shapes) == 1


def rule_22_cuts_at_the_same_times(asset: Asset) -> None:
    assert len({tuple(entry.duration_micros for entry in playlist.entries) for playlist in asset.timed()}) == 1


def rule_23_matching_places_have_matching_bases(asset: Asset) -> None:
    bases = {tuple(entry.uri.rpartition("-")[2] for entry in playlist.entries) for playlist in asset.timed()}
    assert len(bases) == 1
    numbers = [int(base.removesuffix(".m4s")) for base in bases.pop()]
    assert numbers[0] == 0
    assert numbers == sorted(set(numbers))


def rule_25_renditions_have_languages(asset: Asset) -> None:
    assert asset.renditions("AUDIO")
    for tag in asset.multivariant.all("MEDIA"):
        assert tag.text("LANGUAGE")
        assert tag.text("URI")


def rule_26_groups(asset: Asset) -> None:
    for kind in ("AUDIO", "SUBTITLES"):
        tags = [tag for tag, _ in asset.renditions(kind)]
        names = [tag.text("NAME") for tag in tags]
        assert len(set(names)) == len(names)
        defaults = [tag for tag in tags if tag.attributes["DEFAULT"] == "YES"]
        assert len(defaults) == (1 if kind == "AUDIO" else 0)
        assert all(tag.attributes["AUTOSELECT"] == "YES" for tag in defaults)


def rule_26_the_default_sound_stands_first(asset: Asset) -> None:
    """Ours: some players take the first, whatever is the default."""
    assert next(tag.attributes["DEFAULT"] for tag, _ in asset.renditions("AUDIO")) == "YES"


def rule_27_groups_exist(asset: Asset) -> None:
    groups = {(tag.attributes["TYPE"], tag.text("GROUP-ID")) for tag in asset.multivariant.all("MEDIA")}
    for tag, _ in asset.variants():
        assert ("AUDIO", tag.text("AUDIO")) in groups
        if "SUBTITLES" in tag.attributes:
            assert ("SUBTITLES", tag.text("SUBTITLES")) in groups
        else:
            assert not asset.renditions("SUBTITLES")


def rule_28_every_language_covers_everything(asset: Asset) -> None:
    counts = {len(playlist.entries) for _, playlist in asset.renditions("AUDIO")}
    assert counts == {len(asset.variants()[0][1].entries)}


def rule_29_stereo_aac(asset: Asset) -> None:
    assert all(tag.text("CHANNELS") == "2" for tag, _ in asset.renditions("AUDIO"))


def rule_30_codecs_name_picture_and_sound(asset: Asset) -> None:
    for tag, _ in asset.variants():
        assert re.fullmatch(r"avc1\.[0-9A-F]{6},mp4a\.40\.2", tag.text("CODECS"), re.IGNORECASE)


def rules_31_and_32_resolution_and_frame_rate(asset: Asset) -> None:
    for tag, _ in asset.variants():
        assert re.fullmatch(r"\d+x\d+", tag.attributes["RESOLUTION"])
        assert re.fullmatch(r"\d+\.\d{3}", tag.attributes["FRAME-RATE"])


def rule_35_several_variants(asset: Asset) -> None:
    assert len(asset.variants()) >= 2


def rule_36_the_first_variant_is_nearest_to_2_megabits(asset: Asset) -> None:
    averages = [int(tag.attributes["AVERAGE-BANDWIDTH"]) for tag, _ in asset.variants()]
    assert abs(averages[0] - 2_000_000) == min(abs(average - 2_000_000) for average in averages)


def rule_37_high_profile_at_level_4_2_or_below(asset: Asset) -> None:
    for tag, _ in asset.variants():
        codec = tag.text("CODECS").split(",")[0].removeprefix("avc1.")
        assert int(codec[:2], 16) == 100
        assert int(codec[4:], 16) <= 42


def rule_38_iframe_playlists(asset: Asset) -> None:
    assert len(asset.iframes()) == len(asset.variants())
    for tag, playlist in asset.iframes():
        assert tag.text("CODECS").startswith("avc1.")
        assert "," not in tag.text("CODECS")
        assert "RESOLUTION" in tag.attributes
        playlist.one("I-FRAMES-ONLY")
        for entry in playlist.entries:
            byte_range = entry.tag("BYTERANGE")
            assert byte_range is not None
            assert re.fullmatch(r"[1-9]\d*@0", byte_range.value), "the range includes the moof"


def rule_39_captions_span_everything(asset: Asset) -> None:
    for _, playlist in asset.renditions("SUBTITLES"):
        assert [entry.uri.endswith(".vtt") for entry in playlist.entries] == [True]


def rule_40_no_scores_no_steering(asset: Asset) -> None:
    assert "SCORE" not in asset.multivariant.text
    assert not asset.multivariant.all("CONTENT-STEERING")


def rule_41_date_ranges(asset: Asset) -> None:
    for playlist in asset.playlists.values():
        dates = playlist.all("PROGRAM-DATE-TIME")
        assert len(dates) == 1, "bis 6.2.4: in all playlists or in none"
        identifiers = [tag.text("ID") for tag in playlist.all("DATERANGE")]
        assert len(set(identifiers)) == len(identifiers)
        spans = [(tag.text("START-DATE"), tag.text("END-DATE")) for tag in playlist.all("DATERANGE")]
        assert [end for _, end in spans[:-1]] == [start for start, _ in spans[1:]], "one class may not overlap"
    for playlist in asset.timed():
        assert playlist.all("DATERANGE")


def rule_44_urls_reveal_no_names(asset: Asset) -> None:
    for playlist in asset.timed():
        for entry in playlist.entries:
            assert re.fullmatch(r"\.\./(seg|own)/[0-9a-f]{16}/[A-Za-z0-9-]+/\d+-\d+\.m4s", entry.uri)


TEXT_RULES: dict[str, Rule] = {
    name: rule for name, rule in sorted(globals().items()) if re.match(r"rules?_\d+", name) and callable(rule)
}
