"""Bands: the encoder cuts pictures as the arithmetic says, and bands hold what was asked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamsrv.media import avc
from streamsrv.media.bands import MOST_SHARE, ROW, Banding, Guards, Lines, Rows, Slicing, band, rows_of
from tests.media.x264 import encode, moving


@settings(max_examples=40)
@given(height=st.integers(8, 45), threads=st.integers(2, 11), rows=st.integers(1, 30))
def test_the_encoder_cuts_pictures_as_the_arithmetic_says(height: int, threads: int, rows: int) -> None:
    threads = min(threads, height // 4)
    chosen = {"threads": threads, "sliced-threads": 1, "slice-max-mbs": rows * 2}
    stream = encode(moving(1, width=32, height=height * ROW), chosen)

    starts = avc.check_slices(avc.split_units(stream.samples[0]), avc.parse_parameters(stream.avcc))

    assert [start * 2 for start in Slicing(threads, rows).starts(height)] == [*starts, height * 2]


@given(
    height=st.integers(120, 2160).map(lambda lines: lines & ~1),
    asked=st.lists(st.tuples(st.floats(0, 0.97), st.floats(0.01, 0.3)), min_size=1, max_size=3),
    margin=st.sampled_from([8, 24, 40]),
    guards=st.builds(Guards, st.integers(1, 4), st.integers(1, 4)),
)
def test_bands_hold_what_was_asked_for_with_a_margin_and_are_whole_slices(
    height: int, asked: list[tuple[float, float]], margin: int, guards: Guards
) -> None:
    lines = [Lines(int(top * height) & ~1, min(height, int((top + tall) * height) + 1 & ~1)) for top, tall in asked]
    rows = -(-height // ROW)

    found = band(tuple(sorted({rows_of(one, height, margin=margin) for one in lines})), rows, guards=guards)

    if found is None:
        return
    starts = found.slicing.starts(rows)
    for strip in found.strips:
        assert {strip.band.start, strip.band.end} <= set(starts)
        inner = {strip.band.start - strip.rows.start, strip.band.end - strip.rows.start}
        assert inner <= set(strip.slicing.starts(strip.rows.size))
        assert (strip.rows.start < strip.band.start) == (strip.band.start > 0)
        assert (strip.rows.end > strip.band.end) == (strip.band.end < rows)
        assert 0 <= strip.rows.start < strip.rows.end <= rows
        assert strip.has(guards, height)
        assert not strip.has(Guards(9, 9), height) or (strip.rows.start, strip.rows.end) == (0, rows)
    for start, end in lines:
        clear = [strip.clear(height, margin=margin) for strip in found.strips]
        assert [one for one in clear if one.start <= start and end <= one.end]
    assert all(one.band.end < other.band.start for one, other in zip(found.strips, found.strips[1:], strict=False))
    assert sum(strip.rows.size for strip in found.strips) <= MOST_SHARE * rows


def test_what_takes_most_of_the_picture_has_no_bands() -> None:
    assert None is band((Rows(0, 20),), 23)
    assert None is band((Rows(5, 9),), 6 + 3)


@pytest.mark.parametrize(
    ("level", "width", "height", "macroblocks_a_s", "slice_rate"),
    [("3.0", 640, 360, 40_500, 22), ("3.1", 1280, 720, 108_000, 60), ("4.0", 1920, 1080, 245_760, 60)],
)
def test_pictures_have_far_fewer_slices_than_their_level_allows(
    level: str, width: int, height: int, macroblocks_a_s: int, slice_rate: int
) -> None:
    """ITU-T H.264 A.3.3 d): MaxMBPS divided by the pictures of a second and by SliceRate (table A-4), at 60 fps."""
    rows = -(-height // ROW)
    most = macroblocks_a_s // 60 // slice_rate
    for top in range(0, rows - 4, 3):
        found = band((Rows(top, min(rows, top + rows // 8 + 2)),), rows)
        assert isinstance(found, Banding), (level, width)
        inside = sum(len(strip.slicing.starts(strip.rows.size)) for strip in found.strips)
        assert len(found.slicing.starts(rows)) + inside <= most
