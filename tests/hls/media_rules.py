"""The rules that need bytes: every segment and init section of a viewer's video is fetched and taken apart."""

import hashlib
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.hls.asset import Asset
from tests.hls.parse import Playlist


@dataclass(frozen=True)
class Box:
    kind: bytes
    body: bytes


def boxes(data: bytes) -> list[Box]:
    """The boxes in `data`, which they fill exactly."""
    found = []
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        assert 8 <= size <= len(data) - at, (kind, size, len(data) - at)
        found.append(Box(kind, data[at + 8 : at + size]))
        at += size
    return found


def child(data: bytes, *path: bytes) -> bytes:
    """The body of the one box at `path`."""
    for kind in path:
        inside = [box.body for box in boxes(data) if box.kind == kind]
        assert len(inside) == 1, f"{kind!r} stands {len(inside)} times"
        data = inside[0]
    return data


@dataclass(frozen=True)
class Sample:
    duration: int
    size: int
    flags: int
    offset: int


@dataclass(frozen=True)
class MediaSegment:
    sequence: int
    decode_ticks: int
    samples: tuple[Sample, ...]
    media: bytes

    @property
    def duration_ticks(self) -> int:
        return sum(sample.duration for sample in self.samples)


def read_segment(data: bytes) -> MediaSegment:
    """A media segment with one fragment of one track."""
    sequence = struct.unpack(">II", child(data, b"moof", b"mfhd"))[1]
    traf = child(data, b"moof", b"traf")
    version, decode_ticks = struct.unpack(">B3xQ", child(traf, b"tfdt"))
    assert version == 1
    return MediaSegment(sequence, decode_ticks, tuple(_samples(traf)), child(data, b"mdat"))


def _samples(traf: bytes) -> Iterator[Sample]:
    tfhd = child(traf, b"tfhd")
    flags = struct.unpack(">I", tfhd[:4])[0] & 0xFFFFFF
    assert flags & 0x20000, "default-base-is-moof"
    assert not flags & 0x1, "no base-data-offset"
    words = list(struct.unpack(f">{(len(tfhd) - 8) // 4}I", tfhd[8:]))
    if flags & 0x2:
        words.pop(0)
    defaults = {bit: words.pop(0) for bit in (0x8, 0x10, 0x20) if flags & bit}
    trun = child(traf, b"trun")
    run_flags = struct.unpack(">I", trun[:4])[0] & 0xFFFFFF
    version, (count,) = trun[0], struct.unpack(">I", trun[4:8])
    at = 8 + (4 if run_flags & 0x1 else 0)
    first_flags = struct.unpack_from(">I", trun, at)[0] if run_flags & 0x4 else None
    at += 4 if run_flags & 0x4 else 0
    for index in range(count):
        values = dict(defaults)
        for bit, default in ((0x100, 0x8), (0x200, 0x10), (0x400, 0x20)):
            if run_flags & bit:
                values[default] = struct.unpack_from(">I", trun, at)[0]
                at += 4
        offset = 0
        if run_flags & 0x800:
            offset = struct.unpack_from(">i" if version else ">I", trun, at)[0]
            at += 4
        if index == 0 and first_flags is not None:
            values[0x20] = first_flags
        yield Sample(values[0x8], values[0x10], values.get(0x20, 0), offset)
    assert at == len(trun)


@dataclass(frozen=True)
class Rendition:
    """One media playlist with its bytes."""

    playlist: Playlist
    timescale: int
    init: bytes
    data: tuple[bytes, ...]
    segments: tuple[MediaSegment, ...]


def load(asset: Asset) -> list[Rendition]:
    """Every audio and video rendition, fetched once."""
    assert asset.fetch is not None
    found = []
    for playlist in asset.timed():
        init = asset.fetch(playlist.one("MAP").text("URI").removeprefix("../"))
        data = tuple(asset.fetch(entry.uri.removeprefix("../")) for entry in playlist.entries)
        timescale = struct.unpack_from(">I", child(init, b"moov", b"trak", b"mdia", b"mdhd"), 12)[0]
        found.append(Rendition(playlist, timescale, init, data, tuple(map(read_segment, data))))
    return found


def nal_types(access_unit: bytes) -> list[int]:
    """The types of the NAL units of a length-prefixed H.264 access unit."""
    found = []
    at = 0
    while at < len(access_unit):
        (size,) = struct.unpack_from(">I", access_unit, at)
        found.append(access_unit[at + 4] & 0x1F)
        at += 4 + size
    return found


def is_video(rendition: Rendition) -> bool:
    return rendition.timescale == 90_000


def access_units(segment: MediaSegment) -> list[bytes]:
    at = 0
    found = []
    for sample in segment.samples:
        found.append(segment.media[at : at + sample.size])
        at += sample.size
    assert at == len(segment.media)
    return found


def rules_8_and_46_extinf_is_the_media_to_the_microsecond(renditions: list[Rendition], asset: Asset) -> None:
    for rendition in renditions:
        for entry, segment in zip(rendition.playlist.entries, rendition.segments, strict=True):
            assert (
                abs(entry.duration_micros * rendition.timescale - segment.duration_ticks * 1_000_000)
                <= rendition.timescale
            )


def rule_14_every_segment_starts_with_an_idr(renditions: list[Rendition], asset: Asset) -> None:
    for rendition in filter(is_video, renditions):
        for segment in rendition.segments:
            assert 5 in nal_types(access_units(segment)[0])
            assert not segment.samples[0].flags & 0x10000, "the first sample is marked as sync"


def rule_15_an_idr_every_2_seconds(renditions: list[Rendition], asset: Asset) -> None:
    for rendition in filter(is_video, renditions):
        for segment in rendition.segments:
            since = 0
            for sample, unit in zip(segment.samples, access_units(segment), strict=True):
                since = 0 if 5 in nal_types(unit) else since
                since += sample.duration
                assert since <= 2 * rendition.timescale


def rules_16_and_17_every_tfdt_follows_from_the_one_before(renditions: list[Rendition], asset: Asset) -> None:
    for rendition in renditions:
        expected, last_sequence = 0, 0
        for segment in rendition.segments:
            assert expected == segment.decode_ticks
            assert segment.sequence > last_sequence
            expected += segment.duration_ticks
            last_sequence = segment.sequence


def rule_29_sound_is_aac_lc_above_64_kilobits(renditions: list[Rendition], asset: Asset) -> None:
    for rendition in renditions:
        if not is_video(rendition):
            size_bytes = sum(map(len, rendition.data))
            assert size_bytes * 8_000_000 > 64_000 * rendition.playlist.duration_micros


def rules_33_and_34_declared_rates_hold(renditions: list[Rendition], asset: Asset) -> None:
    by_uri = {id(rendition.playlist): rendition for rendition in renditions}
    sounds = [by_uri[id(playlist)] for _, playlist in asset.renditions("AUDIO")]
    for tag, playlist in asset.variants():
        peak_bps, average_bps = int(tag.attributes["BANDWIDTH"]), int(tag.attributes["AVERAGE-BANDWIDTH"])
        picture = by_uri[id(playlist)]
        durations = [entry.duration_micros for entry in playlist.entries]
        for sound in sounds:
            sizes = [len(one) + len(other) for one, other in zip(picture.data, sound.data, strict=True)]
            assert _peak(sizes, durations) <= peak_bps + 1
            assert sum(sizes) * 8_000_000 / sum(durations) <= average_bps * 1.1
        assert peak_bps <= 2 * average_bps, f"peak {peak_bps} is over twice the average {average_bps}"


def rule_35_one_variant_for_slow_networks(renditions: list[Rendition], asset: Asset) -> None:
    assert min(int(tag.attributes["BANDWIDTH"]) for tag, _ in asset.variants()) <= 192_000


def rule_37_codecs_come_from_the_bytes(renditions: list[Rendition], asset: Asset) -> None:
    by_playlist = {id(rendition.playlist): rendition for rendition in renditions}
    for tag, playlist in asset.variants():
        avcc = by_playlist[id(playlist)].init.partition(b"avcC")[2]
        assert tag.text("CODECS").split(",")[0].lower() == f"avc1.{avcc[1:4].hex()}"


def rule_38_iframe_ranges_hold_one_frame(renditions: list[Rendition], asset: Asset) -> None:
    assert asset.fetch is not None
    for _, playlist in asset.iframes():
        for entry in playlist.entries:
            data = asset.fetch(entry.uri.removeprefix("../"))
            byte_range = entry.tag("BYTERANGE")
            assert byte_range is not None
            size = int(byte_range.value.removesuffix("@0"))
            segment = read_segment(data)
            assert size == len(data) - len(segment.media) + segment.samples[0].size


def rule_39_captions_are_webvtt_with_a_map(renditions: list[Rendition], asset: Asset) -> None:
    assert asset.fetch is not None
    for _, playlist in asset.renditions("SUBTITLES"):
        text = asset.fetch(f"text/{playlist.entries[0].uri}").decode()
        assert text.startswith("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n")
        ends = [tuple(map(int, re.split("[:.]", stamp))) for stamp in re.findall(r"--> (\S+)", text)]
        assert ends
        last_ms = max(((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in ends)
        assert last_ms * 1000 <= playlist.duration_micros + 1000


def rule_45_one_init_section_without_an_edit_list(renditions: list[Rendition], asset: Asset) -> None:
    for rendition in renditions:
        name = rendition.playlist.one("MAP").text("URI").removeprefix("../init/").removesuffix(".mp4")
        assert name == hashlib.sha256(rendition.init).hexdigest()
        assert b"elst" not in rendition.init
        assert b"edts" not in rendition.init
        for segment in rendition.segments if is_video(rendition) else ():
            assert not {7, 8} & {kind for unit in access_units(segment) for kind in nal_types(unit)}, (
                "in-band SPS or PPS"
            )


def rule_46_sound_and_picture_end_together_at_every_cut(renditions: list[Rendition], asset: Asset) -> None:
    ends = {
        tuple(
            (segment.decode_ticks + segment.duration_ticks) * 90_000 // rendition.timescale
            for segment in rendition.segments
        )
        for rendition in renditions
    }
    assert len(ends) == 1
    for rendition in filter(is_video, renditions):
        for segment in rendition.segments:
            ticks = 0
            presented = []
            for sample in segment.samples:
                presented.append(ticks + sample.offset)
                ticks += sample.duration
            assert min(presented) == 0, "the first frame is shown at the segment's start"
            assert len(set(presented)) == len(presented)


def _peak(sizes: list[int], durations: list[int]) -> float:
    peak = sum(sizes) * 8_000_000 / sum(durations)
    for first in range(len(sizes)):
        for last in range(first, len(sizes)):
            micros = sum(durations[first : last + 1])
            if 3_000_000 <= micros <= 9_000_000:
                peak = max(peak, sum(sizes[first : last + 1]) * 8_000_000 / micros)
    return peak


MEDIA_RULES: dict[str, Callable[[list[Rendition], Asset], None]] = {
    name: rule for name, rule in sorted(globals().items()) if re.match(r"rules?_\d+", name) and callable(rule)
}
