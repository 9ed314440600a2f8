"""Moving stored segments on the clock."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.fragment import head_at, parse_fragment


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def segment(*, ticks: int = 0, media: bytes = b"media", styp: bool = True, version: int = 1) -> bytes:
    decode_time = struct.pack(">IQ", version << 24, ticks) if version == 1 else struct.pack(">II", 0, ticks)
    traf = box(b"traf", box(b"tfhd", bytes(8)), box(b"tfdt", decode_time), box(b"trun", bytes(12)))
    moof = box(b"moof", box(b"mfhd", struct.pack(">II", 0, 1)), traf)
    return (box(b"styp", b"msdh" + bytes(4)) if styp else b"") + moof + box(b"mdat", media)


@given(st.integers(0, 2**63), st.integers(0, 2**32 - 1), st.binary(max_size=50), st.booleans())
def test_only_the_two_numbers_change(ticks: int, sequence: int, media: bytes, styp: bool) -> None:
    stored = segment(ticks=48_000, media=media, styp=styp)
    fragment = parse_fragment(stored)
    assert fragment.start_ticks == 48_000

    moved = head_at(fragment, decode_time_ticks=ticks, sequence=sequence) + bytes(fragment.body)
    again = parse_fragment(moved)
    assert ticks == again.start_ticks
    back = bytearray(moved)
    struct.pack_into(">I", back, fragment.sequence_at, 1)
    struct.pack_into(">Q", back, fragment.decode_time_at, 48_000)
    assert stored == bytes(back)


@given(st.binary(max_size=200))
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_fragment(data)


@given(st.data())
def test_a_cut_segment_is_refused(data: st.DataObject) -> None:
    whole = segment()
    with pytest.raises(ValueError, match=r"."):
        parse_fragment(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("stored", [segment(version=0), segment() + segment(), segment() + box(b"free")])
def test_other_layouts_are_refused(stored: bytes) -> None:
    # Two fragments are refused because the second moof's numbers would be left behind.
    with pytest.raises(ValueError, match=r"."):
        parse_fragment(stored)
