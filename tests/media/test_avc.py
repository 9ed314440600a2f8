"""Slices put elsewhere: whatever the encoder was told, and whatever the bytes are."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streamsrv.media import avc
from streamsrv.media.avc import Malformed
from tests.media.x264 import Stream, decode, encode, moving

PRESETS = ("ultrafast", "superfast", "veryfast", "medium", "slow")


@st.composite
def x264_settings(draw: st.DrawFn) -> dict[str, object]:
    """Settings that change what slice headers hold: references, weights, order, slices, deblocking, IDRs."""
    threads = draw(st.sampled_from([1, 1, 2, 3]))
    found: dict[str, object] = {
        "preset": draw(st.sampled_from(PRESETS)),
        "cabac": 1,
        "threads": threads,
        "sliced-threads": int(threads > 1),
        "bframes": draw(st.integers(0, 3)),
        "b-pyramid": draw(st.sampled_from(["none", "strict", "normal"])),
        "ref": draw(st.integers(1, 5)),
        "weightp": draw(st.integers(0, 2)),
        "weightb": draw(st.integers(0, 1)),
        "crf": draw(st.integers(8, 45)),
        "keyint": draw(st.sampled_from([3, 7, 250])),
        "8x8dct": draw(st.integers(0, 1)),
        "deblock": draw(st.sampled_from(["0,0", "-3,2", "1,1"])),
        "stitchable": draw(st.integers(0, 1)),
    }
    if draw(st.booleans()):
        found["slice-max-mbs"] = draw(st.integers(3, 30))
    if draw(st.booleans()):
        found["no-deblock"] = 1
    return found


def _slices(stream: Stream) -> list[list[bytes]]:
    return [[unit for unit in avc.split_units(sample) if avc.is_slice(unit)] for sample in stream.samples]


@settings(max_examples=60)
@given(x264_settings())
@example({"preset": "medium", "weightp": 2, "ref": 4, "bframes": 3, "b-pyramid": "normal", "threads": 1})
def test_a_slice_put_into_its_own_picture_is_the_same_slice(chosen: dict[str, object]) -> None:
    """Every field of every header is read and written, for a header read wrongly would not come out again."""
    stream = encode(moving(10), chosen)
    parameters = avc.parse_parameters(stream.avcc)

    assert (6, 6) == (parameters.width_mbs, parameters.height_mbs)
    for sample, slices in zip(stream.samples, _slices(stream), strict=True):
        assert sample == avc.join_units(avc.split_units(sample))
        starts = avc.check_slices(avc.split_units(sample), parameters)
        assert all(one < other for one, other in pairwise((*starts, 36)))
        for unit in slices:
            assert unit == avc.graft([unit], slices[0], down_mbs=0, parameters=parameters)[0]


@settings(max_examples=30)
@given(x264_settings(), st.integers(1, 6))
def test_a_slice_that_is_moved_and_moved_back_is_the_same_slice(chosen: dict[str, object], rows: int) -> None:
    stream = encode(moving(6), chosen)
    parameters = avc.parse_parameters(encode(moving(2, height=192), chosen).avcc)
    for slices in _slices(stream):
        for unit in slices:
            moved = avc.graft([unit], unit, down_mbs=6 * rows, parameters=parameters)[0]
            assert avc.first_mb(unit) + 6 * rows == avc.first_mb(moved)
            assert unit == avc.graft([moved], unit, down_mbs=-6 * rows, parameters=parameters)[0]


_SLICED: dict[str, object] = {
    "threads": 2, "sliced-threads": 1, "slice-max-mbs": 6, "bframes": 0, "ref": 1, "scenecut": 0, "stitchable": 1,
    "keyint": 50, "rc-lookahead": 0, "mbtree": 0, "level": 30,
}  # fmt: skip


def test_slices_of_another_stream_show_what_they_showed_there() -> None:
    """Rows 3 to 5 of one stream in the place of rows 7 to 9 of another: its picture, its numbers, their content."""
    host = encode(moving(12, height=192, seed=1), _SLICED, idrs=[0, 5])
    guest = encode(moving(12, height=128, seed=2), _SLICED | {"crf": 12}, idrs=[0, 5])
    parameters = avc.parse_parameters(host.avcc)
    assert avc.parse_parameters(guest.avcc).fits(parameters)

    mixed = []
    for theirs, ours in zip(_slices(guest), _slices(host), strict=True):
        moved = avc.graft(theirs[3:6], ours[0], down_mbs=24, parameters=parameters)
        units = [*ours[:7], *moved, *ours[10:]]
        avc.check_slices(units, parameters)
        mixed.append(avc.join_units(units))

    (first, *_), (shown, *_), (untouched, *_) = (
        decode(host.avcc, mixed), decode(guest.avcc, guest.samples), decode(host.avcc, host.samples)
    )  # fmt: skip
    assert len(decode(host.avcc, mixed)) == 12
    # An IDR is predicted from nothing but itself, each row a slice: whole rows are the same to the last bit.
    assert first[112:160].tolist() == shown[48:96].tolist()
    assert first[:112].tolist() == untouched[:112].tolist()
    assert first[160:192].tolist() == untouched[160:192].tolist()


@settings(max_examples=300)
@given(data=st.data())
def test_damaged_slices_raise_or_come_out_whole_and_never_anything_else(data: st.DataObject) -> None:
    parameters = avc.parse_parameters(_STREAM.avcc)
    unit = data.draw(st.sampled_from([unit for slices in _slices(_STREAM) for unit in slices]))
    broken = bytearray(unit[: data.draw(st.integers(1, len(unit)))])
    for _ in range(data.draw(st.integers(0, 8))):
        broken[data.draw(st.integers(0, min(40, len(broken) - 1)))] = data.draw(st.integers(0, 255))
    try:
        moved = avc.graft([bytes(broken)], unit, down_mbs=0, parameters=parameters)[0]
    except Malformed:
        return
    assert avc.first_mb(moved) < parameters.width_mbs * parameters.height_mbs


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_no_parameters_units_or_slices(junk: bytes) -> None:
    for read in (avc.parse_parameters, avc.avcc_in, avc.split_units):
        try:
            read(junk)
        except Malformed:
            continue
    if junk:
        with pytest.raises(Malformed):
            avc.graft(
                [bytes([0x65]) + bytes(junk[:3])], _slices(_STREAM)[0][0], down_mbs=10_000, parameters=_PARAMETERS
            )


@pytest.mark.parametrize(
    ("chosen", "what"),
    [({"cabac": 0}, "CABAC"), ({"interlaced": 1}, "progressive")],
)
def test_what_is_not_understood_is_refused_by_name(chosen: dict[str, object], what: str) -> None:
    with pytest.raises(Malformed, match=what):
        avc.parse_parameters(encode(moving(2), chosen).avcc)


def test_slices_of_two_kinds_or_from_outside_do_not_go_into_one_picture() -> None:
    idr, inter = _slices(_STREAM)[0][0], _slices(_STREAM)[1][0]
    with pytest.raises(Malformed, match="IDR"):
        avc.graft([inter], idr, down_mbs=0, parameters=_PARAMETERS)
    with pytest.raises(Malformed, match="outside"):
        avc.graft([idr], idr, down_mbs=36, parameters=_PARAMETERS)
    with pytest.raises(Malformed, match="outside"):
        avc.graft([idr], idr, down_mbs=-1, parameters=_PARAMETERS)
    with pytest.raises(Malformed, match="follow"):
        avc.check_slices([idr, idr], _PARAMETERS)
    with pytest.raises(Malformed, match="follow"):
        avc.check_slices([], _PARAMETERS)


_STREAM = encode(moving(4), _SLICED | {"weightp": 2})
_PARAMETERS = avc.parse_parameters(_STREAM.avcc)
