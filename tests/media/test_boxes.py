"""The boxes written for players, walked to the last byte."""

import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.fragment import head_at, parse_fragment
from streamsrv.media.boxes import (
    Sample,
    aac_codec,
    audio_init,
    audio_segment,
    avc_codec,
    video_init,
    video_segment,
)

AVCC = bytes.fromhex("0164001effe1001b6764001eacd941a1ff926a02020280000003008000001e478b16cb01000468efbcb0fdf8f800")
CONFIG = bytes.fromhex("119056e500")
_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"mvex", b"moof", b"traf"}
_HEADS = {b"stsd": 8, b"dref": 8, b"avc1": 78, b"mp4a": 28}


def walk(data: bytes, path: str = "") -> Iterator[tuple[str, bytes]]:
    """Every box with its path and content; fails on a byte that belongs to none."""
    offset = 0
    while offset < len(data):
        size, kind = struct.unpack_from(">I4s", data, offset)
        assert 8 <= size <= len(data) - offset, (path, kind, size)
        name, content = f"{path}/{kind.decode()}", data[offset + 8 : offset + size]
        yield name, content
        if kind in _CONTAINERS or kind in _HEADS:
            yield from walk(content[_HEADS.get(kind, 0) :], name)
        offset += size


def test_a_video_init_section_holds_its_parameters_and_nothing_that_differs_by_scene() -> None:
    boxes = dict(walk(video_init(AVCC, width=416, height=234)))

    entry = "/moov/trak/mdia/minf/stbl/stsd/avc1"
    assert boxes[f"{entry}/avcC"] == AVCC
    assert struct.unpack_from(">HH", boxes[entry], 24) == (416, 234)
    assert struct.unpack(">II", boxes["/moov/trak/tkhd"][-8:]) == (416 << 16, 234 << 16)
    assert struct.unpack_from(">I", boxes["/moov/trak/mdia/mdhd"], 12) == (90_000,)
    assert not {"btrt", "elst", "edts"} & {path.rpartition("/")[2] for path in boxes}


def test_an_audio_init_section_holds_its_configuration_and_no_language() -> None:
    boxes = dict(walk(audio_init(CONFIG)))

    entry = "/moov/trak/mdia/minf/stbl/stsd/mp4a"
    assert CONFIG in boxes[f"{entry}/esds"]
    assert struct.unpack_from(">H6xI", boxes[entry], 16) == (2, 48_000 << 16)
    assert struct.unpack_from(">IIH", boxes["/moov/trak/mdia/mdhd"], 12) == (48_000, 0, 0x55C4)


@given(
    sizes=st.lists(st.integers(1, 2000), min_size=1, max_size=60),
    offsets=st.lists(st.integers(-9000, 9000), min_size=60, max_size=60),
    start=st.integers(0, 2**48),
)
def test_a_video_segment_says_where_each_sample_is(sizes: list[int], offsets: list[int], start: int) -> None:
    samples = [
        Sample(bytes([number % 251]) * size, offsets[number], number % 7 == 0) for number, size in enumerate(sizes)
    ]

    data = video_segment(samples, decode_time_ticks=start, sample_ticks=3000)

    boxes = dict(walk(data))
    assert list(boxes) == [
        "/moof",
        "/moof/mfhd",
        "/moof/traf",
        "/moof/traf/tfhd",
        "/moof/traf/tfdt",
        "/moof/traf/trun",
        "/mdat",
    ]
    trun = boxes["/moof/traf/trun"]
    version_flags, count, data_offset = struct.unpack_from(">IIi", trun)
    assert (version_flags >> 24, count) == (1, len(sizes))
    rows = list(struct.iter_unpack(">IIi", trun[12:]))
    assert [row[0] for row in rows] == sizes
    assert [row[1] & 0x10000 == 0 for row in rows] == [sample.sync for sample in samples]
    assert [row[2] for row in rows] == offsets[: len(sizes)]
    assert data[data_offset:] == b"".join(sample.data for sample in samples) == boxes["/mdat"]
    assert struct.unpack(">IQ", boxes["/moof/traf/tfdt"]) == (1 << 24, start)


@given(
    packets=st.lists(st.binary(min_size=1, max_size=400), min_size=1, max_size=40),
    base=st.integers(0, 2**40),
    sequence=st.integers(1, 2**32 - 1),
)
def test_the_server_can_move_a_segment_on_the_clock(packets: list[bytes], base: int, sequence: int) -> None:
    data = audio_segment(packets, decode_time_ticks=25_600, sample_ticks=1024)

    fragment = parse_fragment(data)
    moved = head_at(fragment, decode_time_ticks=base, sequence=sequence) + bytes(fragment.body)

    again = audio_segment(packets, decode_time_ticks=base, sample_ticks=1024)
    assert fragment.start_ticks == 25_600
    assert moved[:20] + moved[24:] == again[:20] + again[24:]
    assert struct.unpack_from(">I", moved, 20) == (sequence,)


@pytest.mark.parametrize(("avcc", "codec"), [(AVCC, "avc1.64001E"), (bytes.fromhex("0142c00b"), "avc1.42C00B")])
def test_a_codec_string_is_read_from_the_parameters(avcc: bytes, codec: str) -> None:
    assert avc_codec(avcc) == codec


def test_an_aac_codec_string_names_the_object_type() -> None:
    assert aac_codec(CONFIG) == "mp4a.40.2"
